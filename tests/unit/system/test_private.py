"""What is this user's alone is made so, and refused when it is not, with what mends it."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

import pytest

from backend.config import Config
from backend.system import private
from backend.system.private import MAX_SOCKET_PATH, UnsafeDirectory

root_only = pytest.mark.skipif(os.getuid() != 0, reason="needs to give files away: run as root")
NOBODY = 65534


def refused(path: Path) -> str:
    with pytest.raises(UnsafeDirectory) as caught:
        private.make(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("mask", [0o022, 0o000, 0o077])
def test_directories_are_made_private_from_the_top(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        made = private.make(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)
    for directory in (made, made.parent, made.parent.parent):
        assert directory.stat().st_mode & 0o777 == 0o700


def test_one_that_others_can_read_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "open"
    path.mkdir()
    path.chmod(0o755)
    assert private.make(path).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o777, 0o702])
def test_one_that_others_can_write_is_refused_until_mended(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a b"
    path.mkdir()
    path.chmod(mode)
    message = refused(path)
    subprocess.run(shlex.split(message.split("run: ")[1]), check=True)
    private.make(path)


def test_a_link_and_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").touch()
    assert "symbolic link" in refused(tmp_path / "link")
    assert "mv " in refused(tmp_path / "file")


def test_a_data_directory_may_be_a_link_of_ones_own(settings: Config, tmp_path: Path) -> None:
    """As dotfile managers make them, or for a second disk; to a directory with sound modes."""
    there = settings.data_dir.rename(tmp_path / "second disk")
    settings.data_dir.symlink_to(there)
    there.chmod(0o755)
    assert private.check(settings) == []
    assert there.stat().st_mode & 0o777 == 0o700
    assert settings.data_dir.is_symlink()
    there.chmod(0o770)
    with pytest.raises(UnsafeDirectory, match="can be written by others"):
        private.check(settings)


@root_only
def test_not_to_a_directory_of_another_user_nor_by_a_link_of_his(
    settings: Config, tmp_path: Path
) -> None:
    there = settings.data_dir.rename(tmp_path / "theirs")
    settings.data_dir.symlink_to(there)
    os.chown(there, NOBODY, NOBODY)
    with pytest.raises(UnsafeDirectory, match="another user"):
        private.check(settings)
    os.chown(there, 0, 0)
    os.chown(settings.data_dir, NOBODY, NOBODY, follow_symlinks=False)
    with pytest.raises(UnsafeDirectory, match="link of another user"):
        private.check(settings)


def test_what_is_in_the_way_is_moved_aside_and_told(settings: Config) -> None:
    private.check(settings)
    settings.lock_file.mkdir()
    (settings.lock_file / "theirs").write_text("kept")
    settings.rendezvous_file.symlink_to("nowhere")
    settings.text_file.touch()
    settings.text_file.chmod(0o666)
    settings.starts_file.touch()
    settings.starts_file.chmod(0o000)
    settings.log_dir.rmdir()
    settings.log_dir.touch()
    told = private.check(settings)
    assert len(told) == 5
    for path in (settings.lock_file, settings.rendezvous_file, settings.text_file):
        assert not os.path.lexists(path)
        assert any(str(path) in line for line in told)
    (aside,) = settings.data_dir.glob(f"{private.ASIDE}*-daemon.lock")
    assert (aside / "theirs").read_text() == "kept"
    assert settings.starts_file.stat().st_mode & 0o777 == 0o600
    assert settings.log_dir.is_dir()
    assert private.check(settings) == [], "once"


def test_nothing_is_made_where_all_may_be_being_removed(settings: Config) -> None:
    private.check(settings)
    settings.spool_dir.rmdir()
    private.check(settings, making=False)
    assert not settings.spool_dir.exists()


@root_only
def test_one_of_another_user_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs"
    path.mkdir(mode=0o700)
    os.chown(path, NOBODY, NOBODY)
    assert f"uid {NOBODY}" in refused(path)
    assert "chown" in refused(path)


def test_files_are_checked(settings: Config) -> None:
    private.check(settings)
    store = settings.store_file
    store.touch()
    store.chmod(0o644)
    private.check(settings)
    assert store.stat().st_mode & 0o777 == 0o600
    store.chmod(0o660)
    with pytest.raises(UnsafeDirectory, match="chmod 600"):
        private.check(settings)
    store.unlink()
    store.symlink_to("/etc/passwd")
    with pytest.raises(UnsafeDirectory, match="symbolic link"):
        private.check(settings)


@root_only
def test_a_file_of_another_user_is_refused(settings: Config) -> None:
    private.check(settings)
    settings.store_file.touch(0o600)
    os.chown(settings.store_file, NOBODY, NOBODY)
    with pytest.raises(UnsafeDirectory, match="another user"):
        private.check(settings)


def test_the_program_beside_the_history_is_not_its_business(settings: Config) -> None:
    private.check(settings)
    link = settings.data_dir / "runtime-1"
    link.symlink_to("/usr")
    private.check(settings)


def test_a_socket_path_that_is_too_long_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = private.socket_path(Path("/data"))
    assert short == Path("/data/daemon.sock")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    long = private.socket_path(tmp_path / ("x" * 100))
    assert len(os.fsencode(long)) <= MAX_SOCKET_PATH
    assert long.parent.stat().st_mode & 0o777 == 0o700
    assert private.socket_path(tmp_path / ("x" * 100)) == long
    assert private.socket_path(tmp_path / ("y" * 100)) != long
    long.parent.rmdir()


def test_a_temporary_directory_that_somebody_else_made_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    data = tmp_path / ("z" * 100)
    directory = private.socket_path(data).parent
    directory.chmod(0o777)
    with pytest.raises(UnsafeDirectory):
        private.socket_path(data)
    directory.rmdir()


@root_only
def test_advice_that_works_in_a_sticky_directory() -> None:
    """In a directory such as /tmp nobody can remove what is another user's."""
    # Not below pytest's own, which other users cannot enter.
    with tempfile.TemporaryDirectory() as name:
        directory, link = Path(name), Path(name) / "link"
        directory.chmod(0o1777)
        link.symlink_to(directory)
        os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
        assert "rm " in refused(link)
        child = os.fork()
        if not child:
            os.setuid(NOBODY - 1)
            os._exit(0 if "set DEJA_HOME" in refused(link) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
