"""The rows of the picker in real zsh and bash: all of history, in its order, and what is drawn."""

import pytest
from support import shells
from support.fake_daemon import FakeDaemon, Row
from support.install import Deja, wait_until
from support.picker import KEY, listed, opened, selected, spooled, wait_selected
from support.shells import ALT_ENTER, DOWN, ENTER, ESCAPE, Home, Shell, ctrl, start

from backend.wire.row import rows

PAGE_DOWN, PAGE_UP, FIRST, LAST = "\x1b[6~", "\x1b[5~", "\x1b<", "\x1b>"
# Of a list that is drawn in 24 lines of terminal.
SHOWN = 9


def numbered(count: int) -> list[Row]:
    return [{"command": f"echo number {at:04}"} for at in range(count)]


def mixed(matching: int, alike: int) -> list[Row]:
    """Rows for the query `git`: so many hold it, and so many only resemble it."""
    holding: list[Row] = [{"command": f"git {at:02}", "match": "start"} for at in range(matching)]
    others: list[Row] = [{"command": f"hg {at:02}", "like": "git"} for at in range(alike)]
    return holding + others


def offsets(fake: FakeDaemon) -> list[int]:
    return [int(request["offset"]) for request in fake.requests]


def test_all_of_history_is_walked_to_its_end(
    kind: str, shell: Shell, fake: FakeDaemon, home: Home
) -> None:
    fake.rows = numbered(348)
    shell.send(KEY)
    opened(shell, "1 of 348", "number 0000")
    assert offsets(fake) == [0]
    place = 0
    while place < 347:
        shell.send(PAGE_DOWN)
        place = min(347, place + SHOWN)
        shell.wait_for(f"{place + 1} of 348")
        wait_selected(shell, f"number {place:04}")
    assert offsets(fake) == [0, 50, 100, 150, 200, 250, 300]
    shell.send(ENTER)
    shell.wait_line("echo number 0347")


def test_the_next_rows_are_asked_for_before_they_are_needed(shell: Shell, fake: FakeDaemon) -> None:
    fake.rows = numbered(120)
    shell.send(KEY)
    opened(shell, "1 of 120")
    shell.send(DOWN * 24)
    shell.wait_for("25 of 120")
    shell.wait(lambda s: not s.pump(0.2), "silence")
    assert offsets(fake) == [0]
    shell.send(DOWN)
    shell.wait(lambda s: offsets(fake) == [0, 50], "the next page")
    shell.wait_for("26 of 120")


def test_the_last_row_is_asked_for_itself(shell: Shell, fake: FakeDaemon) -> None:
    fake.rows = numbered(100_000)
    shell.send(KEY)
    opened(shell, "1 of 100000")
    shell.send(LAST)
    shell.wait_for("100000 of 100000", "number 99999")
    assert offsets(fake) == [0, 99950]
    for at in range(99998, 99940, -1):
        shell.send(shells.UP)
        wait_selected(shell, f"number {at:05}")
    assert offsets(fake) == [0, 99950, 99900]
    shell.send(FIRST)
    shell.wait_for("1 of 100000", "number 0000")
    shell.send(ENTER)
    shell.wait_line("echo number 0000")


def test_keys_typed_ahead_reach_rows_that_are_not_here(shell: Shell, fake: FakeDaemon) -> None:
    fake.rows = numbered(348)
    shell.send(KEY)
    opened(shell, "1 of 348")
    shell.send(LAST + ENTER)
    shell.wait_line("echo number 0347")
    shell.send(ctrl("U") + KEY)
    opened(shell, "1 of 348")
    shell.send(DOWN * 60 + ENTER)
    shell.wait_line("echo number 0060")


def test_a_row_that_is_not_here_is_never_run(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = numbered(348)
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "1 of 348")
        shell.send(LAST + ALT_ENTER)
        shell.wait_line("echo number 0347")
        assert home.commands() == []


