"""click's declaration of a command, from its syntax."""

from collections.abc import Callable
from typing import Any

import click

from .options import ANY, CHOICE, FLAG, MOST, NUMBER, PATH, WORDS, Option, Syntax

Function = Callable[..., Any]


def declared(syntax: Syntax) -> Callable[[Function], Function]:
    """A decorator that gives the function these options and arguments."""

    def decorate(function: Function) -> Function:
        for option in reversed(syntax.options):
            function = _option(option)(function)
        if syntax.argument and syntax.many == ANY:
            return click.argument(syntax.argument, nargs=-1)(function)
        if syntax.argument:
            return click.argument(syntax.argument, default="")(function)
        return function

    return decorate


def _option(option: Option) -> Callable[[Function], Function]:
    names = (f"--{option.name}", option.parameter)
    if option.kind == FLAG:
        return click.option(*names, is_flag=True, help=option.help)
    if option.kind == WORDS:
        return click.option(*names, multiple=True, help=option.help)
    return click.option(
        *names,
        type=_type(option),
        default=option.default,
        show_default=option.default is not None,
        help=option.help,
    )


def _type(option: Option) -> click.ParamType[Any] | None:
    if option.kind == NUMBER:
        return click.IntRange(1, MOST)
    if option.kind == CHOICE:
        return click.Choice(option.allowed)
    return click.Path() if option.kind == PATH else None
