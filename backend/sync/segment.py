"""A segment: records of one host, in order, as a file that is written once and read by many.

Inside age, inside zlib, are lines: `{"mac": …}`, the header, the records. docs/sync.md has it all.
"""

import hashlib
import hmac
import json
import zlib
from typing import NamedTuple

from backend.sync.age import Age, CannotOpen
from backend.sync.identity import Identity

FORMAT = 1
# Of lines; some 60,000 runs. Files are merged up to this, and read up to some more: a record may
# have grown since.
MOST_BYTES = 16 << 20
_READ_BYTES = 4 * MOST_BYTES


class Broken(Exception):
    """Bytes that no holder of the identity wrote as they are; the text says what is wrong."""


class Newer(Broken):
    """A sound file of a format that this deja does not know."""


class Header(NamedTuple):
    """`start` to `sequence`: the numbers of the segments that this one holds (`from` in the file).
    `first` to `last`: the counters of its records. `previous`, `chain`: hex. `written`: epoch
    seconds, for people. `length`: bytes of the records' lines (`bytes` in the file).
    """

    host: str
    sequence: int
    start: int
    first: int
    last: int
    previous: str
    chain: str
    revision: int
    name: str
    written: int
    length: int


# Names in the file, in the order of Header's fields.
_NAMES = (
    *("host", "sequence", "from", "first", "last", "previous", "chain", "revision"),
    *("name", "written", "bytes"),
)


class Seal:
    """Writes and reads files of one identity."""

    def __init__(self, identity: Identity) -> None:
        self._age = Age(identity)
        self._mac_key = identity.key("mac")
        self._chain_key = identity.key("chain")

    def chain(self, host: str, sequence: int, previous: str, body: bytes) -> str:
        """What the next segment names as its `previous`."""
        facts = f"{host} {sequence} {previous} {hashlib.sha256(body).hexdigest()}"
        return hmac.new(self._chain_key, facts.encode(), hashlib.sha256).hexdigest()

    def close(self, facts: dict[str, object], body: bytes = b"") -> bytes:
        """The bytes of a file."""
        inner = json.dumps({"format": FORMAT, **facts}).encode() + b"\n" + body
        mac = hmac.new(self._mac_key, inner, hashlib.sha256).hexdigest()
        line = json.dumps({"mac": mac}).encode() + b"\n"
        return self._age.encrypt(zlib.compress(line + inner, 6))

    def open(self, data: bytes) -> tuple[dict[str, object], bytes]:
        """The facts and the body of a file. Raises CannotOpen and Broken."""
        line, _, inner = _inflate(self._age.decrypt(data)).partition(b"\n")
        mac = hmac.new(self._mac_key, inner, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(
            str(_object(line).get("mac")).encode("utf-8", "replace"), mac.encode()
        ):
            raise Broken("its mac is wrong: no holder of the identity wrote it")
        head, _, body = inner.partition(b"\n")
        facts = _object(head)
        if facts.get("format") != FORMAT:
            raise Newer(f"its format is {facts.get('format')!a}, newer than this deja; upgrade")
        return facts, body

    def write(self, header: Header, body: bytes) -> bytes:
        return self.close(dict(zip(_NAMES, header, strict=True)), body)

    def read(self, data: bytes, host: str, sequence: int) -> tuple[Header, bytes]:
        """A segment that stood under the name of this host and number. Raises Broken."""
        try:
            facts, body = self.open(data)
        except CannotOpen as error:
            raise Broken(
                f"it cannot be opened ({error}): cut short, changed, or of another key"
            ) from error
        header = _header(facts)
        if (header.host, header.sequence) != (host, sequence):
            raise Broken(
                f"it is segment {header.sequence} of host {header.host}, under another name"
            )
        if header.length != len(body):
            raise Broken("it has another length than it says")
        if not header.revision and header.start == header.sequence:
            chain = self.chain(host, sequence, header.previous, body)
            if chain != header.chain:
                raise Broken("its chain does not belong to what it holds")
        return header, body


def lines(body: bytes) -> list[bytes]:
    return body.splitlines()


def counter(line: bytes) -> int:
    """The counter of a record. Raises Broken."""
    try:
        return int(_object(line)["id"][1])  # type: ignore[index]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Broken("a record has no id") from error


def _inflate(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(data, _READ_BYTES)
    except zlib.error as error:
        raise Broken(f"what is in it cannot be unpacked ({error})") from error
    if not inflater.eof:
        raise Broken("what is in it is cut short, or longer than a segment may be")
    return text


def _object(line: bytes) -> dict[str, object]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Broken("a line of it is no JSON") from error
    if not isinstance(found, dict):
        raise Broken("a line of it is no object")
    return found


def _header(facts: dict[str, object]) -> Header:
    kinds = [str if kind in ("str", str) else int for kind in Header.__annotations__.values()]
    values = [facts.get(name) for name in _NAMES]
    if not all(type(value) is kind for value, kind in zip(values, kinds, strict=True)):
        raise Broken("its header lacks something")
    header = Header(*values)  # type: ignore[arg-type]
    ordered = 1 <= header.start <= header.sequence and 1 <= header.first <= header.last + 1
    if not ordered or header.revision < 0:
        raise Broken("its header makes no sense")
    return header
