"""When a sync is due, and the process that does it: backend/sync is not loaded here.

A round comes a while after what the user changed last, and every few minutes, not of all machines
at once; after one that failed later and later. What a round does not get done the next one does.
"""

import asyncio
import contextlib
import json
import logging
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from backend.wire.environment import clean

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).resolve().parent.parent / "sync" / "__main__.py"

# After the last change, but not later than this after the first one.
SETTLE_S, LONGEST_S = 10.0, 60.0
# Without any change, and by how much of that sooner or later.
EVERY_S, JITTER = 300.0, 0.2
# After a failure; it doubles with each.
RETRY_S, LONGEST_RETRY_S = 60.0, 3600.0
# How often it is looked whether one is due, and whether sync was set up meanwhile.
LOOK_S, IDLE_LOOK_S = 1.0, 5.0
# Between two looks no more than this passes, unless the machine was asleep.
ASLEEP_S = 30.0
# A process that is at it for so long hangs. The first sync of a long history takes a while.
MOST_S = 4 * 3600.0
END_S = 2.0

# Exit status: another process of this data directory is at it.
BUSY = os.EX_TEMPFAIL


class Timetable:
    """When the next round is due; times are monotonic seconds."""

    def __init__(self, now: float, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._regular = now + SETTLE_S
        self._first: float | None = None
        self._last = now
        self.failures = 0

    def changed(self, now: float) -> None:
        """The user of this machine has changed something."""
        self._first = now if self._first is None else self._first
        self._last = now

    def due(self) -> float:
        """What was changed does not come sooner while rounds fail."""
        if self._first is None or self.failures:
            return self._regular
        return min(self._regular, self._last + SETTLE_S, self._first + LONGEST_S)

    def started(self) -> None:
        """What is changed from here on may be for the next round."""
        self._first = None

    def ended(self, now: float, ok: bool) -> None:
        """A round has ended."""
        self.failures = 0 if ok else self.failures + 1
        wait = EVERY_S if ok else min(RETRY_S * 2.0 ** min(self.failures - 1, 16), LONGEST_RETRY_S)
        self._regular = now + wait * (1 + JITTER * (2 * self._chance() - 1))

    def woke(self, now: float) -> None:
        """The machine was asleep: a network that was not there may be there now."""
        self.failures = 0
        self._regular = min(self._regular, now + SETTLE_S)


class Schedule:
    """Starts a round whenever it is due and sync is set up. changes: a number that differs when
    the user has changed something.
    """

    def __init__(self, data_dir: Path, changes: Callable[[], int], program: Path = PROGRAM) -> None:
        self._data_dir, self._changes, self._program = data_dir, changes, program
        self._settings = data_dir / "sync" / "settings.json"
        self._process: asyncio.subprocess.Process | None = None
        self._timetable: Timetable | None = None

    async def run(self) -> None:
        """Until it is cancelled; a round that is under way is ended then."""
        try:
            while True:
                await self._watch() if self._is_on() else await asyncio.sleep(IDLE_LOOK_S)
        finally:
            await self.stop()

    def _is_on(self) -> bool:
        return self._settings.exists() and self._program.exists()

    async def _watch(self) -> None:
        """As long as sync is set up."""
        table = self._timetable = Timetable(time.monotonic())
        seen, clock = self._changes(), time.time()
        while self._is_on():
            await asyncio.sleep(LOOK_S)
            if self._changes() != seen:
                seen = self._changes()
                table.changed(time.monotonic())
            if abs(time.time() - clock) > ASLEEP_S:
                table.woke(time.monotonic())
            if time.monotonic() >= table.due():
                table.started()
                table.ended(time.monotonic(), await self._round())
            clock = time.time()
        self._timetable = None

    async def _round(self) -> bool:
        """Have a process do one; whether all went well."""
        reading, writing = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", str(self._program), str(self._data_dir)),
                stdin=reading,  # it ends with this daemon, whatever that dies of
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                cwd="/",
                env=clean(os.environ),
                start_new_session=True,
            )
            async with asyncio.timeout(MOST_S):
                status = await self._process.wait()
        except (OSError, TimeoutError) as error:
            log.error("a sync could not be done: %s", type(error).__name__)
            status = 1
        finally:
            os.close(reading)
            os.close(writing)
            await self.stop()
        if status not in (0, BUSY) and self._timetable and not self._timetable.failures:
            log.warning("a sync failed; see: deja sync status")
        return status in (0, BUSY)

    async def stop(self) -> None:
        """End the round that is under way, if any."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        for end in (process.terminate, process.kill):
            with contextlib.suppress(ProcessLookupError):
                end()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(END_S):
                    await process.wait()
                return

    def status(self) -> dict[str, object] | None:
        """For `deja status`: what the last round wrote down, and when the next one comes; None
        where no sync is set up.
        """
        if self._timetable is None:
            return None
        is_at_it = self._process is not None and self._process.returncode is None
        wait = max(0.0, self._timetable.due() - time.monotonic())
        last = _read(self._settings.with_name("status.json"))
        names = ("at", "ok", "error", "problems")
        return {
            **{name: last.get(name) for name in names},
            "hosts": len(hosts) if isinstance(hosts := last.get("hosts"), dict) else 0,
            "running": is_at_it,
            "next_s": None if is_at_it else round(wait),
        }


def _read(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
