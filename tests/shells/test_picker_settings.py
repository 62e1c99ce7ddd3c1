"""What is set in [picker] of config.toml, as a person sees it."""

import pytest
from support.fake_daemon import FakeDaemon
from support.picker import KEY, opened, selected, wait_selected
from support.shells import ENTER, ESCAPE, TAB, UP, Home, Shell, ctrl, start

SHELLS = ["zsh", "bash"]
BEST = "tar -xzf backup.tgz"

pytestmark = pytest.mark.parametrize("kind", SHELLS)


def write(home: Home, text: str) -> None:
    (home.deja / "config").mkdir(exist_ok=True)
    (home.deja / "config" / "config.toml").write_text(text)


def height(shell: Shell) -> int:
    """Lines of the picker, from the query to the last one of its foot."""
    lines = shell.lines()
    top = next(at for at, line in enumerate(lines) if line.startswith(" ❯"))
    return next(at for at, line in enumerate(lines) if "F1 help" in line) - top + 1


@pytest.mark.parametrize(
    ("setting", "lines"), [('"50%"', 12), ("7", 7), ('"75%"', 18), ('"full"', 23)]
)
def test_height(kind: str, setting: str, lines: int, home: Home, fake: FakeDaemon) -> None:
    write(home, f"[picker]\nheight = {setting}\n")
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, BEST)
        assert height(shell) == lines
        shell.send(ESCAPE)
        shell.wait_line("")


def test_columns(kind: str, home: Home, fake: FakeDaemon) -> None:
    write(home, '[picker]\ncolumns = ["age", "count", "host", "duration"]\n')
    fake.rows[0].update(runs=12, host="web-1", duration=4.2, last_run=fake.rows[0]["last_run"])
    with start(kind, home, columns=100) as shell:
        shell.send(KEY)
        opened(shell, BEST)
        age, count, host, took = selected(shell).removeprefix("▌").split()[-4:]
        assert (count, host, took) == ("12×", "web-1", "4.2s")
        assert age[-1] in "wmhdy"


def test_upwards(kind: str, home: Home, fake: FakeDaemon) -> None:
    """The best row stands above the query, and the arrow that points up goes up."""
    write(home, '[picker]\nlist = "up"\n')
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, BEST)
        lines = shell.lines()
        query = next(at for at, line in enumerate(lines) if line.startswith(" ❯"))
        assert BEST in lines[query - 1]
        above = lines[query - 2]
        shell.send(UP)
        shell.wait(lambda s: selected(s)[1:] == above[1:], "the row above")
        shell.send(ENTER)
        shell.wait_line(str(fake.rows[1]["command"]))


def test_enter_runs_and_tab_puts(kind: str, home: Home, fake: FakeDaemon) -> None:
    write(home, '[picker]\nenter = "run"\n')
    fake.rows[:] = [{"command": "/bin/echo a-b-c | tr - +", "score": 1.0}]
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "Tab pick", "Enter run")
        shell.send(TAB)
        shell.wait_line("/bin/echo a-b-c | tr - +")
        shell.send(ctrl("U") + KEY)
        opened(shell, "Enter run")
        shell.send(ENTER)
        shell.wait_for("\na+b+c\nready>")


def test_what_was_masked_is_put_though_enter_runs(kind: str, home: Home, fake: FakeDaemon) -> None:
    write(home, '[picker]\nenter = "run"\n')
    fake.rows[:] = [{"command": "login --token ‹redacted› now", "score": 1.0}]
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "login --token")
        shell.send(ENTER)
        shell.wait_line("login --token ‹redacted› now")


def test_keys(kind: str, home: Home, fake: FakeDaemon) -> None:
    write(
        home,
        '[picker]\nheight = "full"\n[picker.keys]\n'
        'scope = ["Ctrl-T", "f12"]\nleave = "Ctrl-X Ctrl-Q"\n',
    )
    with start(kind, home, columns=120, rows=60) as shell:
        shell.send(KEY)
        opened(shell, BEST)
        shell.send(ctrl("T"))
        shell.wait_for("this session")
        shell.send("\x1b[24~")
        shell.wait_for("this directory")
        shell.send("\x1bOP")
        shell.wait_for("Ctrl-T, F12")
        shell.send(ENTER)
        shell.wait_for("this directory")
        shell.send(ctrl("X") + ctrl("Q"))
        shell.wait_line("")


def test_theme_and_single_styles(kind: str, home: Home, fake: FakeDaemon) -> None:
    write(home, '[picker]\ntheme = "nord"\n[picker.style]\nmark = "bold #00ff00"\n')
    with start(kind, home) as shell:
        shell.send("tar" + KEY)
        opened(shell, BEST)
        assert b"\x1b[0;1;38;5;110m" in shell.raw
        assert b"\x1b[0;1;38;2;0;255;0m" in shell.raw
        assert b"\x1b[0;36m" not in shell.raw


ASKED = b"\x1b]11;?"
PAPER = "\x1b]11;rgb:fdfd/f6f6/e3e3\x07"
# Of the theme `light`, the mark before the query.
LIGHT = b"\x1b[0;38;5;30m"


def test_nothing_is_asked_of_a_terminal_by_default(kind: str, home: Home, fake: FakeDaemon) -> None:
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, BEST)
        shell.pump(0.4)
        assert ASKED not in shell.raw


