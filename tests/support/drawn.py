"""Texts to draw, and what of them a terminal may get."""

from hypothesis import strategies as st

any_text = st.text(st.characters(codec=None), max_size=60)


def printable(text: str) -> bool:
    """Whether a terminal shows `text` and does nothing else."""
    return all(" " <= c <= "~" or (ord(c) > 0x9F and not 0xD800 <= ord(c) < 0xE000) for c in text)
