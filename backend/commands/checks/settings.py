"""What is set in config.toml: names that mean nothing, and values that nobody can use."""

from collections.abc import Iterator

from backend import settings as known
from backend.commands.checks.finding import Finding
from backend.commands.configuring.entries import mistakes
from backend.config import Config

MEND = "deja config edit"


def check(settings: Config) -> Iterator[Finding]:
    """A finding for each thing that is wrong, or one that nothing is."""
    path = settings.config_file
    table = known.read_file(path)
    wrong = mistakes(table)
    for mistake in wrong:
        yield Finding("config", False, f"{path}: {mistake}", MEND)
    if not wrong:
        found = f"{path}, every setting known" if table else f"{path} sets nothing: the defaults"
        yield Finding("config", True, found)
