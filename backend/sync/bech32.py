"""Bech32 (BIP 173), the text form of an age identity. As in age, it may be long."""

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK = 6


def encode(prefix: str, data: bytes) -> str:
    """`prefix`, in small letters, and `data` with a checksum."""
    values = _regroup(data, 8, 5, fill=True)
    check = _polymod([*_expanded(prefix), *values, *[0] * _CHECK]) ^ 1
    values += [(check >> 5 * (_CHECK - 1 - at)) & 31 for at in range(_CHECK)]
    return prefix + "1" + "".join(_ALPHABET[value] for value in values)


def decode(prefix: str, text: str) -> bytes:
    """What `encode` was given. ValueError for a mistyped letter, another prefix or mixed case."""
    lower = text.lower()
    if text not in (lower, text.upper()) or not lower.startswith(prefix + "1"):
        raise ValueError("it does not begin as it should")
    letters = lower[len(prefix) + 1 :]
    if len(letters) < _CHECK or not set(letters) <= set(_ALPHABET):
        raise ValueError("it holds a letter that none can have")
    values = [_ALPHABET.index(letter) for letter in letters]
    if _polymod([*_expanded(prefix), *values]) != 1:
        raise ValueError("its checksum differs")
    return bytes(_regroup(values[:-_CHECK], 5, 8, fill=False))


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for at, generator in enumerate(_GENERATOR):
            check ^= generator if top >> at & 1 else 0
    return check


def _expanded(prefix: str) -> list[int]:
    codes = prefix.encode("ascii")
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _regroup(values: bytes | list[int], width: int, to: int, *, fill: bool) -> list[int]:
    """The bits of numbers of `width` bits as numbers of `to` bits."""
    held = bits = 0
    groups = []
    for value in values:
        held, bits = held << width | value, bits + width
        while bits >= to:
            bits -= to
            groups.append(held >> bits)
            held &= (1 << bits) - 1
    if fill and bits:
        groups.append(held << to - bits)
    elif not fill and (bits >= width or held):
        raise ValueError("it does not end as it should")
    return groups
