"""What a command is for, as far as its words tell: a question, a look around, a fix.

Tables, written for deja from knowledge of the tools; nothing was learnt.
"""

from __future__ import annotations

import functools
import re

# How a shell ends a command whose program is not there.
NOT_FOUND = 127

# What ends in 1 as an answer.
_QUESTIONS = frozenset(
    "grep egrep fgrep zgrep rg ag ack test [ [[ (( diff cmp false pgrep pidof which type"
    " whence command expr ! fc".split()
)
_SUB_QUESTIONS = frozenset({("git", "diff"), ("git", "grep"), ("systemctl", "is-active")})
# Looks, edits and moves that mend nothing which a line could repeat.
_IDLE = frozenset(
    "ls ll la l pwd echo printf cat bat less more head tail man info tldr history clear top htop"
    " ps df du file stat find fd tree date who w env printenv vi vim nvim nano emacs code subl"
    " micro hx open xdg-open deja fg bg jobs watch lsof ss netstat dmesg journalctl node".split()
) | (_QUESTIONS - {"command"})
_IDLE_SUBS = frozenset(
    "status log show diff blame branch ps logs images list describe inspect get-contexts top"
    " version help info search outdated why".split()
)
# Git's own work goes on whatever else fails; of it only this brings something.
_GIT_BRINGS = frozenset("pull fetch submodule stash lfs".split())
# Words that say that something is put right.
_FIXES = frozenset(
    "install reinstall start restart up init login auth mkdir chmod chown source . export unset"
    " pull fetch stash add sync update upgrade rm kill pkill killall clean tidy use use-context"
    " set-context touch mount createdb create ssh-add configure activate enable ln reload"
    " daemon-reload bootstrap prune unlock trust deps submodule start-server".split()
)
ASKS_FOR_HELP = frozenset({"--help", "-h", "--version", "-V"})
# Whose first word behind the name only says what the next one is about.
_NESTED = frozenset(
    "compose run remote container image volume network submodule stash config".split()
)
_BEFORE = frozenset("sudo doas env time nohup exec noglob nocorrect command builtin".split())
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
# Only so much of a line is looked at.
_LOOKED_AT = 4096
# A word that says what a command is for stands among the first of it.
_FIRST_WORDS = 4


def words(text: str) -> list[str]:
    """The words of a command without what stands before it: sudo, assignments."""
    found = text[:_LOOKED_AT].split()
    while len(found) > 1 and (found[0] in _BEFORE or _ASSIGNED.match(found[0])):
        del found[0]
    return found


@functools.lru_cache(256)
def head(text: str) -> tuple[str, ...]:
    """Program and subcommand: the first words that are no options, after some names three."""
    found = words(text.partition("|")[0])
    if not found:
        return ()
    subs = [word for word in found[1:] if not word.startswith("-")]
    count = 2 if subs and subs[0] in _NESTED else 1
    return (found[0].rpartition("/")[2] or found[0], *subs[:count])


def is_question(text: str) -> bool:
    """Whether its status is an answer: of the last stage of a pipeline, which is the one told."""
    found = head(text.rpartition("|")[2])
    return not found or found[0] in _QUESTIONS or found[:2] in _SUB_QUESTIONS


def is_idle(text: str, failed: str) -> bool:
    """Whether it can have done nothing about a failure."""
    program, *subs = head(text) or ("",)
    if program in _IDLE or ASKS_FOR_HELP & set(words(text)) or subs[:1] == ["-"]:
        return True
    if program == "git" and head(failed)[:1] != ("git",):
        return not _GIT_BRINGS & set(subs)
    return bool(subs) and subs[-1] in _IDLE_SUBS


def is_fixing(text: str, failed: str) -> bool:
    """Whether it says that it puts something right."""
    said = {word.removeprefix("./") for word in words(text)[:_FIRST_WORDS]}
    # An assignment alone stands for itself.
    return (bool(_FIXES & said) or words(text)[:1] == ["cd"]) and not is_idle(text, failed)
