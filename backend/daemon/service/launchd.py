"""The agent of macOS's launchd. Written to launchd.plist(5); it has not been run."""

import plistlib
from collections.abc import Mapping
from pathlib import Path
from xml.parsers.expat import ExpatError

LABEL = "deja.daemon"
NAME = f"{LABEL}.plist"

_VARIABLES = ("DEJA_HOME", "DEJA_MODEL_DIR", "DEJA_PRECISION")


# Tells whose agent it is; deja does not read it.
_DATA = "DEJA_SERVICE_DATA"


def text(data_dir: Path, command: Path, environ: Mapping[str, str]) -> str:
    """The agent that runs `command`. Ended as it should be, it is not started again."""
    known = {name: environ[name] for name in _VARIABLES if environ.get(name)}
    agent = {
        "Label": LABEL,
        "ProgramArguments": [str(command), "daemon"],
        "EnvironmentVariables": {**known, _DATA: str(data_dir)},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ProcessType": "Background",
        "Umask": 0o077,
    }
    return plistlib.dumps(agent).decode()


def is_of(agent: str, data_dir: Path) -> bool:
    """Whether an agent's text runs the daemon of this data directory."""
    try:
        found = plistlib.loads(agent.encode()).get("EnvironmentVariables", {})
    except (ValueError, ExpatError, AttributeError):
        return False
    return bool(found.get(_DATA) == str(data_dir))
