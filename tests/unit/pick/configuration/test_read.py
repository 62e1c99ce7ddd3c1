"""The settings of a file, from the cache while the file stays as it was."""

import os
import tomllib
from pathlib import Path

import pytest

from shell_plugin.pick.configuration.read import read


class Place:
    """A config.toml and a data directory."""

    def __init__(self, directory: Path) -> None:
        self.file, self.data = directory / "config.toml", directory / "data"
        self.data.mkdir()

    @property
    def cache(self) -> Path:
        return self.data / "picker"

    def read(self) -> list[tuple[str, str]]:
        status = self.file.stat()
        return read(str(self.file), status.st_size, status.st_mtime_ns, str(self.data))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_what_was_kept_is_not_read_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.file.write_text('precision = "fp32"\n[picker]\nheight = 9\nlist = "up"\n')
    first = place.read()
    assert first == [("height", "9"), ("list", "up")]
    monkeypatch.setattr(tomllib, "loads", None)
    assert place.read() == first
    assert place.cache.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in place.data.iterdir()] == ["picker"]


def test_a_file_that_changed_is_read_again(place: Place) -> None:
    for height, at in ((9, 10), (7, 20)):
        place.file.write_text(f"[picker]\nheight = {height}\n")
        os.utime(place.file, (at, at))
        assert place.read() == [("height", str(height))]


@pytest.mark.parametrize("kept", [b"", b"height=3", b"\xff\0\0", b"stamp=x\0height=3\0", b"\0" * 9])
def test_a_cache_that_makes_no_sense_is_made_again(place: Place, kept: bytes) -> None:
    place.file.write_text("[picker]\nheight = 9\n")
    place.cache.write_bytes(kept)
    assert place.read() == [("height", "9")]
    assert b"height=9\0" in place.cache.read_bytes()


def test_a_cache_that_cannot_be_kept(place: Place) -> None:
    place.file.write_text("[picker]\nheight = 9\n")
    place.cache.mkdir()
    assert place.read() == [("height", "9")]
    assert [path.name for path in place.data.iterdir()] == ["picker"]
    place.cache.rmdir()
    place.data.rmdir()
    assert place.read() == [("height", "9")]


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        (b"[picker", "config.toml: Expected"),
        (b"\xff", "config.toml: 'utf-8' codec"),
        (b"a = " + b"[" * 100_000, "nothing in it counts"),
        (b"picker.height = 0x" + b"f" * 9999, "picker.height is …; allowed"),
        (b"picker = 3", "config.toml: picker is 3; it is a table"),
        (b"[picker]\na = 1\nb = 2\nc = 3", "; 2 more: deja doctor"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_of(place: Place, contents: bytes, told: str) -> None:
    place.file.write_bytes(contents)
    ((name, line),) = place.read()
    assert name == "told"
    assert told in line
    assert place.read() == [(name, line)]


def test_a_directory_in_place_of_the_file(place: Place) -> None:
    place.file.mkdir()
    ((name, line),) = place.read()
    assert (name, "cannot read" in line) == ("told", True)
