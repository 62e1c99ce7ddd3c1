"""Which lines are history, whatever way they came. The hooks ask the same: shell_plugin/*/wanted.*.

Pure functions of text.
"""

import fnmatch
import re

from backend.config import Config

_OWN = re.compile(r"\s*(?:\S*/)?deja(?=\s|$)")

# `deja forget`, whatever stands before it, with redirections between; quotes are gone by then.
_FORGET = re.compile(r"(?<![\w.-])deja(?:\s+[0-9&]*[<>]\S*)*\s+forget(?![\w-])")
_QUOTES = str.maketrans("", "", "'\"\\")


def is_wanted(command: str, config: Config) -> bool:
    """Whether the settings let `command` be kept; lines that forget never are."""
    if not command.strip() or names_forget(command):
        return False
    if (is_own(command) and not config.keep_own) or (command[0] == " " and config.ignore_space):
        return False
    return not any(fnmatch.fnmatchcase(command, pattern) for pattern in config.ignore)


def is_own(command: str) -> bool:
    """Whether a line runs deja itself: looking for a command is no command to look for."""
    return _OWN.match(command) is not None


def names_forget(command: str) -> bool:
    """Whether a line holds `deja forget` anywhere, however quoted: it names what is to be gone."""
    if "forget" not in command:
        return False
    plain = command.replace("\\\n", "").translate(_QUOTES)
    return _FORGET.search(plain) is not None
