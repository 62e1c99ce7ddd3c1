"""What is too long, too many or never ends stays outside, and is said in one line."""

import os
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from support.install import Deja, record_bytes, wait_until

from backend.redaction.mask import MARK, stamp
from backend.storage.store import Store
from backend.wire import client, limits, protocol
from backend.wire.record import Record
from backend.wire.row import rows

NOBODY = 65534


def memory(deja: Deja) -> float:
    return psutil.Process(deja.pid).memory_info().rss / 1e6


def test_a_long_command_is_cut_and_found(daemon: Deja) -> None:
    """10 MB of a heredoc: searches go on, and its first 64 KB find it."""
    long = "cat > notes <<END\nunusualword at the start\n" + "x" * 70 + "\n"
    daemon.record(long + ("more of it\n" * 1_000_000) + "END", "echo beside")
    started = time.monotonic()
    assert daemon.search("unusualword")[0].startswith(long)
    assert time.monotonic() - started < 5
    found = daemon.ask("search", ("query", ""), ("mode", "text"))
    cut = next(row for row in rows(found) if row.command.startswith(long))
    assert cut.command.endswith(limits.CUT)
    assert len(cut.command.encode()) < 66_000
    assert "first 64 KB" in (cut.why or "")
    assert "command 1" in daemon.status()["limited"]
    assert "command 1" in daemon("status").stdout


def test_a_secret_is_not_cut_in_half(daemon: Deja) -> None:
    filler = "x" * 99 + " "
    head = "cat > f <<END\n" + filler * 655
    command = head + "-p hunter" + "Vq8rT2mLx04Zk9" * 4 + filler * 5
    daemon.record(command)
    (found,) = daemon.search("cat")
    assert "Vq8r" not in found


def test_long_fields_of_a_record_are_left_out(daemon: Deja) -> None:
    daemon.record("echo far away", cwd="/a" * 1_000_000)
    assert daemon.search("far") == ["echo far away"]
    assert "cwd 1" in daemon.status()["limited"]
    assert "longer than allowed, cut or left out: cwd" in daemon("logs").stdout


def test_a_long_directory_of_a_query_is_left_out(daemon: Deja) -> None:
    daemon.record("make")
    before = memory(daemon)
    for _ in range(5):
        reply = daemon.ask("search", ("query", "make"), ("mode", "text"), ("cwd", "/a" * 400_000))
        assert [row.command for row in rows(reply)] == ["make"]
        assert "too long" in dict(reply)["note"]
    assert memory(daemon) < before + 100


def atuin(path: Path, table: str = "TABLE history(command, timestamp, cwd, deleted_at)") -> None:
    with sqlite3.connect(path) as db:
        db.execute(f"CREATE {table}")


def test_long_fields_of_an_import_are_left_out(daemon: Deja, tmp_path: Path) -> None:
    path = tmp_path / "atuin.db"
    atuin(path)
    with sqlite3.connect(path) as db:
        rows_ = [("echo one", 1_700_000_000 * 10**9, "/a" * 1_000_000, None), ("echo two",) * 4]
        rows_[1] = ("echo two " + "y" * 100_000, 1_700_000_001 * 10**9, "/b", None)
        db.executemany("INSERT INTO history VALUES(?,?,?,?)", rows_)
    done = daemon("import", "--file", str(path), "--no-wait")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 entries, 2 new" in done.stdout
    assert "cwd 1, command 1" in done.stdout
    assert len(daemon.search("echo")) == 2
    assert "2 entries, 0 new" in daemon("import", "--file", str(path), "--no-wait").stdout


def test_a_view_without_end_ends(daemon: Deja, tmp_path: Path) -> None:
    path = tmp_path / "endless.db"
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"
    atuin(
        path,
        f"VIEW history AS {endless} 'echo ' || i AS command, i AS timestamp, '/' AS cwd,"
        " NULL AS deleted_at FROM n",
    )
    done = daemon("import", "atuin", "--file", str(path), "--no-wait")
    assert done.returncode == 1
    assert re.fullmatch(r"cannot read \S+ as the history of atuin: .* view .*\n", done.stderr)


