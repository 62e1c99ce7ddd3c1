"""Text to unit vectors: the exported tokenizer and an ONNX Runtime session.

onnxruntime and tokenizers are imported here alone, and only when an Embedder is made.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from backend.meaning import manifest as manifests
from backend.meaning.manifest import ModelNotFound
from backend.system import memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Embedder", "ModelNotFound", "canonical_error"]

# A batch is as many texts of like length as fit when all are padded to the longest. More gains no
# speed on a CPU, costs memory, and would keep a query that arrives meanwhile waiting. Starting
# another batch costs a CPU about as much as 16 tokens do, and saves that where padding is more
# (ten commands: 36 ms, against 71 in one batch; 1,060 commands: 8 % faster).
BATCH_TOKENS = {"cpu": 1024, "cuda": 65536}
BATCH_PADDING = {"cpu": 16, "cuda": 8192}

# Texts that are best embedded in one call: a CPU is free again for a search soon after, and a GPU
# is not kept waiting for the next few.
LOT = {"cpu": 32, "cuda": 2048}

# ONNX Runtime would join again, for a GPU's good, what scripts/export/fuse.py parts for a CPU's.
NOT_JOINED = ["SkipLayerNormFusion"]

# No text needs more to fill 256 tokens, bar pages of spaces; tokenizing megabytes would stall.
MAX_CHARACTERS = 32_768


class Embedder:
    """all-MiniLM-L6-v2 as exported to `model_dir`, loaded at construction.

    Safe to use from several threads at once. `warning` is None, or one line that says why the
    device asked for is not used.
    """

    def __init__(
        self,
        model_dir: Path,
        *,
        device: str = "cpu",
        precision: str = "fp32",
        threads: int | None = None,
    ) -> None:
        """Raises ModelNotFound if the model or this precision of it is not there."""
        manifest = manifests.read(model_dir)
        model_file, *_ = manifests.files_of(model_dir, manifest, precision)
        self.dimension = manifest.dimension
        self.model_id = manifest.model_id
        self.precision = precision
        self.canonical = manifest.canonical
        self._tokenizer = _tokenizer(model_dir, manifest.max_length)
        self._session, self.warning = _session(model_file, device, threads or _default_threads())
        self.providers: list[str] = self._session.get_providers()
        device = "cuda" if "CUDAExecutionProvider" in self.providers else "cpu"
        self._batch_limits = BATCH_TOKENS[device], BATCH_PADDING[device]
        self.lot = LOT[device]

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The unit vector of one text, shape (dimension,)."""
        vector: NDArray[np.float32] = self._run([self._tokenizer.encode(_clean(text)).ids])[0]
        return vector

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of texts, one a row, in their order: shape (len(texts), dimension)."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        if texts:
            encodings = self._tokenizer.encode_batch_fast([_clean(text) for text in texts])
            tokens = [encoding.ids for encoding in encodings]
            for rows in _batches([len(ids) for ids in tokens], *self._batch_limits):
                vectors[rows] = self._run([tokens[row] for row in rows])
            memory.give_back_heap()
        return vectors

    def _run(self, tokens: list[list[int]]) -> NDArray[np.float32]:
        """Vectors of token lists, padded here: the mask tells the model what is padding."""
        shape = len(tokens), max(map(len, tokens))
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, text_ids in enumerate(tokens):
            ids[row, : len(text_ids)] = text_ids
            mask[row, : len(text_ids)] = 1
        vectors: NDArray[np.float32]
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return vectors


def canonical_error(embedder: Embedder) -> float:
    """The largest distance, 1 − cosine, from the vectors that the export wrote down.

    Float32 stays below 1e-6, int8 below .02; more means a damaged file or a broken runtime.
    """
    expected = np.array(list(embedder.canonical.values()), np.float32)
    found = embedder.embed(list(embedder.canonical))
    return float(np.max(1 - np.sum(expected * found, axis=1)))


def _clean(text: str) -> str:
    """Text that the tokenizer takes: lone surrogates (bytes that were no UTF-8) replaced."""
    text = text[:MAX_CHARACTERS]
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return text


def _batches(lengths: list[int], most_tokens: int, most_padding: int) -> Iterator[list[int]]:
    """Rows in batches of like length.

    A batch holds at most `most_tokens`, padding and all (or is one row), and `most_padding` of
    them are padding.
    """
    batch: list[int] = []
    padding = 0
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        length = lengths[row]
        if batch:
            padding += len(batch) * (length - lengths[batch[-1]])
            if padding > most_padding or (len(batch) + 1) * length > most_tokens:
                yield batch
                batch, padding = [], 0
        batch.append(row)
    yield batch


def _default_threads() -> int:
    """Half of the cores, but two to four: a background process leaves room for other work."""
    cores = os.cpu_count() or 1
    return min(cores, 4, max(2, cores // 2))


def _tokenizer(model_dir: Path, max_length: int) -> Any:
    from tokenizers import Tokenizer

    path = model_dir / "tokenizer.json"
    if not path.is_file():
        raise ModelNotFound(model_dir, "no tokenizer.json")
    tokenizer = Tokenizer.from_file(str(path))
    # The file pads and cuts to a fixed 128; sentence-transformers cuts at 256.
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    return tokenizer


def _onnxruntime() -> Any:
    """The module, imported so that it stays on this machine.

    Its official builds (from 1.29) upload usage events with a device id kept in ~/.cache, unless
    they are told otherwise before the import; releases differ in the name of the variable.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["ORT_TELEMETRY_DISABLED"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    # Errors only: warnings on unknown CPUs and devices would end up in a user's terminal.
    onnxruntime.set_default_logger_severity(3)
    return onnxruntime


def _session(model_file: Path, device: str, threads: int) -> tuple[Any, str | None]:
    """The session and a warning, or None, on what device it uses."""
    onnxruntime = _onnxruntime()
    providers: list[Any] = ["CPUExecutionProvider"]
    if device == "cuda" and "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        _load_cuda(onnxruntime)
        # TF32 would round the vectors to three digits.
        providers.insert(0, ("CUDAExecutionProvider", {"use_tf32": "0"}))
    session = onnxruntime.InferenceSession(
        str(model_file),
        _options(onnxruntime, threads),
        providers=providers,
        disabled_optimizers=NOT_JOINED if len(providers) == 1 else [],
    )
    if device == "cuda" and "CUDAExecutionProvider" not in session.get_providers():
        return session, "EMBEDDING_DEVICE=cuda, but no usable GPU or onnxruntime-gpu: using the CPU"
    return session, None


def _load_cuda(onnxruntime: Any) -> None:
    """Load CUDA's libraries where pip put them, which the system's loader does not look into.

    What is missing ONNX Runtime prints; the session says the same by falling back.
    """
    with contextlib.redirect_stdout(None):
        onnxruntime.preload_dlls()


def _options(onnxruntime: Any, threads: int) -> Any:
    """Session options of a process that is idle nearly always and must not be noticed."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Spinning keeps cores busy after each run.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The arena keeps the memory of the largest batch for ever, and is no faster.
    options.enable_cpu_mem_arena = False
    return options
