"""Another glossary, as an upgrade brings one."""

import functools
from collections.abc import Mapping
from pathlib import Path

import pytest

from backend.meaning import gloss, glossary, telling


def change_glossary(
    monkeypatch: pytest.MonkeyPatch,
    directory: Path,
    changed: Mapping[str, str] | None = None,
    added: Mapping[str, str] | None = None,
) -> None:
    """In this process: other phrases for the keys of `changed`, which it has, and more keys."""
    lines = glossary.FILE.read_text("utf-8").splitlines()
    keys = [line.partition("\t")[0] for line in lines]
    for key, phrase in (changed or {}).items():
        lines[keys.index(key)] = f"{key}\t{phrase}"
    lines += [f"{key}\t{phrase}" for key, phrase in (added or {}).items()]
    other = directory / "glossary.tsv"
    other.write_text("\n".join(lines) + "\n", "utf-8")
    monkeypatch.setattr(glossary, "FILE", other)
    # With caches of their own, so that those of before are back after the test.
    for module, cached in ((glossary, "read"), (gloss, "_rules"), (telling, "_rarities")):
        monkeypatch.setattr(module, cached, functools.cache(getattr(module, cached).__wrapped__))
