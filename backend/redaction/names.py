"""Which names (of variables, options, fields) stand for a secret, and which values can be one.

Standard library only; pure functions of short texts.
"""

import functools
import re

from backend.redaction.shell_words import is_reference

# A name that ends so holds a secret, whatever its value looks like.
_STRONG = re.compile(
    r"""(?: password | passwd | passphrase | passcode | pgpass | sshpass | storepass
        | (?<!com)(?<!by)(?<!multi)(?<!sur)(?<!tres)(?<!one_)(?<!two_)(?<!single)(?<!num_)(?<!get)
          (?<!high)(?<!low)(?<!band)(?<!all)pass
        | sonar_login | (?:^|_)(?:pwd|hmac|psk|jwt|pat|masterauth|otp|mnemonic|passwords?)
        | (?:^|_|[a-z])pw | (?:db|user|admin|root|login|new|old|my|key|conf)pwd
        | passwort | kennwort | losenord | lösenord | wachtwoord | motdepasse | mot_de_passe
        | (?:^|_)mdp | contrasena | contraseña | senha | haslo | hasło | heslo | salasana | пароль
        | 密码 | 密碼 | パスワード | 비밀번호
        | secret | credentials? | creds? | secret_?key_?base | secret_?string
        | token | sess(?:ion)?_?id | cli_auth | seed_?(?:phrase|words?)
        | (?:recovery|backup|unseal|stream|product|activation|pairing)_?(?:phrase|code|key)
        | (?: api | app | access | account | auth | private | priv | encryption | signing | master
            | licen[cs]e | shared | subscription | service | deploy | storage | secret | bot
            | consumer | client | registration | webhook | admin | hmac | jwt | aes | rsa | join
            | server | host | user | ssh | rest | write | read | project | anon | service_role
            | maps | google | openai | stripe | sendgrid | twilio | azure
        ) _?key s?
        ) (?: _(?:prod(?:uction)?|dev(?:elopment)?|test(?:ing)?|stag(?:e|ing)|live|old|new|backup
            |main|default|b64|base64|value|plain|raw|v?\d{1,3}) )?
        \d{0,3} $ | ^tf_token_ | account_key_\w+_windows_net$ | ^(?:passwords|secrets|creds)$""",
    re.VERBOSE,
)
# These only if the value looks random: SORT_KEY=name is no secret.
_WEAK = re.compile(
    r"""(?:^|_)(?:keys?|auth|session|sid|sig|signature|cookie|code|bearer|hash_key|pin|salt|nonce
        |api|pass_?key|hook|webhook|license|licence|serial|dsn|conn(?:ection)?_?str(?:ing)?
        |x_amz_signature|_auth)$""",
    re.VERBOSE,
)
# What ends like a secret and is none.
_HARMLESS = re.compile(
    r"""(?: ^oldpwd
        | (?:^|_)(?:page|next|continuation|starting|sync|max|num|pad|eos|bos|no|with|public|pub|ask
            |ask_become|ask_vault|grant|show|change|reset|forgot|use|require(?!pass$)|requires|is|has
            |skip|set|add|put|create|delete|list|describe|rotate|revoke|existing|sort|primary|partition|foreign|cache|get|ssh_host)
          _?(?:pass|password|passwd|token|secret|key|keys|credentials?)
        | (?:recv|delete|export|list|send|refresh|search|edit|sign|import|locate)
          _(?:secret_)?(?:sub)?keys?
        | public_?key | key_?id | user_signingkey | gpg_?key | max_tokens | num_tokens
        | ^(?:signed|max)_?tokens? | automount_?service_?account_?token | token_?url ) $""",
    re.VERBOSE,
)