def test_rows_that_come_twice_are_shown_once(shell: Shell, fake: FakeDaemon) -> None:
    fake.rows = numbered(60)
    shell.send(KEY)
    opened(shell, "1 of 60")
    # Something is run elsewhere: the last row of the first page is the first of the next one, too.
    fake.rows = [{"command": "echo elsewhere"}, *fake.rows]
    shell.send(LAST)
    shell.wait_for("60 of 60", "number 0059")
    shell.send(shells.UP * 12)
    shell.wait_for("48 of 60", "number 0047")
    assert sum("number 0049" in line for line in shell.lines()) == 1


def test_a_daemon_that_dies_leaves_the_rows_that_are_here(
    kind: str, home: Home, fake: FakeDaemon
) -> None:
    fake.rows = numbered(348)
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "1 of 348")
        fake.behaviour = "hangup"
        fake.stop()
        shell.send(LAST)
        # It looks for a new one at the moment at which it makes do with what is here.
        assert shells.background_start(home)
        shell.wait_for("50 of 348", "number 0049")
        shell.send(shells.UP)
        shell.wait_for("49 of 348")
        shell.send(ENTER)
        shell.wait_line("echo number 0048")


def test_the_disk_is_walked_to_its_end(kind: str, home: Home) -> None:
    spooled(home, [f"echo number {at:04}" for at in range(348)])
    with start(kind, home) as shell:
        shell.send("number" + KEY)
        shell.wait_for("offline, text only", "1 of 348", "number 0347")
        shell.send(LAST)
        shell.wait_for("348 of 348", "number 0000")
        shell.send(ENTER)
        shell.wait_line("echo number 0000")


def test_the_status_line_counts(shell: Shell, fake: FakeDaemon) -> None:
    fake.rows = mixed(11, 37)
    shell.send("git" + KEY)
    opened(shell, "1 of 48 · 11 contain it · meaning and text")
    shell.send(DOWN * 11)
    shell.wait_for("12 of 48 · 11 contain it")
    fake.rows = mixed(1, 5)
    shell.send(" ")
    shell.wait_for("1 of 6 · 1 contains it")
    # That all of them do, or none does, is nothing to say.
    fake.rows = mixed(4, 0)
    shell.send("\x7f")
    shell.wait_for("1 of 4 · meaning and text")
    fake.rows = mixed(0, 4)
    shell.send(" ")
    shell.wait(lambda s: "hg 00" in s.picture() and "1 of 4 · meaning" in s.picture(), "no match")


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (40, "   F1 help · 1 of 48 · 11 contain it"),
        (26, "   1/48 · 11 contain it"),
        (18, "   1 of 48"),
        (10, "   1/48"),
    ],
)
def test_a_narrow_status_line(
    columns: int, shown: str, kind: str, home: Home, fake: FakeDaemon
) -> None:
    fake.rows = mixed(11, 37)
    with start(kind, home, columns=columns) as shell:
        shell.send("g" + KEY)
        shell.wait(
            lambda s: any(f"{line}  ".startswith(f"{shown}  ") for line in s.lines()),
            f"the line {shown!r}",
        )
        shell.send(ESCAPE)
        shell.wait_line("g")


def test_what_only_resembles_stands_under_a_rule(shell: Shell, fake: FakeDaemon) -> None:
    fake.rows = mixed(3, 20)
    shell.send("git" + KEY)
    opened(shell, "1 of 23")
    lines = listed(shell)
    assert [line[3:9].strip() for line in lines[:5]] == [
        "git 00",
        "git 01",
        "git 02",
        "─" * 6,
        "hg 00",
    ]
    assert lines[3] == "   " + "─" * 76
    # It is no row: the selection passes it by.
    shell.send(DOWN * 3)
    shell.wait(lambda s: selected(s) == "▌  hg 00" and "4 of 23" in s.picture(), "the row below")
    shell.send(shells.UP)
    shell.wait(lambda s: selected(s) == "▌  git 02" and "3 of 23" in s.picture(), "the row above")
    # It takes a line, and scrolls with the rest.
    shell.send(LAST)
    shell.wait(lambda s: selected(s) == "▌  hg 19", "the last row")
    assert "─" not in shell.picture()
    shell.send(shells.UP * 18)
    shell.wait(lambda s: selected(s) == "▌  hg 01", "the second below the rule")
    shell.send(ENTER)
    shell.wait_line("hg 01")


