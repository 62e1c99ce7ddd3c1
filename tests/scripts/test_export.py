"""The export: its sources, its refusals, its result, and (when asked for) the real thing.

DEJA_TEST_EXPORT=1 makes a venv with torch, hundreds of megabytes, and exports for real.
scripts/test.sh gets the same by running install.sh with DEJA_MODEL_DIR.
"""

import hashlib
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from support.paths import ROOT as REPOSITORY

from backend.meaning import manifest as manifests
from backend.meaning.embedder import Embedder
from scripts.export import model_source
from scripts.export.verification_texts import CANONICAL, VERIFIED
from scripts.install import reach

SCRIPT = REPOSITORY / "scripts/export_to_onnx.py"


def run(*arguments: str | Path, python: str | Path = sys.executable) -> tuple[int, str, str]:
    command = [str(python), "-I", str(SCRIPT), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def model(tmp_path: Path, model_dir: Path) -> Path:
    """A copy of the exported model that a test may damage."""
    return Path(shutil.copytree(model_dir, tmp_path / "model"))


def test_the_model_is_the_one_of_the_design(model: Path) -> None:
    manifest = manifests.verify(model)
    assert manifest.source_files == model_source.HASHES
    assert manifest.files["tokenizer.json"] == model_source.HASHES["tokenizer.json"]
    assert (manifest.dimension, manifest.max_length, manifest.pooling) == (384, 256, "mean")
    assert manifest.verification["texts"] >= 64
    assert manifest.verification["max_abs_difference"] <= 1e-4
    assert set(manifest.canonical) == set(CANONICAL)
    assert {"torch", "transformers", "onnxruntime"} <= set(manifest.exporter)


@pytest.mark.parametrize("name", ["model.onnx", "model-int8.onnx"])
def test_layer_norms_are_parted(model: Path, name: str) -> None:
    """Joined with the addition before them they are slow on CPUs: scripts/export/fuse.py."""
    graph = (model / name).read_bytes()
    assert b"SkipLayerNormalization" not in graph
    assert graph.count(b"LayerNormalization") >= 12


def test_the_texts_cover_what_is_promised() -> None:
    assert len(set(VERIFIED)) >= 64
    assert "" in VERIFIED
    assert any(len(text.split()) > 256 for text in VERIFIED)
    assert any(not text.isascii() for text in VERIFIED)


def test_check_finds_a_whole_model_whole(model: Path) -> None:
    status, out, err = run("--check", "--output", model)
    assert (status, err) == (0, "")
    assert "is whole" in out


@pytest.mark.parametrize("name", ["model.onnx", "model-int8.onnx.data", "tokenizer.json"])
def test_check_finds_one_changed_byte(model: Path, name: str) -> None:
    with (model / name).open("r+b") as stream:
        stream.seek(-100, os.SEEK_END)
        byte = stream.read(1)
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte[0] ^ 1]))
    status, _, err = run("--check", "--output", model)
    assert status == 1
    assert err.startswith("export_to_onnx: ONNX model not found")
    assert name in err


def test_float32_can_be_taken_out(model: Path) -> None:
    """What is left is a whole model, and who wants float32 is told how to get it."""
    size = sum(path.stat().st_size for path in model.iterdir())
    for _ in range(2):
        assert run("--reduce", "--output", model) == (0, "", "")
        assert run("--check", "--precision", "int8", "--output", model)[0] == 0
    assert sum(path.stat().st_size for path in model.iterdir()) < size / 4
    status, _, err = run("--check", "--precision", "fp32", "--output", model)
    assert status == 1
    assert "bash install.sh --precision fp32" in err
    with pytest.raises(manifests.ModelNotFound, match="DEJA_PRECISION=int8"):
        Embedder(model, precision="fp32")


def test_check_refuses_another_model(model: Path) -> None:
    fields = json.loads((model / "manifest.json").read_text())
    fields["source_files"]["model.safetensors"] = "0" * 64
    (model / "manifest.json").write_text(json.dumps(fields))
    status, _, err = run("--check", "--output", model)
    assert status == 1
    assert "another one" in err


def test_without_torch_one_line_tells_what_to_run(tmp_path: Path) -> None:
    if _has_torch():
        pytest.skip("this Python has torch")
    status, _, err = run("--output", tmp_path / "model")
    assert status == 1
    assert len(err.splitlines()) == 1
    assert "no torch" in err
    assert "bash install.sh" in err
    assert list(tmp_path.iterdir()) == []


