"""What deja costs a shell: per command, per start, and from the key to the first paint.

Drives real shells. Each figure is milliseconds: median and p95. `python
scripts/benchmarks/shell.py` prints a table; `measure()` returns the figures.
"""

import argparse
import json
import os
import pty
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from scripts.benchmarks.percentiles import spread

# Run inside an interactive shell: N commands' worth of hooks, the time of each in µs.
_ZSH_HOOKS = """
zmodload zsh/datetime
for ((i = 0; i < {runs}; i++)); do
  s=$EPOCHREALTIME
  for f in $preexec_functions; do $f 'git status --short --branch' x y; done
  for f in $precmd_functions; do $f; done
  print -r -- $(( (EPOCHREALTIME - s) * 1000 ))
done
"""

_BASH_HOOKS = """
set -o history
bench_us() {{ REPLY=${{EPOCHREALTIME/[.,]/}}; }}
for ((i = 0; i < {runs}; i++)); do
  history -s "git status --short --branch $i"
  bench_us; s=$REPLY
  x=${{PS0@P}}
  for c in "${{PROMPT_COMMAND[@]}}"; do eval "$c"; done
  bench_us; echo $(( REPLY - s ))
done
"""


class Bench:
    """A scratch HOME with the plugin of this checkout, and a rendezvous that looks alive."""

    def __init__(self, directory: Path, python: str) -> None:
        self.home = directory
        self.data = directory / "deja" / "data"
        self.data.mkdir(parents=True, mode=0o700)
        app = directory / "app"
        shutil.copytree(ROOT / "shell_plugin", app / "shell_plugin")
        shutil.copytree(ROOT / "backend", app / "backend")
        self.plugin = app / "shell_plugin"
        (self.data / "env.sh").write_text(f"_deja_python='{python}'\n_deja_app='{app}'\n")
        # This very process stands for the daemon, so that none is started: it takes every
        # connection and answers nothing.
        path = self.data / "silent"
        self._silent = socket.socket(socket.AF_UNIX)
        self._silent.bind(str(path))
        self._silent.listen(512)
        fields = ["v=1", "version=bench", f"pid={os.getpid()}", f"socket={path}", "", ""]
        (self.data / "daemon").write_text("\0".join(fields))

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.home),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "DEJA_HOME": str(self.home / "deja"),
        }

    def run(self, argv: list[str]) -> str:
        """The output of a command on a terminal of its own."""
        return subprocess.run(
            argv,
            env=self.environment(),
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
        ).stdout


def hook(bench: Bench, shell: str, runs: int) -> dict[str, float]:
    """Recording one command: everything deja does before and after it."""
    if shell == "zsh":
        code = f"source {bench.plugin}/deja.zsh\n" + _ZSH_HOOKS.format(runs=runs)
        output = bench.run(["zsh", "-f", "-i", "-c", code])
        return spread([float(line) for line in output.split()])
    code = f"source {bench.plugin}/deja.bash\n" + _BASH_HOOKS.format(runs=runs)
    output = bench.run(["bash", "--norc", "-i", "-c", code])
    return spread([float(line) / 1000 for line in output.split()])


def sourcing(bench: Bench, shell: str, runs: int) -> dict[str, float]:
    """Loading the plugin, as the shell itself measures it; each run is a fresh shell."""
    samples = []
    for _ in range(runs):
        if shell == "zsh":
            code = (
                "zmodload zsh/datetime; s=$EPOCHREALTIME; "
                f"source {bench.plugin}/deja.zsh; print -r -- $(( (EPOCHREALTIME - s) * 1000 ))"
            )
            samples.append(float(bench.run(["zsh", "-f", "-i", "-c", code])))
        else:
            code = (
                f"s=${{EPOCHREALTIME/[.,]/}}; source {bench.plugin}/deja.bash; "
                "echo $(( ${EPOCHREALTIME/[.,]/} - s ))"
            )
            samples.append(float(bench.run(["bash", "--norc", "-i", "-c", code])) / 1000)
    return spread(samples)


def first_paint(bench: Bench, shell: str, runs: int) -> dict[str, float]:
    """From the key press to the picker's first picture, in one shell on a pseudo-terminal."""
    rc = bench.home / (".zshrc" if shell == "zsh" else ".bashrc")
    rc.write_text(f"PS1='ready> '\nsource {bench.plugin}/deja.{shell}\n")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(shell, [shell, "-i"], bench.environment())
    try:
        _until(terminal, b"ready> ")
        samples = [_press(terminal) for _ in range(runs + 3)]
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)
    # The first ones write the bytecode and warm the file cache.
    return spread(samples[3:])


def _press(terminal: int) -> float:
    start = time.perf_counter()
    os.write(terminal, b"\x12")
    _until(terminal, "❯".encode())
    took = (time.perf_counter() - start) * 1000
    os.write(terminal, b"\x07")
    _quiet(terminal)
    return took


def _until(terminal: int, text: bytes) -> None:
    seen = b""
    while text not in seen:
        if not select.select([terminal], [], [], 20)[0]:
            raise TimeoutError(f"the shell did not show {text!r}")
        seen = seen[-64:] + os.read(terminal, 65536)


def _quiet(terminal: int) -> None:
    """Until the shell has nothing more to draw."""
    while select.select([terminal], [], [], 0.15)[0]:
        os.read(terminal, 65536)


def measure(quick: bool = False, python: str = sys.executable) -> dict[str, dict[str, float]]:
    """All figures, in milliseconds; shells that are not installed are left out."""
    scale = 10 if quick else 1
    figures = {}
    for shell in ("zsh", "bash"):
        if not shutil.which(shell):
            continue
        with tempfile.TemporaryDirectory() as directory:
            bench = Bench(Path(directory), python)
            figures[f"{shell} hook per command"] = hook(bench, shell, 1000 // scale)
            figures[f"{shell} sourcing the plugin"] = sourcing(bench, shell, 50 // scale)
            figures[f"{shell} key to first paint"] = first_paint(bench, shell, 100 // scale)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what deja costs a shell.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--python", default=sys.executable, help="the picker's interpreter")
    options = parser.parse_args()
    figures = measure(options.quick, options.python)
    if options.json:
        print(json.dumps(figures))
        return
    print("| | median ms | p95 ms | runs |\n|---|---|---|---|")
    for name, times in figures.items():
        print(f"| {name} | {times['p50']} | {times['p95']} | {times['runs']} |")


if __name__ == "__main__":
    main()
