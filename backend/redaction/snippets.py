"""Secrets in the code and the configuration that commands hold: other languages' strings.

Standard library only; linear in the length of the text.
"""

import re
from collections.abc import Iterator

from backend.redaction.formats import Span
from backend.redaction.names import is_regex, is_secret_name, is_value, is_weak_name, looks_random
from backend.redaction.randomness import looks_typed

_STRING = (
    r"""[bfruBFRU@]{0,2}(\\?["'])((?:(?!\2)[^\\\n]|\\(?!["'])[\s\S]|(?!\2)\\["']){1,512}+)\2"""
)

# "name": "value", name = 'value', ["name"] = "value", name("value"), ("name", "value")
_NAMED_STRING = re.compile(
    r"""(?<![\w$.-])([\w.-]{2,64})(?:\\?["'\]}]){0,3}\s{0,3}(?:=>|->|:=|\+=|==?|::?|,|\()\s{0,3}"""
    + _STRING
)
_VARIABLE_STRING = re.compile(
    r"""\$(?:env:|ENV\{)?([\w.-]{2,64})(?:\\?["'\]}]){0,3}\s{0,3}(?:=>|=(?!=))\s{0,3}""" + _STRING
)
# auth=("user", "value"), login("user", "value"), connect("host", "user", "value")
_QUOTED = r"""[bfruBFRU]{0,2}\\?["'][^"'\n]{0,128}["']"""
_SIGN_IN = re.compile(
    r"(?i)(?<![A-Za-z])(?:\w{0,40}(?:auth|login|credentials?|cred|signin|sign_in|authenticate|add_password))"
    r"""\w{0,16}["']?\s{0,3}(?:[=:]\s{0,3})?[(\[]\s{0,3}(?:"""
    + _QUOTED
    + r"|[\w.]{1,64})\s{0,3},\s{0,3}"
    + _STRING.replace(r"\2", r"\1")
)
# Hash::make("value"), bcrypt.hashpw(b"value", …), crypt.crypt("value", …)
_HASHED = re.compile(
    r"(?:Hash::make|crypt\.crypt|hashpw|bcrypt\.hash|hash_?[sS]ync|Password\.create|encode_?[pP]assword"
    r"|(?:make|set|check|hash)_?[pP]assword|[pP]assword_hash|pbkdf2_hmac\([^,()]{1,32},)\(?\s{0,3}"
    + _STRING.replace(r"\2", r"\1")
)
# hashlib.sha256(b"value"), jwt.sign({…}, "value")
_KEYED = re.compile(
    r"(?:hashlib\.\w{2,16}\(|jwt\.(?:sign|encode|verify|decode)\([^'\"\n]{1,256},)\s{0,3}"
    + _STRING.replace(r"\2", r"\1")
)
_SECOND = re.compile(r"\s{0,3},\s{0,3}" + _STRING.replace(r"\2", r"\1"))
# s/password: .*/password: value/, s/__PASSWORD__/value/
_SUBSTITUTES = (
    re.compile(
        r"""s([/|#,])(?:(?!\1).){0,128}\1\s?([\w.-]{2,64}):\s{1,3}((?:(?!\1)[^\s"'\\]){1,128})\1"""
    ),
    re.compile(
        r"""s([/|#,])[^\w\s/|#,]{0,4}_{0,2}(\w{2,64}?)_{0,2}[^\w\s/|#,]{0,4}\1([^\s/|#,"'\\]{6,128})\1"""
    ),
)
_CONNECT = re.compile(
    r"(?i)(?:connect\w{0,16}|PDO|mysqli|create_?(?:super)?_?user)\(\s{0,3}(?:"
    + _QUOTED
    + r"\s{0,3},\s{0,3}){2}"
    + _STRING.replace(r"\2", r"\1")
)
_XML = re.compile(r"<([\w:.-]{2,64})(?:\s[^<>]{0,128})?>([^<>\s][^<>]{0,256})</")
_XML_PAIR = re.compile(
    r"""(?:key|name)=\\?["']([\w:.-]{2,64})\\?["']\s{1,3}value=\\?["']([^"'\\]{1,256})"""
)
_WRITTEN = re.compile(
    r"""\b(?:echo|printf)\s{1,3}(?:-\w{1,3}\s{1,3}){0,2}(?:["']%s(?:\\n)?["']\s{1,3})?
    ((?:'[^'\n]{0,256}+'|"(?:[^"\\\n]|\\.){0,256}+"|[^\s'"|<>;&\\]|\\.){1,256}+)
    \s{0,3}(?:>{1,2}|\|\s{0,3}(?:sudo\s{1,3})?tee\s{1,3}(?:-\w\s{1,3})?)\s{0,3}["']?([\w./~${}-]{1,255})""",
    re.VERBOSE,
)
_HERE = re.compile(
    r"""[\w./-]{2,64}\s{1,3}(?:-a\s{1,3})?>{0,2}\s{0,3}["']?([\w./~${}-]{1,255})["']?\s{0,3}<<-?\s{0,3}["']?(\w{1,32})["']?\n([^\n]{1,256})\n"""
)
# --password-file=<(echo x), --password-command "echo x"
_ECHOED = re.compile(
    r"""(?i)[\w-]{0,32}(?:pass|secret|token|cred|key)[\w-]{0,32}[= ]\s?(?:<\(|["'`]|\$\()
    \s{0,3}(?:echo|printf)\s{1,3}(?:-n\s{1,3}|["']?%s["']?\s{1,3})?
    ["']?([^\s"'`()<>|;]{4,256})["']?\s{0,3}["'`)]""",
    re.VERBOSE,
)
# -f <(echo value)
_ECHOED_TO_FLAG = re.compile(
    r"""(?<!\S)--?\w[\w-]{0,32}[=\ ]<\(\s{0,3}(?:echo|printf)\s{1,3}(?:-n\s{1,3})?
    ["']?([^\s"'`()<>|;]{4,64})["']?\s{0,3}\)""",
    re.VERBOSE,
)
_EXPECTED = re.compile(r"""\bsend\s{1,3}(?:--\s)?\\?["{]([^"\n\\]{3,128})(?:\\+[rn])?\\?["}]""")
_STEM = re.compile(r"(?:^|/)\.?([\w-]{2,64})(?:\.[\w.]{1,16})?$")


