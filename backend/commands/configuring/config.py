"""deja config: its commands."""

import json
import os
import shlex
import subprocess
import tomllib
from typing import Any

import click

from backend import settings
from backend.commands.configuring import toml
from backend.commands.configuring.entries import Entry, Found, entries, find, mistakes
from backend.commands.configuring.file import NotWritten, config_file, read, write
from backend.commands.configuring.values import WrongValue, allowed, from_words
from backend.commands.shared.asking import Failure, WrongUsage
from backend.commands.shared.group import Group

EDIT = "deja config edit"


@click.group("config", cls=Group, invoke_without_command=True)
@click.pass_context
def config_command(context: click.Context) -> None:
    """Show, explain and change the settings.

    Without a command: every setting, its value, and whether that is the default, from the file or
    from a variable of the environment. The file is config.toml; comments in it are kept.

    \b
    Examples:
      deja config
      deja config set picker.height 50%
    """
    if context.invoked_subcommand is None:
        context.invoke(list_command)


@config_command.command("list")
@click.option("--all", "everything", is_flag=True, help="Every key and style of the picker, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_command(everything: bool = False, as_json: bool = False) -> None:
    """Show every setting, its value and where that is from.

    \b
    Examples:
      deja config list
      deja config list --all
    """
    table = _table()
    found = {name: (entry, _find(entry, table)) for name, entry in entries().items()}
    if as_json:
        pairs = {n: {"value": f.value, "source": f.source} for n, (_, f) in found.items()}
        click.echo(json.dumps(pairs))
        return
    shown = {n: f for n, (e, f) in found.items() if everything or not _is_left(e, f)}
    width = max(map(len, shown))
    for name, each in shown.items():
        click.echo(f"{name:<{width}}  {_written(each.value)}  ({each.source})")
    if len(shown) < len(found):
        left = len(found) - len(shown)
        click.echo(f"{left} keys and styles of the picker are as they were: deja config list --all")


@config_command.command("explain")
@click.argument("name")
def explain_command(name: str) -> None:
    """Tell what a setting is, what it may be, and what it is set to.

    \b
    Examples:
      deja config explain picker.columns
    """
    entry = _entry(name)
    found = _find(entry, _table())
    click.echo(f"{entry.name}: {entry.tells}")
    if entry.is_in_file:
        click.echo(f"  may be    {allowed(entry)}")
    click.echo(f"  is        {_written(found.value)} ({found.source})")
    click.echo(f"  default   {_written(entry.default)}")
    if entry.variable:
        click.echo(f"  variable  {entry.variable}")
    if entry.again:
        click.echo(f"  takes     {entry.again}")


@config_command.command("get")
@click.argument("name")
def get_command(name: str) -> None:
    """Print the value of a setting, a list one a line.

    \b
    Examples:
      deja config get ignore
    """
    value = _find(_entry(name), _table()).value
    for each in value if isinstance(value, list) else [value]:
        click.echo(each if isinstance(each, str) else _written(each))


@config_command.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("value", nargs=-1)
def set_command(name: str, value: tuple[str, ...]) -> None:
    """Set a setting in the file; a list takes each of its values as a word.

    \b
    Examples:
      deja config set learn false
      deja config set ignore 'pass *' 'vault *'
      deja config set picker.keys.scope ctrl-t f12
    """
    entry = _entry(name)
    if not entry.is_in_file:
        raise WrongUsage(f"{name} is a variable; set it in your shell's start-up file")
    try:
        wanted = from_words(entry, value)
    except WrongValue as error:
        raise WrongUsage(f"{name}: {error}; run: deja config explain {name}") from error
    _change(entry, wanted)
    click.echo(f"{name} = {toml.written(wanted)}")
    _tell(entry)


@config_command.command("unset")
@click.argument("name")
def unset_command(name: str) -> None:
    """Take a setting out of the file: it is the default again.

    \b
    Examples:
      deja config unset picker.theme
    """
    entry = _entry(name)
    _change(entry, None)
    click.echo(f"{name} is {_written(entry.default)} again")
    _tell(entry)


@config_command.command("edit")
def edit_command() -> None:
    """Open the file in your editor, and look through it afterwards.

    The editor is $VISUAL or $EDITOR.

    \b
    Examples:
      deja config edit
    """
    path = config_file()
    try:
        write(path, read(path))
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        subprocess.run([*shlex.split(editor), str(path)], check=True)
    except NotWritten as error:
        raise Failure(str(error)) from error
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise Failure(f"the editor failed: {error}; set EDITOR to one that works") from error
    wrong = mistakes(_table())
    if wrong:
        raise WrongUsage("\n".join(f"{path}: {line}; run: {EDIT}" for line in wrong))


@config_command.command("schema")
def schema_command() -> None:
    """Print a JSON schema of the file, for editors.

    \b
    Examples:
      deja config schema > deja-schema.json
    """
    from backend.commands.configuring.schema import schema

    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


def _table() -> dict[str, Any]:
    """What the file says. WrongUsage if it is no TOML."""
    try:
        return settings.read_file(config_file())
    except settings.ConfigError as error:
        raise WrongUsage(f"{error}: {EDIT}") from error


def _entry(name: str) -> Entry:
    known = entries()
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=1)
        told = f"; is it {near[0]}?" if near else ""
        raise WrongUsage(f"{name!a} is no setting{told}; run: deja config list --all")
    return known[name]


def _find(entry: Entry, table: dict[str, Any]) -> Found:
    try:
        return find(entry, table, os.environ)
    except settings.ConfigError as error:
        raise WrongUsage(f"{error}; run: {EDIT}") from error


def _is_left(entry: Entry, found: Found) -> bool:
    return entry.is_minor and found.source == "default"


def _change(entry: Entry, value: object) -> None:
    """Write the file, if nothing is wrong in it that was not before."""
    path = config_file()
    text = read(path)
    try:
        before = tomllib.loads(text)
        after = toml.changed(text, entry.name, value)
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage(f"cannot read {path}: {error}; run: {EDIT}") from error
    except toml.NotEdited as error:
        raise Failure(
            f"{path} writes {entry.name} in a form that is edited by hand alone; run: {EDIT}"
        ) from error
    known = mistakes(before)
    for line in mistakes(tomllib.loads(after)):
        if line not in known:
            raise WrongUsage(f"{line}; run: deja config explain {entry.name}")
    try:
        write(path, after)
    except NotWritten as error:
        raise Failure(str(error)) from error


def _tell(entry: Entry) -> None:
    if entry.variable and os.environ.get(entry.variable):
        click.echo(f"{entry.variable} is set, and goes before it", err=True)
    elif entry.again:
        click.echo(f"it takes: {entry.again}")


def _written(value: object) -> str:
    return "(none)" if value is None else toml.written(value)
