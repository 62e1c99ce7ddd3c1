"""Secrets that have neither a format nor a name, told by how random they look.

Standard library only; linear in the length of the text. What commands hold and is no secret is
told apart: hashes in hexadecimal, UUIDs, paths, file names, pods, camelCase, public keys.
"""

import re
from collections.abc import Iterator

from backend.redaction.formats import Span
from backend.redaction.names import is_harmless_name

# A run that is a word of its own: no part of a path, of a file's or a host's name.
_RUN = re.compile(
    r"(?<![\w/.+%@~#\\-])(?=[\w-]{0,64}\d)[A-Za-z0-9](?:[A-Za-z0-9_-]{19,1023}+)={0,2}(?![\w/.@+%(\[-])",
    re.ASCII,
)
# The same for base64, as in the secret keys of AWS, where a slash may be anywhere.
_BASE64 = re.compile(
    r"(?<![\w/.+%@~#:\\-])(?=[\w/]{0,64}\d)[A-Za-z0-9+/]{36,512}+={0,2}(?![\w/.@+%=-])", re.ASCII
)
_LONG = re.compile(r"[A-Za-z0-9_+/-]{20}")
_SHORT = re.compile(
    r"(?<![\w/.+%@~#:,;=&?{}()\[\]<>\\-])(?=[A-Za-z]*\d)[A-Za-z0-9][A-Za-z0-9!%*+_^-]{9,18}(?=[\s'\"]|$)",
    re.ASCII,
)
_CHANGES = re.compile(r"[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|\d(?=[A-Za-z])")
_DIGIT_CHANGES = re.compile(r"[A-Za-z](?=\d)|\d(?=[A-Za-z])")
_HEX = re.compile(r"(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)")
_UUID_SHAPED = re.compile(r"[A-Za-z0-9]{8}(?:-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12}")
# Random, and public: objects of IPFS, files of Google, objects of Stripe, public keys of SSH.
_PUBLIC = re.compile(
    r"Qm\w{44}|baf[a-z2-7]{56,}|1[\w-]{32}|AAAA[BCE][0-9A-Z][\w+/]*={0,2}|age1[a-z0-9]{58}"
    r"|(?:cus|ch|pi|price|prod|sub|in|acct|evt|pm|txn|req|seti|src|card|plan|si)_\w{14,28}"
)
# After these a random word is the name of something.
_NAMED = re.compile(
    r"""([\w.-]{1,48})["']?(?:\s?[=:]\s?|\s)["']?$""",
)
_IDENTIFIER = re.compile(
    r"(?:^|[-_])(?:id|ids|hash|sha\d*|md5|digest|checksum|commit|rev|revision|etag|uuid|integrity"
    r"|cursor|after|before|fingerprint|pubkey|public[-_]key|recv[-_]keys?|nonce|version|tag|ref"
    r"|branch|address|wallet|pod|instance|image|name|title|file|video|playlist|branch)s?$"
)
_DECODED = (
    *("base64", "b64", "atob", "ssh-rsa", "ssh-ed25519", "xxd", "basenc", "sha512-"),
    *("PUBLIC KEY", "BEGIN CERTIFICATE", "BEGIN PGP"),
)

_LETTERS = re.compile(r"[a-z]{3,8}")
_PHRASE = re.compile(r"(?<![\w-])(?:[a-z]{3,8}\s){11,23}[a-z]{3,8}(?![\w-])")
_PHRASE_LENGTHS = frozenset((12, 15, 18, 21, 24))
_PHRASE_HINTS = ("mnemonic", "seed", "recover", "wallet", "phrase", "restore")
# In prose of that length there is always one of these, in a list of words to remember never.
_PROSE = frozenset("the and for with not are was has from but you into all install".split())


def random_words(text: str) -> Iterator[Span]:
    """Words of `text` that look like tokens, or like nothing but a generated password."""
    for match in _SHORT.finditer(text):
        if _is_short_token(match[0]) and not _is_named(text, match.start()):
            yield *match.span(), "random word"
    if _LONG.search(text) is None or _is_decoded(text):
        return
    for pattern in (_RUN, _BASE64):
        for match in pattern.finditer(text):
            if _looks_issued(match[0]) and not _is_named(text, match.start()):
                yield *match.span(), "random token"


