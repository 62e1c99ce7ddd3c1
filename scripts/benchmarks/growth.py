"""How the time of a search and the daemon's memory grow with the history, and a plot of it.

The plot is SVG: two panels with logarithmic axes, readable on light and on dark ground.
"""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend import config
from backend.daemon import control
from backend.engine.indexer import POLL_S, TIDY_S
from backend.wire import client
from scripts.benchmarks import search
from scripts.benchmarks.percentiles import percentile
from scripts.benchmarks.process.memory import memory

# What is measured at each size, by panel: title and unit, then each line and its colour's number.
PANELS: dict[str, tuple[str, ...]] = {
    "milliseconds": ("p50", "p95", "first after a rest"),
    "megabytes": ("after the searches", "at rest"),
}
RESTS = 3

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 400, 280, 52, 34, 36, 46
_STYLE = """<style>
text{font:12px system-ui,sans-serif;fill:#1f2328}.grid{stroke:#d1d9e0}path{fill:none;stroke-width:2}
.c0{stroke:#0969da;fill:#0969da}.c1{stroke:#bc4c00;fill:#bc4c00}.c2{stroke:#1a7f37;fill:#1a7f37}
path.c0,path.c1,path.c2{fill:none}text.c0,text.c1,text.c2{stroke:none}
@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.grid{stroke:#3d444d}
.c0{stroke:#4493f8;fill:#4493f8}.c1{stroke:#f0883e;fill:#f0883e}.c2{stroke:#3fb950;fill:#3fb950}
path.c0,path.c1,path.c2{fill:none}}
</style>"""


def measure(settings: config.Config, count: int, searches: int) -> dict[str, float]:
    """Milliseconds of a search through the socket and MB resident, with `count` commands."""
    search.build(settings, count)
    search.start_up(settings)
    with client.connect(settings.rendezvous_file) as connection:
        search.wait_for_model(connection)
        ask = search.asker(connection)
        for query in search.QUERIES:
            ask(query)
        taken = [
            search.timed(ask, query)
            for _ in range(max(searches // len(search.QUERIES), 1))
            for query in search.QUERIES
        ]
        busy = memory(connection)["resident"]
        first, rest = [], []
        for query in search.QUERIES[:RESTS]:
            time.sleep(TIDY_S + POLL_S + 1)
            rest.append(memory(connection)["resident"])
            first.append(search.timed(ask, query))
    control.stop(settings)
    values = percentile(taken, 50), percentile(taken, 95), percentile(first, 50), busy, min(rest)
    names = [name for lines in PANELS.values() for name in lines]
    return {name: round(value, 1) for name, value in zip(names, values, strict=True)}


def plot(figures: Mapping[int, Mapping[str, Any]]) -> str:
    """The figures of `measure`, by number of commands, as SVG. ValueError without two sizes."""
    if len(figures) < 2:
        raise ValueError("a line needs two sizes")
    sizes = sorted(figures)
    panels = [
        panel
        for at, (unit, lines) in enumerate(PANELS.items())
        for panel in _panel(
            at * _WIDTH, unit, sizes, {n: [figures[s][n] for s in sizes] for n in lines}
        )
    ]
    size = f'width="{_WIDTH * len(PANELS)}" height="{_HEIGHT}"'
    return "\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', _STYLE, *panels, "</svg>", ""]
    )


def _panel(
    left: int, unit: str, sizes: Sequence[int], lines: Mapping[str, Sequence[float]]
) -> Iterator[str]:
    """One panel, `left` pixels from the edge: its grid, and each line with its name at the end."""
    values = [value for line in lines.values() for value in line]
    across = _Axis(sizes[0], sizes[-1], left + _LEFT, left + _WIDTH - _RIGHT)
    up = _Axis(min(values), max(values), _HEIGHT - _BOTTOM, _TOP)
    yield f'<text x="{left + _LEFT}" y="16">{unit}, by commands in the history</text>'
    for tick in up.ticks():
        y = up.at(tick)
        yield f'<path class="grid" d="M{across.start} {y:.1f}H{across.end}"/>'
        yield f'<text x="{across.start - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:,.0f}</text>'
    for tick in across.ticks():
        x = across.at(tick)
        yield f'<path class="grid" d="M{x:.1f} {up.start}V{up.end}"/>'
        yield f'<text x="{x:.1f}" y="{up.start + 16}" text-anchor="middle">{tick:,.0f}</text>'
    for number, (name, line) in enumerate(lines.items()):
        points = [
            f"{across.at(size):.1f} {up.at(value):.1f}"
            for size, value in zip(sizes, line, strict=True)
        ]
        yield f'<path class="c{number}" d="M{"L".join(points)}"/>'
        x = left + _LEFT + number * (_WIDTH - _LEFT - _RIGHT) // len(lines)
        yield f'<text class="c{number}" x="{x}" y="{_HEIGHT - 8}">{name}</text>'


class _Axis:
    """Logarithmic, from a power of ten to the next beyond the largest value."""

    def __init__(self, least: float, most: float, start: int, end: int) -> None:
        self.start, self.end = start, end
        self._first = math.floor(math.log10(max(least, 1)))
        self._last = max(math.ceil(math.log10(most)), self._first + 1)

    def at(self, value: float) -> float:
        """Pixels."""
        share = (math.log10(max(value, 1)) - self._first) / (self._last - self._first)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self._first, self._last + 1)]
