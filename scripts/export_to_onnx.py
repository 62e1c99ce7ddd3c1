"""Export all-MiniLM-L6-v2 from PyTorch to ONNX, and prove that the vectors are the same.

The only importer of torch, and only while exporting: `--check` runs in the runtime. Needs
scripts/requirements-export.txt. Writes model, tokenizer and manifest beside the target, checks
them, and renames the folder into place; a failure leaves what was there before.
"""

import argparse
import importlib.metadata
import importlib.util
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from backend.meaning import manifest as manifests
from backend.meaning.manifest import Manifest, ModelNotFound
from scripts.export import model_source
from scripts.export.verification_texts import CANONICAL, VERIFIED

MAX_LENGTH = 256
DIMENSION = 384
TOLERANCE = 1e-4
INT8_COSINE = 0.995
CANONICAL_ERROR = {"fp32": 1e-5, "int8": 0.02}
NEEDED = ("torch", "transformers", "sentence_transformers", "onnx", "onnxruntime", "tokenizers")


class ExportError(Exception):
    """The export cannot start, or its result is wrong. One line: what, why, what to run."""


def main() -> int:
    """Exit status 0, or 1 after one line on stderr."""
    arguments = _arguments()
    try:
        output = arguments.output or _configured_output()
        if arguments.reduce:
            manifests.leave_out(output, "fp32")
        elif arguments.check:
            check(output, arguments.precision)
        else:
            export(output, arguments.model_source, arguments.ort_format)
            if arguments.precision == "int8":
                manifests.leave_out(output, "fp32")
    except (ExportError, ModelNotFound, model_source.SourceError) as error:
        print(f"export_to_onnx: {error}", file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("--output", type=Path, metavar="DIR", help="where the model goes (default: deja's own)")
    add("--model-source", type=Path, metavar="DIR", help="a folder with the original files")
    add("--ort-format", action="store_true", help="also write .ort files, for minimal builds")
    add("--precision", choices=("int8", "fp32"), help="int8: without float32 (default: with both)")
    add("--check", action="store_true", help="check the exported model; needs no torch")
    add("--reduce", action="store_true", help="take float32 out of the exported model")
    return parser.parse_args()


def _configured_output() -> Path:
    try:
        from backend import config
    except ImportError as error:
        raise ExportError(f"{error}; name the folder with --output DIR") from error
    return config.load().model_dir


def check(output: Path, precision: str | None) -> None:
    """Hash every file and embed the canonical texts.

    Raises ExportError or ModelNotFound, also where `precision` is not there.
    """
    manifest = manifests.verify(output)
    manifests.files_of(output, manifest, precision or "int8")
    if manifest.source_files != model_source.HASHES:
        raise ExportError(f"the model in {output} is another one; {manifests.MEND}")
    from backend.meaning.embedder import Embedder, canonical_error

    for name in manifest.precisions:
        if not canonical_error(Embedder(output, precision=name)) <= CANONICAL_ERROR[name]:
            raise ExportError(f"{name} vectors in {output} are wrong; {manifests.MEND}")
    print(f"model {manifest.model_id} in {output} is whole")


def export(output: Path, folder: Path | None, ort_format: bool) -> None:
    """Make the model directory `output`. Raises ExportError or SourceError."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise ExportError(
            f"this Python has no {', '.join(missing)}; run: bash install.sh "
            "(or, in a fresh venv: pip install -r scripts/requirements-export.txt)"
        )
    if output.exists() and any(output.iterdir()) and not (output / "manifest.json").exists():
        raise ExportError(f"{output} holds other files; name an empty folder with --output DIR")
    output.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the last step is a rename within one file system.
    with tempfile.TemporaryDirectory(prefix=".deja-model-", dir=output.parent) as scratch:
        source, name = model_source.find(folder, Path(scratch))
        built = Path(scratch) / "model"
        built.mkdir(0o755)
        _build(built, source, name, ort_format)
        _swap(built, output, Path(scratch) / "before")
    print(f"exported to {output}")


def _swap(built: Path, output: Path, before: Path) -> None:
    for file in built.iterdir():
        file.chmod(0o644)
    if output.exists():
        output.rename(before)
    built.rename(output)


def _build(built: Path, source: Path, source_name: str, ort_format: bool) -> None:
    """Fill `built` from the original files in `source`, ending with a verified manifest."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # every file is here: let no library ask for more
    os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["ORT_TELEMETRY_DISABLED"] = "1"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    warnings.filterwarnings("ignore")
    from scripts.export.fuse import FusionError, fuse
    from scripts.export.quantise import quantise

    _say("tracing the transformer")
    _trace(source, built / "traced.onnx")
    _say("fusing attention, layer norm and GELU")
    try:
        fuse(built / "traced.onnx", built / "model.onnx")
    except FusionError as error:
        raise ExportError(
            f"{error}; use the versions of scripts/requirements-export.txt"
        ) from error
    (built / "traced.onnx").unlink()
    shutil.copyfile(source / "tokenizer.json", built / "tokenizer.json")
    precisions = {"fp32": "model.onnx"}
    manifests.write(built, _manifest(built, source_name, precisions, {}, {}))
    _say(f"comparing with sentence-transformers on {len(VERIFIED)} texts")
    reference = _reference(source)
    proof = {"texts": float(len(VERIFIED)), "max_abs_difference": _difference(built, reference)}
    _say("making the 8-bit model")
    quantise(built / "model.onnx", built / "model-int8.onnx", built / "tokenizer.json", VERIFIED)
    precisions["int8"] = "model-int8.onnx"
    manifests.write(built, _manifest(built, source_name, precisions, {}, {}))
    proof["int8_mean_cosine"] = _int8_cosine(built, reference)
    if ort_format:
        _write_ort(built, precisions)
    canonical = {text: [round(float(x), 7) for x in reference[text]] for text in CANONICAL}
    manifests.write(built, _manifest(built, source_name, precisions, proof, canonical))


def _trace(source: Path, target: Path) -> None:
    """The transformer with mean pooling over the mask and L2 norm, as ONNX.

    Inputs input_ids and attention_mask, int64 (batch, sequence); output embedding, float32
    (batch, 384). Eager attention and the tracing exporter give the pattern that ONNX Runtime
    knows how to fuse; what torch.export writes, its fusion (1.32) stumbles over.
    """
    import torch
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(
        str(source), attn_implementation="eager", dtype=torch.float32
    ).eval()

    class Sentence(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            hidden = self.encoder(
                input_ids=input_ids,
                attention_mask=attention_mask,
                token_type_ids=torch.zeros_like(input_ids),
            ).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1)

    example = torch.tensor([[101, 2000, 2001, 102], [101, 2000, 102, 0], [101, 102, 0, 0]])
    axes = {0: "batch", 1: "sequence"}
    torch.onnx.export(
        Sentence(),
        (example, (example != 0).long()),
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["embedding"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )


def _reference(source: Path) -> dict[str, Any]:
    """What sentence-transformers makes of every verified text: float32 (384,) each."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(source), device="cpu")
    model.max_seq_length = MAX_LENGTH
    vectors = model.encode(
        list(VERIFIED), batch_size=16, normalize_embeddings=True, show_progress_bar=False
    )
    return dict(zip(VERIFIED, vectors, strict=True))


def _difference(built: Path, reference: dict[str, Any]) -> float:
    """The largest difference of any number, in batches and alone. Raises ExportError."""
    import numpy as np

    from backend.meaning.embedder import Embedder

    embedder = Embedder(built)
    texts = list(reference)
    expected = np.stack(list(reference.values()))
    alone = np.stack([embedder.embed_query(text) for text in texts])
    differences = np.abs(np.stack([embedder.embed(texts), alone]) - expected).max(axis=(0, 2))
    worst = int(np.argmax(differences))
    if not differences[worst] <= TOLERANCE:  # not <=, so that NaN fails too
        raise ExportError(
            f"the exported model differs by {differences[worst]:.2g} (allowed {TOLERANCE:.0e}) on "
            f"{texts[worst][:40]!r}; use the versions of scripts/requirements-export.txt"
        )
    _say(f"largest difference {differences[worst]:.1e}, allowed {TOLERANCE:.0e}")
    return float(differences[worst])


def _int8_cosine(built: Path, reference: dict[str, Any]) -> float:
    """The mean cosine of 8-bit vectors to the original ones. Raises ExportError."""
    import numpy as np

    from backend.meaning.embedder import Embedder

    found = Embedder(built, precision="int8").embed(list(reference))
    mean = float(np.mean(np.sum(found * np.stack(list(reference.values())), axis=1)))
    if not mean >= INT8_COSINE:
        raise ExportError(
            f"the 8-bit model is too coarse (mean cosine {mean:.4f}, needed {INT8_COSINE}); "
            "use the versions of scripts/requirements-export.txt"
        )
    _say(f"mean cosine of the 8-bit model {mean:.4f}")
    return mean


def _write_ort(built: Path, precisions: dict[str, str]) -> None:
    """A .ort file beside each model, which builds of ONNX Runtime without ONNX can load."""
    import onnxruntime

    from backend.meaning.embedder import NOT_JOINED

    for name in precisions.values():
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.save_model_format", "ORT")
        options.optimized_model_filepath = str((built / name).with_suffix(".ort"))
        onnxruntime.InferenceSession(str(built / name), options, disabled_optimizers=NOT_JOINED)


def _manifest(
    built: Path,
    source: str,
    precisions: dict[str, str],
    proof: dict[str, float],
    canonical: dict[str, list[float]],
) -> Manifest:
    names = sorted(path.name for path in built.iterdir() if path.name != manifests.FILE_NAME)
    return Manifest(
        model=model_source.MODEL,
        model_id=manifests.model_id(model_source.HASHES, MAX_LENGTH, "mean"),
        source=source,
        source_files=model_source.HASHES,
        files={name: manifests.sha256(built / name) for name in names},
        precisions=precisions,
        dimension=DIMENSION,
        max_length=MAX_LENGTH,
        exporter={name: importlib.metadata.version(name.replace("_", "-")) for name in NEEDED},
        verification=proof,
        canonical=canonical,
    )


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
