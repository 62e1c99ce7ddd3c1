"""Ghost text replayed: the strategies as the plugin itself has them, and the figures."""

import itertools
import os
import random
import subprocess
from pathlib import Path

import pytest

from scripts.quality.ghost_text import history, match_prev_cmd, replay
from scripts.quality.simulated_user import records
from scripts.replay import table

LIBRARY = Path("/usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh")
COMMANDS = ("pwd", "ls foo", "ls bar", "ls", "git status", 'echo "x"', "git log", "cat [a]* | wc")
PREFIXES = ("l", "ls ", "git", "git s", "e", "cat [", "zz")

# zsh takes the last event for the line that is being edited.
ASK = """
source $1
HISTSIZE=5000
fc -R $2
for prefix in "${@:3}"; do
  suggestion=; _zsh_autosuggest_strategy_history "$prefix"; print -r -- "$suggestion"
  suggestion=; _zsh_autosuggest_strategy_match_prev_cmd "$prefix"; print -r -- "$suggestion"
done
"""


@pytest.mark.skipif(not LIBRARY.exists(), reason="no zsh-autosuggestions here")
@pytest.mark.parametrize("seed", range(6))
def test_the_strategies_are_those_of_the_plugin(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    entries = [dice.choice(COMMANDS) for _ in range(dice.choice((3, 8, 30, 300)))]
    file = tmp_path / "history"
    file.write_text("\n".join([*entries, "the line at hand"]) + "\n")
    done = subprocess.run(
        ["zsh", "-f", "-i", "-c", ASK, "zsh", str(LIBRARY), str(file), *PREFIXES],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    expected = [
        strategy(entries, prefix) or ""
        for prefix, strategy in itertools.product(PREFIXES, (history, match_prev_cmd))
    ]
    assert done.stdout.splitlines() == expected, done.stderr


def test_what_is_shown_is_counted_in_letters_and_keys() -> None:
    found = replay(*table(list(records(1, 400))))
    assert len({len(shown.after) for shown in found.values()}) == 1
    for shown in found.values():
        assert 0 < shown.share(1) <= shown.share(3) <= 1
        assert 0 < shown.saved < sum(shown.sizes)


def test_deja_shows_the_made_up_person_more_than_the_plugin_does() -> None:
    found = replay(*table(list(records(2, 1200))))
    for other in ("history", "match_prev_cmd"):
        assert found["deja"].share(1) > found[other].share(1)
        assert found["deja"].saved > found[other].saved
