"""A made-up person at a shell, the same for a given seed: projects, habits, failures, breaks.

Commands come from habits (a chain that mostly goes on), from the project at hand, or from a long
tail that everybody has; some fail and are tried again. It shows that the parts of the need model
work together in CI. What it says of people is what was put into it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from backend.wire.record import Record

HABITS = (
    ("vim src/{p}.c", "make -j4", "./{p} --check", "git add -p", "git commit -v"),
    ("git fetch --all", "git rebase origin/main", "make test", "git push --force-with-lease"),
    ("docker compose up -d", "docker compose logs -f {p}", "docker compose down"),
    ("kubectl -n {p} get pods", "kubectl -n {p} logs deploy/{p}", "kubectl -n {p} rollout status"),
    ("pytest -x tests/{p}", "pytest --lf", "ruff check --fix", "git diff --stat"),
)  # fmt: skip
EVERYWHERE = (
    "ls",
    "ls -la",
    "git status",
    "git log --oneline",
    "cd ..",
    "df -h",
    "htop",
    "history",
)
PROJECTS = ("harbour", "lantern", "meadow", "quarry", "thistle")
TAIL = 400


def records(seed: int, count: int) -> Iterator[Record]:
    """So many runs, oldest first."""
    dice = random.Random(seed)
    now = 1_760_000_000.0
    made, session = 0, 0
    while made < count:
        session += 1
        now += dice.choice((600.0, 3600.0, 14 * 3600.0, 62 * 3600.0))
        project = PROJECTS[_zipf(dice, len(PROJECTS))]
        for command, exit in _sitting(dice, project):
            now += dice.expovariate(1 / 40)
            yield Record(command, now, 1.0, exit, f"/src/{project}", f"s{session}", "host", "zsh")
            made += 1
            if made == count:
                return


def _sitting(dice: random.Random, project: str) -> Iterator[tuple[str, int]]:
    """What one shell session runs, with exit statuses."""
    favourite = (PROJECTS.index(project) + dice.randrange(2)) % len(HABITS)
    for _ in range(dice.randint(3, 9)):
        for step in HABITS[favourite if dice.random() < 0.8 else dice.randrange(len(HABITS))]:
            if dice.random() < 0.25:
                yield EVERYWHERE[_zipf(dice, len(EVERYWHERE))], 0
            if dice.random() < 0.1:
                yield f"less notes-{_zipf(dice, TAIL)}.txt", 0
            if dice.random() < 0.15:
                break
            failed = dice.random() < 0.12
            yield step.format(p=project), int(failed)
            if failed:
                yield step.format(p=project), 0


def _zipf(dice: random.Random, count: int) -> int:
    return min(count - 1, int(dice.paretovariate(1.0)) - 1)
