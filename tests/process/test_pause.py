"""deja pause and resume, and who tells of them."""

import json
import os
from pathlib import Path

import pytest
from support.install import Deja

from backend.system import pauses


def test_begin_and_end(deja: Deja) -> None:
    told = deja("pause", "90s", "--all")
    assert told.returncode == 0 and told.stdout.startswith("paused: all shells, until ")
    (file,) = (deja.config.data_dir / "paused").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert deja("resume").returncode == 1
    assert deja("resume").stderr.count("\n") == 1
    assert "run: deja resume --all" in deja("resume").stderr
    assert deja("resume", "--all").stdout == "recording\n"
    assert deja("resume").stdout == "recording\n"


@pytest.mark.parametrize("time", ["soon", "1", "0h", "-1h", "999999d", "1h30", "1 h"])
def test_a_time_that_is_none(time: str, deja: Deja) -> None:
    result = deja("pause", "--", time)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert not (deja.config.data_dir / "paused").exists()


def test_status_and_doctor_tell(daemon: Deja) -> None:
    assert "paused" not in daemon("status").stdout
    daemon("pause", "--all")
    assert "paused    all shells, until deja resume --all" in daemon("status").stdout
    assert json.loads(daemon("status", "--json").stdout)["paused"] == [
        "all shells, until deja resume --all"
    ]
    findings = {
        each["name"]: each for each in json.loads(daemon("doctor", "--json").stdout)["findings"]
    }
    assert findings["paused"]["ok"] is False
    assert findings["paused"]["mend"] == "deja resume --all"
    assert findings["bash hook"]["found"] == "not tried: all shells are paused"


def test_record_heeds_it(deja: Deja) -> None:
    deja("pause", "--all")
    deja("record", stdin="cmd=echo secret")
    deja("resume", "--all")
    deja("pause")
    deja("record", stdin="cmd=echo secret")
    deja("resume")
    deja.env["DEJA_PRIVATE"] = "1"
    deja("record", stdin="cmd=echo secret")
    assert not deja.config.spool_dir.exists()
    deja.env["DEJA_PRIVATE"] = "0"
    deja("record", stdin="cmd=echo known")
    assert len(list(deja.config.spool_dir.iterdir())) == 1


def test_what_is_over_and_who_is_gone(tmp_path: Path) -> None:
    data = str(tmp_path)
    pauses.begin(data, "all", -10)
    pauses.begin(data, pauses.here(1 << 22), None)
    pauses.begin(data, "elsewhere.1", None)
    pauses.begin(data, pauses.here(os.getpid()), 60)
    assert set(pauses.running(data)) == {"elsewhere.1", pauses.here(os.getpid())}
    assert len(list((tmp_path / "paused").iterdir())) == 2


def test_ignored_directories(daemon: Deja) -> None:
    daemon.config.config_file.parent.mkdir(parents=True, exist_ok=True)
    daemon.config.config_file.write_text('[record]\nignore_dirs = ["/srv/keys"]\n')
    daemon("restart")
    daemon.record("cat secret", cwd="/srv/keys/a")
    daemon.record("cat known", cwd="/srv")
    assert daemon.search("cat") == ["cat known"]
