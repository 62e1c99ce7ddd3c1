"""The text index: words, prefixes, pieces, typing errors, growth, and its file."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.query import words
from backend.query.parse import parse
from backend.system import cache_file
from backend.text import segment, segment_file, typos
from backend.text.index import FRESH_ROWS, Stale, TextIndex
from backend.text.segment import Segment

COMMANDS = [
    "docker ps -a",
    "kubectl get pods -n prod",
    "tar -xzf backup.tgz",
    "git commit --amend --no-edit",
    "find . -name '*.py' -print0 | xargs -0 wc -l",
    "cat /etc/passwd",
    "mvn -Dtest=SubscriptionServiceTest test",
    "docker compose up -d",
    "sudo mount /dev/sdb1 /mnt/usb",
    "echo grüße Ärger",
]


def indexed(commands: list[str] | None = None) -> TextIndex:
    index = TextIndex()
    index.add(COMMANDS if commands is None else commands)
    return index


def found(index: TextIndex, text: str, k: int = 10, **how: object) -> list[str]:
    match = index.search(parse(text, 0.0, index), k, **how)  # type: ignore[arg-type]
    return [index.text(row) for row in match.rows.tolist()]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("kubectl prod -n", COMMANDS[1]),
        ("pods", COMMANDS[1]),
        ("kube", COMMANDS[1]),  # a prefix
        ("ubectl", COMMANDS[1]),  # a piece
        ("subscription service", COMMANDS[6]),  # words in a word
        ("dokcer compose", COMMANDS[7]),  # a swap
        ("kubeclt gte pods", COMMANDS[1]),
        ("passswd", COMMANDS[5]),
        ("sudom ount", COMMANDS[8]),  # a space moved
        ("-print0", COMMANDS[4]),
        ("/etc/passwd", COMMANDS[5]),
        ("ÄRGER", COMMANDS[9]),
        ("|", COMMANDS[4]),  # no word at all
        ("'*.", COMMANDS[4]),
    ],
)
def test_finds(text: str, command: str) -> None:
    assert found(indexed(), text)[0] == command


def test_a_whole_word_is_worth_more_than_an_opening_and_that_more_than_a_piece() -> None:
    index = indexed(["gitk", "legit", "git"])
    assert found(index, "git") == ["git", "gitk", "legit"]


def test_rows_with_all_words_come_first() -> None:
    index = indexed(["rare rare2", "common thing"] + ["common x"] * 20 + ["common rarest"])
    assert found(index, "common rare", 1) == ["common rarest"]


def test_equal_rows_newer_first_unless_a_prior_says_otherwise() -> None:
    index = indexed(["ls a", "ls b"])
    assert found(index, "ls") == ["ls b", "ls a"]
    prior = np.array([1, 0], np.float32)
    assert found(index, "ls", prior=prior) == ["ls a", "ls b"]


def test_rows_that_are_not_allowed_are_not_found() -> None:
    index = indexed()
    allowed = np.ones(len(index), np.bool_)
    allowed[0] = False
    assert found(index, "docker", allowed=allowed) == [COMMANDS[7]]
    assert COMMANDS[4] not in found(index, "|", allowed=np.zeros(len(index), np.bool_))


def test_excluded_words() -> None:
    assert found(indexed(), "docker -compose") == [COMMANDS[0]]


def test_scores_are_of_every_row() -> None:
    match = indexed().search(parse("docker", 0.0), 1)
    assert len(match.rows) == 1 and len(match.scores) == len(COMMANDS)
    assert np.count_nonzero(match.scores) == 2 and match.covered[7] == 1


def test_what_is_added_while_parts_become_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.text.index.MERGED_AT_ONCE", 1)
    first, second, third = (
        [f"tool{lot} --flag{number}" for number in range(FRESH_ROWS)] for lot in range(3)
    )
    index, real = indexed(first), segment.merge
    index.add(second)

    def slow(parts: Sequence[Segment]) -> Segment:
        monkeypatch.setattr(segment, "merge", real)
        index.add(third)
        return real(parts)

    monkeypatch.setattr(segment, "merge", slow)
    index.compact()
    assert [len(part) for part in index.parts()] == [2 * FRESH_ROWS, FRESH_ROWS]
    assert [index.text(row) for row in range(len(index))] == [*first, *second, *third]
    assert third[7] in found(index, "tool2 --flag7")


def test_nothing_is_in_an_empty_index() -> None:
    assert found(TextIndex(), "docker") == []


def test_one_by_one_is_like_at_once() -> None:
    commands = [f"tool{number % 7} --flag{number} name{number}" for number in range(3 * FRESH_ROWS)]
    bulk, grown = indexed(commands), TextIndex()
    for command in commands:
        grown.add([command])
    for text in ("tool3 flag10", "name5", "--flag700", "tol5 name77"):
        assert found(grown, text)[0] == found(bulk, text)[0]
        assert set(found(grown, text, 500)) == set(found(bulk, text, 500))
    before = found(grown, "tool3")
    grown.compact()
    assert found(grown, "tool3") == before
    assert [grown.text(row) for row in range(len(grown))] == commands


@given(st.lists(st.lists(st.text(max_size=12), max_size=5), min_size=1, max_size=5))
def test_merged_parts_are_what_all_rows_at_once_make(texts: list[list[str]]) -> None:
    encoded = [[words.encode(text) for text in part] for part in texts]
    merged = segment.merge([segment.build(part) for part in encoded])
    built = segment.build([text for part in encoded for text in part])
    assert (merged.texts, merged.vocabulary) == (built.texts, built.vocabulary)
    for name in ("text_ends", "word_ends", "posting_ends", "postings", "lengths", "letters"):
        one, other = getattr(merged, name), getattr(built, name)
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist(), name


def test_what_was_added_is_found_at_once() -> None:
    index = indexed()
    index.add(["brandnew command"])
    assert found(index, "brandnew") == ["brandnew command"]
    assert index.knows("brandnew") and not index.knows("brand")
    assert index.knows("-xzf") and not index.knows("-backup")


def test_saved_and_loaded(tmp_path: Path) -> None:
    index = indexed()
    index.add(["git push"])
    index.save(tmp_path / "text", "stamp")
    assert (tmp_path / "text").stat().st_mode & 0o077 == 0
    loaded = TextIndex.load(tmp_path / "text", "stamp")
    loaded.add(["git pull"])
    assert found(loaded, "git") == ["git pull", "git push", COMMANDS[3]]
    assert [loaded.text(row) for row in range(len(index))] == [*COMMANDS, "git push"]
    loaded.compact()
    loaded.save(tmp_path / "text", "next")
    assert len(TextIndex.load(tmp_path / "text", "next")) == len(COMMANDS) + 2


def test_an_empty_index_is_saved_too(tmp_path: Path) -> None:
    TextIndex().save(tmp_path / "text", "s")
    assert found(TextIndex.load(tmp_path / "text", "s"), "x") == []


def test_a_stale_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text"
    with pytest.raises(Stale):
        TextIndex.load(path, "stamp")
    indexed().save(path, "stamp")
    with pytest.raises(Stale):
        TextIndex.load(path, "another")
    whole = path.read_bytes()
    for length in (0, 1, 60, len(whole) // 2, len(whole) - 64):
        path.write_bytes(whole[:length])
        with pytest.raises(Stale):
            TextIndex.load(path, "stamp")


@given(st.lists(st.text(), max_size=8), st.text(max_size=20))
def test_any_text_is_kept_and_searched(commands: list[str], text: str) -> None:
    index = indexed(commands)
    assert [index.text(row) for row in range(len(index))] == commands
    assert set(found(index, text)) <= set(commands)


def test_bytes_that_are_no_utf8_are_kept() -> None:
    command = b"cat caf\xe9.txt".decode("utf-8", "surrogateescape")
    index = indexed([command])
    assert index.text(0) == command and found(index, "caf") == [command]


def test_no_such_row() -> None:
    for row in (-1, len(COMMANDS)):
        with pytest.raises(IndexError):
            indexed().text(row)


def test_words_of_a_command() -> None:
    text = words.encode("git --max-depth=3 parseHTMLFile2 -")
    assert words.words(text) == [
        b"git", b"--max-depth", b"max", b"depth", b"3", b"parsehtmlfile2",
        b"parse", b"html", b"file", b"2",
    ]  # fmt: skip


@given(st.text("abcxyz", min_size=1, max_size=9), st.text("abcxyz", min_size=1, max_size=9))
def test_letter_masks_discard_no_word_that_is_near(one: str, other: str) -> None:
    first, second = one.encode(), other.encode()
    masks = np.array([typos.letters(second)], np.uint64)
    for errors in (1, 2):
        if typos.distance(first, second, errors) <= errors:
            assert len(typos.maybe(masks, first, errors)) == 1


def test_numbers_and_short_words_tolerate_no_errors() -> None:
    assert [typos.tolerated(word) for word in (b"ls", b"8080", b"grep", b"docker")] == [0, 0, 1, 2]


def test_exact_text_is_found_in_one_text_and_not_across_two() -> None:
    part = segment.build([b"ab", b"cd", b"xbcx"])
    assert part.holding(b"bc", 5) == [2]
    assert part.holding(b"b", 5) == [2, 0]
    assert part.holding(b"b", 1) == [2]


@pytest.mark.parametrize("text", ["検索する" * 30, "ค้นหา" * 30, "x" * 63 + "é" * 9])
def test_a_long_word_is_cut_between_characters(text: str) -> None:
    index = indexed([text, "ls"])
    assert all(words.decode(word) for word in words.words(words.encode(text)))
    assert found(index, text)[0] == text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda parts: parts[0].pop("letters"),
        lambda parts: parts[0].__setitem__("postings", "no place"),
        lambda parts: parts[0].__setitem__("lengths", [0, 1 << 40]),
        lambda parts: parts[0].__setitem__("texts", [1 << 40, 1]),
    ],
)
def test_a_file_whose_header_lies_is_stale(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[list[dict[str, object]]], object],
) -> None:
    path = tmp_path / "text.index"
    indexed().save(path, "stamp")
    described, mapped, start = cache_file.load(path, segment_file.MAGIC, "stamp")
    spoil(described["parts"])
    monkeypatch.setattr(cache_file, "load", lambda *_: (described, mapped, start))
    with pytest.raises(Stale):
        TextIndex.load(path, "stamp")


def test_pages_of_a_saved_index_are_let_go_of(tmp_path: Path) -> None:
    path = tmp_path / "text.index"
    indexed().save(path, "stamp")
    loaded = TextIndex.load(path, "stamp")
    before = found(loaded, "docker")
    loaded.give_back_pages()
    assert found(loaded, "docker") == before
