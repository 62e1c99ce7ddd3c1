"""The daemon's life: lock, rendezvous, start, stop. Composes engine and server.

Everything slow (the model) is loaded behind the first answers.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

import psutil

from backend import __version__, private, protocol
from backend.config import Config
from backend.engine import Engine
from backend.handlers import handlers
from backend.server import Server

log = logging.getLogger(__name__)

LOG_BYTES = 512 * 1024

# How often the daemon looks whether its socket file and its data directory are still there.
CHECK_S = 5.0


class AlreadyRunning(Exception):
    """Another daemon holds the lock of this data directory."""


def run(config: Config) -> None:
    """Be the daemon until SIGTERM, SIGINT or a `stop` request.

    Raises AlreadyRunning, private.UnsafeDirectory, and what Store raises.
    """
    private.make(config.data_dir)
    private.make(config.spool_dir)
    private.make(config.log_dir)
    lock = _lock(config.lock_file)
    try:
        _log_to(config.log_file)
        asyncio.run(_Daemon(config).live())
    finally:
        os.close(lock)


def _lock(path: Path) -> int:
    """Hold the lock until the returned descriptor is closed, which the system does on any death."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 32).decode(errors="replace").strip()
        os.close(descriptor)
        raise AlreadyRunning(f"a daemon is running already (pid {holder})") from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return descriptor


def _log_to(path: Path) -> None:
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1)
    path.chmod(0o600)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


class _Daemon:
    def __init__(self, config: Config) -> None:
        self._config = config
        self._started = time.time()
        self._stopping = asyncio.Event()

    async def live(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        socket_path = private.socket_path(self._config.data_dir)
        engine = Engine(self._config)
        server = Server(socket_path, handlers(engine, self._status, self._stopping.set))
        self._engine, self._socket_path = engine, socket_path
        try:
            await server.start()
            _write_rendezvous(self._config.rendezvous_file, socket_path)
            log.info("started: deja %s, pid %d", __version__, os.getpid())
            engine.start()
            await self._until_stopped(server)
        finally:
            self._config.rendezvous_file.unlink(missing_ok=True)
            await server.stop()
            await asyncio.to_thread(engine.close)
            log.info("stopped")

    async def _until_stopped(self, server: Server) -> None:
        """Wait for a signal or a request. A daemon that nobody can reach any more (its socket or
        its rendezvous was removed or replaced) makes room for one that can be.
        """
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), CHECK_S)
            if not (server.is_reachable() and self._config.rendezvous_file.exists()):
                log.warning("the socket was removed from under the daemon; stopping")
                return

    def _status(self) -> protocol.Fields:
        figures: dict[str, object] = {
            "version": __version__,
            "pid": os.getpid(),
            "uptime_s": round(time.time() - self._started, 1),
            "memory_bytes": psutil.Process().memory_info().rss,
            "socket": self._socket_path,
            **self._engine.status(),
        }
        return [(key, str(value)) for key, value in figures.items() if value is not None]


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
