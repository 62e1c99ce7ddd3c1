"""An identity survives being written down; whatever is mistyped is told."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from backend.sync import identity
from backend.sync.identity import Identity, NoIdentity


@given(st.binary(min_size=32, max_size=32))
def test_the_words_and_the_text_give_it_back(secret: bytes) -> None:
    made = Identity(secret)
    assert len(made.words().split()) == 24
    for text in (made.words(), made.text(), made.text().lower(), f"# mine\n{made.text()}\n"):
        assert identity.parse(text).fingerprint() == made.fingerprint()


def test_age_reads_the_text_and_deja_reads_that_of_age() -> None:
    theirs = x25519.Identity.generate()
    assert identity.parse(str(theirs)).text() == str(theirs)
    ours = Identity.generate().text()
    assert str(x25519.Identity.from_str(ours)) == ours


def test_keys_are_those_of_hkdf() -> None:
    """RFC 5869 by another implementation: `cryptography`, for the secret 00 01 … 1f."""
    expected = "7457ae2ca8c89120a98c4acd8954a7d9"
    assert Identity(bytes(range(32))).key("mac").hex()[:32] == expected


@pytest.mark.parametrize("text", ["", "one two", "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1QQQQQQ"])
def test_what_is_no_identity_is_refused(text: str) -> None:
    with pytest.raises(NoIdentity):
        identity.parse(text)


@given(st.integers(0, 73), st.sampled_from("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"))
def test_a_mistyped_letter_is_refused(at: int, letter: str) -> None:
    text = Identity(bytes(range(32))).text()
    wrong = text[:at] + letter + text[at + 1 :]
    if wrong != text:
        with pytest.raises(NoIdentity):
            identity.parse(wrong)


def test_a_wrong_word_is_named_by_its_place() -> None:
    words = Identity.generate().words().split()
    with pytest.raises(NoIdentity, match="word 3 is none of the list"):
        identity.parse(" ".join([*words[:2], "deja", *words[3:]]))


def test_words_out_of_order_are_refused() -> None:
    # The checksum of 24 words has eight bits: of many orders one in 256 passes.
    refused = 0
    for _ in range(40):
        words = Identity.generate().words().split()
        secrets.SystemRandom().shuffle(words)
        try:
            identity.parse(" ".join(words))
        except NoIdentity:
            refused += 1
    assert refused >= 35


def test_nothing_prints_the_secret() -> None:
    made = Identity.generate()
    assert made.text() not in f"{made!r} {made}" and made.key("mac").hex() not in repr(made)
