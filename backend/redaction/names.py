"""Which names (of variables, options, fields) stand for a secret, and which values can be one.

Standard library only; pure functions of short texts.
"""

import re

from backend.redaction.shell_words import is_reference

# A name that ends so holds a secret, whatever its value looks like.
_STRONG = re.compile(
    r"""(?: password | passwd | passphrase | passwort | pgpass | sshpass | storepass
        | (?:^|_|key|store|become|db|user|root|admin|my|bind)pass
        | (?:^|_)(?:pwd|psk|jwt|pat|requirepass|[ou]pw)
        | secret | credentials? | secret_?key_?base | secret_?string
        | token | sess(?:ion)?_?id | cli_auth
        | (?: api | app | access | account | auth | private | encryption | signing | master
            | licen[cs]e | shared | subscription | service | deploy | storage | secret
            | consumer | client | registration | webhook ) _?key
        ) \d{0,3} $ | ^tf_token_""",
    re.VERBOSE,
)
# These only if the value looks random: SORT_KEY=name is no secret.
_WEAK = re.compile(r"(?:^|_)(?:key|auth|session|sid)$")
# What ends like a secret and is none.
_HARMLESS = re.compile(
    r"""(?: ^(?:pwd|oldpwd)
        | (?:^|_)(?:page|next|continuation|sync|max|num|pad|eos|bos|no|with|public|ask|ask_become
            |ask_vault|grant|show|change|reset|forgot|use|require|requires|is|has|skip|set|add|starting|existing)
          _?(?:pass|password|passwd|token|secret|key|credentials?)
        | public_?key | key_?id | user_signingkey | gpg_?key ) $""",
    re.VERBOSE,
)

_PLAIN_VALUES = frozenset(
    "true false yes no on off none null nil undefined required optional disabled enabled prompt "
    "ask env file stdin string password passwd token secret key bearer basic default auto "
    "0 1 2 3".split()
)
_PLACEHOLDER = re.compile(
    r"%[a-z]|\$[({]|`|\{\{|\{[\w.]*\}|<\w|\*+$|x+$|\.{2,}|[.\[(\\^]\*?[*+\[(|]|\[|\(|\.[*+]|\\[A-Za-z(]|[=~]"
)
_PATH = re.compile(
    r"[a-z._-]{1,64}/[a-z._-]{1,64}(?:/|$|\.)|(?:~\w{0,32}|\.{1,2})?/(?:[a-z0-9._-]{1,40}|Users|Library|Volumes|Applications)(?:/|$)|~$|@[\w./~]"
    r"|[\w.-]{1,64}\.(?:txt|pem|key|json|ya?ml|crt|env|asc|gpg|pub|jks|p12)$|[a-z]{2,10}://|(?:file|env|fd|pass):"
)


_LEADING_VARIABLE = re.compile(r"\$\w+(?=/)")


def is_secret_name(name: str) -> bool:
    """Whether `name` (`API_TOKEN`, `--client-secret`, `keyStorePassword`) names a secret."""
    flat = _flat(name)
    return bool(_STRONG.search(flat)) and not _HARMLESS.search(flat) and name != "PWD"


def is_weak_name(name: str) -> bool:
    """Whether `name` names a secret if its value looks random, as `KEY=…` does."""
    flat = _flat(name)
    return bool(_WEAK.search(flat)) and not _HARMLESS.search(flat)


def _flat(name: str) -> str:
    return name.strip("-_").replace("-", "_").replace(".", "_").lower()


def is_value(text: str, plain: str) -> bool:
    """Whether `plain` (written as `text`) can be the value of a secret.

    References ($VAR, $(…)), paths, placeholders, and words such as `true` are none.
    """
    if not plain or is_reference(text):
        return False
    if plain.lower() in _PLAIN_VALUES or _PLACEHOLDER.match(plain):
        return False
    # $HOME/key.json is a path as well.
    return not _PATH.match(_LEADING_VARIABLE.sub("", plain)) and any(
        char.isalnum() for char in plain
    )


def looks_random(plain: str) -> bool:
    """Letters and digits, 16 or more, mixed, in one piece, and no UUID."""
    return (
        len(plain) >= 16
        and any(char.isdigit() for char in plain)
        and any(char.isalpha() for char in plain)
        and not any(char.isspace() for char in plain)
        and _UUID.fullmatch(plain) is None
    )


_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
