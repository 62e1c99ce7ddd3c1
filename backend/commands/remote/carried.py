"""What `deja ssh` takes to the other machine: the hooks, and what starts a shell with them."""

import io
import tarfile
from pathlib import Path

PLUGIN = Path(__file__).resolve().parent.parent.parent.parent / "shell_plugin"

HOOKS = ("agents.txt", "bash/wanted.bash", "bash/record.bash", "zsh/wanted.zsh", "zsh/record.zsh")
# Where each lies in shell_plugin/remote/, and there.
STARTING = {
    "start.sh": "start.sh",
    "bashrc": "bashrc",
    "zshenv": "zsh/.zshenv",
    "zprofile": "zsh/.zprofile",
    "zshrc": "zsh/.zshrc",
}


def archive() -> bytes:
    """A tar file of them, with an empty data directory, readable by its owner alone."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name in ("data", "data/spool", "hooks", "hooks/bash", "hooks/zsh", "zsh"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o700
            tar.addfile(folder)
        for name in HOOKS:
            _add(tar, f"hooks/{name}", PLUGIN / name)
        for name, there in STARTING.items():
            _add(tar, there, PLUGIN / "remote" / name)
    return buffer.getvalue()


def _add(tar: tarfile.TarFile, name: str, path: Path) -> None:
    data = path.read_bytes()
    file = tarfile.TarInfo(name)
    file.size, file.mode = len(data), 0o600
    tar.addfile(file, io.BytesIO(data))
