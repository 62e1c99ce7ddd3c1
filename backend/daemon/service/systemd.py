"""The unit of systemd's user manager.

Nothing in it needs privileges: what mounts things works in a user name space (PrivateUsers), the
rest are seccomp filters and limits. `systemd-analyze --user security deja` rates it.
"""

from collections.abc import Mapping
from pathlib import Path

from backend.config import Config

NAME = "deja.service"

# What tells where things are, which systemd's user manager need not know as a shell does.
_VARIABLES = (
    *("DEJA_HOME", "DEJA_MODEL_DIR", "DEJA_PRECISION", "EMBEDDING_DEVICE"),
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"),
)

_UNIT = """\
# Made by `deja service install`; `deja service remove` takes it away.
[Unit]
Description=deja, the shell history that understands what you meant
StartLimitIntervalSec=300
StartLimitBurst=5

[Service]
Type=notify
ExecStart={command} daemon
{environment}Restart=on-failure
WatchdogSec=60
TimeoutStopSec=30
UMask=0077
MemoryMax={memory}
TasksMax=64

NoNewPrivileges=yes
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
{room}
[Install]
WantedBy=default.target

[X-Deja]
Data={data}
"""

# All that the daemon does alone: it reads what is below HOME, and writes its own directories.
_ALONE = """\
RestrictAddressFamilies=AF_UNIX
CapabilityBoundingSet=
PrivateUsers=yes
PrivateNetwork=yes
PrivateTmp=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={data} {logs}
"""

# What the libraries of a GPU need: its devices, and code that they write as they run.
_NO_GPU = "PrivateDevices=yes\nMemoryDenyWriteExecute=yes\n"

# Programs that a sync starts (git, ssh, rclone) reach the network, agents and places of their own.
_SYNC = "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK\n"


def text(config: Config, command: Path, environ: Mapping[str, str], sync: bool) -> str:
    """The unit that runs `command`, of the daemon of these directories."""
    data, logs = _quoted(config.data_dir), _quoted(config.log_dir)
    no_gpu = config.device == "cpu"
    alone = _ALONE.format(data=data, logs=logs) + (_NO_GPU if no_gpu else "")
    known = {name: environ[name] for name in _VARIABLES if environ.get(name)}
    return _UNIT.format(
        command=_quoted(command),
        environment="".join(f"Environment={_quoted(f'{k}={v}')}\n" for k, v in known.items()),
        room=_SYNC if sync else alone,
        data=data,
        memory="2G" if no_gpu else "4G",
    )


def is_of(unit: str, data_dir: Path) -> bool:
    """Whether a unit's text runs the daemon of this data directory."""
    return f"\nData={_quoted(data_dir)}\n" in unit


def _quoted(value: object) -> str:
    """As systemd.syntax(7) has it; `$` and `%` stand for themselves."""
    spelt = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + spelt.replace("%", "%%").replace("$", "$$") + '"'