_PLAIN_VALUES = frozenset(
    "true false yes no on off none null nil undefined required optional disabled enabled prompt "
    "ask env file stdin string password passwd token secret key bearer basic default auto "
    "always never bool boolean int integer str text varchar any unset empty self "
    "0 1 2 3".split()
)
# A whole value that stands for another: <token>, {token}, %(token)s, [token], ****, xxxx, …
_PLACEHOLDER = re.compile(
    r"""<[\w .:|/-]{1,64}> | %[a-z](?:\\?n)? | %\(\w{1,64}\)s | %\w{2,64}%
    | \{\{(?:.*\}\}.*)? | \{[\w.: ]{0,64}\}
    | \$\{\w*\}? | \$\(\w* | \[[A-Za-z_ .|-]{1,64}\] | \*+ | [xX]+ | \.{2,}
    | \\[nrt0]? | [\\^.]?[*+] | your[-_ ]?\w{0,64} | \w{0,32}_here""",
    re.VERBOSE | re.IGNORECASE,
)
_PATH = re.compile(
    r"""(?:~\w{0,32}|\.{1,2})/[\w.+@/-]* | ~[a-z_]{0,32} | /(?:[a-z0-9._-]*|[A-Z][a-z]+)
    | /[\w.+@-]+/[\w.+@/-]*
    | [a-z._-]{1,64}/[a-z._-]{1,64}(?:[/.].*)?
    | @(?:[\w.~-]*[/.~][\w./~-]*|[a-z_-]+|-)
    | [\w./-]{1,255}\.(?:txt|pem|key|json|ya?ml|crt|cer|env|asc|gpg|pub|jks|p12|pfx|py|js|go
        |rb|sh|conf|ini|html?|xml|csv|md)
    | [a-z]{2,10}://.* | (?:file|env|fd|pass|prompt|cmd|op|ref\+\w+):.*""",
    re.VERBOSE | re.DOTALL,
)
# Parts of regular expressions, as grep and sed are given: no value is looked for in these.
_REGEX = re.compile(
    r"\.[*+?]|\\[wdsSWDb(){}.|+?]|\[\^?[\w^\\]+-|\[\^|\(\?|\{\d|\^\S|\S\$$|\|\w|[*+]$"
)
_LEADING_VARIABLE = re.compile(r"\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+)(?=/)")
_TOKEN_LIKE = re.compile(r"[\w+/=.:~%!@#*^-]{16,}+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_secret_name(name: str) -> bool:
    """Whether `name` (`API_TOKEN`, `--client-secret`, `keyStorePassword`) names a secret."""
    return _kind(name) == "strong"


def is_weak_name(name: str) -> bool:
    """Whether `name` names a secret if its value looks random, as `KEY=…` does."""
    return _kind(name) == "weak"


def is_harmless_name(name: str) -> bool:
    """Whether what follows `name` is none, though it may look random: `--next-token`, `key_id`."""
    return _kind(name) == "harmless"


@functools.lru_cache(4096)
def _kind(name: str) -> str:
    flat = name.strip("-_.").replace("-", "_").replace(".", "_").lower()
    if name in ("PWD", "OLDPWD") or _HARMLESS.search(flat):
        return "harmless"
    if _STRONG.search(flat):
        return "strong"
    return "weak" if _WEAK.search(flat) else ""


def is_value(text: str, plain: str) -> bool:
    """Whether `plain` (written as `text`) can be the value of a secret.

    References ($VAR, $(…)), paths, placeholders, and words such as `true` are none.
    """
    if not plain or is_reference(text):
        return False
    if plain.lower() in _PLAIN_VALUES or _PLACEHOLDER.fullmatch(plain):
        return False
    # $HOME/key.json is a path as well.
    if _PATH.fullmatch(_LEADING_VARIABLE.sub("", plain)):
        return False
    return any(char.isalnum() for char in plain) or len(set(plain)) > 3


def is_regex(plain: str) -> bool:
    """Whether `plain` looks like a piece of a regular expression."""
    return _REGEX.search(plain) is not None


def looks_random(plain: str) -> bool:
    """Letters and digits, 16 or more, mixed, in one piece, and no UUID."""
    return (
        _TOKEN_LIKE.fullmatch(plain) is not None
        and any(char.isdigit() for char in plain)
        and any(char.isalpha() for char in plain)
        and _UUID.fullmatch(plain) is None
    )