def test_the_theme_follows_the_terminal(kind: str, home: Home, fake: FakeDaemon) -> None:
    """Asked once the picker stands there; what it said is drawn from the start the next time."""
    write(home, '[picker]\ntheme = "auto"\n')
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, BEST)
        shell.wait(lambda s: ASKED in s.raw, "the question")
        assert LIGHT not in shell.raw
        shell.send("tar" + PAPER + " x")
        shell.wait(lambda s: LIGHT in s.raw and "❯ tar x" in s.picture(), "the light theme")
        shell.send(ESCAPE)
        shell.wait_line("")
        shell.raw = b""
        shell.send(KEY)
        opened(shell, BEST)
        assert LIGHT in shell.raw
        assert (home.data / "picker.background").stat().st_mode & 0o777 == 0o600


def test_an_answer_that_comes_late_reaches_no_shell(
    kind: str, home: Home, fake: FakeDaemon
) -> None:
    write(home, '[picker]\ntheme = "auto"\n')
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, BEST)
        shell.wait(lambda s: ASKED in s.raw, "the question")
        shell.send(ENTER)
        shell.pump(0.05)
        shell.send(PAPER)
        shell.wait_line(BEST)
        shell.send(" -v")
        shell.wait_line(BEST + " -v")


def test_what_is_typed_ahead_survives_the_wait_for_an_answer(
    kind: str, home: Home, fake: FakeDaemon
) -> None:
    write(home, '[picker]\ntheme = "auto"\n')
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, BEST)
        shell.wait(lambda s: ASKED in s.raw, "the question")
        shell.send(ENTER)
        shell.pump(0.05)
        shell.send(" -v")
        shell.wait_line(BEST + " -v")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[picker]\nheight =\n", "config.toml: Invalid value (at line 2"),
        ('[picker]\nheight = "tall"\n', 'config.toml: picker.height is "tall"; allowed: 5 or more'),
        ("[picker]\nhight = 5\n", 'config.toml: "picker.hight" is no setting; is it height?'),
        ("[picker.keys]\nput = 'x'\n", 'picker.keys.put is "x"; there is no key "x"'),
    ],
)
def test_what_is_wrong_is_told_and_stops_nothing(
    kind: str, text: str, told: str, home: Home, fake: FakeDaemon
) -> None:
    write(home, text)
    with start(kind, home, columns=100) as shell:
        for _ in range(2):
            shell.send(KEY)
            opened(shell, BEST, told)
            shell.send(ENTER)
            shell.wait_line(BEST)
            shell.send(ctrl("U"))
            shell.wait_line("")


def test_a_change_counts_at_the_next_key(kind: str, home: Home, fake: FakeDaemon) -> None:
    with start(kind, home) as shell:
        for setting, lines in (("9", 9), ("11", 11)):
            write(home, f"[picker]\nheight = {setting}\n")
            shell.send(KEY)
            opened(shell, BEST)
            wait_selected(shell, BEST)
            assert height(shell) == lines
            shell.send(ESCAPE)
            shell.wait_line("")
    kept = home.data / "picker"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.data.glob("picker*")] == ["picker"]


def test_what_the_plugin_reads(kind: str, home: Home) -> None:
    write(home, "[picker]\npopup = true\n# up = true\n")
    with start(kind, home) as shell:
        shell.run("echo popup=$_deja_popup up=$_deja_up")
        shell.wait_for("\npopup=1 up=0\n")


def test_the_arrow_up_as_it_is_set(kind: str, home: Home, fake: FakeDaemon) -> None:
    write(home, "[picker]\nup = true\n")
    with start(kind, home) as shell:
        shell.run("echo one")
        shell.send(UP)
        shell.wait_line("echo one")
        shell.send(UP)
        opened(shell, BEST)
        shell.send(ESCAPE)


@pytest.mark.parametrize("list", ["down", "up"])
def test_mouse(kind: str, list: str, home: Home, fake: FakeDaemon) -> None:
    """The wheel moves, a click selects, a click on what is selected puts it."""
    write(home, f'[picker]\nmouse = true\nlist = "{list}"\n')
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, BEST)
        shell.wait(lambda s: b"\x1b[?1000h" in s.raw, "the mouse")
        shell.send(f"\x1b[<{65 if list == 'down' else 64};5;9M")
        second, third = (str(row["command"]) for row in fake.rows[1:3])
        wait_selected(shell, second)
        click(shell, third)
        wait_selected(shell, third)
        click(shell, "▌")
        shell.wait_line(third)
        assert b"\x1b[?1000l" in shell.raw


def click(shell: Shell, text: str) -> None:
    """A click on the line that holds `text`, and what a terminal answers to what it is asked."""
    row = next(at for at, line in enumerate(shell.lines(), 1) if text in line)
    asked = shell.raw.count(b"\x1b[6n")
    shell.send(f"\x1b[<0;5;{row}M\x1b[<0;5;{row}m")
    shell.wait(lambda s: s.raw.count(b"\x1b[6n") > asked, "the question where the cursor is")
    shell.send(f"\x1b[{shell.screen.cursor.y + 1};1R")


def test_without_the_setting_the_mouse_is_left_to_the_terminal(
    kind: str, home: Home, fake: FakeDaemon
) -> None:
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, BEST)
        shell.send(ESCAPE)
        shell.wait_line("")
        assert b"\x1b[?1000" not in shell.raw
