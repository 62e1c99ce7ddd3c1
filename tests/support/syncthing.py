"""Syncthing nodes on this machine that move one folder between them, and talk to nobody else."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SYNCTHING = shutil.which("syncthing")

_FOLDER = """<folder id="deja" path="{path}" type="sendreceive" rescanIntervalS="3"
  fsWatcherEnabled="true" fsWatcherDelayS="1" ignorePerms="true">{shared}
  <filesystemType>basic</filesystemType></folder>"""
_DEVICE = '<device id="{id}" name="{id}"><address>tcp://127.0.0.1:{port}</address></device>'
_ALONE = """<gui enabled="false"></gui><options>
  <listenAddress>tcp://127.0.0.1:{port}</listenAddress>
  <globalAnnounceEnabled>false</globalAnnounceEnabled>
  <localAnnounceEnabled>false</localAnnounceEnabled>
  <relaysEnabled>false</relaysEnabled><natEnabled>false</natEnabled><urAccepted>-1</urAccepted>
  <reconnectionIntervalS>1</reconnectionIntervalS><startBrowser>false</startBrowser>
  <autoUpgradeIntervalH>0</autoUpgradeIntervalH>
  <crashReportingEnabled>false</crashReportingEnabled></options>"""


class Node:
    """One of them, with its folder."""

    def __init__(self, directory: Path, folder: Path) -> None:
        assert SYNCTHING
        self.home, self.folder = directory, folder
        folder.mkdir(exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._run("generate", f"--home={directory}", "--no-default-folder")
        self.id = self._run(f"--home={directory}", "--device-id").strip()
        self._process: subprocess.Popen[bytes] | None = None

    def _run(self, *arguments: str) -> str:
        assert SYNCTHING
        environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            [SYNCTHING, *arguments], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def start(self, nodes: Sequence[Node]) -> None:
        """Share the folder with all of these."""
        devices = "".join(_DEVICE.format(id=node.id, port=node.port) for node in nodes)
        shared = "".join(f'<device id="{node.id}"></device>' for node in nodes)
        folder = _FOLDER.format(path=self.folder, shared=shared)
        inner = folder + devices + _ALONE.format(port=self.port)
        text = f'<configuration version="36">{inner}</configuration>'
        (self.home / "config.xml").write_text(text)
        assert SYNCTHING
        self._process = subprocess.Popen(
            [SYNCTHING, "serve", f"--home={self.home}", "--no-browser", "--no-restart"],
            env={"HOME": str(self.home), "PATH": "/usr/bin:/bin", "STNOUPGRADE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def pause(self, on: bool) -> None:
        """Stop where it stands, or go on."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP if on else signal.SIGCONT)

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()

    def files(self) -> dict[str, bytes]:
        """What lies in the folder, but for Syncthing's own."""
        found = {}
        for path in self.folder.rglob("*.age"):
            name = str(path.relative_to(self.folder))
            if ".stfolder" not in name and ".syncthing." not in name:
                found[name] = path.read_bytes()
        return found


@contextmanager
def nodes(directory: Path, folders: Sequence[Path]) -> Iterator[list[Node]]:
    """A node for each folder, at work."""
    made = []
    for number, folder in enumerate(folders):
        home = directory / f"node {number}"
        home.mkdir()
        made.append(Node(home, folder))
    try:
        for node in made:
            node.start(made)
        yield made
    finally:
        for node in made:
            node.stop()