def _has_torch() -> bool:
    import importlib.util

    return importlib.util.find_spec("torch") is not None


def test_weights_that_are_not_the_known_ones_are_refused(tmp_path: Path) -> None:
    for name in model_source.HASHES:
        (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(model_source.SourceError, match="is not the file of"):
        model_source.find(tmp_path, tmp_path / "scratch")


def test_an_empty_source_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(model_source.SourceError, match=r"no model\.safetensors"):
        model_source.find(tmp_path, tmp_path / "scratch")


@pytest.fixture
def silent_server() -> Iterator[str]:
    """An address that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_a_silent_hub_is_given_up_within_seconds(silent_server: str) -> None:
    began = time.monotonic()
    with pytest.raises(OSError, match=r"no answer|timed out"):
        reach.reach(silent_server, patience_s=0.3)
    assert time.monotonic() - began < 5


def test_a_name_that_is_none_is_given_up(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", REPOSITORY / "scripts/install/reach.py", "http://deja.invalid/"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert done.stderr.strip()


class Hub(http.server.BaseHTTPRequestHandler):
    """Plays the hub: every file holds its own name; weights stall where `stalls` is set."""

    stalls = False
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        name = self.path.rpartition(f"/resolve/{model_source.REVISION}/")[2]
        self.asked.append(name)
        self.send_response(200)
        self.send_header("Content-Length", str(len(content(name))))
        self.end_headers()
        if self.stalls and name == "model.safetensors":
            time.sleep(1)
        else:
            self.wfile.write(content(name))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: pytest's output is for tests."""


def content(name: str) -> bytes:
    if name == "config.json":
        return json.dumps(model_source.ARCHITECTURE).encode()
    return name.encode()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    """A hub that HF_ENDPOINT names, and no PyPI."""
    playing = type("Playing", (Hub,), {"asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), playing)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setattr(model_source, "_from_package", no_package)
    yield playing
    server.shutdown()
    server.server_close()


def no_package(_: Path) -> Path:
    raise model_source.SourceError("the package was asked for")


def test_the_hub_gives_every_file(
    hub: type[Hub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {name: hashlib.sha256(content(name)).hexdigest() for name in model_source.HASHES}
    monkeypatch.setattr(model_source, "HASHES", known)
    folder, name = model_source.find(None, tmp_path)
    assert set(hub.asked) == {*known, *model_source.SMALL_FILES}
    assert all((folder / file).read_bytes() == content(file) for file in hub.asked)
    assert name.endswith(f"{model_source.MODEL}@{model_source.REVISION}")


def test_what_the_hub_gives_is_checked(hub: type[Hub], tmp_path: Path) -> None:
    with pytest.raises(model_source.SourceError, match=r"model\.safetensors is not the file of"):
        model_source.find(None, tmp_path)


def test_offline_the_hub_is_not_asked(
    hub: type[Hub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(model_source.SourceError, match="the package was asked for"):
        model_source.find(None, tmp_path)
    assert hub.asked == []


def test_a_hub_that_stalls_is_given_up_for_the_package(
    hub: type[Hub], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.stalls = True
    monkeypatch.setattr(model_source, "STALL_S", 0.2)
    with pytest.raises(model_source.SourceError, match="the package was asked for"):
        model_source.find(None, tmp_path)
    assert hub.asked[-1] == "model.safetensors"


@pytest.mark.skipif(os.environ.get("DEJA_TEST_EXPORT") != "1", reason="DEJA_TEST_EXPORT is not 1")
@pytest.mark.timeout(1800)
def test_the_real_export(tmp_path: Path) -> None:
    """From a fresh venv to a checked model; then once more over it, which must replace it."""
    python = tmp_path / "venv/bin/python"
    requirements = REPOSITORY / "scripts/requirements-export.txt"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True)
    output = tmp_path / "a folder/model"
    for _ in range(2):
        status, out, err = run("--output", output, "--ort-format", python=python)
        assert status == 0, err
        assert "largest difference" in out
    assert run("--check", "--output", output)[0] == 0
    assert [path.name for path in output.parent.iterdir()] == ["model"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other/mine.txt").write_text("keep")
    status, _, err = run("--output", tmp_path / "other", python=python)
    assert status == 1
    assert "other files" in err