def test_a_database_of_no_known_tool(daemon: Deja, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    atuin(path, "TABLE other(x)")
    done = daemon("import", "--file", str(path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "is a database of no tool that deja knows" in done.stderr


def test_a_thousand_idle_connections(daemon: Deja) -> None:
    """Dropped, the oldest first; a client that asks is answered; the log says it once."""
    daemon.record("make")
    path = client.rendezvous(daemon.config.rendezvous_file)["socket"]
    with daemon.connect() as patient:
        patient.ask(protocol.request("ping"), 10)
        flood = subprocess.Popen(
            ["python3", "-c", FLOOD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert flood.stdout is not None and flood.stdin is not None
        assert flood.stdout.readline() == b"open\n"
        assert daemon.search("make") == ["make"]
        # Of the process that has the most, not of one that has one.
        patient.ask(protocol.request("ping"), 10)
        assert psutil.Process(daemon.pid).num_fds() < 700
        flood.communicate(b"\n", timeout=30)
    log = daemon("logs", "-n", "500").stdout
    assert log.count("connections; the oldest idle ones are dropped") == 1
    assert log.count("\n") < 10


FLOOD = """
import resource, socket, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (2048, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
held = []
for _ in range(1000):
    held.append(socket.socket(socket.AF_UNIX))
    held[-1].connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""

LEAKS = ["curl -u me:Hunter2xyz https://a.example", "Violetcomet7026 ls"]


def old_store(deja: Deja) -> None:
    """Recorded by a deja without the rules of today: a leak, a mistyped password, a forget line."""
    deja.config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(deja.config.store_file)
    start = 1_700_000_000.0
    store.add([Record(f"echo {n}", start + n, 0.1, 0) for n in range(1200)])
    store.add([Record(LEAKS[0], start, 0.1, 0), Record(LEAKS[1], start, 0.1, 127)])
    store.add([Record("deja forget zqSecret", start, 0.1, 0), Record("x" * 99_999, start, 0.1, 0)])
    store.close()


def at_rest(deja: Deja) -> bytes:
    return b"".join(path.read_bytes() for path in deja.root.rglob("*") if path.is_file())


def test_newer_rules_are_held_against_the_store(deja: Deja) -> None:
    old_store(deja)
    deja.start()
    wait_until(lambda: deja.status().get("masked") == "3", "the reading")
    assert f"curl -u {MARK} https" in deja.search("curl")[0] or MARK in deja.search("curl")[0]
    assert deja.search("ls") == [f"{MARK} ls"]
    reply = dict(deja.ask("search", ("query", "curl"), ("mode", "text")))
    assert "newer rules for secrets have masked 3" in reply["note"]
    assert "masked    3 commands" in deja("status").stdout
    assert "newer rules for secrets have masked 3" in deja("logs").stdout
    deja.stop()
    rest = at_rest(deja)
    for secret in (b"Hunter2xyz", b"Violetcomet7026", b"zqSecret", b"x" * 70_000):
        assert secret not in rest
    # Told once, and not read again.
    deja.start()
    assert "note" not in dict(deja.ask("search", ("query", "echo 1"), ("mode", "text")))
    with sqlite3.connect(deja.config.store_file) as db:
        assert db.execute("SELECT value FROM notes WHERE key = 'rules'").fetchone() == (stamp(),)


def test_audit_and_forget_know_how_a_command_ended(deja: Deja) -> None:
    old_store(deja)
    with sqlite3.connect(deja.config.store_file) as db:
        db.execute("INSERT INTO notes VALUES('rules', ?)", (stamp(),))
    found = deja("audit")
    assert "mistyped password 1" in found.stdout
    assert "Violetcomet" not in found.stdout
    assert deja("audit", "--mask", "--yes").returncode == 0
    assert deja.search("ls") == [f"{MARK} ls"]
    assert deja("forget", "--yes", "Violetcomet7026 ls").returncode == 0
    assert deja.search("ls") == []


SPOOLS: dict[str, Callable[[Path], object]] = {
    "shut": lambda spool: spool.chmod(0),
    "a file": lambda spool: (spool.rename(spool.with_name("old")), spool.write_text("x")),
    "root's": lambda spool: os.chown(spool / "h.1.1", NOBODY, NOBODY),
    "shut file": lambda spool: (spool / "h.1.1").chmod(0),
}
MENDS = {"shut": "chmod 700", "a file": "mv ", "root's": "sudo rm ", "shut file": "chmod 600"}


@pytest.mark.parametrize("fault", SPOOLS)
def test_status_and_doctor_tell_of_a_spool_that_is_of_no_use(daemon: Deja, fault: str) -> None:
    assert "spool" not in daemon("status").stdout
    (daemon.config.spool_dir / "h.1.1").write_bytes(record_bytes("echo one", session="h.1.1"))
    SPOOLS[fault](daemon.config.spool_dir)
    status, doctor = daemon("status").stdout, daemon("doctor").stdout
    assert re.search(rf"^spool .*; run: {MENDS[fault]}", status, re.MULTILINE), status
    assert re.search(rf"^bad +spool .*\n +mend it with: {MENDS[fault]}", doctor, re.MULTILINE)
    daemon.config.spool_dir.chmod(0o700)


def test_another_users_settings_are_told(daemon: Deja) -> None:
    env = daemon.config.data_dir / "env.sh"
    env.write_text("")
    os.chown(env, NOBODY, NOBODY)
    assert re.search(r"^bad +settings .*another user", daemon("doctor").stdout, re.MULTILINE)
    os.chown(env, 0, 0)
    env.chmod(0o666)
    assert re.search(r"^bad +settings .*by others", daemon("doctor").stdout, re.MULTILINE)


LONG = "圧縮したファイルを別の場所に展開してから古い方を消すための長い説明文です" * 3
THAI = "คำสั่งนี้ใช้สำหรับบีบอัดไฟล์ทั้งหมดในโฟลเดอร์แล้วส่งไปยังเครื่องอื่น"


def test_scripts_without_blanks_are_searched_by_pieces(daemon: Deja) -> None:
    daemon.record(f"git commit -m {LONG}", f"echo {THAI}", "echo other", "echo 文字だけ")
    for piece in (LONG, LONG[-9:], "古い方を消す", "説明"):
        assert daemon.search(piece)[0] == f"git commit -m {LONG}", piece
    assert daemon.search("ทั้งหมดในโฟลเดอร์")[0] == f"echo {THAI}"
    assert daemon.search("文字") == ["echo 文字だけ"]
    assert daemon.search(THAI * 10) is not None
