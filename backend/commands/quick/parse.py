"""A command line read by its syntax, where it is plain. Everything else is left to click."""

from .options import ANY, CHOICE, FLAG, MOST, NUMBER, ONE, WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .options import Option, Syntax

    Parameters = dict[str, object]


def parse(syntax: "Syntax", arguments: list[str]) -> "Parameters | None":
    """The parameters as click would give them to the command; None where click might object, help,
    or see something else in it.
    """
    known = {f"--{option.name}": option for option in syntax.options}
    found: Parameters = {option.parameter: option.default for option in syntax.options}
    beside: list[str] = []
    rest = iter(arguments)
    for word in rest:
        if word == "--":
            beside += rest
        elif word[:1] != "-" or word == "-":
            beside.append(word)
        else:
            name, equals, joined = word.partition("=")
            option = known.get(name)
            if option is None or (equals and option.kind == FLAG):
                return None
            if option.kind == FLAG:
                found[option.parameter] = True
                continue
            value = _value(option, joined if equals else next(rest, None), found)
            if value is None:
                return None
            found[option.parameter] = value
    return _with_arguments(syntax, found, beside)


def _value(option: "Option", word: str | None, found: "Parameters") -> object:
    """What an option is set to; None if that is for click to say."""
    if word is None:
        return None
    if option.kind == NUMBER:
        is_number = word.isascii() and word.isdigit() and len(word) < 9
        return int(word) if is_number and 1 <= int(word) <= MOST else None
    if option.kind == CHOICE:
        return word if word in option.allowed else None
    if option.kind == WORDS:
        before = found[option.parameter]
        return (*before, word) if isinstance(before, tuple) else None
    return word


def _with_arguments(
    syntax: "Syntax", found: "Parameters", beside: list[str]
) -> "Parameters | None":
    if syntax.many == ANY:
        return {**found, syntax.argument: tuple(beside)}
    if len(beside) > syntax.many:
        return None
    return {**found, syntax.argument: "".join(beside)} if syntax.many == ONE else found