def _is_short_token(word: str) -> bool:
    return (
        len(_DIGIT_CHANGES.findall(word)) >= 3
        and len(_CHANGES.findall(word)) >= 0.38 * len(word)
        and re.search("[a-z]", word) is not None
        and re.search("[A-Z]", word) is not None
    )


def phrases(text: str) -> Iterator[Span]:
    """The words of a wallet, in quotes or after a word that tells."""
    if text.count(" ") < 11:
        return
    lower = text.lower()
    told = any(hint in lower for hint in _PHRASE_HINTS)
    for match in _PHRASE.finditer(text):
        words = match[0].split()
        quoted = text[match.start() - 1 : match.start()] in ("'", '"') and text[
            match.end() : match.end() + 1
        ] in ("'", '"')
        if not _PROSE.isdisjoint(words) or len(set(words)) < len(words) - 2:
            continue
        if told or (quoted and len(words) in _PHRASE_LENGTHS):
            yield *match.span(), "seed phrase"


def _is_decoded(text: str) -> bool:
    return any(word in text for word in _DECODED)


def _is_named(text: str, start: int) -> bool:
    named = _NAMED.search(text[max(0, start - 52) : start])
    if named is None:
        return False
    name = named[1].strip("-").lower()
    return is_harmless_name(name) or _IDENTIFIER.search(name) is not None


def _looks_issued(word: str) -> bool:
    """Whether `word` changes between letters, capitals and digits as only random text does."""
    if _PUBLIC.fullmatch(word):
        return False
    if _UUID_SHAPED.fullmatch(word):
        return _HEX.fullmatch(word.replace("-", "")) is None
    pieces = re.split(r"[-_+/=]", word)
    if max(map(len, pieces)) < 10:
        return False
    letters = "".join(pieces)
    if letters.islower() or letters.isupper():
        return any(_mixes_digits(piece) for piece in pieces)
    longest = max(pieces, key=len)
    return (
        _HEX.fullmatch(longest) is None
        and len(_DIGIT_CHANGES.findall(letters)) >= 3
        and len(_CHANGES.findall(letters)) >= 0.38 * len(letters)
    )


def _mixes_digits(piece: str) -> bool:
    if len(piece) < 16 or _HEX.fullmatch(piece):
        return False
    return len(_DIGIT_CHANGES.findall(piece)) >= 0.19 * len(piece)


def looks_typed(word: str) -> bool:
    """Whether `word` looks like a password that a person chose, and like no program's name."""
    word = re.sub(r"-\d{1,3}$", "", word)  # the version in a program's name
    if not 6 <= len(word) <= 64 or not word.isprintable() or _NOT_TYPED.search(word):
        return False
    if _HEX.fullmatch(word) or word.isdigit():
        return False
    marks = sum(not char.isalnum() and char not in "-_.+" for char in word)
    digits = sum(char.isdigit() for char in word)
    letters = sum(char.isalpha() for char in word)
    capital = any(char.isupper() for char in word)
    if letters >= 3 and digits and (marks or (capital and len(word) >= 8)):
        return True
    if letters >= 5 and marks and word[-1] in "!?#$%^&*@":
        return True
    return len(word) >= 8 and letters >= 3 and _has_many_digits(word)


# Paths, options, assignments, globs, hosts, versions: what is mistyped without being a password.
_NOT_TYPED = re.compile(
    r"[/=\\|<>(){}\[\]\"'`;]|^[-.~:$*?%#+]|^[a-z][\w-]*@[a-z0-9.-]+$|\.(?:py|sh|js|txt|exe|md)$|^v?\d+(?:\.\d+)+|‹"
    r"|^[\w-]+:|\d\.\d"
)


def _has_many_digits(word: str) -> bool:
    """`violetcomet7026`, `tr0ub4d0r`; not `python310` or `sha256sum`."""
    pieces = re.split("[-_.+]", word)
    return re.search(r"[a-z]\d{4,}$", word) is not None or any(
        len(_DIGIT_CHANGES.findall(piece)) >= 4 for piece in pieces
    )
