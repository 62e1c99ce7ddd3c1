"""deja sync as people run it: real daemons, real storage, hosts that share one identity."""

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import storages
from support.install import DEADLINE, Deja, wait_until
from support.paths import ROOT

from backend.daemon import control
from backend.sync.history import Daemon
from backend.sync.identity import Identity

KEY = Identity.generate().text()
PROGRAM = ROOT / "backend" / "sync" / "__main__.py"


class Hosts:
    """Installs with a daemon each, and one storage; nothing of it is set up."""

    def __init__(self, directory: Path, url: str) -> None:
        self._directory = directory
        self.url = url
        self.made: list[Deja] = []

    def directory(self, name: str) -> Path:
        made = self._directory / name
        made.mkdir()
        return made

    def new(self, name: str) -> Deja:
        install = Deja(self.directory(name))
        install.env |= storages.CREDENTIALS
        install.start()
        self.made.append(install)
        return install


@pytest.fixture(params=storages.KINDS)
def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hosts]:
    with storages.url_of(request.param, tmp_path) as url:
        yield from _hosts(tmp_path, url)


@pytest.fixture
def at_folder(tmp_path: Path) -> Iterator[Hosts]:
    with storages.url_of("folder", tmp_path) as url:
        yield from _hosts(tmp_path, url)


def _hosts(directory: Path, url: str) -> Iterator[Hosts]:
    made = Hosts(directory, url)
    yield made
    for install in made.made:
        control.stop(install.config)


