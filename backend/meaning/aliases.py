"""What the short names of a user's shell stand for: aliases, and functions of one line.

Both come as the shell itself prints them (`alias -p`, `declare -f`), one text each.
"""

import re
from collections.abc import Iterator

from backend.redaction.mask import redact

# A longer body is a script; more names than this are no person's.
LONGEST, MOST = 200, 1000

_ALIAS = re.compile(r"^alias (?:-- )?([^\s='\"$]+)='((?:[^'\n]|'\\'')*)'$", re.MULTILINE)
_FUNCTION = re.compile(r"^([^\s='\"$]+) \(\) \n\{ \n    (.*)\n\}$", re.MULTILINE)
# What a call brings stands behind the body anyway.
_ARGUMENTS = re.compile(r"\"?\$(?:\{[@*\d][^}\s]*\}|[@*\d])\"?")
# Parts of other functions, and deja's own.
_INTERNAL = "_", "deja"


def read(aliases: str, functions: str) -> dict[str, str]:
    """The commands that names stand for, secrets masked; not of `ls` that is `ls --color` and the
    like.
    """
    found: dict[str, str] = {}
    for name, text in (*_functions(functions), *_aliases(aliases)):
        body = " ".join(_ARGUMENTS.sub(" ", text).split()).rstrip("; ")
        if name.startswith(_INTERNAL) or not 0 < len(body) <= LONGEST:
            continue
        if body.split()[0].lstrip("\\") != name:
            found[name] = redact(body)
    return dict(list(found.items())[:MOST])


def _aliases(printed: str) -> Iterator[tuple[str, str]]:
    for name, quoted in _ALIAS.findall(printed):
        yield name, quoted.replace("'\\''", "'")


def _functions(printed: str) -> Iterator[tuple[str, str]]:
    yield from _FUNCTION.findall(printed)
