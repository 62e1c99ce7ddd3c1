"""deja doctor: what is well, what is not, and what mends it."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from backend.commands.checks import recording, spool, sync
from backend.commands.checks import settings as configuration
from backend.commands.checks.finding import Finding
from backend.commands.shared.asking import TIMEOUT_S, load_config
from backend.config import Config
from backend.meaning.manifest import ModelNotFound
from backend.system import pauses
from backend.wire import client, protocol
from backend.wire.environment import clean


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor_command(as_json: bool) -> None:
    """Check the installation, and name what mends it.

    Types a command into each shell, and forgets it when it was found. The exit code is 1 if
    something needs mending.

    \b
    Examples:
      deja doctor
    """
    settings = load_config()
    findings = list(_examine(settings))
    if as_json:
        click.echo(json.dumps({"findings": [finding.as_object() for finding in findings]}))
    else:
        for finding in findings:
            mark = click.style("ok  ", fg="green") if finding.ok else click.style("bad ", fg="red")
            click.echo(f"{mark} {finding.name:<10} {finding.found}")
            if finding.mend:
                click.echo(f"     mend it with: {finding.mend}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


def _examine(settings: Config) -> Iterator[Finding]:
    yield _directory(settings.data_dir)
    if (settings.data_dir / "env.sh").exists():
        yield _settings_of_hooks(settings.data_dir / "env.sh")
    yield from configuration.check(settings)
    yield from spool.check(settings.spool_dir)
    yield _store(settings)
    model = _model(settings)
    yield model
    yield _daemon(settings, model.ok)
    yield from sync.check(settings)
    yield from _shells(settings)
    yield _pauses(settings)
    for shell in ("zsh", "bash", "fish"):
        if program := shutil.which(shell):
            yield recording.check(settings, shell, program)
    deja = shutil.which("deja")
    yield Finding("command", bool(deja), deja or "deja is not on the PATH", _unless(deja, INSTALL))


INSTALL = "bash install.sh"


def _unless(ok: object, mend: str) -> str:
    return "" if ok else mend


def _directory(path: Path) -> Finding:
    from backend.system import private

    try:
        private.make(path)
    except (private.UnsafeDirectory, OSError) as error:
        return Finding("directory", False, str(error))
    return Finding("directory", True, f"{path}, for you alone")


def _settings_of_hooks(path: Path) -> Finding:
    """The plugins run it: nobody else may have written it."""
    status = path.stat()
    name = shlex.quote(str(path))
    if status.st_uid != os.getuid():
        found = f"{path} belongs to another user (uid {status.st_uid}): the plugins do not run it"
        return Finding("settings", False, found, f"sudo rm {name}; deja setup")
    if status.st_mode & 0o022:
        found = f"{path} can be written by others: zsh does not run it"
        return Finding("settings", False, found, f"chmod 600 {name}")
    return Finding("settings", True, f"{path}, written by you alone")


def _store(settings: Config) -> Finding:
    import sqlite3

    if not settings.store_file.exists():
        return Finding("history", False, "empty", "deja import")
    try:
        with sqlite3.connect(f"{settings.store_file.as_uri()}?mode=ro", uri=True) as db:
            (problem,) = db.execute("PRAGMA quick_check(1)").fetchone()
            (commands,) = db.execute("SELECT COUNT(*) FROM commands").fetchone()
    except sqlite3.Error as error:
        return Finding("history", False, f"{settings.store_file}: {error}", "deja restart")
    if problem != "ok":
        return Finding("history", False, f"{settings.store_file} is damaged", "deja restart")
    return Finding("history", True, f"{commands:,} commands in {settings.store_file}")


def _model(settings: Config) -> Finding:
    """Loads the model and embeds texts whose vectors are known."""
    from backend.meaning.embedder import Embedder, canonical_error

    try:
        embedder = Embedder(
            settings.model_dir, device=settings.device, precision=settings.precision
        )
    except ModelNotFound as error:
        return Finding("model", False, str(error), INSTALL)
    error_ = canonical_error(embedder)
    found = (
        f"{embedder.precision}, {embedder.dimension} dimensions, {', '.join(embedder.providers)}, "
        f"known vectors reproduced within {error_:.1e}"
    )
    if embedder.warning:
        found += f"; {embedder.warning}"
    return Finding("model", True, found)


def _daemon(settings: Config, model_is_well: bool) -> Finding:
    try:
        with client.connect(settings.rendezvous_file) as connection:
            status = dict(connection.ask(protocol.request("status"), TIMEOUT_S))
    except (client.Unavailable, client.Refused) as error:
        return Finding("daemon", False, str(error).split(";")[0], "deja start")
    found = f"pid {status['pid']}, {status['embedded']} of {status['commands']} embedded"
    if "outdated" in status:
        found += f", {status['outdated']} of them by an older vector, being made anew"
    if model_is_well and "model_problem" in status and status.get("loading") != "1":
        # Started with another configuration than this command's, or before the model came.
        return Finding("daemon", False, f"{found}; {status['model_problem']}", "deja restart")
    if "problem" in status:
        return Finding("daemon", False, f"{found}; {status['problem']}", "deja logs")
    if _knows_a_typed_line(status["pid"]):
        told = f"{found}; its environment holds what a shell exported"
        return Finding("daemon", False, told, "deja restart")
    if "masked" in status:
        found += f"; newer rules for secrets have masked {status['masked']}"
    if "limited" in status:
        found += f"; too long to be kept whole: {status['limited']}"
    return Finding("daemon", True, found)


def _knows_a_typed_line(pid: str) -> bool:
    """Whether a daemon that an older deja started keeps more than it needs. Only Linux tells."""
    try:
        fields = Path(f"/proc/{pid}/environ").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return False
    pairs = (field.partition("=") for field in fields)
    environment = {name: value for name, _, value in pairs if name}
    return clean(environment) != environment


def _pauses(settings: Config) -> Finding:
    """No mistake, unless all shells are paused without an end: somebody has forgotten it."""
    found = pauses.running(str(settings.data_dir))
    told = "; ".join(pauses.told(name, until) for name, until in found.items())
    forgotten = pauses.ALL in found and found[pauses.ALL] is None
    mend = "deja resume --all" if forgotten else ""
    return Finding("paused", not forgotten, told or "no shell", mend)


def _shells(settings: Config) -> Iterator[Finding]:
    """Whether a start-up file of each installed shell loads the plugin."""
    for shell, rc in (("zsh", ".zshrc"), ("bash", ".bashrc"), ("fish", "config.fish")):
        if not shutil.which(shell):
            continue
        path = _rc_dir(shell) / rc
        text = path.read_bytes() if path.exists() else b""
        ok = _names_deja(text)
        yield Finding(
            shell,
            ok,
            f"{path} {'loads' if ok else 'does not load'} the plugin",
            _unless(ok, f"deja init {shell} >> {shlex.quote(str(path))}"),
        )


def _names_deja(text: bytes) -> bool:
    """Whether a line that is no comment does: plugin managers have many ways to say so."""
    lines = (line.strip() for line in text.splitlines())
    return any(b"deja" in line and not line.startswith(b"#") for line in lines)


def _rc_dir(shell: str) -> Path:
    if shell == "fish":
        return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "fish"
    zdotdir = os.environ.get("ZDOTDIR") if shell == "zsh" else None
    return Path(zdotdir) if zdotdir else Path.home()
