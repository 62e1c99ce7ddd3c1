"""The daemon's life: lock, rendezvous, start, stop. Composes engine and server.

Everything slow (the model) is loaded behind the first answers.
"""

import asyncio
import contextlib
import json
import logging
import os
import signal
import time
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

import psutil

from backend import __version__
from backend.config import Config
from backend.daemon import deaths, lock
from backend.daemon.schedule import Schedule
from backend.daemon.server import Server, innermost_frame
from backend.daemon.service.notify import ALIVE, READY, STOPPING, notify
from backend.daemon.syncing import SyncVerbs
from backend.daemon.verbs import Verbs
from backend.engine.engine import Engine
from backend.system import memory, private
from backend.wire import client, protocol

log = logging.getLogger(__name__)

LOG_BYTES = 512 * 1024

# How often the daemon looks whether its socket file and its data directory are still there.
CHECK_S = 5.0

# No directory that holds a history takes longer to be removed.
REMOVAL_S = 1.0


def run(config: Config) -> None:
    """Be the daemon until SIGTERM, SIGINT or a `stop` request.

    Raises lock.AlreadyRunning, private.UnsafeDirectory, and what History raises.
    """
    os.umask(0o077)
    memory.use_one_heap()
    mended = private.check(config)
    try:
        held = lock.hold(config.lock_file)
    except lock.AlreadyRunning:
        _tell(config.log_file, mended)  # the daemon that runs finds nothing to put right
        raise
    try:
        before = deaths.add(config.starts_file)
        _tell(config.log_file, mended)
        asyncio.run(_live(config, _Start(held, before, mended)))
        deaths.clear(config.starts_file)
    except Exception as error:
        # The type alone: the text of an exception may hold the text of a command.
        log.critical("died: %s at %s", type(error).__name__, innermost_frame(error))
        raise
    finally:
        os.close(held)


@dataclass(frozen=True)
class _Start:
    """How the daemon came to live: its lock, the deaths before it, what it put right."""

    held: int
    deaths: int
    mended: list[str]


def _tell(path: Path, mended: list[str]) -> None:
    """Begin the log at `path`, with what was put right."""
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1)
    path.chmod(0o600)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for line in mended:
        log.warning("put right: %s", line)


async def _live(config: Config, start: _Start) -> None:
    """From the open store to the closed one; what is asked in between, the server hears."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_log_without_text)
    daemon = _Daemon(config, Engine(config), private.socket_path(config.data_dir), start)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, daemon.stop)
    await daemon.live()


class _Daemon:
    def __init__(self, config: Config, engine: Engine, socket_path: Path, start: _Start) -> None:
        self._config = config
        self._engine = engine
        self._socket_path = socket_path
        self._start = start
        self._started = time.time()
        self._stopping = asyncio.Event()
        self._schedule = Schedule(config.data_dir, lambda: engine.exchange.changes)

    def stop(self) -> None:
        """End after the step at hand."""
        self._stopping.set()

    async def live(self) -> None:
        """Listen, be found, work, until told to stop; then take back what was made."""
        verbs = Verbs(self._engine, self._status, self.stop)
        syncing = SyncVerbs(self._engine.exchange, self._schedule.stop)
        server = Server(self._socket_path, {**verbs.handlers(), **syncing.handlers()})
        rounds: asyncio.Task[None] | None = None
        try:
            await server.start()
            _write_rendezvous(self._config.rendezvous_file, self._socket_path)
            log.info("started: deja %s, pid %d", __version__, os.getpid())
            self._engine.start()
            notify(READY)
            rounds = asyncio.create_task(self._schedule.run())
            await self._until_stopped(server)
        finally:
            notify(STOPPING)
            if rounds is not None:
                rounds.cancel()
                await asyncio.gather(rounds, return_exceptions=True)
            if self._is_found():
                await self._has_store()
                self._config.rendezvous_file.unlink(missing_ok=True)
            await server.stop()
            await asyncio.to_thread(verbs.close)
            await asyncio.to_thread(syncing.close)
            await asyncio.to_thread(self._engine.close)
            log.info("stopped")

    async def _until_stopped(self, server: Server) -> None:
        """Wait for a signal or a request. A daemon that nobody can reach any more, or whose store
        was taken away, makes room for another.
        """
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), CHECK_S)
            notify(ALIVE)
            self._put_right()
            if not (server.is_reachable() and self._is_found()):
                log.warning("socket or directory were removed from under the daemon; stopping")
                return
            if not await self._has_store():
                log.warning("the history was removed or another put in its place; stopping")
                return
            if time.time() - self._started > deaths.SETTLED_S:
                deaths.clear(self._config.starts_file)

    def _put_right(self) -> None:
        """What stands in the way of files, or has lost its modes, while the daemon lives. What is
        not there is no business of this: all may be being removed.
        """
        if not lock.is_of(self._config.lock_file, self._start.held):
            return
        with contextlib.suppress(OSError, private.UnsafeDirectory):
            mended = private.check(self._config, making=False)
            if mended:
                # Anew: it may be the log that was taken away.
                _tell(self._config.log_file, mended)
                self._start.mended.extend(mended)

    async def _has_store(self) -> bool:
        """Whether the store is in its place, into which it is put back if it was removed; False if
        there is another, or if all is being removed.
        """
        if self._engine.is_in_place():
            return True
        # Of a directory that is being removed the store may go before the rendezvous.
        await asyncio.sleep(REMOVAL_S)
        return self._is_found() and await asyncio.to_thread(self._engine.put_back)

    def _is_found(self) -> bool:
        """Whether lock and rendezvous are there and name this process."""
        if not lock.is_of(self._config.lock_file, self._start.held):
            return False
        try:
            fields = client.rendezvous(self._config.rendezvous_file)
        except client.Unavailable:
            return False
        return fields.get("pid") == str(os.getpid())

    def _status(self) -> protocol.Fields:
        figures: dict[str, object] = {
            "version": __version__,
            "pid": os.getpid(),
            "uptime_s": round(time.time() - self._started, 1),
            "memory_bytes": psutil.Process().memory_info().rss,
            "socket": self._socket_path,
            "deaths": self._start.deaths or None,
            "mended": "; ".join(self._start.mended) or None,
            "sync": json.dumps(sync) if (sync := self._schedule.status()) else None,
            **self._engine.status(),
        }
        return [(key, str(value)) for key, value in figures.items() if value is not None]


def _log_without_text(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """asyncio would log the traceback, and with it perhaps the text of a command."""
    error = context.get("exception")
    where = innermost_frame(error) if isinstance(error, BaseException) else "?"
    log.error("%s: %s at %s", context.get("message"), type(error).__name__, where)


def _write_rendezvous(path: Path, socket_path: Path) -> None:
    """Write beside and rename: a shell never reads half of it."""
    fields = [
        ("v", str(protocol.VERSION)),
        ("version", __version__),
        ("pid", str(os.getpid())),
        ("socket", os.fsdecode(socket_path)),
    ]
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    beside.touch(0o600)
    beside.write_bytes(protocol.encode(fields))
    beside.replace(path)