def strings(text: str, seeks: bool) -> Iterator[Span]:
    """Quoted strings next to a telling name, whatever the language; no patterns if it `seeks`."""
    yield from _named(text, seeks)
    if "$" in text:
        for match in _VARIABLE_STRING.finditer(text):
            if is_secret_name(match[1]) and is_value(match[3], match[3]):
                yield *match.span(3), "value of a secret name"
    if seeks:
        yield from _substituted(text)
    for pattern in (_SIGN_IN, _CONNECT, _HASHED):
        for match in pattern.finditer(text):
            if is_value(match[2], match[2]):
                yield *match.span(2), "password"
    for match in _KEYED.finditer(text):
        if looks_typed(match[2]):
            yield *match.span(2), "password"


def _named(text: str, seeks: bool) -> Iterator[Span]:
    for match in _NAMED_STRING.finditer(text):
        if text.endswith("alias ", 0, match.start()) or not _is_told(match[1], match[3]):
            continue
        if seeks and is_regex(match[3]):
            continue
        # changePassword("user", "value")
        second = text[match.start(2) - 1] == "(" and _SECOND.match(text, match.end())
        yield *(second.span(2) if second else match.span(3)), "value of a secret name"


def _substituted(text: str) -> Iterator[Span]:
    for pattern in _SUBSTITUTES:
        for match in pattern.finditer(text):
            if is_secret_name(match[2]) and _has_digit(match[3]) and not is_regex(match[3]):
                yield *match.span(3), "value of a secret name"


def _has_digit(value: str) -> bool:
    return any(char.isdigit() for char in value)


def markup(text: str) -> Iterator[Span]:
    """What stands in an element or an attribute with a telling name."""
    for pattern in (_XML, _XML_PAIR):
        for match in pattern.finditer(text):
            if _is_told(match[1].rpartition(":")[2], match[2]):
                yield match.start(2), match.end(2), "value of a secret name"


def written(text: str) -> Iterator[Span]:
    """What is written to a file with a telling name, or sent where a password is expected."""
    if "echo" in text or "printf" in text:
        yield from _echoed(text)
    if "<<" in text:
        for match in _HERE.finditer(text):
            if _is_secret_file(match[1]) and "=" not in match[3] and match[3] != match[2]:
                yield *match.span(3), "value written to a secret file"
    if "expect" in text:
        for match in _EXPECTED.finditer(text):
            asked = re.search(
                "(?i)pass|assword|secret|pin|token",
                text[max(0, match.start() - 512) : match.start()],
            )
            if asked and is_value(match[1], match[1]):
                yield *match.span(1), "password"


def _echoed(text: str) -> Iterator[Span]:
    for match in _WRITTEN.finditer(text):
        value = match[1].strip("'\"")
        if _is_secret_file(match[2]) and is_value(match[1], value):
            start = match.start(1) + match[1].find(value)
            yield start, start + len(value), "value written to a secret file"
    for match in _ECHOED.finditer(text):
        if is_value(match[1], match[1]):
            yield *match.span(1), "password"
    for match in _ECHOED_TO_FLAG.finditer(text):
        if looks_typed(match[1]):
            yield *match.span(1), "password"


def _is_told(name: str, value: str) -> bool:
    if is_secret_name(name):
        return is_value(value, value)
    return is_weak_name(name) and looks_random(value)


def _is_secret_file(path: str) -> bool:
    stem = _STEM.search(path)
    return (
        stem is not None
        and path != "/etc/passwd"
        and is_secret_name(stem[1])
        and "$" not in stem[1]
    )
