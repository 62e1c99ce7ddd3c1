"""A computer to install on: an empty HOME, and a stand-in for its Python."""

import subprocess
import sys
from pathlib import Path

from support.paths import ROOT

# Answers install.sh as a Python would. PIP says what pip does: ok, fail, full (says
# so), flood (fills the disk), or hang.
STAND_IN = r"""#!/bin/bash
real={real}
case "$*" in
    *_base_executable*) echo "$0" ;;
    *"import ensurepip"*) exit "${{NO_VENV:-0}}" ;;
    *"-m venv "*) mkdir -p "${{@: -1}}/bin"; ln -s "$0" "${{@: -1}}/bin/python" ;;
    *"-m pip install"*)
        echo "pip $*" >>"$CALLS"
        case "$PIP" in
            fail) echo "ERROR: no route to the registry" >&2; exit 1 ;;
            full) for word; do case $word in "$HOME"/*/downloads) mkdir -p "$word" ;; esac; done
                echo "OSError: [Errno 28] No space left on device" >&2; exit 1 ;;
            flood) cat /dev/zero >"${{0%/bin/python}}/filler" || exit 1 ;;
            hang) sleep 300 ;;
        esac
        before=
        for word; do [ "$before" != --report ] || echo '{{}}' >"$word"; before=$word; done ;;
    *"export_to_onnx.py --check"*) [ -e "${{@: -1}}/manifest.json" ] ;;
    *"export_to_onnx.py --reduce"*) echo "reduce" >>"$CALLS" ;;
    *export_to_onnx.py*)
        case "$*" in *fp32*) echo "export fp32" ;; *) echo "export" ;; esac >>"$CALLS"
        [ "$EXPORT" != fail ] || {{ echo "export_to_onnx: differs by 3" >&2; exit 1; }}
        mkdir -p "${{@: -1}}"; touch "${{@: -1}}/manifest.json" ;;
    *reach.py*) exit 1 ;;
    *"backend/app.py setup"* | *backend/setup/undo.py*)
        exec "$real" -I -c "$AS_THE_STAND_IN" "$0" "$(uname -s)" "${{@:2}}" ;;
    *backend/app.py*) all="$*"; echo "deja ${{all#*app.py }}" >>"$CALLS" ;;
    *"-m pip uninstall"* | *compileall* | *"import onnxruntime"*) ;;
    *) exec "$real" "$@" ;;
esac
"""

# What deja setup does is real, but for what it starts: its Python is the stand-in.
AS_THE_STAND_IN = """
import runpy, sys
sys.executable, system, *sys.argv = sys.argv[1:]
sys.platform = "darwin" if system == "Darwin" else sys.platform
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Machine:
    """An empty HOME with a stand-in for python3, and what install.sh did to it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "a home"
        self.data = self.home / ".local/share/deja"
        self.calls_file = folder / "calls"
        self.script = ROOT / "install.sh"
        self.home.mkdir()
        bin_dir = folder / "bin"
        bin_dir.mkdir()
        python = bin_dir / "python3"
        python.write_text(STAND_IN.format(real=sys.executable))
        python.chmod(0o755)
        self.environment = {
            "HOME": str(self.home),
            "PATH": f"{bin_dir}:/usr/bin:/bin",
            "CALLS": str(self.calls_file),
            "AS_THE_STAND_IN": AS_THE_STAND_IN,
            "PIP": "ok",
            "EXPORT": "ok",
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", str(self.script), *arguments],
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.home,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def install(self, *arguments: str, **environment: str) -> str:
        status, out, err = self.run("--yes", *arguments, **environment)
        assert (status, err) == (0, "")
        return out

    @property
    def calls(self) -> list[str]:
        return self.calls_file.read_text().splitlines() if self.calls_file.exists() else []

    def tree(self) -> dict[str, bytes]:
        """Every file and folder below HOME."""
        return {
            str(path.relative_to(self.home)): path.read_bytes() if path.is_file() else b""
            for path in self.home.rglob("*")
        }
