#!/usr/bin/env python3
"""How often an episode stands above the rows of an ordinary search, and how often it is right.

    python scripts/quality/measure_headings.py --history FILE --intent FILE [--half held]

Three histories: the sessions of tests/data/episodes, commands of a history file in sessions of
twenty drawn by lot, and both. Asked are the questions about the sessions, where there are any, and
ordinary ones: the queries of an intent file, which want one command. Needs an exported model
(DEJA_MODEL_DIR).
"""

import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from backend.engine.engine import Engine
from backend.engine.search.find import Request
from backend.wire.record import Record
from scripts.quality.episode_set import DEV, HELD, Question, read_set
from scripts.quality.measure_episodes import SET, open_engine

# Commands in a session, and the seconds from one session, and from one command, to the next.
TOGETHER, SESSION, STEP = 20, 7200.0, 40.0
BEGIN = 1_750_000_000.0


@click.command()
@click.option("--history", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--intent", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--half", type=click.Choice([DEV, HELD]), default=DEV)
@click.option("--commands", default=2500, help="So many of the history file.")
@click.option("--queries", default=500, help="So many of the intent file.")
@click.option("--seed", default=5)
def main(history: Path, intent: Path, half: str, commands: int, queries: int, seed: int) -> None:
    """Print a table."""
    lot, chosen = random.Random(seed), read_set(SET, half)
    others = by_lot(drawn(history, commands, lot))
    ordinary = [line.partition("\t")[0] for line in drawn(intent, queries, lot)]
    print("| history | ordinary questions, shown | about a session, shown | right |")
    print("|---|---|---|---|")
    for name, runs, questions in (
        ("sessions", chosen.runs, chosen.questions),
        ("others by lot", others, ()),
        ("both", [*chosen.runs, *others], chosen.questions),
    ):
        with tempfile.TemporaryDirectory() as home:
            engine, _ = open_engine(runs, Path(home))
            unasked = sum(engine.answer(Request(text)).episode is not None for text in ordinary)
            shown, right = asked(engine, questions)
            engine.close()
        told = f"{unasked} of {len(ordinary)} | {shown} of {len(questions)} | {right} of {shown}"
        print(f"| {name} | {told} |", flush=True)


def drawn(path: Path, count: int, lot: random.Random) -> list[str]:
    lines = [line for line in path.read_text("utf-8").splitlines() if line]
    return lot.sample(lines, min(count, len(lines)))


def by_lot(commands: Sequence[str]) -> list[Record]:
    """One run of each, TOGETHER to a session."""
    return [
        Record(command, BEGIN + SESSION * number + STEP * at, 1.0, 0, "/", f"lot{number}")
        for number, group in enumerate(
            commands[begin : begin + TOGETHER] for begin in range(0, len(commands), TOGETHER)
        )
        for at, command in enumerate(group)
    ]


def asked(engine: Engine, questions: Sequence[Question]) -> tuple[int, int]:
    """For how many of them an episode is shown, and for how many the right one."""
    shown = right = 0
    for question in questions:
        if found := engine.answer(Request(question.text)).episode:
            places = [(str(found.session), run.start or 0.0) for run in found.runs]
            shown += 1
            right += question.answered_by(places)
    return shown, right


if __name__ == "__main__":
    main()
