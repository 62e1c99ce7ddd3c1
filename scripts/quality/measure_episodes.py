#!/usr/bin/env python3
"""How well an episode is found again: the real engine, and simpler rankings beside it.

    python scripts/quality/measure_episodes.py             the half to tune on, tests/data/episodes
    python scripts/quality/measure_episodes.py --half held the half that was not looked at
    python scripts/quality/measure_episodes.py --days 4    sittings of a person in one shell, four
                                                           by four, as if it had been left open

Needs an exported model (DEJA_MODEL_DIR). What it makes lies in a temporary directory.
"""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from backend import config
from backend.config import Config
from backend.engine.engine import Engine
from backend.engine.search.find import Request
from backend.meaning import gloss
from backend.meaning.model import Meaning
from backend.query.parse import parse
from backend.ranking import rank
from backend.wire.record import Record
from scripts.quality.episode_set import DEV, HELD, EpisodeSet, Place, Ranking, figures, read_set

# Between the sittings of a shell that was left open, in seconds.
PAUSE = 240.0
SET = ROOT / "tests" / "data" / "episodes"


@click.command()
@click.option("--set", "directory", type=click.Path(path_type=Path), default=SET)
@click.option("--half", type=click.Choice([DEV, HELD]), default=DEV)
@click.option("--days", type=click.IntRange(1), default=1, help="So many sittings in one shell.")
def main(directory: Path, half: str, days: int) -> None:
    """Print a table."""
    chosen = read_set(directory, half)
    if days > 1:
        chosen = joined(chosen, days)
    print(f"{len(chosen.questions)} questions, {len(chosen.runs):,} runs\n")
    print("| ranking | right first | MRR | half told first |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as home:
        engine, meaning = open_engine(chosen.runs, Path(home))
        rankings = {
            "the session of the best single command": by_vectors(chosen, meaning, mean=False),
            "the plain mean of a session's commands": by_vectors(chosen, meaning, mean=True),
            "episodes, by text alone": with_engine(engine, "text"),
            "episodes, by meaning alone": with_engine(engine, "meaning"),
            "episodes": with_engine(engine, "auto"),
        }
        for name, ranking in rankings.items():
            found = figures(chosen.questions, ranking).values()
            print(f"| {name} | {' | '.join(f'{figure:.3f}' for figure in found)} |", flush=True)
        print("\n| the commands of it | first | in five | MRR | of the first ten |")
        print("|---|---|---|---|---|")
        for name, worth in (("without what stands together", 0.0), ("search", rank.TOGETHER)):
            rank.TOGETHER = worth
            wanted = commands_wanted(chosen, engine)
            print(f"| {name} | {' | '.join(f'{figure:.3f}' for figure in wanted)} |", flush=True)
        engine.close()


def commands_wanted(chosen: EpisodeSet, engine: Engine) -> tuple[float, float, float, float]:
    """Of an ordinary search for the same questions: how often a command of the right stretch comes
    first, how often one is among five, the mean of 1 / place of the first, and what share of ten
    they are. Commands of more than three sessions count for none.
    """
    sessions: dict[str, set[str | None]] = defaultdict(set)
    commands = {(str(run.session), run.start or 0.0): run.command for run in chosen.runs}
    for run in chosen.runs:
        sessions[run.command].add(run.session)
    sums = np.zeros(4)
    for question in chosen.questions:
        right = {commands[place] for place in question.right if len(sessions[commands[place]]) <= 3}
        hits = [row.command in right for row in engine.answer(Request(question.text)).rows]
        place = hits.index(True) + 1 if True in hits else 0
        sums += hits[:1] == [True], 0 < place <= 5, 1 / place if place else 0, sum(hits[:10]) / 10
    first, five, mrr, share = (sums / len(chosen.questions)).tolist()
    return first, five, mrr, share


def joined(chosen: EpisodeSet, count: int) -> EpisodeSet:
    """The same with the sittings of a person in one session, `count` by `count`, and no long pause
    between them; the questions ask for the runs under their new places.
    """
    sittings: dict[str, list[list[Record]]] = defaultdict(list)
    of_session: dict[str, list[Record]] = defaultdict(list)
    for run in chosen.runs:
        of_session[str(run.session)].append(run)
    for session, runs in of_session.items():
        sittings[session.partition("-")[0]].append(runs)
    moved: dict[Place, Record] = {}
    for person, all_runs in sittings.items():
        clock = 0.0
        for number, runs in enumerate(all_runs):
            base = runs[0].start or 0.0
            clock = clock + PAUSE if number % count else base
            for run in runs:
                start = clock + (run.start or 0.0) - base
                session = f"{person}.{number // count}"
                moved[str(run.session), run.start or 0.0] = replace(
                    run, session=session, start=start
                )
            clock = round(start + (runs[-1].duration or 0.0))
    questions = [
        replace(
            question,
            right=frozenset(
                (str(moved[place].session), moved[place].start or 0.0) for place in question.right
            ),
        )
        for question in chosen.questions
    ]
    return EpisodeSet(tuple(moved.values()), tuple(questions))


def open_engine(runs: Sequence[Record], home: Path) -> tuple[Engine, Meaning]:
    """An engine that has recorded these runs and embedded their commands, and its model alone."""
    settings = config.load()
    data = home / "data"
    data.mkdir(mode=0o700)
    there = Config(home / "config.toml", data, home / "logs", settings.model_dir)
    engine, meaning = Engine(there), Meaning(replace(there, data_dir=home / "other"))
    engine.record(runs)
    engine.load_model()
    while engine.embed_waiting():
        pass
    meaning.load()
    return engine, meaning


def with_engine(engine: Engine, mode: str) -> Ranking:
    def ranking(text: str) -> list[list[Place]]:
        found = engine.episodes(Request(text, limit=100, mode=mode)).episodes
        return [[(str(each.session), run.start or 0.0) for run in each.runs] for each in found]

    return ranking


def by_vectors(chosen: EpisodeSet, meaning: Meaning, mean: bool) -> Ranking:
    """Whole sessions, by the mean of their commands' vectors or by the best of these."""
    sessions: dict[str, list[Record]] = defaultdict(list)
    for run in chosen.runs:
        sessions[str(run.session)].append(run)
    texts = {run.command: None for run in chosen.runs}
    made = meaning.embed([gloss.embedded(text) for text in texts])
    vectors = dict(zip(texts, made, strict=True))
    of_each = [
        np.stack([vectors[text] for text in dict.fromkeys(run.command for run in runs)])
        for runs in sessions.values()
    ]
    places = [[(str(run.session), run.start or 0.0) for run in runs] for runs in sessions.values()]
    means = np.stack([each.mean(axis=0) for each in of_each])
    means /= np.linalg.norm(means, axis=1, keepdims=True)

    def ranking(text: str) -> list[list[Place]]:
        query = meaning.query_vector(parse(text, 0.0))
        best = [float((each @ query).max()) for each in of_each]
        scores = means @ query if mean else np.array(best)
        return [places[at] for at in np.argsort(-scores, kind="stable")]

    return ranking


if __name__ == "__main__":
    main()
