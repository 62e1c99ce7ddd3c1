#!/usr/bin/env python3
"""What comes first, replayed: a simulated user, or names of commands in the order they were typed.

    python scripts/replay.py [--seed N] [--count N]     a made-up person (quality/simulated_user.py)
    python scripts/replay.py FILE…                      one command a line, oldest first
`deja replay` does the same with one's own history. Printed for 0 to 3 letters typed: how often the
command that came next is first, in the first five, and the mean reciprocal rank, by the need model
and by a list with the newest first; and the keys that each would have saved. Then the same of ghost
text, beside two strategies of zsh-autosuggestions (quality/ghost_text.py).
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.ranking.need import RUN
from backend.ranking.replay import Replay, replay
from backend.ranking.replay import report as report
from backend.wire.record import Record
from scripts.quality import ghost_text
from scripts.quality.simulated_user import records

# The first part of a history is learnt from and not asked for.
LEARNT = 0.5


def table(runs: Sequence[Record]) -> tuple[np.ndarray, list[str], int]:
    """Runs, oldest first, as need.RUN, their texts by row, and from where on they are asked for."""
    texts = {text: row for row, text in enumerate(dict.fromkeys(run.command for run in runs))}
    names: dict[str, int] = {}
    made = np.zeros(len(runs), RUN)
    for number, run in enumerate(runs):
        session, cwd = (
            name and names.setdefault(name, len(names) + 1) for name in (run.session, run.cwd)
        )
        ok = -1 if run.exit is None else run.exit == 0
        made[number] = (texts[run.command], run.start or 0.0, ok, session or 0, cwd or 0, cwd or 0)
    return made, list(texts), int(LEARNT * len(runs))


def of_records(runs: Sequence[Record]) -> Replay:
    """Replay runs, oldest first; the second half of them is asked for."""
    return replay(*table(runs))


def told(runs: Sequence[Record]) -> str:
    """What is printed of them."""
    shown = ghost_text.replay(*table(runs))
    return f"{report(of_records(runs))}\n{ghost_text.report(shown)}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=4000)
    options = parser.parse_args(arguments)
    if not options.files:
        print(told(list(records(options.seed, options.count))))
    for file in options.files:
        lines = file.read_text("utf-8", errors="surrogateescape").split("\n")
        print(f"{file.name}\n{told([Record(line) for line in lines if line.strip()])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
