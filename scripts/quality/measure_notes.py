#!/usr/bin/env python3
"""How well a command is found by the note that its user wrote about it, and what notes cost others.

    python scripts/quality/measure_notes.py --history FILE --intent FILE [--commands 200]

A line of the intent file: a description, tab, the command(s) it is right for. Some commands are
given one of their descriptions as their note. Asked is that description (own); where a command has
several, another one (other); and descriptions of commands without a note (rest). Each with the
notes and without them. Needs an exported model (DEJA_MODEL_DIR or --model-dir).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from backend.engine.engine import Engine
from backend.wire import protocol
from backend.wire.row import Row
from scripts.evaluate import (
    Case,
    open_engine,
    read_cases,
    read_history,
    recall,
    report,
    run,
    with_engine,
)


def described(cases: Sequence[Case]) -> dict[str, list[str]]:
    """What each command is described by, each description of one command alone."""
    found: dict[str, list[str]] = {}
    for case in cases:
        for command in case.right:
            found.setdefault(command, []).append(case.query)
    return found


def queries(cases: Sequence[Case], noted: Mapping[str, Sequence[str]]) -> dict[str, list[Case]]:
    """The cases of each kind; noted: by command its note, then its other descriptions."""
    return {
        "own": [Case(told[0], (command,)) for command, told in noted.items()],
        "other": [Case(told[1], (command,)) for command, told in noted.items() if len(told) > 1],
        "rest": [case for case in cases if not noted.keys() & case.right],
    }


def write_notes(engine: Engine, notes: Mapping[str, str]) -> None:
    """Write them, and have them embedded."""
    for row in _all_rows(engine):
        if row.command in notes:
            assert row.id is not None and engine.note(row.id, notes[row.command]) is not None
    while engine.embed_waiting():
        pass


def _all_rows(engine: Engine) -> list[Row]:
    return engine.search("", limit=len(engine.catalogue)).rows


def measured(engine: Engine, asked: Mapping[str, Sequence[Case]]) -> dict[str, dict[str, float]]:
    """Figures of each kind."""
    search = with_engine(engine, protocol.AUTO)
    return {
        kind: {"queries": float(len(cases)), **recall(run(cases, search))}
        for kind, cases in asked.items()
        if cases
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how well notes are found.")
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--intent", type=Path, required=True)
    parser.add_argument("--commands", type=int, default=200, help="so many get a note")
    parser.add_argument("--rest", type=int, default=400, help="at most so many queries of the rest")
    parser.add_argument("--model-dir", type=Path, default=os.environ.get("DEJA_MODEL_DIR"))
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if options.model_dir is None:
        print("measure_notes: name a --model-dir", file=sys.stderr)
        return 2
    history, cases = read_history(options.history), read_cases(options.intent)
    draw = random.Random(1)
    known = described(cases)
    # Those with several descriptions first: few have them, and `other` is about them.
    several = sorted(command for command in history if len(known.get(command, ())) > 1)
    single = sorted(command for command in history if len(known.get(command, ())) == 1)
    half = min(len(several), options.commands // 2)
    drawn = draw.sample(several, half) + draw.sample(single, options.commands - half)
    noted = {command: draw.sample(known[command], len(known[command])) for command in drawn}
    asked = queries(cases, noted)
    asked["rest"] = draw.sample(asked["rest"], min(options.rest, len(asked["rest"])))
    with tempfile.TemporaryDirectory(prefix="deja-notes-") as directory:
        engine = open_engine(history, Path(directory), Path(options.model_dir))
        try:
            print(f"without notes\n{report(measured(engine, asked))}")
            write_notes(engine, {command: told[0] for command, told in noted.items()})
            print(f"with notes\n{report(measured(engine, asked))}")
        finally:
            engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
