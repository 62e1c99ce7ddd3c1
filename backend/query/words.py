"""Words of a command: how text is cut for the index and for queries alike.

Pure functions over bytes: UTF-8 in which lone surrogates pass.
"""

import re
from collections.abc import Callable

_KEEP = b"-"
_SEPARATED = bytes(
    byte if bytes([byte]).isalnum() or byte >= 0x80 or byte in _KEEP else 0x20
    for byte in range(256)
)
# "parseHTMLFile2" -> parse, HTML, File, 2; bytes beyond ASCII count as lower case.
_PARTS = re.compile(rb"[A-Z]+(?![a-z\x80-\xff])|[A-Z]?[a-z\x80-\xff]+|[0-9]+")
LONGEST = 64

# Scripts that are written without blanks: Thai, Lao, Burmese, Khmer, kana, and Chinese characters.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)


def encode(text: str) -> bytes:
    """Bytes of any Python string; `decode` gives the string back.

    Surrogates pass as they are, which makes other bytes of them than were typed: for the index.
    """
    return text.encode("utf-8", "surrogatepass")


def decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def lower(data: bytes) -> bytes:
    """Lower case for matching; beyond ASCII only where the text is valid."""
    return data.lower() if data.isascii() else encode(decode(data).lower())


def chunks(data: bytes) -> list[bytes]:
    """Runs of letters, digits and dashes, case kept: `--max-depth=3` -> `--max-depth`, `3`."""
    return data.translate(_SEPARATED).split()


def parts(chunk: bytes) -> list[bytes]:
    """What a chunk is indexed under: the flag as typed, its words, and the words in its words; in
    scripts without blanks each pair of characters.
    """
    found: list[bytes] = []
    folded = lower(chunk)
    if folded.startswith(b"-"):
        found.append(folded.rstrip(b"-"))
    for whole, word in zip(chunk.split(b"-"), folded.split(b"-"), strict=False):
        found.append(word)
        inner = _PARTS.findall(whole)
        if len(inner) > 1:
            found.extend(lower(part) for part in inner)
    if not chunk.isascii():
        found.extend(_pairs(chunk))
    return [_cut(word) for word in dict.fromkeys(found) if word]


def is_unspaced(piece: bytes) -> bool:
    """Whether some of it is in a script that has no blanks between words."""
    return not piece.isascii() and _UNSPACED.search(decode(piece)) is not None


def _pairs(chunk: bytes) -> list[bytes]:
    """Each two characters that stand together in a script without blanks: no word is known there,
    and most words are of two.
    """
    runs = _UNSPACED.findall(decode(chunk))
    return [encode(run[at : at + 2]) for run in runs for at in range(max(1, len(run) - 1))]


def _cut(word: bytes) -> bytes:
    """At most LONGEST bytes of a word, and no character of it in half."""
    end = LONGEST
    while end < len(word) and word[end] & 0xC0 == 0x80:
        end -= 1
    return word[:end]


def words(data: bytes, enough: Callable[[bytes], bool] | None = None) -> list[bytes]:
    """Distinct index words of a text, in order of appearance.

    enough: whether a chunk's own word will do, so that the words inside it are left out.
    """
    found: dict[bytes, None] = {}
    for chunk in chunks(data):
        inside = parts(chunk)
        whole = inside[:1] if enough and inside and lower(chunk) == inside[0] else []
        found.update(dict.fromkeys(whole if whole and enough and enough(whole[0]) else inside))
    return list(found)
