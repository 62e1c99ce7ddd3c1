"""Replaying what was run: a simulated user, one's own history."""

import json
from pathlib import Path

import numpy as np
import pytest
from support.install import Deja

from backend.ranking.need import RUN
from backend.ranking.replay import Replay, replay, shares
from scripts.quality.simulated_user import records
from scripts.replay import main, of_records


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_need_beats_newest_first_on_a_simulated_user(seed: int) -> None:
    found = of_records(list(records(seed, 1500)))
    assert len(found) > 500
    for letters in (0, 1, 2):
        first, _, mrr = shares(found.need[:, letters])
        plain_first, _, plain_mrr = shares(found.newest[:, letters])
        assert first > plain_first and mrr > plain_mrr
    assert shares(found.need[:, 0])[0] > 1.5 * shares(found.newest[:, 0])[0]
    assert found.keys_saved(found.need) > found.keys_saved(found.newest)


def test_the_simulated_user_is_the_same_for_a_seed() -> None:
    assert list(records(7, 200)) == list(records(7, 200)) != list(records(8, 200))
    assert {run.exit for run in records(7, 500)} == {0, 1}


def test_ranks_are_those_of_a_plain_list() -> None:
    runs = np.zeros(6, RUN)
    runs["row"] = [0, 1, 2, 0, 1, 2]
    found = replay(runs, ["git push", "git pull", "ls"], 3)
    assert found.newest.tolist() == [[2, 1, 1, 1], [2, 1, 1, 1], [2, 0, 0, 0]]


def test_keys_saved() -> None:
    never = np.full((1, 4), 99)
    found = Replay(never, np.array([[3, 0, 0, 0]]), np.array([10]))
    assert found.keys_saved(found.need) == 0
    assert found.keys_saved(found.newest) == 10 + 1 - (1 + 2), "a letter, the key, Enter"


def test_the_script_replays_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "stream.txt"
    file.write_text("vim\nmake\n" * 30)
    assert main([str(file)]) == 0
    told = capsys.readouterr().out
    assert "30 commands that were known" in told and "deja first 1.000" in told


def test_deja_replay_tells_of_ones_own_history(daemon: Deja) -> None:
    for _ in range(12):
        daemon.record("vim a.c", "make", "./a.out")
    assert daemon("search", "make").returncode == 0
    told = daemon("replay", "--since", "2020-01-01")
    assert told.returncode == 0, told.stderr
    assert "33 commands that were known" in told.stdout and "keys saved" in told.stdout
    wrong = daemon("replay", "--since", "banana")
    assert wrong.returncode == 2 and wrong.stderr.count("\n") == 1
    assert json.loads(daemon("status", "--json").stdout)["commands"] == 3
