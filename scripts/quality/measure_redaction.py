"""Figures of backend/redaction/mask.py: secrets masked, look-alikes touched, time a command.

Run from the repository root; it needs nothing but Python:

    python scripts/quality/measure_redaction.py [--misses] [--cases FILE] [--history FILE]
        [--detect-secrets]

--cases: secrets that others wrote, one a line: group, kind, JSON list of the values, JSON string
of the command, between tabs.
--history: a file of harmless commands, one a line; how many would be touched.
--detect-secrets: the same samples through that library (it must be installed).
"""

import argparse
import json
import random
import re
import string
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from backend.redaction.mask import redact

DATA = ROOT / "tests" / "data"
SETS = ("tuned", "held-back")

_ALPHABETS = {
    "a": string.ascii_letters + string.digits,
    "l": string.ascii_lowercase + string.digits,
    "u": string.ascii_uppercase + string.digits,
    "h": "0123456789abcdef",
    "d": string.digits,
    "b": string.ascii_letters + string.digits + "-_",
    "s": string.ascii_letters + string.digits + "+/",
}
_PLACEHOLDER = re.compile(r"‹([aluhdbs])(\d+)›")


@dataclass(frozen=True)
class Sample:
    """A command, and what must not be left of it (None: it must stay as it is)."""

    command: str
    secret: str | None = None
    # A short secret's half may stand elsewhere in the command.
    shortest_half: int = 1

    def is_right(self, redacted: str) -> bool:
        """Neither the secret nor its second half is left; a harmless command is unchanged."""
        if self.secret is None:
            return redacted == self.command
        half = self.secret[len(self.secret) // 2 :]
        return self.secret not in redacted and (
            len(half) < self.shortest_half or half not in redacted
        )


def secrets(name: str) -> list[Sample]:
    """The samples of tests/data/secrets-<name>.tsv, placeholders filled in the same way always."""
    samples = []
    for line in _lines(f"secrets-{name}.tsv"):
        secret, command = _fill(line.replace("⏎", "\n")).split("\t")
        samples.append(Sample(command.replace("@@@", secret + "@").replace("@@", secret), secret))
        if secret not in samples[-1].command:
            raise ValueError(f"the secret is not in the command: {line}")
    return samples


def harmless(name: str) -> list[Sample]:
    """The samples of tests/data/harmless-<name>.txt."""
    return [Sample(_fill(line)) for line in _lines(f"harmless-{name}.txt")]


def cases(path: Path) -> dict[str, list[Sample]]:
    """The samples of a file that others wrote, by group; see --cases."""
    groups: dict[str, list[Sample]] = {}
    for line in path.read_text("utf-8").splitlines():
        group, _, values, command = line.split("\t")
        groups.setdefault(group, []).extend(
            Sample(json.loads(command), value, 5) for value in json.loads(values)
        )
    return groups


def _lines(name: str) -> list[str]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


def _fill(line: str) -> str:
    """Placeholders become random text: whole tokens in a file would upset secret scanners."""
    chance = random.Random(line)
    return _PLACEHOLDER.sub(
        lambda match: "".join(chance.choices(_ALPHABETS[match[1]], k=int(match[2]))), line
    )


def mask_with_deja(commands: list[str]) -> list[str]:
    """What deja stores."""
    return [redact(command) for command in commands]


def mask_with_detect_secrets(commands: list[str]) -> list[str]:
    """The library's own scan of a file, with all its default plugins and filters."""
    from detect_secrets.core.scan import scan_file  # type: ignore[import-not-found]
    from detect_secrets.settings import default_settings  # type: ignore[import-not-found]

    lines = [line for command in commands for line in command.split("\n")]
    owners = [n for n, command in enumerate(commands) for _ in command.split("\n")]
    masked = list(commands)
    with tempfile.TemporaryDirectory() as folder, default_settings():
        path = Path(folder) / "history.sh"
        path.write_text("\n".join(lines), "utf-8", "surrogateescape")
        for secret in scan_file(str(path)):
            owner = owners[secret.line_number - 1]
            masked[owner] = masked[owner].replace(secret.secret_value, "***")
    return masked


def report(
    label: str, samples: list[Sample], mask: Callable[[list[str]], list[str]], misses: bool
) -> None:
    """One line: how many were treated right, and microseconds a command."""
    commands = [sample.command for sample in samples]
    started = time.perf_counter()
    masked = mask(commands)
    microseconds = (time.perf_counter() - started) / max(1, len(samples)) * 1e6
    wrong = [
        (sample, text)
        for sample, text in zip(samples, masked, strict=True)
        if not sample.is_right(text)
    ]
    right = len(samples) - len(wrong)
    share = right / max(1, len(samples))
    changed = sum(text != command for text, command in zip(masked, commands, strict=True))
    figures = f"{right:5} of {len(samples):5} right ({share:.2%}), {changed} changed"
    print(f"{label:20} {figures}, {microseconds:.1f} µs each")
    if misses:
        for sample, text in wrong:
            print(f"    {sample.command!r}\n -> {text!r}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--history", type=Path)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--detect-secrets", action="store_true")
    parser.add_argument("--only", choices=SETS)
    options = parser.parse_args()
    mask = mask_with_detect_secrets if options.detect_secrets else mask_with_deja
    for group, samples in cases(options.cases).items() if options.cases else ():
        report(group, samples, mask, options.misses)
    for name in [options.only] if options.only else SETS:
        report(f"secrets, {name}", secrets(name), mask, options.misses)
        report(f"harmless, {name}", harmless(name), mask, options.misses)
    if options.history:
        lines = options.history.read_text("utf-8", "surrogateescape").splitlines()
        report("history", [Sample(line) for line in lines], mask, options.misses)


if __name__ == "__main__":
    main()
