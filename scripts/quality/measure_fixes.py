#!/usr/bin/env python3
"""How often what is offered as a fix is right: on cases written by hand, and on a made-up person.

    python scripts/quality/measure_fixes.py [--misses] [FILE…]

Files have the form of tests/data/fixes-tuned.tsv, whose head tells it; those two without one.
The made-up person is that of simulated_user.py with troubles: of what fails, docker, kubectl, git
push and git rebase have a cause that one command mends, each its own; make, pytest and the rest
are mended in an editor or by trying again, and nothing is right there.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from backend.engine.unasked.fixing import MOST_FAILURES
from backend.ranking.fixes import Step, alike, fixes, is_failure
from scripts.quality.simulated_user import EVERYWHERE, records

DATA = Path(__file__).resolve().parent.parent.parent / "tests" / "data"
FILES = [DATA / "fixes-tuned.tsv", DATA / "fixes-held-back.tsv"]

CAUSES = {
    "docker": "sudo systemctl start docker",
    "kubectl": "kubectl config use-context work",
    "git push": "git pull --rebase",
    "git rebase": "git stash",
}


@dataclass(frozen=True)
class Case:
    """`expected` is what fixes the failure, None: nothing; the sessions before it, and whether it
    can be known from them.
    """

    expected: str | None
    failed: Step
    sessions: Sequence[Sequence[Step]]
    is_known: bool = True


def cases(text: str) -> Iterator[Case]:
    """The cases of a file."""
    for line in text.splitlines():
        if line and not line.startswith("#"):
            expected, failed, *runs = line.split("\t")
            sessions: list[list[Step]] = [[]]
            for number, run in enumerate(runs):
                sessions.append([]) if run == "--" else sessions[-1].append(step(run, number))
            yield Case(None if expected == "-" else expected, step(failed, len(runs)), sessions)


def step(run: str, number: int) -> Step:
    """`1 make` or `1@/src make`: the run of this number."""
    status, text = run.split(" ", 1)
    exit, _, cwd = status.partition("@")
    return Step(number, hash(text), text, int(exit), cwd or "/w", 60.0 * number)


def made_up(seed: int = 1, count: int = 4000) -> Iterator[Case]:
    """Every failure of the made-up person, asked for when it happens."""
    dice = random.Random(seed)
    sessions: dict[str, list[Step]] = {}
    met: set[str] = set()
    number = 0
    for run in records(seed, count):
        past = sessions.setdefault(run.session or "", [])
        told = [(run.command, run.exit)]
        if run.exit:
            cause = next(
                (fix for name, fix in CAUSES.items() if run.command.startswith(name)), None
            )
            failed = Step(number, hash(run.command), run.command, 1, run.cwd, run.start)
            yield Case(cause, failed, list(sessions.values()), run.command in met)
            met.add(run.command)
            told += _mending(dice, cause)
        for text, exit in told:
            past.append(Step(number, hash(text), text, exit, run.cwd, run.start))
            number += 1


def _mending(dice: random.Random, cause: str | None) -> Iterator[tuple[str, int]]:
    """What is run between a failure and the next try."""
    for _ in range(dice.choice((0, 0, 1, 2))):
        yield dice.choice((*EVERYWHERE, "git add -u", "make format", "sudo apt update")), 0
    if cause:
        yield cause, 0
    elif dice.random() < 0.5:
        yield "vim src/main.c", 0


def stretches(case: Case) -> list[Sequence[Step]]:
    """Past failures like that of a case, newest first, and what came after each."""
    return [
        session[at:]
        for session in reversed(case.sessions)
        for at in reversed(range(len(session)))
        if is_failure(session[at].text, session[at].exit) and alike(session[at].text, case.failed)
    ]


def offered(case: Case) -> str | None:
    """The text of what is offered first."""
    if not is_failure(case.failed.text, case.failed.exit):
        return None
    past = stretches(case)[:MOST_FAILURES]
    texts = {run.command: run.text for stretch in past for run in stretch}
    found = fixes(case.failed, past)
    return texts[found[0].command] if found else None


@dataclass
class Figures:
    """Counts: suggestions and how many were right; what was to be found and what was."""

    offered: int = 0
    right: int = 0
    found: int = 0
    wanted: int = 0
    misses: list[tuple[str, str | None, str | None]] | None = None

    def add(self, case: Case) -> None:
        got = offered(case)
        self.offered += got is not None
        self.wanted += case.expected is not None and case.is_known
        self.right += got is not None and got == case.expected
        self.found += got is not None and got == case.expected and case.is_known
        if got != case.expected and self.misses is not None:
            self.misses.append((case.failed.text, case.expected, got))

    def __str__(self) -> str:
        return (
            f"right {self.right} of {self.offered} first suggestions,"
            f" found {self.found} of {self.wanted}"
        )


def measure(found: Iterator[Case], misses: bool = False) -> Figures:
    figures = Figures(misses=[] if misses else None)
    for case in found:
        figures.add(case)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", default=FILES)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    sources = [(file.name, cases(file.read_text("utf-8"))) for file in options.files]
    for name, found in (*sources, ("made-up person", made_up(options.seed))):
        figures = measure(found, options.misses)
        print(f"{name:24}{figures}")
        for failed, expected, got in figures.misses or ():
            print(f"    {failed}: {got or 'nothing'}, not {expected or 'nothing'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
