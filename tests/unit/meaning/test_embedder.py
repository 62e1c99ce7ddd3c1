"""The embedder on the real exported model, which DEJA_MODEL_DIR names."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import psutil
import pytest
from support.paths import ROOT as REPOSITORY

from backend.meaning import embedder as embedder_module
from backend.meaning import manifest
from backend.meaning.embedder import Embedder, ModelNotFound, canonical_error
from scripts.export.verification_texts import VERIFIED

# The first numbers that sentence-transformers 6.2.0 gives for "unpack an archive".
UNPACK = [-0.0954321, 0.1009961, -0.0552092, 0.0124701, 0.1077583, -0.0125546]


@pytest.fixture(scope="module")
def embedder(model_dir: Path) -> Embedder:
    return Embedder(model_dir)


def test_vectors_are_those_of_sentence_transformers(embedder: Embedder) -> None:
    assert embedder.embed_query("unpack an archive")[:6] == pytest.approx(UNPACK, abs=1e-4)
    assert canonical_error(embedder) < 1e-5


def test_rows_are_unit_float32_in_the_order_given(embedder: Embedder) -> None:
    texts = ["ls", "word " * 400, "", "git log --oneline", "é", "a b c " * 20]
    vectors = embedder.embed(texts)
    assert vectors.shape == (6, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    alone = np.stack([embedder.embed_query(text) for text in texts])
    assert vectors == pytest.approx(alone, abs=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_many_texts_of_many_lengths_go_through_several_batches(embedder: Embedder) -> None:
    texts = [f"echo {'x ' * (number % 60)}{number}" for number in range(200)]
    vectors = embedder.embed(texts)
    for row in (0, 59, 60, 199):
        assert vectors[row] == pytest.approx(embedder.embed_query(texts[row]), abs=1e-5)


def test_text_that_is_no_utf8_is_embedded(embedder: Embedder) -> None:
    odd = embedder.embed(["cat caf\udce9", "\ud800", "nul\0byte"])
    assert np.all(np.isfinite(odd))
    assert odd[0] == pytest.approx(embedder.embed_query("cat caf\ufffd"), abs=1e-6)


def test_text_beyond_256_tokens_is_cut(embedder: Embedder) -> None:
    cut = embedder.embed_query("the " * 254)
    assert embedder.embed_query("the " * 300) == pytest.approx(cut, abs=1e-6)
    # 128, the length that tokenizer.json asks for, would make these two the same.
    assert float(np.abs(embedder.embed_query("the " * 126 + "cat " * 100) - cut).max()) > 0.01


def test_a_megabyte_is_embedded_without_stalling(embedder: Embedder) -> None:
    assert np.isfinite(embedder.embed_query("echo 0123456789 " * 65_536)).all()


def test_a_query_beside_a_bulk_embedding_is_right(embedder: Embedder) -> None:
    alone = embedder.embed_query("list containers")
    texts = [f"docker ps -a --filter name={number}" for number in range(300)]
    expected = embedder.embed(texts)
    found: list[np.ndarray] = []
    bulk = threading.Thread(target=lambda: found.append(embedder.embed(texts)))
    bulk.start()
    queries = [embedder.embed_query("list containers") for _ in range(20)]
    bulk.join()
    assert all(np.allclose(query, alone, atol=1e-6) for query in queries)
    assert np.allclose(found[0], expected, atol=1e-6)


def test_batches_stay_within_their_limits() -> None:
    lengths = [3, 256, 4, 4, 10, 1, 256, 5, 5, 5]
    batches = list(embedder_module._batches(lengths, 20, 4))
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[row] for row in batch)
        assert len(batch) == 1 or len(batch) * longest <= 20
        assert sum(longest - lengths[row] for row in batch) <= 4


def test_the_8_bit_model_is_small_and_says_the_same(model_dir: Path, embedder: Embedder) -> None:
    small = Embedder(model_dir, precision="int8")
    files = manifest.files_of(model_dir, manifest.read(model_dir), "int8")
    assert sum(file.stat().st_size for file in files) <= 30_000_000
    assert (small.precision, small.model_id) == ("int8", embedder.model_id)
    assert canonical_error(small) < 0.02
    cosines = np.sum(small.embed(VERIFIED) * embedder.embed(VERIFIED), axis=1)
    assert cosines.mean() >= 0.995
    alone = np.stack([small.embed_query(text) for text in VERIFIED])
    assert np.sum(alone * embedder.embed(VERIFIED), axis=1).mean() >= 0.995


def test_either_precision_finds_what_the_other_embedded(
    model_dir: Path, embedder: Embedder
) -> None:
    commands = [text for text in VERIFIED if len(text) > 3]
    index = Embedder(model_dir, precision="int8").embed(commands)
    for query, command in (
        ("unpack an archive", "tar -xzf backup.tgz"),
        ("list containers", "docker ps -a"),
    ):
        scores = index @ embedder.embed_query(query)
        ranked = [commands[row] for row in np.argsort(-scores)]
        assert command in ranked[:6]


def test_no_model_names_the_folder_and_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound) as caught:
        Embedder(tmp_path / "model")
    message = str(caught.value)
    assert message.startswith("ONNX model not found")
    assert str(tmp_path / "model") in message
    assert "bash install.sh" in message
    assert "python scripts/export_to_onnx.py" in message
    assert "\n" not in message


@pytest.mark.parametrize("lost", ["model.onnx", "model.onnx.data", "tokenizer.json"])
def test_a_model_that_lost_a_file_is_not_found(model_dir: Path, tmp_path: Path, lost: str) -> None:
    for file in model_dir.iterdir():
        if file.name != lost:
            (tmp_path / file.name).symlink_to(file)
    with pytest.raises(ModelNotFound, match=lost):
        Embedder(tmp_path)


def test_a_precision_that_was_not_exported_is_not_found(model_dir: Path) -> None:
    with pytest.raises(ModelNotFound, match="without fp16"):
        Embedder(model_dir, precision="fp16")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}', '{"format": 2}'])
def test_a_bad_manifest_is_no_model(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ModelNotFound):
        manifest.read(tmp_path)


def test_a_changed_vector_is_noticed(model_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(model_dir, tmp_path, dirs_exist_ok=True, symlinks=True)
    fields = json.loads((tmp_path / "manifest.json").read_text())
    first = next(iter(fields["canonical"]))
    fields["canonical"][first] = fields["canonical"][first][::-1]
    (tmp_path / "manifest.json").write_text(json.dumps(fields))
    assert canonical_error(Embedder(tmp_path)) > 0.1


def test_cuda_without_a_gpu_is_said_and_the_cpu_used(model_dir: Path) -> None:
    embedder = Embedder(model_dir, device="cuda")
    if "CUDAExecutionProvider" in embedder.providers:
        pytest.skip("this machine can use CUDA")
    assert embedder.warning is not None
    assert "using the CPU" in embedder.warning
    assert embedder.providers == ["CPUExecutionProvider"]
    assert Embedder(model_dir).warning is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has mapped")
def test_weights_are_mapped_not_copied(model_dir: Path) -> None:
    embedder = Embedder(model_dir, precision="int8")
    mapped = {Path(found.path).name for found in psutil.Process().memory_maps()}
    assert {
        file.name for file in manifest.files_of(model_dir, manifest.read(model_dir), "int8")
    } & mapped
    assert embedder.precision == "int8"


def test_importing_loads_neither_onnxruntime_nor_tokenizers() -> None:
    code = (
        "import backend.meaning.embedder, sys;"
        " print({'onnxruntime', 'tokenizers'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_onnxruntime_leaves_no_device_id_behind(model_dir: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from backend.meaning.embedder import Embedder; "
        "Embedder(Path(sys.argv[1])).embed_query('ls')"
    )
    # CI in the environment would switch the reports off for ONNX Runtime too: not given here.
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run(
        [sys.executable, "-c", code, str(model_dir)], cwd=REPOSITORY, env=environment, check=True
    )
    assert list(tmp_path.iterdir()) == []
