"""What can stand in the blanks of a command."""

import pytest
from support.engine import embed_all

from backend.engine.engine import Engine
from backend.engine.search.blanks import Alike
from backend.engine.search.find import Request
from backend.redaction.mask import MARK
from backend.wire.record import Record

START = 1_700_000_000.0


def likes(engine: Engine, command: str, *others: str, **fields: object) -> Alike:
    """Of `command`, which came first."""
    lines = [command, *others]
    engine.record([Record(text, START + 60 * at) for at, text in enumerate(lines)])
    embed_all(engine)
    ids = {row.command: row.id for row in engine.search("").rows}
    found = engine.likes(ids[command] or 0, Request("", **fields))  # type: ignore[arg-type]
    assert found is not None
    return found


def test_two_blanks_have_the_values_that_went_together(engine: Engine) -> None:
    found = likes(engine, "scp a.txt h1:", "scp b.txt h2:", "scp  c.txt h3:")
    assert found.blanks == [(4, 9), (10, 13)]
    assert found.values == [["c.txt", "h3:"], ["b.txt", "h2:"]]


def test_without_likes_the_arguments_are_the_blanks(engine: Engine) -> None:
    found = likes(engine, "cp -r a.txt b.txt", "ls")
    assert found.blanks == [(6, 11), (12, 17)] and not found.rows


@pytest.mark.parametrize("url", ["ftp://ann:‹redacted›@h/x"])
def test_a_masked_value_is_a_blank_and_no_value(engine: Engine, url: str) -> None:
    found = likes(engine, f"curl -o a.tgz {url}", f"curl -o b.tgz {url}", f"curl -o c.tgz {url}")
    at = len(f"curl -o a.tgz {url}") - len(url) + url.index(MARK)
    assert found.blanks == [(8, 13), (at, at + len(MARK))]
    assert found.values == [["c.tgz", ""], ["b.tgz", ""]]
    masked = likes(engine, f"wget {url}", "wget a.b", "wget c.d")
    assert masked.blanks == [(5, 5 + len(url))]


def test_so_many_as_are_asked_for(engine: Engine) -> None:
    assert len(likes(engine, "cd /1", "cd /2", "cd /3", "cd /4", limit=2).rows) == 2


def test_nobody_is_like_a_command_that_is_gone(engine: Engine) -> None:
    assert engine.likes(5, Request("")) is None
