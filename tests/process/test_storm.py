"""The storm: many shells record while the daemon is killed again and again. 0 lost, 0 twice.

DEJA_TEST_FULL=1 runs it in full length: 20 shells, 10,000 commands, 100 kills.
"""

import collections
import os
import random
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest
from support.install import FULL, Deja, wait_until
from support.paths import ROOT

SHELLS, COMMANDS, KILLS = (20, 10_000, 100) if FULL else (6, 900, 8)

# What a shell runs: the hook's own writer, at its own pace, as after each prompt.
ZSH = """
source "$1/shell_plugin/deja.zsh" || exit 9
[[ -n ${_deja_spool-} ]] || exit 8
zmodload zsh/zselect
integer hundredths=$(( $4 * 100 ))
for ((n = 0; n < $3; n++)); do
  _deja_preexec "storm $2 $n"
  _deja_precmd
  zselect -t $hundredths
done
(( $#_deja_kept == 0 ))
"""
BASH = """
source "$1/shell_plugin/deja.bash" || exit 9
[[ -n ${_deja_spool-} ]] || exit 8
for ((n = 0; n < $3; n++)); do
  _deja_text="storm $2 $n" _deja_cwd=$PWD now=${EPOCHREALTIME/[.,]/}
  _deja_record "$now" "$((now + 1000))" 0
  read -r -t "$4" <> <(:)
done
(( ${#_deja_kept[@]} == 0 ))
"""


def shell(deja: Deja, number: int, count: int, pause: float) -> "subprocess.Popen[bytes]":
    """An interactive bash, or zsh if the number is odd, with the plugin that records `count`
    commands by its own functions.
    """
    command = ["bash", "--norc", "--noprofile", "-i", "-c", BASH, "bash"]
    if number % 2:
        command = ["zsh", "-f", "-i", "-c", ZSH, "zsh"]
    return subprocess.Popen(
        [*command, str(ROOT), str(number), str(count), str(pause)],
        env={**deja.env, "DEJA_KEY": ""},
        cwd=deja.home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


class Killer(threading.Thread):
    """Starts the daemon and kills it at a random moment, until told to stop."""

    def __init__(self, deja: Deja, seed: int) -> None:
        super().__init__()
        self._deja, self._random = deja, random.Random(seed)
        self.done = threading.Event()
        self.kills = 0

    def run(self) -> None:
        while not self.done.is_set():
            child = self._deja.spawn()
            # From before its first line of Python to well into draining and wiping.
            self.done.wait(self._random.uniform(0.05, 1.5))
            child.send_signal(signal.SIGKILL)
            child.wait()
            self.kills += 1


def stored(store: Path) -> "collections.Counter[str]":
    """How often each command of the storm ran, by the runs themselves."""
    db = sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)
    rows = db.execute("SELECT text FROM runs JOIN commands c ON c.id = command_id").fetchall()
    db.close()
    return collections.Counter(text for (text,) in rows if text.startswith("storm "))


@pytest.mark.timeout(1800)
def test_a_storm_loses_nothing_and_doubles_nothing(deja: Deja) -> None:
    deja.config.spool_dir.mkdir(parents=True, mode=0o700)
    deja.config.data_dir.chmod(0o700)
    each = COMMANDS // SHELLS
    # The shells go on for as long as it takes to kill so many daemons.
    pause = 0.9 * KILLS / each
    killer = Killer(deja, seed=20_240_501)
    killer.start()
    shells = [shell(deja, number, each, pause) for number in range(SHELLS)]
    try:
        failed = [(child.args[-3], child.communicate()[1][-300:]) for child in shells]  # type: ignore[index]
        assert [child.returncode for child in shells] == [0] * SHELLS, failed
        wait_until(lambda: killer.kills >= KILLS, "the kills")
    finally:
        killer.done.set()
        killer.join()
    # The daemons died too often for a mere start: only a person may insist.
    assert deja("restart").returncode == 0
    deja.ask("refresh")
    expected = {f"storm {number} {n}": 1 for number in range(SHELLS) for n in range(each)}
    found = stored(deja.config.store_file)
    lost = expected.keys() - found.keys()
    twice = {text: runs for text, runs in found.items() if runs != 1}
    print(
        f"storm: {SHELLS} shells, {len(expected)} commands, {killer.kills} kills: "
        f"{len(lost)} lost, {len(twice)} twice"
    )
    assert not lost
    assert not twice
    assert found.keys() == expected.keys()
    status = deja.status()
    assert status["damaged_records"] == "0"
    assert int(status["commands"]) >= len(expected)
    wait_until(
        lambda: not list(deja.config.spool_dir.glob("[!.]*")), "the spool of dead shells to go"
    )


def test_shells_that_are_killed_lose_no_finished_command(daemon: Deja) -> None:
    """kill -9 of a shell at any moment: what it had recorded is kept, and nothing twice."""
    shells = [shell(daemon, number, 10_000, 0.001) for number in range(3)]
    time.sleep(1.5)
    for child in shells:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
    daemon.ask("refresh")
    found = stored(daemon.config.store_file)
    assert set(found.values()) == {1}
    for number in range(3):
        numbers = sorted(int(text.split()[2]) for text in found if text.split()[1] == str(number))
        assert numbers, "each shell had recorded something"
        assert numbers == list(range(len(numbers))), "without a gap"
