"""What is likely next, by need and here, for the empty line and for `next` alike."""

from backend.engine.engine import Engine
from backend.query.place import Place
from backend.redaction.mask import MARK
from backend.wire.record import Record

START = 1_700_000_000.0


def run(engine: Engine, *commands: str, at: float = START, exit: int = 0, **same: str) -> None:
    records = [
        Record(text, at + 60 * number, exit=exit, **same)  # type: ignore[arg-type]
        for number, text in enumerate(commands)
    ]
    engine.record(records)


def following(engine: Engine, prefix: str = "", limit: int = 10, **place: str) -> list[str]:
    return [row.command for row in engine.next(prefix, limit=limit, place=Place(**place)).rows]


def test_it_is_what_the_empty_line_answers(engine: Engine) -> None:
    run(engine, *["vim a.c", "make -j4", "./a.out"] * 5, "vim a.c")
    shown = [row.command for row in engine.search("").rows]
    assert following(engine)[:3] == shown[:3]
    assert shown[0] == "make -j4"


def test_what_worked_here_after_this_is_preferred(engine: Engine) -> None:
    run(engine, *["git pull", "make"] * 4, cwd="/src/c", session="a")
    run(engine, *["git pull", "npm ci"] * 4, at=START + 9000, cwd="/src/web", session="b")
    run(engine, "git pull", at=START + 90_000, cwd="/src/c", session="a")
    assert following(engine, cwd="/src/c", session="a")[0] == "make"
    run(engine, "git pull", at=START + 91_000, cwd="/src/web", session="b")
    assert following(engine, cwd="/src/web", session="b")[0] == "npm ci"


def test_what_failed_whenever_it_followed_is_not(engine: Engine) -> None:
    run(engine, "make", "make check", "ls -la", "make", session="a")
    run(engine, "make chekc", at=START + 300, exit=2, session="a")
    run(engine, "make", at=START + 400, session="a")
    assert following(engine, "make ", session="a") == ["make check", "make chekc"]


def test_every_row_begins_with_these_very_letters_and_goes_on(engine: Engine) -> None:
    run(engine, "git status", "git stash", "Git x", "legit st", "git st", "git st\nls")
    assert set(following(engine, "git st")) == {"git status", "git stash", "git st\nls"}
    assert following(engine, "git zz") == []
    assert engine.next("git zz").found == 0


def test_more_than_one_part_of_the_index_is_looked_through(engine: Engine) -> None:
    run(engine, *(f"run number {number}" for number in range(700)))
    found = following(engine, "run number 69", 20)
    assert sorted(found) == [f"run number {number}" for number in range(690, 700)]


def test_a_masked_command_is_left_out(engine: Engine) -> None:
    run(engine, "deploy --now", f"deploy --token {MARK}")
    assert following(engine, "deploy") == ["deploy --now"]


def test_limit(engine: Engine) -> None:
    run(engine, *(f"echo {number}" for number in range(30)))
    assert [len(following(engine, "", limit)) for limit in (1, 7, 30)] == [1, 7, 30]


def test_an_empty_history(engine: Engine) -> None:
    assert following(engine) == []
