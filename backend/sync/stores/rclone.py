"""Any remote of rclone's, by the program `rclone`: one process a call."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from backend.sync.stores.store import Entry, Exists, Missing, StorageError

# rclone's own codes: a directory or a file that is not there.
_NOT_FOUND = (3, 4)
_TIMEOUT_S = 600
_OPTIONS = ("--retries", "3", "--contimeout", "10s", "--timeout", "60s")


class Rclone:
    """A file appears whole where the remote does that; on others a reader may see a part, which he
    refuses until all is there. rclone has no conditional write: `create` looks first.
    """

    def __init__(self, remote: str) -> None:
        """remote: `name:path`, as rclone has it."""
        self._remote = remote.rstrip("/")

    def list(self) -> list[Entry]:
        options = ("--recursive", "--files-only", "--no-modtime", "--no-mimetype")
        done = self._run("lsjson", *options, self._path("v1"))
        if done.returncode in _NOT_FOUND:
            return []
        self._check(done, "list", "v1")
        return [Entry(f"v1/{each['Path']}", each["Size"]) for each in json.loads(done.stdout)]

    def get(self, name: str) -> bytes:
        done = self._run("cat", self._path(name))
        if done.returncode in _NOT_FOUND or (not done.stdout and not self._is_there(name)):
            raise Missing(f"{self._remote} has no {name}")
        self._check(done, "read", name)
        return done.stdout

    def create(self, name: str, data: bytes) -> None:
        if self._is_there(name):
            raise Exists(f"{self._remote} has {name} already")
        self._copy(name, data, "--ignore-existing")

    def replace(self, name: str, data: bytes) -> None:
        self._copy(name, data, "--ignore-times")

    def delete(self, name: str) -> None:
        if self._is_there(name):
            self._check(self._run("deletefile", self._path(name)), "remove", name)

    def _is_there(self, name: str) -> bool:
        done = self._run("lsjson", "--stat", "--no-modtime", "--no-mimetype", self._path(name))
        if done.returncode in _NOT_FOUND:
            return False
        self._check(done, "look for", name)
        return done.stdout.strip() not in (b"", b"null")

    def _copy(self, name: str, data: bytes, option: str) -> None:
        with tempfile.TemporaryDirectory(prefix="deja-") as directory:
            file = Path(directory) / "segment"
            file.write_bytes(data)
            self._check(self._run("copyto", option, str(file), self._path(name)), "write", name)

    def _path(self, name: str) -> str:
        separator = "" if self._remote.endswith(":") else "/"
        return f"{self._remote}{separator}{name}"

    def _run(self, verb: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        # This keeps rclone from asking on a terminal for the password of its settings.
        environment = {"RCLONE_ASK_PASSWORD": "false", **os.environ}
        try:
            return subprocess.run(
                ["rclone", verb, *_OPTIONS, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_TIMEOUT_S,
                env=environment,
                check=False,
            )
        except FileNotFoundError as error:
            raise StorageError(
                "rclone is not installed; get it from your system's packages or https://rclone.org"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise StorageError(
                f"rclone {verb} took more than {_TIMEOUT_S} s; look at the remote, then "
                "run: deja sync"
            ) from error

    def _check(self, done: "subprocess.CompletedProcess[bytes]", what: str, name: str) -> None:
        if done.returncode:
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
            why = lines[-1].partition(": ")[2] or lines[-1] or f"status {done.returncode}"
            raise StorageError(
                f"rclone cannot {what} {self._path(name)}: {why[:200]}; mend that, "
                "then run: deja sync"
            )
