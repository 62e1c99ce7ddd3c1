"""What is set in config.toml: names that mean nothing, and values that the picker cannot use."""

import shlex
from collections.abc import Iterator

from backend import settings as known
from backend.commands.checks.finding import Finding
from backend.config import Config
from shell_plugin.pick.configuration import check as picker


def check(settings: Config) -> Iterator[Finding]:
    """A finding for each thing that is wrong, or one that nothing is."""
    path = settings.config_file
    table = known.read_file(path)
    mistakes = picker.unknown(table, (*(each.name for each in known.SETTINGS), "picker"))
    mistakes += picker.checked(table.get("picker", {}))[1]
    for mistake in mistakes:
        mend = f"${{EDITOR:-vi}} {shlex.quote(str(path))}"
        yield Finding("config", False, f"{path}: {mistake}", mend)
    if not mistakes:
        found = f"{path}, every setting known" if table else f"{path} sets nothing: the defaults"
        yield Finding("config", True, found)
