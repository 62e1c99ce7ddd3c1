"""What an exported model directory holds: its manifest, read, written and checked.

Standard library only, so that the installer can check a model before onnxruntime is there.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

FILE_NAME = "manifest.json"
# 2: weights in files of their own.
FORMAT = 2
WEIGHTS = ".data"
MEND = "run: bash install.sh (or: python scripts/export_to_onnx.py)"


class ModelNotFound(Exception):
    """There is no usable exported model: no manifest, an unreadable one, or a missing file."""

    def __init__(self, model_dir: Path, why: str, mend: str = MEND) -> None:
        super().__init__(f"ONNX model not found in {model_dir}: {why}; {mend}")


@dataclass(frozen=True)
class Manifest:
    """One exported model.

    `model_id` names the embedding function (weights, tokenizer, pooling, length), whatever the
    precision: vectors with the same id can be compared. `files` maps file name to sha256,
    `precisions` maps precision to file name, `canonical` maps text to its float32 unit vector.
    """

    model: str
    model_id: str
    source: str
    source_files: dict[str, str]
    files: dict[str, str]
    precisions: dict[str, str]
    dimension: int
    max_length: int
    pooling: str = "mean"
    normalized: bool = True
    exporter: dict[str, str] = field(default_factory=dict)
    verification: dict[str, float] = field(default_factory=dict)
    canonical: dict[str, list[float]] = field(default_factory=dict)
    format: int = FORMAT


def model_id(source_files: dict[str, str], max_length: int, pooling: str) -> str:
    """16 hex digits that change with anything that changes the vectors."""
    facts = json.dumps([sorted(source_files.items()), max_length, pooling])
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def read(model_dir: Path) -> Manifest:
    """The manifest of `model_dir`. Raises ModelNotFound if there is none of this format."""
    path = model_dir / FILE_NAME
    try:
        fields = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelNotFound(model_dir, f"no {FILE_NAME}") from error
    except (OSError, ValueError) as error:
        raise ModelNotFound(model_dir, f"{FILE_NAME} is unreadable ({error})") from error
    if not isinstance(fields, dict) or fields.get("format") != FORMAT:
        raise ModelNotFound(model_dir, f"{FILE_NAME} is not of format {FORMAT}")
    try:
        return Manifest(**fields)
    except TypeError as error:
        raise ModelNotFound(model_dir, f"{FILE_NAME} is incomplete ({error})") from error


def write(model_dir: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False)
    beside = model_dir / f"{FILE_NAME}.new"
    beside.write_text(text + "\n", "utf-8")
    beside.replace(model_dir / FILE_NAME)


def verify(model_dir: Path) -> Manifest:
    """The manifest, after every file was hashed. Raises ModelNotFound, naming the bad file."""
    manifest = read(model_dir)
    for name, digest in manifest.files.items():
        try:
            found = sha256(model_dir / name)
        except OSError as error:
            raise ModelNotFound(model_dir, f"{name} is unreadable ({error})") from error
        if found != digest:
            raise ModelNotFound(model_dir, f"{name} is damaged (its hash differs)")
    return manifest


def files_of(model_dir: Path, manifest: Manifest, precision: str) -> list[Path]:
    """The model of one precision, and beside it the file of its weights, if it has one.

    Raises ModelNotFound, naming what is not there: precision or file.
    """
    if precision not in manifest.precisions:
        other = " or ".join(manifest.precisions)
        mend = f"run: bash install.sh --precision {precision} (or set DEJA_PRECISION={other})"
        raise ModelNotFound(model_dir, f"it was exported without {precision}", mend)
    model = manifest.precisions[precision]
    paths = [model_dir / name for name in (model, model + WEIGHTS) if name in manifest.files]
    for path in paths:
        if not path.is_file():
            raise ModelNotFound(model_dir, f"no {path.name}")
    return paths


def leave_out(model_dir: Path, precision: str) -> None:
    """Remove one precision of a model, of which another is left. Raises ModelNotFound, OSError."""
    manifest = read(model_dir)
    if precision not in manifest.precisions:
        return
    gone = files_of(model_dir, manifest, precision)
    names = {path.name for path in gone}
    left = {name: digest for name, digest in manifest.files.items() if name not in names}
    precisions = {name: file for name, file in manifest.precisions.items() if name != precision}
    # Before the files: what the manifest names is there.
    write(model_dir, replace(manifest, files=left, precisions=precisions))
    for path in gone:
        path.unlink()


def sha256(path: Path) -> str:
    """The hash of a file, in hex, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
