"""How the inspector looks: the command, its runs, and what ran before and after. Pure."""

import time

from ..keymap import spelt
from ..screen.about import took
from ..screen.width import clip, clip_left, columns
from ..whole.folding import Whole
from .episodes.told import fitting, tilde

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..screen.look import Look
    from ..screen.state import State
    from ..screen.view import Picture
    from .inspector import Inspector
    from .runs import Run

# Keys that mean something here alone: their action, and what it does, for the help.
OWN_KEYS = (
    ("tab", "mark", "mark; Enter then puts all that is marked, in this order"),
    ("alt-g", "cd", "cd to where it ran"),
)

# Lines of the command itself, of those that are left when the rest has its own.
_HEAD = 3
_SHARE = 4
# Columns of a time, a duration and an exit.
_WHEN, _TOOK, _EXIT = 16, 10, 5
# The sign of the selection and the number of a mark.
_MARGIN = 4

# Under this many columns the directory and the host go.
_WIDE = 60

_DAY = 86400


def drawn(view: "Inspector", state: "State", width: int, height: int) -> "Picture":
    """`height` lines: what there is little room for goes, the selected run last of all."""
    foot = [_foot(view, state, width)] if height > 1 else []
    sides = [_side(view, state, width, side) for side in (-1, 1)] if height > 4 else []
    figures = [_figures(view, state, width)] if height > 5 else []
    left = height - len(foot) - len(sides) - len(figures)
    head = _head(view, state, width, min(_HEAD, left // _SHARE)) if left > 2 else []
    rule = [_rule(view, state, width)] if left - len(head) > 3 else []
    runs = _runs(view, state, width, left - len(head) - len(rule))
    at = len(head) + len(figures) + view.selected - view.top
    lines = [*head, *figures, *runs, *rule, *sides, *foot][: max(0, height)]
    return lines, (max(0, min(at, height - 1)), 0)


def _head(view: "Inspector", state: "State", width: int, most: int) -> list[str]:
    """The command, as much of it as there is room for."""
    room = max(1, width - 4)
    if view.whole is None or view.whole[0] != room:
        view.whole = room, Whole(view.runs.text, room, state.look)
    whole = view.whole[1]
    lines = ["   " + line for line in whole.drawn(0, max(1, most))]
    if whole.count > len(lines):
        lines[-1] += state.look.style("dim") + state.look.sign(" …", " ~")
    return lines


def _figures(view: "Inspector", state: "State", width: int) -> str:
    """`worked 41 of 44 · median 1.2 s · pinned · note`."""
    runs, look = view.runs, state.look
    known = runs.ok + runs.failed
    parts = [f"ran {runs.total}{look.sign('×', 'x')}"] if runs.total > known else []
    parts += [f"worked {runs.ok} of {known}"] if known else []
    parts += [f"median {took(runs.median)}"] if runs.median is not None else []
    parts += ["pinned"] if runs.pinned else []
    parts += [runs.note.replace("\n", " ")] if runs.note else []
    return look.style("dim") + "   " + clip(look.parted(*parts), width - 4, look.utf8)


def _rule(view: "Inspector", state: "State", width: int) -> str:
    """A thin line, with the place in it if not all is in view."""
    dash, count = state.look.sign("─", "-"), max(view.runs.total, len(view.shown))
    place = f" {view.selected + 1} of {count} " if count > view.page else ""
    rest = max(0, width - 4 - 2 - len(place))
    return (
        state.look.style("dim")
        + "   "
        + clip(dash * 2 + place + dash * rest, width - 4, state.look.utf8)
    )


# The runs


def _runs(view: "Inspector", state: "State", width: int, height: int) -> list[str]:
    runs, look = view.shown, state.look
    view.page = max(1, height)
    last = max(0, len(runs) - view.page)
    view.top = max(min(view.top, view.selected, last), view.selected - view.page + 1, 0)
    shown = range(view.top, min(view.top + height, len(runs)))
    exits = any(runs[at].exit for at in shown)
    lines = [_run(view, state, width, at, exits) for at in shown]
    if not lines and height > 0:
        told = "" if view.problem else "asking for its runs" if view.asking else "no runs are left"
        lines = [look.style("dim") + "   " + clip(told, width - 4, look.utf8)]
    return lines + [""] * (height - len(lines))


def _run(view: "Inspector", state: "State", width: int, at: int, exits: bool) -> str:
    """One run; what has no column of its own is left out, as in the list."""
    look, run, selected = state.look, view.shown[at], at == view.selected
    base = look.style("bold") if selected and view.side == 0 else "\x1b[0m"
    out = [_margin(view, look, run, 0, selected), base]
    out.append(f"{clip(when(run.start, state.now), width - _MARGIN - 1, look.utf8):<{_WHEN}}")
    column = _MARGIN + _WHEN
    if width > column + _TOOK:
        lasted = "" if run.duration is None else took(run.duration)
        out.append(f"{lasted:>{_TOOK}}")
        column += _TOOK
    if width > column + 2 + _EXIT and exits:
        sign = f"{look.sign('✗', '!')}{run.exit}" if run.exit else ""
        out.append("  " + look.style("bad") + f"{sign[:_EXIT]:<{_EXIT}}")
        column += 2 + _EXIT
    if width >= _WIDE:
        room = width - column - 3
        host = clip(run.host, min(16, room // 3), look.utf8)
        path = clip_left(tilde(run.cwd, state.home), room - columns(host) - 2, look.utf8)
        # The host goes to its column outright: a width that was guessed wrong must not shift it.
        to = f"\x1b[{width - columns(host)}G" if host else ""
        out.append("  " + look.style("dim") + path + to + host)
    return "".join(out)


def _margin(view: "Inspector", look: "Look", run: "Run | None", side: int, selected: bool) -> str:
    """The sign of the selection, and a mark with its number."""
    sign = look.sign("▌", ">") if selected and view.side == side else " "
    if selected and view.side and not side:
        # The run whose neighbour is selected.
        sign = look.sign("│", "|")
    number = view.mark_of(run, side)
    return look.style("mark") + sign + (f"+{number:<2}" if number else "   ") + "\x1b[0m"


def when(start: float | None, now: float | None = None) -> str:
    """A moment, in epoch seconds: `today 14:02`, `yesterday 14:02`, else `2026-05-03 14:02`."""
    if start is None:
        return "at some time"
    try:
        told = time.strftime("%Y-%m-%d %H:%M", time.localtime(start))
    except (OverflowError, OSError, ValueError):
        return "at some time"
    for name, then in (("today", now), ("yesterday", now and now - _DAY)):
        if then and told[:10] == time.strftime("%Y-%m-%d", time.localtime(then)):
            return f"{name} {told[11:]}"
    return told


# What is below them


def _side(view: "Inspector", state: "State", width: int, side: int) -> str:
    """What ran before (-1) or after (1) the selected run."""
    look, run = state.look, view.run
    name = "before" if side < 0 else "after "
    command = (run.before if side < 0 else run.after) if run else ""
    here = view.side == side
    label = look.style("dim") + name + "  "
    style = look.style("bold") if here else "\x1b[0m"
    if run and not command:
        command, style = look.sign("–", "-"), look.style("dim")
    room = max(1, width - _MARGIN - len(name) - 4)
    shown = clip(command, room, look.utf8)
    return _margin(view, look, run, side, True) + label + style + shown


def _foot(view: "Inspector", state: "State", width: int) -> str:
    """What went wrong, or what to know once, or the keys."""
    look, told = state.look, state.told or view.problem
    text = clip(told, width - 4, look.utf8) if told else _keys(view, state, width - 4)
    return look.style("warn" if told else "dim") + "   " + text


def _keys(view: "Inspector", state: "State", room: int) -> str:
    """As many keys as there is room for, the most useful first."""
    shown, own = state.keymap.shown, {action: spelt(key) for key, action, _ in OWN_KEYS}
    count = len(view.marks)
    keys = [
        (shown("put"), f"put {count} marked" if count else "put"),
        (state.look.sign("←→", "Left Right"), "before, after"),
        (own["mark"], "mark"),
        (shown("leave"), "back"),
        (shown("inspect"), "its runs" if view.side else ""),
        (own["cd"], "cd there" if view.side == 0 else ""),
        (shown("copy"), "copy"),
        (shown("forget"), "forget"),
    ]
    return fitting(keys, room)
