"""What a sentence names outright: quoted text, and words that look like text of a command.

"Find '*.log' files under /var above 10M" names `*.log`, `/var`, `10M`.
"""

from __future__ import annotations

import re

# Quotes count only around whole words, so that an apostrophe is none.
_QUOTED = re.compile(
    r"""(?<![\w\\])(?:"([^"\n]+)"|'([^'\n]+)'|`([^`'\n]+)[`']|‘([^’\n]+)’|“([^”\n]+)”)"""
    r"""(?=[\s.,;:?!)]|$)"""
)
_CODED = re.compile(r"[/$*_=~@\\|+<>{}\[\]0-9]|\w\.\w|^\.\w|^-\w|[a-z][A-Z]|^[A-Z]{2,}", re.ASCII)


def names(text: str) -> tuple[str, ...]:
    """The distinct names in a text, lower case, in no particular order; at least two letters."""
    quoted = [next(filter(None, match.groups())).strip() for match in _QUOTED.finditer(text)]
    chunks = (_bare(chunk) for chunk in _QUOTED.sub(" ", text).split())
    coded = [chunk for chunk in chunks if len(chunk) > 1 and _CODED.search(chunk)]
    return tuple(dict.fromkeys(name.lower() for name in (*quoted, *coded) if name))


def _bare(chunk: str) -> str:
    """A chunk without the sentence's punctuation; a dot in front is part of a name."""
    return chunk.rstrip(".,;:?!()\"'").lstrip(",;:?!()\"'")
