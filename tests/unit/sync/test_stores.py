"""The contract of a storage, held by all three kinds; and what each says when it cannot."""

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import storages

from backend.sync.stores import open_store
from backend.sync.stores.store import Entry, Exists, Missing, ObjectStore, StorageError

NAME = "v1/0123456789abcdef/00000001.age"


@pytest.fixture(params=storages.KINDS)
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ObjectStore]:
    for name, value in storages.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with storages.url_of(request.param, tmp_path) as url:
        yield open_store(url)


@pytest.mark.slow
def test_the_contract(store: ObjectStore) -> None:
    assert store.list() == []
    with pytest.raises(Missing):
        store.get(NAME)
    store.delete(NAME)
    store.create(NAME, b"first")
    with pytest.raises(Exists):
        store.create(NAME, b"second")
    assert store.get(NAME) == b"first"
    store.replace(NAME, b"the third")
    assert store.get(NAME) == b"the third"
    store.replace("v1/key-check.age", bytes(range(256)) * 1000)
    assert store.get("v1/key-check.age") == bytes(range(256)) * 1000
    assert sorted(store.list()) == [Entry(NAME, 9), Entry("v1/key-check.age", 256_000)]
    store.delete(NAME)
    store.delete(NAME)
    assert store.list() == [Entry("v1/key-check.age", 256_000)]


@pytest.mark.slow
def test_what_is_empty_is_a_file(store: ObjectStore) -> None:
    store.create(NAME, b"")
    assert store.get(NAME) == b""
    with pytest.raises(Exists):
        store.create(NAME, b"second")


def test_of_many_that_create_one_wins(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    won: list[int] = []

    def create(number: int) -> None:
        try:
            store.create(NAME, b"%d" % number)
        except Exists:
            return
        won.append(number)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.get(NAME)] == [b"%d" % number for number in won]


def test_a_folder_leaves_nothing_beside_its_files(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    store.create(NAME, b"first")
    store.replace(NAME, b"second")
    with pytest.raises(Exists):
        store.create(NAME, b"third")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / NAME]
    assert files[0].stat().st_mode & 0o777 == 0o600
    assert files[0].parent.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_process_left_is_not_listed_and_goes_after_an_hour(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    store.create(NAME, b"first")
    for name, age in (("young", 60), ("old", 4000)):
        left = (tmp_path / NAME).with_name(f".deja-1-{name}.tmp")
        left.write_bytes(b"half of")
        os.utime(left, (left.stat().st_mtime - age,) * 2)
    assert store.list() == [Entry(NAME, 5)]
    assert sorted(path.name for path in (tmp_path / NAME).parent.iterdir()) == [
        ".deja-1-young.tmp",
        "00000001.age",
    ]


def test_a_file_system_without_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_link)
    store = open_store(str(tmp_path))
    store.create(NAME, b"first")
    with pytest.raises(Exists):
        store.create(NAME, b"second")
    assert store.get(NAME) == b"first"


def test_a_folder_that_is_not_mounted_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "not mounted"
    with pytest.raises(StorageError, match="is it mounted"):
        open_store(str(missing)).list()
    assert not missing.exists()


def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    store = open_store(str(tmp_path))
    with pytest.raises(StorageError, match=r"No space left.*then run: deja sync"):
        store.create(NAME, b"first")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://host/path", "is no storage that deja knows"),
        ("s3://", "names no bucket"),
        ("s3://bucket/x?secret=1", "after ? may stand endpoint, region, profile"),
        ("rclone:remote", "names no remote"),
        ("rclone:--config=/etc/passwd:x", "names no remote"),
    ],
)
def test_a_url_that_is_none_is_refused(url: str, said: str) -> None:
    with pytest.raises(StorageError) as caught:
        open_store(url)
    assert said in str(caught.value)


@pytest.mark.slow
def test_a_bucket_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in storages.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with storages.bucket() as url, pytest.raises(StorageError, match="there is no such bucket"):
        open_store(url.replace("histories", "nothing-here")).list()


@pytest.mark.slow
def test_a_remote_that_rclone_does_not_know_is_named() -> None:
    with pytest.raises(StorageError, match="rclone cannot list"):
        open_store("rclone:nobody-has-this:x").list()


def test_without_rclone_its_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StorageError, match="rclone is not installed"):
        open_store("rclone:remote:x").list()


def test_a_profile_of_aws_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.sync.stores import aws

    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text(
        "[default]\naws_access_key_id = one\naws_secret_access_key = two\n"
        "[r2]\naws_access_key_id = three\naws_secret_access_key = four\n"
    )
    (tmp_path / ".aws" / "config").write_text(
        "[default]\nregion = eu-west-1\n[profile r2]\nendpoint_url = https://r2.example\n"
    )
    default = {"access_key_id": "one", "secret_access_key": "two", "region": "eu-west-1"}
    assert aws.settings(None) == default
    assert aws.settings("r2") == {
        "access_key_id": "three",
        "secret_access_key": "four",
        "endpoint": "https://r2.example",
    }
    monkeypatch.setenv("AWS_PROFILE", "r2")
    assert aws.settings(None)["access_key_id"] == "three"


def test_kill_9_between_any_two_operations_leaves_no_half_file(tmp_path: Path) -> None:
    """A process that writes 1 MB files for as long as it lives, killed at some moment."""
    code = (
        "import sys; from backend.sync.stores import open_store\n"
        "store = open_store(sys.argv[1]); print(flush=True)\n"
        "for at in range(100000):\n"
        "    store.create(f'v1/{at:016x}/00000001.age', bytes([at % 256]) * (1 << 20))\n"
        "    store.replace(f'v1/{at:016x}/00000001.age', bytes([at % 256]) * (1 << 20))\n"
    )

    for turn in range(8):
        folder = tmp_path / str(turn)
        folder.mkdir()
        arguments = [sys.executable, "-c", code, str(folder)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE) as child:
            assert child.stdout
            child.stdout.readline()
            time.sleep(0.01 + turn * 0.013)
            child.kill()
        store = open_store(str(folder))
        for entry in store.list():
            assert entry.size == len(store.get(entry.name)) == 1 << 20
