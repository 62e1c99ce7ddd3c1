"""Random passwords of all printable characters, in every slot of every known program.

A share is asserted, for some random text is a path, a variable or a placeholder to everyone:
`'~/x'`, `'****'`. Seeded, so that a failure is the same the next time.
"""

import random
import string

import pytest

from backend.redaction.mask import redact
from backend.redaction.programs import (
    ATTACHED,
    COLON,
    COMMA,
    EQUALS,
    PERCENT,
    POSITIONS,
    PROGRAMS,
    READERS,
    SPACED,
    STORES,
    VALUE,
)

PRINTABLE = string.ascii_letters + string.digits + string.punctuation
EACH = 12
SHARE = 0.995

HEADS = {COLON: "bob:", PERCENT: "bob%", COMMA: "bob,", EQUALS: "k="}


def single(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def double(text: str) -> str:
    return '"' + "".join("\\" + char if char in '"\\$`' else char for char in text) + '"'


def escaped(text: str) -> str:
    return "".join(char if char.isalnum() else "\\" + char for char in text)


def flag_slots() -> list[str]:
    """Every flag of PROGRAMS, with @@ for the value as the shell quotes it, ## for its inside."""
    slots = []
    for program in PROGRAMS:
        name = min(program.names)
        for flag, form in program.flags.items():
            start = f"{name} {program.needs} {flag}".replace("  ", " ")
            head = HEADS.get(form, "")
            if form in (VALUE, SPACED) or head:
                slots.append(f"{start} {head}@@ -x")
            if form in (VALUE, ATTACHED) and not flag.startswith("--"):
                slots.append(f"{start}@@ -x")
            if flag.startswith("--") and form in (VALUE, *HEADS):
                slots.append(f"{start}={head}@@ -x")
    return slots


def place_slots() -> list[str]:
    """Every operand, store and reader of the tables."""
    slots = []
    for words, place in POSITIONS:
        before = " ".join(f"a{n}" for n in range(place if place >= 0 else 2))
        slots.append(f"{' '.join(words)} {before} @@".replace("  ", " "))
    slots += [f"{' '.join(words)} path name=@@" for words in STORES]
    for words in READERS:
        head = "bob:" if words == ("chpasswd",) else ""
        reader = "x login " + words[0] if words[0].startswith("-") else " ".join(words)
        slots += [f"echo {head}@@ | {reader}", f"{reader} <<< {head}@@"]
    return slots


NAMED_SLOTS = [
    "export DB_PASSWORD=@@",
    "export DB_PASSWORD=@@ OTHER=1",
    "API_TOKEN=@@ ./run.sh",
    "declare -x ADMIN_PW=@@",
    "x --password @@ y",
    "x --password=@@ y",
    "x --client-secret @@",
    "x -password @@",
    "docker run -e MYSQL_ROOT_PASSWORD=@@ mysql",
    "wget --user=bob --password=@@ http://h/f",
    "htpasswd -b f bob @@",
    "htpasswd -nbB bob @@ > f",
    "mysql -u root -p@@ shop",
    "git config set password @@",
    "nmcli dev wifi connect Net password @@",
    "x -u bob -p @@ host",
    "sudo -kS ls <<< @@",
    "jq --arg pw @@ .x f",
    "PASSWORDS=(@@ @@)",
    "TOKEN+=@@",
    "echo @@ > ~/.vault_pass.txt",
    "mysqladmin -u root password @@",
    "podman login -u bob -p=@@ quay.io",
    "plink -ssh -pw @@ h",
    "atuin login -u bob -p @@",
]


def masked_share(slots: list[str], quote: object, seed: str) -> tuple[float, list[str]]:
    chance = random.Random(seed)
    left, tried = [], 0
    for slot in slots:
        for _ in range(EACH):
            value = "".join(chance.choices(PRINTABLE, k=chance.randint(8, 20)))
            written = quote(value)  # type: ignore[operator]
            safe = redact(slot.replace("@@", written))
            tried += 1
            inner = written.strip("'\"")
            if inner in safe or inner[len(inner) // 2 :] in safe:
                left.append(slot.replace("@@", written))
    return 1 - len(left) / tried, left


@pytest.mark.slow
@pytest.mark.parametrize("quote", [single, double, escaped])
@pytest.mark.parametrize("slots", [flag_slots(), place_slots(), NAMED_SLOTS])
def test_nearly_every_random_password_is_masked(slots: list[str], quote: object) -> None:
    share, left = masked_share(slots, quote, "deja")
    assert share >= SHARE, left