@pytest.mark.parametrize("counts", [(0, 5), (5, 0)], ids=["resembling", "matching"])
def test_one_kind_alone_needs_no_rule(
    counts: tuple[int, int], shell: Shell, fake: FakeDaemon
) -> None:
    fake.rows = mixed(*counts)
    shell.send("git" + KEY)
    opened(shell, "1 of 5")
    assert "─" not in shell.picture()
    assert len(listed(shell)) == 5


def test_a_sentence_whose_matches_stand_anywhere_has_no_rule(
    shell: Shell, fake: FakeDaemon
) -> None:
    fake.rows = [*mixed(1, 1), {"command": "git last", "match": "start"}]
    shell.send("git" + KEY)
    opened(shell, "1 of 3 · 2 contain it")
    assert "─" not in shell.picture()


def test_a_rule_without_utf8(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = mixed(1, 1)
    with start(kind, home, env={"LANG": "C", "LC_ALL": "C"}) as shell:
        begun = len(shell.raw)
        shell.send("git" + KEY)
        shell.wait_for("\n>  git 00", "1 of 2 - 1 contains it", "   hg 00", "   " + "-" * 76)
        assert shell.raw[begun:].isascii()
        shell.send(ctrl("C"))
        shell.wait_line("git")


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}], ids=["colour", "no colour"])
def test_filters_that_apply_are_drawn_so(
    environment: dict[str, str], kind: str, home: Home, fake: FakeDaemon
) -> None:
    fake.rows = mixed(3, 0)
    fake.applied = ["exit:0", "-stash"]

    def drawn(shell: Shell) -> str:
        """The letters of the query in the style of filters."""
        at = next((n for n, line in enumerate(shell.lines()) if line.startswith(" ❯")), 0)
        cells = [shell.screen.buffer[at][column] for column in range(3, 60)]
        styled = [cell.underscore if environment else cell.fg == "magenta" for cell in cells]
        return "".join(c.data for c, yes in zip(cells, styled, strict=True) if yes)

    with start(kind, home, env=environment) as shell:
        shell.send("git exit:0 pre-stash -stash" + KEY)
        shell.wait_for("❯ git exit:0 pre-stash -stash", "no match")
        assert drawn(shell) == "exit:0-stash"
        # A letter more and it is another chunk.
        shell.send("x")
        shell.wait_for("-stashx")
        assert drawn(shell) == "exit:0"
        shell.send(ctrl("U") + "git -stash" + ctrl("A"))
        shell.wait_for("❯ git -stash", "1 of 3")
        assert drawn(shell) == "-stash"


def test_a_filter_that_makes_no_sense_is_a_hint(shell: Shell, fake: FakeDaemon) -> None:
    mistake = "since:banana: use since:2w, since:yesterday or since:2026-01-01"
    fake.mistakes = [mistake, "exit:x: use exit:0"]
    fake.note = mistake
    fake.rows = [{"command": "git log since:banana"}]
    shell.send("git since:banana" + KEY)
    opened(shell, "1 of 1", "git log")
    at = next(n for n, line in enumerate(shell.lines()) if mistake in line)
    assert shell.lines()[at].strip().startswith(f"{mistake}; exit:x")
    assert shell.screen.buffer[at][4].fg == "brown"
    assert shell.picture().count("since:yesterday") == 1


def test_an_empty_line_shows_what_is_likely_and_then_everything(
    kind: str, home: Home, daemon: Deja
) -> None:
    """With the real daemon, to the very first command."""
    daemon.record(*(f"number-{at:04} 1" for at in range(120)))
    wait_until(lambda: len(daemon.search("number", limit=500)) == 120, "the commands")
    reply = daemon.ask("search", ("query", ""), ("limit", 500))
    order = [row.command for row in rows(reply)]
    assert len(order) == 120
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "1 of 120 · history")
        assert order[0] in selected(shell)
        shell.send(LAST)
        shell.wait(lambda s: order[-1] in selected(s), "the last row")
        shell.wait_for("120 of 120")
