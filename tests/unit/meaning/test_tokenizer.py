"""The tokenizer beside Hugging Face's own, on the tokenizer.json of the exported model."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Reference

from backend.meaning.gloss import embedded
from backend.meaning.tokenizer import MOST_KNOWN, Tokenizer
from scripts.benchmarks.synthetic import commands
from scripts.export.verification_texts import VERIFIED

LONGEST = 256
# Of scripts that the model knows or that commands hold, and what is special about some.
LETTERS = st.sampled_from(
    "aB9_-/.$'\"\\|~^`+<= \t\n\r\0\x0b\x1f\x7f\u00a0\u200b\u2028\u3000éßİıΣσςÅåñ\u0301\u0327\ufffd"
    "Ждا日本語한กี👩\u200d💻🏽→©€"
)
PARTS = st.sampled_from(["##", "[CLS]", "[UNK]x", "[mask]", "kubectl", "unaffable", "x" * 101])


@pytest.fixture(scope="module")
def own(model_dir: Path) -> Tokenizer:
    return Tokenizer(model_dir / "tokenizer.json", LONGEST)


@pytest.fixture(scope="module")
def reference(model_dir: Path) -> Any:
    found: Any = Reference.from_file(str(model_dir / "tokenizer.json"))
    found.no_padding()
    found.enable_truncation(LONGEST)
    return found


def test_commands_are_cut_alike(own: Tokenizer, reference: Any) -> None:
    texts = [*VERIFIED, *map(embedded, commands(500)), "", "the " * 300, "[SEP] " * 300]
    assert own.ids(texts) == [encoding.ids for encoding in reference.encode_batch_fast(texts)]


@given(st.lists(st.one_of(LETTERS, PARTS), max_size=40))
def test_any_text_is_cut_alike(own: Tokenizer, reference: Any, parts: list[str]) -> None:
    text = "".join(parts)
    assert own.ids([text]) == [reference.encode(text).ids]


@pytest.mark.slow
def test_any_character_is_treated_alike_unless_unicode_got_it_later(
    own: Tokenizer, reference: Any
) -> None:
    # The library goes by the categories of Unicode 8; a few characters have changed theirs since.
    changed = set("\u166d\u1734\u1885\u1886")
    characters = [chr(c) for c in range(0x20000) if not 0xD800 <= c < 0xE000]
    texts = [f"a{c}b" for c in characters]
    encoded = [encoding.ids for encoding in reference.encode_batch_fast(texts)]
    other = {
        c for c, one, two in zip(characters, own.ids(texts), encoded, strict=True) if one != two
    }
    assert {c for c in other - changed if unicodedata.ucd_3_2_0.category(c) != "Cn"} == set()


def test_few_words_are_remembered(own: Tokenizer) -> None:
    for start in range(0, 3 * MOST_KNOWN, 100):
        own.ids([f"word{number}x" for number in range(start, start + 100)])
    assert len(own._known) <= MOST_KNOWN + 200
