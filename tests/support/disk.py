"""A small filesystem of its own, which a test can fill or make read-only."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path


class SmallDisk:
    """A tmpfs at `place`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    def fill(self, free_kilobytes: int = 0) -> None:
        with self._ballast.open("wb", buffering=0) as file:
            with contextlib.suppress(OSError):
                while file.write(b"x" * 4096):
                    pass
            file.truncate(file.tell() - free_kilobytes * 1024)

    def empty(self) -> None:
        self._ballast.unlink(missing_ok=True)

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """For all that is opened meanwhile: by a mount over it, for some files are open."""
        place = str(self.place)
        subprocess.run(["mount", "--bind", place, place], check=True)
        try:
            subprocess.run(["mount", "-o", "remount,bind,ro", place], check=True)
            yield
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[SmallDisk | None]:
    """None for who may not mount: only root may."""
    place.mkdir(mode=0o700)
    options = f"size={megabytes}m,mode=700"
    mount = ["mount", "-t", "tmpfs", "-o", options, "deja-test", str(place)]
    if subprocess.run(mount, capture_output=True).returncode:
        yield None
        return
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
