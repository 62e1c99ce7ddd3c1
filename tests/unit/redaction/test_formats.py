"""Tokens of documented formats: each line of the table, checksums, hostile text."""

import random
import re
import time
import zlib

import pytest

from backend.redaction.formats import Format, checksum, formatted, table
from backend.redaction.mask import MARK, redact

ALPHABETS = {
    "a": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "l": "abcdefghijklmnopqrstuvwxyz0123456789",
    "u": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "d": "0123456789",
    "h": "0123456789abcdef",
    "x": "0123456789abcdefABCDEF",
}
# The other alphabets hold separators as well; letters and digits are in all of them.
PIECE = re.compile(r"\{([a-z])(\d+)(?:-(\d+))?\+?!?\}")
FORMATS = table()


def token(format: Format, chance: random.Random, cut: int = 0) -> str:
    """A random token of this format; its last piece is `cut` characters too short."""
    pieces = list(PIECE.finditer(format.body))
    parts, done = [], 0
    for match in pieces:
        parts.append(format.body[done : match.start()])
        size = int(match[2]) - (cut if match is pieces[-1] else 0)
        alphabet = ALPHABETS.get(match[1], ALPHABETS["a"])
        parts.append("".join(chance.choices(alphabet, k=size)))
        done = match.end()
    parts.append(format.body[done:])
    return ("" if format.prefix.startswith("…") else format.prefix) + "".join(parts)


def test_the_table_holds_hundreds() -> None:
    assert len({(format.kind, format.body) for format in FORMATS}) >= 280
    assert len(FORMATS) >= 550


@pytest.mark.parametrize("before", ["./deploy.sh prod ", "x --y=", "a\nb ", '{"a":"'])
def test_every_format_is_found_wherever_it_stands(before: str) -> None:
    chance = random.Random("formats")
    missed = []
    for format in FORMATS:
        made = token(format, chance)
        found = [(start, end) for start, end, _ in formatted(f"{before}{made} tail")]
        if not any(start <= len(before) and end >= len(before) + len(made) for start, end in found):
            missed.append((format.kind, made))
    # A few tokens without a digit are taken for placeholders by chance.
    assert len(missed) <= len(FORMATS) // 200, missed


def test_a_prefix_alone_is_not_enough() -> None:
    chance = random.Random("short")
    found = []
    for format in FORMATS:
        if not format.prefix.startswith("…") and int(PIECE.findall(format.body)[-1][1]) > 8:
            short = token(format, chance, cut=5)
            if any(kind == format.kind for _, end, kind in formatted(short) if end == len(short)):
                found.append((format.kind, short))
    # Some kinds have a second, looser format, and some are parts of others.
    assert len(found) <= len(FORMATS) // 20, found


@pytest.mark.parametrize(
    "placeholder",
    [
        "sk_live_your_secret_key_goes_here",
        "npm_config_registry_and_more_words_that_follow_here",
        "sk-your-openai-key-goes-here-please",
        "ghp_xxx",
        "AKIA",
        "pk_test_",
        "hf_",
        "glpat-",
        "https://hooks.slack.com/services/",
    ],
)
def test_placeholders_stay(placeholder: str) -> None:
    assert redact(f"./deploy.sh prod {placeholder}") == f"./deploy.sh prod {placeholder}"


def test_a_token_with_its_checksum_is_known_within_a_word() -> None:
    body = "".join(random.Random("crc").choices(ALPHABETS["a"], k=30))
    good = body + checksum(body)
    bad = body + checksum(body[::-1])
    for prefix in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_"):
        assert redact(f"cat /x{prefix}{good}y") == f"cat /x{MARK}y"
        assert redact(f"cat /x{prefix}{bad}y") == f"cat /x{prefix}{bad}y"
        # On its own a wrong one goes as well: who mistypes a token gives most of it away.
        assert redact(f"x {prefix}{bad}") == f"x {MARK}"


def test_the_checksum_is_crc32_in_base_62() -> None:
    assert checksum("") == "000000"
    number = zlib.crc32(b"abc")
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    assert sum(digits.index(c) * 62**n for n, c in enumerate(reversed(checksum("abc")))) == number


@pytest.mark.slow
@pytest.mark.parametrize(
    "fragment",
    [
        *sorted({format.prefix.lstrip("…") for format in FORMATS if len(format.prefix) < 5}),
        "t1.",
        "sk-sk-",
        "SG.a",
        "0.A",
        "eyJ.",
        "ghp_",
        "a1",
        "aB3-",
        "ab ",
        "seed word ",
        "1/1",
        "AUTH x",
        "AUTH word ",
        "password 'x' ",
        'expect send "abc" ',
        'auth=("a",',
        "echo '",
        "rtmp://a/",
        "<a>",
        "-a_",
    ],
)
def test_hostile_text_takes_milliseconds(fragment: str) -> None:
    """100 KB take some 5 to 200 ms here; anything quadratic takes minutes."""
    text = fragment * (100_000 // len(fragment))
    started = time.process_time()
    for _ in formatted(text):
        pass
    assert time.process_time() - started < 2
    started = time.process_time()
    redact(f"mysql curl nc password {text}")
    assert time.process_time() - started < 5
