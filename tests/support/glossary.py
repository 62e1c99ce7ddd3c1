"""Another glossary, as an upgrade brings one."""

import functools
from collections.abc import Mapping
from pathlib import Path

import pytest

from backend.meaning import gloss


def change_glossary(
    monkeypatch: pytest.MonkeyPatch,
    directory: Path,
    changed: Mapping[str, str] | None = None,
    added: Mapping[str, str] | None = None,
) -> None:
    """In this process: other phrases for the keys of `changed`, which it has, and more keys."""
    lines = gloss.GLOSSARY.read_text("utf-8").splitlines()
    keys = [line.partition("\t")[0] for line in lines]
    for key, phrase in (changed or {}).items():
        lines[keys.index(key)] = f"{key}\t{phrase}"
    lines += [f"{key}\t{phrase}" for key, phrase in (added or {}).items()]
    other = directory / "glossary.tsv"
    other.write_text("\n".join(lines) + "\n", "utf-8")
    monkeypatch.setattr(gloss, "SOURCES", (other, *gloss.SOURCES[1:]))
    monkeypatch.setattr(gloss, "GLOSSARY", other)
    # With caches of their own, so that those of before are back after the test.
    for cached in ("_glossary", "_rules"):
        monkeypatch.setattr(gloss, cached, functools.cache(getattr(gloss, cached).__wrapped__))
