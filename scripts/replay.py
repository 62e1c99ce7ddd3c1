#!/usr/bin/env python3
"""What comes first, replayed: a simulated user, or names of commands in the order they were typed.

    python scripts/replay.py [--seed N] [--count N]     a made-up person (quality/simulated_user.py)
    python scripts/replay.py FILE…                      one command a line, oldest first
`deja replay` does the same with one's own history. Printed for 0 to 3 letters typed: how often the
command that came next is first, in the first five, and the mean reciprocal rank, by the need model
and by a list with the newest first; and the keys that each would have saved.
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
from scripts.quality.simulated_user import records

# The first part of a history is learnt from and not asked for.
LEARNT = 0.5


def of_records(runs: Sequence[Record]) -> Replay:
    """Replay runs, oldest first; the second half of them is asked for."""
    texts = {text: row for row, text in enumerate(dict.fromkeys(run.command for run in runs))}
    names: dict[str, int] = {}
    table = np.zeros(len(runs), RUN)
    for number, run in enumerate(runs):
        session, cwd = (
            name and names.setdefault(name, len(names) + 1) for name in (run.session, run.cwd)
        )
        ok = -1 if run.exit is None else run.exit == 0
        table[number] = (texts[run.command], run.start or 0.0, ok, session or 0, cwd or 0, cwd or 0)
    return replay(table, list(texts), int(LEARNT * len(runs)))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=4000)
    options = parser.parse_args(arguments)
    if not options.files:
        print(report(of_records(list(records(options.seed, options.count)))))
    for file in options.files:
        lines = file.read_text("utf-8", errors="surrogateescape").split("\n")
        print(
            f"{file.name}\n{report(of_records([Record(line) for line in lines if line.strip()]))}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
