"""Secrets that can be told by their own shape, wherever they stand in a text.

Standard library only. formats.tsv has the tokens of the providers; here is what has no table:
passwords in URLs, keys in PEM, headers, statements. All patterns take linear time.
"""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backend.redaction.formats import Span, formatted
from backend.redaction.names import is_value
from backend.redaction.randomness import phrases, random_words

_USER = r"""[^\s/:'"`\\<>]{0,128}"""
# The password may itself hold "@": the last one before a slash or a space ends it. In the URL of
# a database it may hold a slash as well.
_URL = re.compile(rf"""://{_USER}:([^\s/'"`<>]{{1,256}})@(?!sha256:)""")
_DATABASE_URL = re.compile(
    rf"""(?:sql|sqlite|db|mongo|redis|rediss|amqp|amqps|smtp|smtps|ftp|ldap|srv|postgres|clickhouse)
    (?:\+\w{{1,32}})?://{_USER}:(?!\d{{1,5}}[/'"\s])([^\s'"`<>]{{1,256}})@""",
    re.VERBOSE,
)
_URL_TOKEN = re.compile(r"://([A-Za-z0-9_-]{20,256})@")
_DSN = re.compile(r"""(?<![\w.-])[\w.-]{1,64}:([^\s'"]{1,128})@(?:tcp|unix|udp)\(""")
_THIN = re.compile(r"""thin:[\w.]{1,64}/([^\s'"@]{1,128})@""")
_COMMAS = re.compile(r"""\b[hu]=[^,\s]{1,64},(?:\w=[^,\s]{0,64},){0,6}p=["']?([^,\s'"]{1,128})""")
_PASSIN = re.compile(r"""\bpass(?:in|out)[= ]["']?pass:([^\s"']{1,128})""")
_PARAMETER = re.compile(
    r"""ParameterKey=\w{0,64}?(?:(?i:pass|secret|token|pwd|apikey|accesskey)\w{0,16}),
    ParameterValue=["']?([^\s"',]{1,256})""",
    re.VERBOSE,
)
_PSERVER = re.compile(r""":(?:pserver|gserver):[^\s:@/]{1,64}:([^\s'"/]{1,128})@""")
_SPOKEN = re.compile(
    r"""(?<![\w-])(?:(?:AUTH|PASS)(?:\sLOGIN)?|(?:LOGIN|user)\s[\w.@-]{1,64})\s([^\s"'\\|;$%&]{4,128})"""
)
_CONVERSATION = re.compile(r"\b(?:nc|ncat|netcat|telnet|socat|s_client|redis-cli|ftp)\b")
_STREAM = re.compile(
    r"""\brtmps?://[^\s'"/]{1,255}/[^\s'"]{0,255}?/?([\w-]*\d[\w-]*)(?=[?'"\s|]|$)"""
)

