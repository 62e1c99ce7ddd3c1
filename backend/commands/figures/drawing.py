"""The figures of a history as people look at them: blocks and bars, in the width of a terminal."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import click

from backend.commands.figures.aliases import Alias
from backend.commands.figures.sums import Count, Sums
from backend.commands.shared.listing import NEWLINE
from backend.commands.shared.listing import duration as short
from backend.ranking.reasons import MONTHS
from backend.system.text import valid, visible
from shell_plugin.pick.screen.width import clip, columns

DAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
WEEKS = 53
# None, then four shades; the bars of a row.
SHADES, BARS = "·░▒▓█", "▁▂▃▄▅▆▇█"
# From this width on two blocks stand side by side, and a day is two columns wide.
WIDE = 112
GAP = "   "

# What is shown whole, with its styles, and a text behind it that may be cut.
Row = tuple[str, str]


def draw(sums: Sums, width: int, today: date) -> Iterator[str]:
    """The lines, styled."""
    wide = width >= WIDE
    yield from _calendar(sums.days, 2 if wide else 1, width, today)
    blocks = [
        _hours(sums.hours, 2 if width >= 2 * 24 else 1),
        _waiting(sums),
        _used(sums.used),
        _failing("Fails most", sums.failing),
        _saved(sums.aliases),
        _failing("Where it fails", sums.places),
    ]
    room = (width - len(GAP)) // 2 if wide else width
    lines = [[_fit(*row, room) for row in block] for block in blocks if block]
    if wide:
        yield from _side_by_side(lines, room)
        return
    for block in lines:
        yield from ("", *block)


def _fit(styled: str, text: str, room: int) -> str:
    """The two behind one another, the text cut to what room there is."""
    return styled + clip(text, max(0, room - columns(click.unstyle(styled))))


def _side_by_side(blocks: Sequence[Sequence[str]], room: int) -> Iterator[str]:
    for at in range(0, len(blocks), 2):
        left, right = blocks[at], blocks[at + 1] if at + 1 < len(blocks) else ()
        yield ""
        for row in range(max(len(left), len(right))):
            line = left[row] if row < len(left) else ""
            beside = right[row] if row < len(right) else ""
            blank = " " * (room - columns(click.unstyle(line)))
            yield (line + blank + GAP + beside).rstrip() if beside else line


def _title(text: str) -> Row:
    return click.style(text, bold=True), ""


# The year


def _calendar(days: dict[date, int], cell: int, width: int, today: date) -> Iterator[str]:
    if not days:
        return
    weeks = min(WEEKS, (width - 4) // cell)
    monday = today - timedelta(days=today.weekday())
    start = max(monday - timedelta(weeks=weeks - 1), _monday(min(days)))
    weeks = (monday - start).days // 7 + 1
    steps = _steps([runs for day, runs in days.items() if day >= start])
    yield ""
    yield "    " + click.style(_months(start, weeks, cell), dim=True)
    for weekday in range(7):
        shown = (start + timedelta(days=7 * week + weekday) for week in range(weeks))
        row = "".join(
            " " * cell if day > today else _day(days.get(day, 0), steps, cell) for day in shown
        )
        yield click.style(f"{DAYS[weekday]:<4}", dim=True) + row.rstrip()
    legend = " ".join(_shade(level) for level in range(len(SHADES)))
    yield "    " + click.style("fewer ", dim=True) + legend + click.style(" more", dim=True)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _steps(runs: Sequence[int]) -> list[int]:
    """Above how many runs a day has the second shade, the third, the fourth: a quarter each."""
    ordered = sorted(runs)
    return [ordered[len(ordered) * part // 4] for part in (1, 2, 3)] if ordered else []


def _day(runs: int, steps: Sequence[int], cell: int) -> str:
    return _shade(1 + sum(runs > step for step in steps) if runs else 0) * cell


def _shade(level: int) -> str:
    if not level:
        return click.style(SHADES[0], dim=True)
    return click.style(SHADES[level], fg="green", bold=level == len(SHADES) - 1)


def _months(start: date, weeks: int, cell: int) -> str:
    """The names of the months above the weeks in which they begin."""
    line, last = [" "] * (weeks * cell + 3), 0
    for week in range(weeks):
        day = start + timedelta(days=7 * week)
        if day.day <= 7 and week * cell >= last:
            name = MONTHS[day.month - 1]
            line[week * cell : week * cell + len(name)] = name
            last = week * cell + len(name) + 1
    return "".join(line[: weeks * cell]).rstrip()


# Blocks beside and below it


def _hours(hours: Sequence[int], cell: int) -> list[Row]:
    most = max(hours, default=0)
    if not most:
        return []
    bars = "".join(
        BARS[min(len(BARS) - 1, runs * len(BARS) // (most + 1))] * cell if runs else " " * cell
        for runs in hours
    )
    labels = "".join(f"{hour:<{3 * cell}}" for hour in range(0, 24, 3))
    return [
        _title("Hours of the day"),
        (click.style(bars, fg="green"), ""),
        (click.style(labels, dim=True), ""),
    ]


def _used(counts: Sequence[Count]) -> list[Row]:
    most = max((count.runs for count in counts), default=1)
    rows = [(f"{count.runs:>7,} {_bar(count.runs, most)} ", _shown(count.name)) for count in counts]
    return [_title("Most used"), *rows] if rows else []


def _saved(aliases: Sequence[Alias]) -> list[Row]:
    rows = [
        (
            f"{alias.keys:>9,} {click.style(f'{alias.name:<6}', fg='green')} ",
            _shown(alias.command),
        )
        for alias in aliases
    ]
    return [_title("Keys that an alias would have saved"), *rows] if rows else []


def _failing(title: str, counts: Sequence[Count]) -> list[Row]:
    rows = [
        (f"{count.failed:>7,} {_share(count)} ", _shown(count.name))
        for count in counts
        if count.failed
    ]
    return [_title(title), *rows] if rows else []


def _share(count: Count) -> str:
    return click.style(f"{100 * count.failed // count.runs:>3} %", fg="red")


def _waiting(sums: Sums) -> list[Row]:
    most = max((count.seconds for count in sums.waiting), default=1.0)
    rows = [
        (f"{short(count.seconds):>7} {_bar(count.seconds, most)} ", _shown(count.name))
        for count in sums.waiting
    ]
    title = f"Waited for commands: {_long(sums.waited)}"
    return [_title(title), *rows] if rows else []


def _bar(value: float, most: float, room: int = 8) -> str:
    eighths = round(value * room * 8 / most)
    whole, rest = divmod(eighths, 8)
    blocks = "█" * whole + ("▏▎▍▌▋▊▉"[rest - 1] if rest else "")
    return click.style(f"{blocks or '▏':<{room}}", fg="green")


def _long(seconds: float) -> str:
    """`3 days 4 h`, `4 h 10 min`, `10 min`, `40 s`."""
    minutes = int(seconds // 60)
    if not minutes:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} {'day' if days == 1 else 'days'} {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _shown(text: str) -> str:
    return visible(valid(text).replace("\n", f" {NEWLINE} "), kept="\t")