def ran(install: Deja, *arguments: str, stdin: str = "") -> str:
    """What `deja sync …` printed; it went well."""
    done = install("sync", *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


def failed(install: Deja, *arguments: str, stdin: str = "") -> str:
    """The one line of an error."""
    done = install("sync", *arguments, stdin=stdin)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def begun(hosts: Hosts) -> tuple[Deja, Deja]:
    """Two hosts that sync; the identity went from one to the other as a file."""
    laptop, server = hosts.new("laptop"), hosts.new("server")
    key = laptop.home / "key"
    ran(laptop, "init", hosts.url, "--identity", str(key))
    ran(server, "join", hosts.url, "--identity", "-", stdin=key.read_text())
    return laptop, server


@pytest.mark.slow
def test_two_hosts_have_one_history(hosts: Hosts) -> None:
    laptop, server = begun(hosts)
    laptop.record("git push origin main", "export API_TOKEN=ghp_" + "a1B2" * 9)
    server.record("systemctl restart nginx")
    for install in (laptop, server, laptop):
        ran(install)
    assert laptop.search("nginx") == ["systemctl restart nginx"]
    assert server.search("push") == ["git push origin main"]
    masked = server.search("API_TOKEN")
    assert len(masked) == 1 and "ghp_" not in masked[0]
    assert laptop("forget", "--yes", "git push origin main").returncode == 0
    for install in (laptop, server):
        ran(install)
    assert server.search("push") == []
    late = hosts.new("late")
    ran(late, "join", hosts.url, "--identity", str(laptop.home / "key"))
    assert late.search("push") == [] and len(late.search("nginx")) == 1


@pytest.mark.slow
def test_status_tells_of_the_hosts(at_folder: Hosts) -> None:
    laptop, server = begun(at_folder)
    server.record("ls")
    ran(server)
    ran(laptop)
    told = json.loads(ran(laptop, "status", "--json"))
    assert (told["on"], told["ok"], told["url"]) == (True, True, at_folder.url)
    assert [(each["own"], each["behind"]) for each in told["hosts"]] == [(False, 0)]
    assert re.search(r"^last      \d+ (s|min) ago, well$", ran(laptop, "status"), re.M)
    assert json.loads(ran(at_folder.new("alone"), "status", "--json"))["on"] is False
    (laptop.config.data_dir / "sync" / "status.json").write_text('{"ok": false}')
    assert json.loads(ran(laptop, "status", "--json"))["hosts"] == []


@pytest.mark.slow
def test_the_words_are_shown_once_and_open_the_history(at_folder: Hosts) -> None:
    laptop = at_folder.new("laptop")
    laptop.record("make")
    shown = ran(laptop, "init", at_folder.url)
    words = [part for line in shown.splitlines() if line.startswith("  ") for part in line.split()]
    assert words[::2] == [str(number) for number in range(1, 25)]
    server = at_folder.new("server")
    ran(server, "join", at_folder.url, "--identity", "-", stdin=" ".join(words[1::2]) + "\n")
    assert server.search("make") == ["make"]
    private = laptop.config.data_dir / "sync"
    modes = {path.stat().st_mode & 0o777 for path in private.iterdir()}
    assert (private.stat().st_mode & 0o777, modes) == (0o700, {0o600})


@pytest.mark.slow
def test_init_and_join_refuse_what_would_fork_a_history(at_folder: Hosts) -> None:
    laptop, _ = begun(at_folder)
    stranger = at_folder.new("stranger")
    assert "holds a history already; run: deja sync join" in failed(stranger, "init", at_folder.url)
    other = Identity.generate().text()
    said = failed(stranger, "join", at_folder.url, "--identity", "-", stdin=other)
    assert "another identity" in said and "nothing was written" in said
    assert "off" not in said.split("give its own")[1]
    assert not (stranger.config.data_dir / "sync" / "identity").exists()
    assert "sync is on already" in failed(laptop, "init", at_folder.url)
    assert "no terminal to ask at" in failed(at_folder.new("dumb"), "join", at_folder.url)
    empty = laptop.home / "empty"
    empty.mkdir()
    assert "deja sync init" in failed(
        at_folder.new("early"), "join", str(empty), "--identity", "-", stdin=other
    )
    assert "is it mounted" in failed(
        at_folder.new("lost"), "init", str(laptop.home / "not" / "mounted")
    )


@pytest.mark.slow
def test_an_identity_of_another_history_is_not_in_the_way(at_folder: Hosts) -> None:
    """A history was begun at the wrong place, and left: its identity is here still."""
    laptop, _ = begun(at_folder)
    lost = at_folder.new("lost")
    wrong = str(laptop.home / "wrong")
    ran(lost, "init", wrong)
    ran(lost, "off")
    assert "no terminal to ask at" in failed(lost, "join", at_folder.url)
    key = (laptop.home / "key").read_text()
    ran(lost, "join", at_folder.url, "--identity", "-", stdin=key)
    kept = [path.name for path in (lost.config.data_dir / "sync").glob("identity*")]
    assert len(kept) == 2


@pytest.mark.slow
def test_what_cannot_begin_leaves_nothing(at_folder: Hosts) -> None:
    laptop = at_folder.new("laptop")
    laptop.env["AWS_PROFILE"] = "mine"
    assert "the URL is empty" in failed(laptop, "init", "")
    failed(laptop, "init", "s3:///prefix")
    spaced = str(laptop.home / "not here" / "deja")
    assert f"run: mkdir '{spaced}'" in failed(laptop, "join", spaced, "--identity", "-", stdin=KEY)
    assert list((laptop.config.data_dir / "sync").iterdir()) == []


@pytest.mark.slow
def test_what_could_not_be_written_waits(at_folder: Hosts) -> None:
    laptop, _ = begun(at_folder)
    laptop.record("one", "two")
    storage = Path(at_folder.url)
    storage.rename(storage.with_name("away"))
    with laptop.connect() as connection:  # the daemon has given numbers, and the writing failed
        assert len(list(Daemon(connection).out(0))) == 2
    assert "is it mounted" in failed(laptop)
    assert json.loads(ran(laptop, "status", "--json"))["waiting"] == 2
    storage.with_name("away").rename(storage)
    ran(laptop)
    told = json.loads(ran(laptop, "status", "--json"))
    assert told["waiting"] == 0
    assert [(each["own"], each["behind"]) for each in told["hosts"]] == [(True, 0)]


@pytest.mark.slow
def test_off_keeps_the_history_and_joining_again_adds_nothing(at_folder: Hosts) -> None:
    laptop, server = begun(at_folder)
    laptop.record("one")
    server.record("two")
    for install in (laptop, server, laptop):
        ran(install)
    ran(laptop, "off")
    assert "sync is off" in failed(laptop)
    assert sorted(laptop.search("one") + laptop.search("two")) == ["one", "two"]
    ran(laptop, "join", at_folder.url)
    ran(server)
    for install in (laptop, server):
        assert install("export").stdout.count("\n") == 2


@pytest.mark.slow
def test_the_identity_can_be_changed(at_folder: Hosts) -> None:
    laptop, server = begun(at_folder)
    laptop.record("one")
    server.record("two")
    for install in (laptop, server, laptop):
        ran(install)
    other, key = str(laptop.home / "other"), str(laptop.home / "new key")
    for install in (laptop, server):
        ran(install, "off")
        (install.config.data_dir / "sync" / "identity").unlink()
    ran(laptop, "init", other, "--identity", key)
    ran(server, "join", other, "--identity", key)
    late = at_folder.new("late")
    ran(late, "join", other, "--identity", key)
    for install in (laptop, server, late):
        ran(install)
        assert install("export").stdout.count("\n") == 2


@pytest.mark.slow
def test_a_copied_machine_takes_an_id_of_its_own(at_folder: Hosts) -> None:
    laptop, server = begun(at_folder)
    laptop.record("before")
    ran(laptop)
    laptop.stop()
    twin = Deja(at_folder.directory("twin"))
    shutil.copytree(laptop.root, twin.root, ignore=shutil.ignore_patterns("daemon*", "*.sock"))
    at_folder.made.append(twin)
    for install, command in ((laptop, "uptime"), (twin, "dmesg")):
        install.start()
        install.record(command)
        with install.connect() as connection:  # a number is given, and nothing written yet
            history = Daemon(connection)
            known = history.known()
            assert list(history.out(known.peer(known.host).counter))
    for install in (laptop, twin, server, laptop):
        ran(install)
    for install in (laptop, twin, server):
        found = [install.search(command) for command in ("before", "uptime", "dmesg")]
        assert found == [["before"], ["uptime"], ["dmesg"]]
    ids = [json.loads(ran(each, "status", "--json"))["host"] for each in (laptop, twin, server)]
    assert len(set(ids)) == 3


@pytest.mark.slow
def test_a_host_is_forgotten_everywhere(at_folder: Hosts) -> None:
    laptop, server = begun(at_folder)
    gone = at_folder.new("gone")
    ran(gone, "join", at_folder.url, "--identity", str(laptop.home / "key"))
    gone.record("rm -rf build")
    gone.record("secret of a customer")
    ran(gone)
    laptop.record("ls")
    ran(laptop)
    ran(server)
    hosts = json.loads(ran(server, "status", "--json"))["hosts"]
    own = json.loads((gone.config.data_dir / "sync" / "settings.json").read_text())["host"]
    assert own in [each["host"] for each in hosts]
    gone.stop()
    ran(server, "forget-host", own, "--yes")
    ran(laptop)
    for install in (laptop, server):
        assert install.search("build") == [] and install.search("ls") == ["ls"]
    late = at_folder.new("late")
    ran(late, "join", at_folder.url, "--identity", str(laptop.home / "key"))
    assert late("export").stdout.count("\n") == 1


@pytest.mark.slow
def test_nothing_secret_is_an_argument_or_in_the_log(at_folder: Hosts) -> None:
    laptop, _ = begun(at_folder)
    laptop.record("echo of a-telling-word")
    ran(laptop)
    key = (laptop.home / "key").read_text().split("\n")[1]
    texts = [path.read_text() for path in laptop.config.log_dir.iterdir() if path.is_file()]
    status = (laptop.config.data_dir / "sync" / "status.json").read_text()
    for text in (*texts, status):
        assert key not in text and "telling-word" not in text
    files = [path for path in Path(at_folder.url).rglob("*") if path.is_file()]
    assert files and not any(b"telling" in path.read_bytes() for path in files)


@pytest.mark.slow
def test_one_round_at_a_time(at_folder: Hosts) -> None:
    """The daemon's program, while another round holds the lock; then alone."""
    laptop, _ = begun(at_folder)
    data = laptop.config.data_dir
    arguments = [sys.executable, "-I", str(PROGRAM), str(data)]

    def program() -> int:
        return subprocess.run(arguments, stdin=subprocess.DEVNULL, env=laptop.env).returncode

    with (data / "sync" / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert program() == os.EX_TEMPFAIL
    wait_until(lambda: program() == 0, "a round beside those of the daemon")
    laptop.stop()
    assert program() == 1
    told = json.loads((data / "sync" / "status.json").read_text())
    assert not told["ok"] and "no daemon is running" in told["error"]


@pytest.mark.slow
def test_the_program_ends_with_the_daemon_that_started_it(at_folder: Hosts) -> None:
    laptop, _ = begun(at_folder)
    settings = laptop.config.data_dir / "sync" / "settings.json"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"s3://nobody/here?endpoint=http://127.0.0.1:{silent.getsockname()[1]}&region=x"
        settings.write_text(json.dumps(json.loads(settings.read_text()) | {"url": url}))
        arguments = [sys.executable, "-I", str(PROGRAM), str(laptop.config.data_dir)]
        with subprocess.Popen(arguments, stdin=subprocess.PIPE, env=laptop.env) as child:
            assert child.stdin
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(2.0)
            child.stdin.close()
            assert child.wait(DEADLINE) == 1