_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----([\s\S]*?)(?:-----END|\Z)")
_PEM_BODY = re.compile(r"[A-Za-z0-9+/=]{16}")
_PUTTY = re.compile(r"Private-(?:Lines|MAC|Hash): ?\d{0,4}\s{0,3}([\w+/=\s]{16,8192}+)")
_JWT = re.compile(
    r"(?<![A-Za-z0-9_-])(eyJ[\w-]{8,4096}+)\.[\w-]{8,16384}+(?:\.[\w-]{0,4096}+){0,3}", re.ASCII
)
_ENCODED_JWT = re.compile(r"(?<![A-Za-z0-9_])ZXlK[\w+/-]{60,8192}+={0,2}", re.ASCII)
_BEARER = re.compile(r"(?i)\bbearer(?:\s{1,4}|\\ )(?=[\w.~+/=-]{0,40}\d)([\w.~+/=-]{12,4096}+)")
_AUTHORIZATION = re.compile(
    r"""(?i)authorization\\?["']?\s{0,3}(?:[:=]|=>|,)(?:\s|\\\ ){0,3}\\?["']?
    (?:(?:basic|bearer|token|bot|apikey|api-key|key|digest|negotiate|splunk|oauth|genietoken
    |sso-key|client-id|hmac|ssws|pve\w{1,16}=|aws4-hmac-sha256
    |sharedkey|discogs|mediabrowser|private-token|zoho-oauthtoken)(?:\s|\\\ ){1,3})?
    ([^\s"'\\]{1,4096}+)""",
    re.VERBOSE,
)
_PGPASS = re.compile(
    r"""[\w.*-]{1,255}+:(?:\d{1,5}|\*):[\w*.-]{1,64}:[\w*.-]{1,64}:([^\s"':]{1,256})"""
)
_SQL = re.compile(
    r"""(?i)(?<![\w-])(?:identified\s{1,3}(?:with\s{1,3}[\w'"`]{1,64}\s{1,3})?(?:by|as)(?:\s{1,3}password)?
    |password(?:\s{0,3}\()?|secret)(?:\s{1,3}(?:for\s{1,3}\S{1,128}\s{0,3})?|(?<=\()\s{0,3}|(?==))(?:=\s{0,3})?
    (?P<quote>\\?['"])((?:(?!(?P=quote))[^\n\\]){1,256})(?P=quote)""",
    re.VERBOSE,
)
_STATEMENT = re.compile(
    r"\b(?:create|alter|set|grant|select|update|insert|attach|identified)\b", re.IGNORECASE
)
_SET_PASSWORD = re.compile(
    r"""(?i)set\s{1,3}password[^\n]{0,128}?=\s{0,3}\\?['"]([^\n'"\\]{1,256})['"]"""
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern that is tried where one of `hints` is in the text in lower case."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    kind: str
    is_secret: Callable[[str], bool]
    group: int = 1
    # What must be in the text as well, asked once: a question for each match would be quadratic.
    needs: re.Pattern[str] | None = None


def _always(value: str) -> bool:
    return True


def _any_value(value: str) -> bool:
    return is_value(value, value)


def _in_url(value: str) -> bool:
    return not value.startswith(("$", "\\$", "{{", "%(", "<"))


def _has_digit(value: str) -> bool:
    return any(char.isdigit() for char in value)


def _is_key(value: str) -> bool:
    return _PEM_BODY.search(value) is not None


def _is_jwt(value: str) -> bool:
    """Whether the header of a JSON Web Token is one: an object in JSON."""
    try:
        return base64.urlsafe_b64decode(value[:4] + "A" * (-len(value[:4]) % 4))[:2] == b'{"'
    except ValueError:
        return False


def _is_stream_key(value: str) -> bool:
    return len(value) >= 8 and sum(char.isdigit() for char in value) >= 2


SHAPES = (
    Shape(("://",), _URL, "password in url", _in_url),
    Shape(("://",), _DATABASE_URL, "password in url", _in_url),
    Shape(("://",), _URL_TOKEN, "password in url", _has_digit),
    Shape(("@tcp(", "@unix(", "@udp("), _DSN, "password in url", _in_url),
    Shape(("thin:",), _THIN, "password in url", _in_url),
    Shape((",p=",), _COMMAS, "password in url", _in_url),
    Shape(("pass:",), _PASSIN, "password", _any_value),
    Shape(("parametervalue",), _PARAMETER, "value of a secret name", _any_value),
    Shape((":pserver:", ":gserver:"), _PSERVER, "password in url", _in_url),
    Shape(
        ("auth ", "pass ", "login ", "user "), _SPOKEN, "password", _any_value, needs=_CONVERSATION
    ),
    Shape(("rtmp",), _STREAM, "stream key", _is_stream_key),
    Shape(("-----begin",), _PEM, "private key", _is_key),
    Shape(("private-lines",), _PUTTY, "private key", _always),
    Shape(("eyj",), _JWT, "jwt", _is_jwt, 0),
    Shape(("zxlk",), _ENCODED_JWT, "jwt", _always, 0),
    Shape(("authorization",), _AUTHORIZATION, "authorization", _any_value),
    Shape(("pgpass",), _PGPASS, "password", _always),
    Shape(("bearer",), _BEARER, "authorization", _always),
    Shape(("password", "identified", "secret"), _SQL, "password", _any_value, 2, _STATEMENT),
    Shape(("set password",), _SET_PASSWORD, "password", _any_value),
)


_HINTED = [(hint, shape) for shape in SHAPES for hint in shape.hints]


def tokens(text: str) -> Iterator[Span]:
    """Start, end and kind of each secret that its shape gives away; they may overlap."""
    yield from formatted(text)
    lower = text.lower()
    for hint, shape in _HINTED:
        if hint in lower:
            yield from _shaped(shape, text)
    yield from random_words(text)
    yield from phrases(text)


def _shaped(shape: Shape, text: str) -> Iterator[Span]:
    if shape.needs is not None and shape.needs.search(text) is None:
        return
    for match in shape.pattern.finditer(text):
        if shape.is_secret(match[shape.group or match.lastindex or 0]):
            yield *match.span(shape.group), shape.kind
