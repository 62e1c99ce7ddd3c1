"""What the daemon says of a command's runs."""

from shell_plugin.pick.views.runs import Runs

HEAD = [("text", "make"), ("total", "3"), ("ok", "2"), ("failed", "1"), ("median", "1.250")]


def test_the_head_and_the_runs_are_told_apart() -> None:
    runs = Runs("?")
    note = [("pinned", "1"), ("note", "mine")]
    first = [("run", "7"), ("start", "12.5"), ("exit", "2"), ("before", "cd x"), ("before_id", "4")]
    runs.add([("ok", "1"), *HEAD, *note, *first, ("run", "5"), ("after", "ls")])
    assert (runs.text, runs.total, runs.ok, runs.failed, runs.median) == ("make", 3, 2, 1, 1.25)
    assert (runs.note, runs.pinned) == ("mine", True)
    assert [run.id for run in runs.runs] == [7, 5]
    newest, older = runs.runs
    assert (newest.start, newest.exit, newest.before, newest.before_id) == (12.5, 2, "cd x", 4)
    assert (newest.after, newest.after_id, newest.duration, newest.cwd) == ("", None, None, "")
    assert (older.before, older.after, older.start) == ("", "ls", None)


def test_a_page_that_comes_twice_ends_it() -> None:
    runs = Runs("make")
    page = [("ok", "1"), *HEAD, ("run", "7"), ("run", "5")]
    runs.add(page)
    assert (len(runs.runs), runs.total) == (2, 3)
    runs.add(page)
    assert (len(runs.runs), runs.total) == (2, 2)


def test_numbers_that_are_none_are_unknown() -> None:
    runs = Runs("make")
    runs.add([("ok", "1"), ("total", "x"), ("median", "nan"), ("run", "1"), ("start", "1e99")])
    assert (runs.total, runs.median, runs.runs[0].start) == (1, None, None)
