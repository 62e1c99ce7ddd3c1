"""Vectors on disk: what was written is found again, what is damaged is noticed."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from backend.meaning import scan, vectors
from backend.meaning.stamp import STAMP, StaleVectors
from backend.meaning.vectors import DamagedVectors, Vectors

DIMENSION = 48


def unit(count: int, seed: int = 0, dimension: int = DIMENSION) -> np.ndarray:
    made = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def opened(directory: Path, model: str = "m", dimension: int = DIMENSION) -> Vectors:
    return Vectors(directory / "vectors", model, dimension)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A directory with the vectors of commands 1 to 100."""
    made = opened(tmp_path)
    made.add(range(1, 101), unit(100))
    made.close()
    return tmp_path


def overwrite(path: Path, at: int, data: bytes = b"\x55\xaa") -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def test_what_was_added_is_found_and_survives_a_restart(tmp_path: Path) -> None:
    made, data = opened(tmp_path), unit(300)
    for first in range(0, 300, 70):
        made.add(range(first, min(first + 70, 300)), data[first : first + 70])
    for found in (made, opened(tmp_path)):
        assert found.ids.tolist() == list(range(300))
        for row in (0, 123, 299):
            slots, cosines = found.search(data[row], 3)
            assert slots[0] == row
            assert cosines[0] == pytest.approx(1.0, abs=1e-3)
            assert cosines.tolist() == sorted(cosines, reverse=True)


@pytest.mark.parametrize("rows", [2, 3, 101])
def test_two_threads_find_what_one_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    found = opened(tmp_path)
    found.add(range(rows), unit(rows))
    alone = [found.search(query, 10) for query in unit(20, seed=1)]
    monkeypatch.setattr(scan, "SHARED_ROWS", 2)
    for query, (slots, cosines) in zip(unit(20, seed=1), alone, strict=True):
        shared = found.search(query, 10)
        assert shared[0].tolist() == slots.tolist()
        assert np.array_equal(shared[1], cosines)


def test_scans_leave_the_count_of_nones_references_alone(filled: Path) -> None:
    """A C function that gives None back without counting it kills the interpreter in the end."""
    found, query = opened(filled), unit(1)[0]
    before = sys.getrefcount(None)
    for _ in range(500):
        found.search(query, 10)
    assert abs(sys.getrefcount(None) - before) < 100


def test_only_the_allowed(filled: Path) -> None:
    allowed = np.zeros(100, bool)
    allowed[[3, 50]] = True
    slots, _ = opened(filled).search(unit(100)[7], 10, allowed)
    assert sorted(slots.tolist()) == [3, 50]


@pytest.mark.parametrize("share", [0.0, 0.01, 0.03, 0.04, 0.1, 0.6, 1.0])
def test_of_few_and_of_many_allowed_the_same_are_nearest(tmp_path: Path, share: float) -> None:
    data, found = unit(400), opened(tmp_path)
    found.add(range(400), data)
    allowed = np.random.default_rng(1).random(400) < share
    for query in unit(5, seed=2):
        slots, _ = found.search(query, 7, allowed)
        order = np.argsort(-(data @ query), kind="stable")
        assert slots.tolist() == order[allowed[order]][:7].tolist()


def test_no_vectors_no_results(tmp_path: Path) -> None:
    slots, cosines = opened(tmp_path).search(unit(1)[0], 10)
    assert (len(slots), len(cosines)) == (0, 0)


def test_files_are_private(filled: Path) -> None:
    directory = filled / "vectors"
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in directory.iterdir()} == {0o600}


@pytest.mark.parametrize("name", [vectors.CODES, vectors.EXACT, vectors.ROWS])
@pytest.mark.parametrize("cut", [1, 100])
def test_a_write_torn_by_a_crash_costs_the_last_rows(filled: Path, name: str, cut: int) -> None:
    path = filled / "vectors" / name
    os.truncate(path, path.stat().st_size - cut)
    found = opened(filled)
    rows = len(found)
    assert 90 <= rows < 100
    found.add([500], unit(1, seed=9))
    found.close()
    again = opened(filled)
    assert again.ids.tolist() == [*range(1, rows + 1), 500]
    assert again.search(unit(1, seed=9)[0], 1)[0].tolist() == [rows]


def test_a_failed_write_is_written_over(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, real = opened(filled), os.pwrite

    def full_disk(file: int, data: bytes, offset: int) -> int:
        real(file, data[:17], offset)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full_disk)
    with pytest.raises(OSError, match="No space"):
        found.add([200, 201], unit(2, seed=3))
    monkeypatch.setattr(os, "pwrite", real)
    found.add([300], unit(1, seed=4))
    for each in (found, opened(filled)):
        assert each.ids.tolist() == [*range(1, 101), 300]
        assert each.search(unit(1, seed=4)[0], 1)[0].tolist() == [100]


@pytest.mark.parametrize("name", [vectors.CODES, vectors.ROWS])
@pytest.mark.parametrize("place", [0.0, 0.5, 0.99])
def test_damage_is_noticed_when_they_are_opened(filled: Path, name: str, place: float) -> None:
    path = filled / "vectors" / name
    overwrite(path, int(path.stat().st_size * place))
    with pytest.raises(DamagedVectors):
        opened(filled)


def test_damage_of_exact_vectors_is_noticed_when_they_are_read(filled: Path) -> None:
    path = filled / "vectors" / vectors.EXACT
    overwrite(path, 2 * DIMENSION * 40 + 10)
    found = opened(filled)
    with pytest.raises(DamagedVectors):
        found.search(unit(100)[40], 5)


