"""What was typed, found in every row that holds it: against a plain walk over the texts."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.text import occurrences, segment
from backend.text.containment import INSIDE, NOT, OPENS, WORD, levels, opening

COMMANDS = [
    "git branch --show-current",
    "brew reinstall git",
    "digit",
    "GIT_DIR=x make",
    "ls /api/prod | wc -l",
    "curl http://h/api/production",
    "./deploy.sh prod",
    "tar -xzf backup.tgz",
    "echo Grün grün",
]


def found(typed: str, commands: list[str] = COMMANDS) -> dict[str, int]:
    parts = [segment.build([text.encode() for text in commands])]
    of_row = levels(parts, typed.split(), typed)
    return {commands[row]: int(level) for row, level in enumerate(of_row) if level != NOT}


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        (
            "git",
            {COMMANDS[0]: OPENS, COMMANDS[1]: WORD, COMMANDS[2]: INSIDE, COMMANDS[3]: OPENS},
        ),
        ("git b", {COMMANDS[0]: OPENS, COMMANDS[1]: WORD}),
        ("GIT", {COMMANDS[3]: OPENS}),
        ("/api/prod", {COMMANDS[4]: WORD, COMMANDS[5]: INSIDE}),
        ("./dep", {COMMANDS[6]: OPENS}),
        ("-xz", {COMMANDS[7]: WORD}),
        ("|", {COMMANDS[4]: WORD}),
        ("/", {COMMANDS[4]: WORD, COMMANDS[5]: INSIDE, COMMANDS[6]: INSIDE}),
        ("prod /", {COMMANDS[4]: WORD, COMMANDS[5]: INSIDE, COMMANDS[6]: INSIDE}),
        ("grün", {COMMANDS[8]: WORD}),
        ("zzz", {}),
    ],
)
def test_levels(typed: str, held: dict[str, int]) -> None:
    assert found(typed) == held


def test_a_single_letter_inside_counts_where_few_words_open_with_it() -> None:
    assert found("w") == {COMMANDS[4]: WORD, COMMANDS[0]: INSIDE, COMMANDS[1]: INSIDE}
    many = [f"run number{number}" for number in range(60)] + ["tr x"]
    assert found("r", many) == dict.fromkeys(many[:-1], OPENS)


def test_words_behind_a_sign_narrow_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """They stand in the vocabulary: where few commands have them, only those are read."""
    held = ["GET /Api/prod-7", "ls x/api/prod", "get /api/pröd", "cd /apis/prod", "cd /api/ prod"]
    many = [*held, *(f"cat notes{number}" for number in range(200))]
    read = []
    real = occurrences.find

    def counted(texts: occurrences.Bytes, piece: bytes, cased: bool) -> occurrences.Offsets:
        read.append(len(texts))
        return real(texts, piece, cased)

    monkeypatch.setattr(occurrences, "find", counted)
    assert found("/api/prod", many) == {held[0]: WORD, held[1]: INSIDE}
    assert sum(read) < len(" ".join(held))
    assert found("T /Api/", many) == {held[0]: INSIDE}


TEXT = st.text("abAB12 -/.|é", min_size=1, max_size=12).filter(str.strip)


@given(st.lists(TEXT, max_size=8), st.lists(TEXT, max_size=8), TEXT)
def test_as_a_plain_walk_finds_it(first: list[str], second: list[str], line: str) -> None:
    typed = " ".join(line.split())
    # Beside others a single letter has to open a word.
    assume(" " not in typed or not any(len(piece) == 1 for piece in typed.split()))
    commands = first + second
    parts = [segment.build([text.encode() for text in texts]) for texts in (first, second) if texts]
    for text, level in zip(commands, levels(parts, typed.split(), typed).tolist(), strict=True):
        assert bool(level) == all(holds(text, piece) for piece in typed.split()), (text, typed)
        assert (level == OPENS) == opens(text, typed)


def holds(text: str, piece: str) -> bool:
    return piece in (text if re.search("[A-Z]", piece) else text.lower())


def opens(text: str, typed: str) -> bool:
    pieces = typed.split()
    begins = (text if re.search("[A-Z]", typed) else text.lower()).startswith(typed)
    return begins and all(holds(text, piece) for piece in pieces)


@given(st.lists(st.text("gGit -ü", max_size=6), max_size=12), st.text("gGit -ü", max_size=3))
def test_opening_is_what_begins_with_these_bytes(texts: list[str], typed: str) -> None:
    parts = [
        segment.build([text.encode() for text in lot]) for lot in (texts[:5], texts[5:]) if lot
    ]
    begun = [row for row, text in enumerate(texts) if text.startswith(typed)]
    assert opening(parts, typed.encode()).tolist() == begun


@given(st.lists(st.binary(max_size=9), max_size=9), st.binary(min_size=1, max_size=5))
def test_occurrences_are_those_of_a_plain_walk(texts: list[bytes], piece: bytes) -> None:
    whole = piece.join(texts)
    walk = [at for at in range(len(whole)) if whole.startswith(piece, at)]
    assert occurrences.find(np.frombuffer(whole, np.uint8), piece, cased=True).tolist() == walk


def test_occurrences_on_either_side_of_what_is_read_in_one_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(occurrences, "LOT", 16)
    whole = np.frombuffer(b"x" * 14 + b"/Api/" + b"-" * 13 + b"/api/", np.uint8)
    assert occurrences.find(whole, b"/api/", cased=False).tolist() == [14, 32]
    assert occurrences.find(whole, b"/api/", cased=True).tolist() == [32]
