"""What agents asked: a line of JSON a call. What they were answered is told by its number alone."""

import json
import os
from datetime import datetime
from pathlib import Path

from backend.config import Config
from backend.redaction.mask import redact


def path(settings: Config) -> Path:
    return settings.log_dir / "mcp.log"


def write(settings: Config, tool: str, arguments: dict[str, object]) -> None:
    """Raises OSError: what cannot be written down is not answered."""
    masked = {
        name: redact(value) if isinstance(value, str) else value
        for name, value in arguments.items()
    }
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    line = json.dumps({"time": now, "tool": tool, **masked}, ensure_ascii=True)
    settings.log_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    with os.fdopen(os.open(path(settings), flags, 0o600), "a", encoding="ascii") as file:
        file.write(f"{line}\n")