def test_pages_that_never_reached_the_disk_are_noticed(filled: Path) -> None:
    """After a power cut a file may have its length and not its bytes."""
    for name in (vectors.CODES, vectors.EXACT, vectors.ROWS):
        path = filled / "vectors" / name
        size = path.stat().st_size
        overwrite(path, size * 3 // 4, bytes(size - size * 3 // 4))
    with pytest.raises(DamagedVectors):
        opened(filled)


@pytest.mark.parametrize(("model", "dimension"), [("other", DIMENSION), ("m", 16)])
def test_vectors_of_another_model_are_refused(filled: Path, model: str, dimension: int) -> None:
    with pytest.raises(StaleVectors, match=r"^Different embedding dimensions.*build_index"):
        opened(filled, model, dimension)
    vectors.remove(filled / "vectors")
    assert len(opened(filled, model, dimension)) == 0


@pytest.mark.parametrize("stamp", ["", "{", "[]", "null", '{"model": 1}'])
def test_a_stamp_that_is_none_is_of_another_model(filled: Path, stamp: str) -> None:
    (filled / "vectors" / STAMP).write_text(stamp)
    with pytest.raises(StaleVectors):
        opened(filled)


def test_dropped_rows_are_gone_from_the_files(filled: Path) -> None:
    found, data = opened(filled), unit(100)
    found.drop([1, 50, 100, 777])
    assert len(found) == 97
    for each in (found, opened(filled)):
        slots, _ = each.search(data[1], 1)
        assert each.ids[slots[0]] == 2
        assert each.search(data[49], 1)[1][0] < 0.99
    exact = (filled / "vectors" / vectors.EXACT).read_bytes()
    assert data[49].astype(np.float16).tobytes() not in exact
    assert data[48].astype(np.float16).tobytes() in exact


@pytest.mark.parametrize("width", [1, 5, 8, 30])
def test_every_changed_byte_changes_the_checksum(width: int) -> None:
    rows = np.arange(3 * width, dtype=np.int8).reshape(3, width)
    ids = np.array([1, 2, 3])
    before = vectors.checksums(rows, ids)
    for column in range(width):
        changed = rows.copy()
        changed[1, column] += 1
        after = vectors.checksums(changed, ids)
        assert (after != before).tolist() == [False, True, False]
    assert (vectors.checksums(rows, ids + 1) != before).all()


def test_recall_of_the_scan_on_real_embeddings(tmp_path: Path, model_dir: Path) -> None:
    """recall@10 of int8 codes and exact rescoring against exact float32, on commands."""
    from backend.meaning.embedder import Embedder

    verbs = "ls cp mv tar git docker kubectl find grep ssh curl pip npm make systemctl".split()
    things = "log image pod branch file archive port user disk key index cache test page".split()
    ways = ["", "-v", "--all", "-f /etc/hosts", "| sort -rn | head", "> out.txt", "2>/dev/null"]
    texts = [f"{verb} {thing} {way}" for verb in verbs for thing in things for way in ways]
    embedder = Embedder(model_dir)
    data = embedder.embed(texts)
    queries = embedder.embed(
        [f"how to {verb} the {thing}" for verb, thing in zip(verbs, things, strict=False)]
    )
    found = Vectors(tmp_path / "v", embedder.model_id, embedder.dimension)
    found.add(range(len(texts)), data)
    hits = 0
    for query in queries:
        exact = data @ query
        slots, _ = found.search(query, 10)
        # Equal cosines may come in any order: the tenth best is the measure.
        hits += int((exact[slots] >= np.sort(exact)[-10] - 1e-4).sum())
    assert hits / (10 * len(queries)) >= 0.995


def test_replaced_rows_are_found_in_place_of_those_before(filled: Path) -> None:
    found, other = opened(filled), unit(2, seed=5)
    found.replace(np.array([3, 70]), other, np.array([8, 9], np.uint32))
    for each in (found, opened(filled)):
        assert each.ids.tolist() == list(range(1, 101))
        assert each.texts[[2, 3, 70]].tolist() == [0, 8, 9]
        assert each.search(other[1], 1)[0].tolist() == [70]
        assert each.search(unit(100)[3], 1)[1][0] < 0.99


@pytest.mark.parametrize("writes", range(4))
def test_a_crash_while_a_row_is_replaced_costs_that_row_alone(
    filled: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    found, real, done = opened(filled), os.pwrite, 0

    def killed(file: int, data: bytes, offset: int) -> int:
        nonlocal done
        done += 1
        if done > writes:
            raise KeyboardInterrupt
        return real(file, data, offset)

    monkeypatch.setattr(os, "pwrite", killed)
    with pytest.raises(KeyboardInterrupt):
        found.replace(np.array([7]), unit(1, seed=5), np.array([1], np.uint32))
    monkeypatch.undo()
    again = opened(filled)
    left = [*range(1, 8), 0 if writes else 8, *range(9, 101)]
    assert again.ids.tolist() == left
    assert again.search(unit(100)[3], 1)[0].tolist() == [3]


def test_by_which_words_they_were_compared_survives_a_restart(filled: Path) -> None:
    found = opened(filled)
    assert found.words == ""
    found.compared("of today")
    assert (found.words, opened(filled).words) == ("of today", "of today")
    found.drop([1])
    assert opened(filled).words == "of today"
