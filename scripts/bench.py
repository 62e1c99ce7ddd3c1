"""Every figure that deja claims, measured on this machine: a Markdown table, and JSON.

    python scripts/bench.py                        all, some twenty minutes
    python scripts/bench.py --quick                a minute, small sizes: whether it runs at all
    python scripts/bench.py --only search --sizes 100000
    python scripts/bench.py --only growth --sizes 10000 --sizes 100000 --plot docs/growth.svg
    python scripts/bench.py --reference PYTHON SOURCE   beside sentence-transformers: an interpreter
                                                        that has it, and a folder of the weights

The model comes from DEJA_MODEL_DIR or the installation. Machines are noisy: compare within one run.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import click
import psutil

from backend import __version__, config
from backend.meaning import manifest as manifests
from scripts.benchmarks import episodes as bench_episodes
from scripts.benchmarks import growth as bench_growth
from scripts.benchmarks import need as bench_need
from scripts.benchmarks import next as bench_next
from scripts.benchmarks import picker as bench_picker
from scripts.benchmarks import search as bench_search
from scripts.benchmarks import shell as bench_shell
from scripts.benchmarks import stats as bench_stats
from scripts.benchmarks.percentiles import spread
from scripts.benchmarks.syncing import cost as bench_sync

PARTS = (
    *("model", "recall", "need", "next", "search", "episodes", "picker", "shell", "stats"),
    *("commands", "growth", "sync"),
)
SIZES = (10_000, 100_000, 1_000_000)

Figures = dict[str, Any]


@click.command()
@click.option("--quick", is_flag=True, help="Small sizes: a smoke test.")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Only this part.")
@click.option("--sizes", multiple=True, type=int, default=SIZES, help="Commands in the history.")
@click.option("--searches", default=1000, help="Searches for each size.")
@click.option("--reference", nargs=2, type=click.Path(exists=True), help="PYTHON and SOURCE.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw `growth` here, as SVG.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Also write JSON here.")
def main(
    quick: bool,
    only: tuple[str, ...],
    sizes: tuple[int, ...],
    searches: int,
    reference: tuple[str, str] | None,
    plot: Path | None,
    json_file: Path | None,
) -> None:
    """Measure, and print a Markdown table."""
    if quick:
        sizes, searches = (2000,), 24
    settings = config.load()
    try:
        manifests.read(settings.model_dir)
    except manifests.ModelNotFound as error:
        raise click.ClickException(f"{error}; or name one with DEJA_MODEL_DIR") from error
    parts: dict[str, Callable[[], Iterator[tuple[str, Figures]]]] = {
        "model": lambda: _model(settings, reference),
        "recall": lambda: _recall(settings, 500 if quick else 5000),
        "need": lambda: _need(sizes, 20 if quick else 500),
        "next": lambda: _next(settings, sizes, 20 if quick else 500),
        "search": lambda: _search(settings, sizes, searches),
        "picker": lambda: _picker(settings, sizes[:2], 1 if quick else 100),
        "episodes": lambda: _episodes(settings, sizes, searches),
        "shell": lambda: _shell(quick),
        "stats": lambda: _stats(settings, sizes, 3 if quick else 9),
        "commands": lambda: _commands(settings, 3 if quick else 20),
        "sync": lambda: _sync(settings, sizes[-1:]),
        "growth": lambda: _growth(settings, sizes, searches, plot),
    }
    results: Figures = {"machine": machine()}
    print("\n".join(f"- {name}: {value}" for name, value in results["machine"].items()))
    print("\n| what | figure | value |\n|---|---|---|", flush=True)
    for part in only or PARTS:
        for name, figures in parts[part]():
            results[name] = figures
            print("\n".join(_rows(name, figures)), flush=True)
    if json_file:
        json_file.write_text(json.dumps(results, indent=1))


def _rows(name: str, figures: Figures) -> Iterator[str]:
    for key, value in figures.items():
        shown = (
            ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        )
        yield f"| {name} | {key} | {shown} |"


def machine() -> Figures:
    """What the figures depend on."""
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "deja": f"{__version__} ({commit.stdout.strip() or 'no git'})",
        "system": f"{platform.system()} {platform.machine()}",
        "processor": f"{_processor()}, {psutil.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "python": platform.python_version(),
        "load before": f"{psutil.getloadavg()[0]:.2f}",
        "date": time.strftime("%Y-%m-%d"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _model(
    settings: config.Config, reference: tuple[str, str] | None
) -> Iterator[tuple[str, Figures]]:
    script = str(ROOT / "scripts" / "benchmarks" / "model.py")
    if reference:
        python, source = reference
        yield "PyTorch", _run_json([python, script, "sentence-transformers", source])
    manifest = manifests.read(settings.model_dir)
    for precision in manifest.precisions:
        arguments = ["onnx", str(settings.model_dir), "--precision", precision]
        files = manifests.files_of(settings.model_dir, manifest, precision)
        size = sum(file.stat().st_size for file in files) / 1e6
        figures = _run_json([sys.executable, script, *arguments])
        yield f"ONNX Runtime {precision}", {"file MB": round(size, 1), **figures}


def _run_json(command: list[str]) -> Figures:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1]}
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _recall(settings: config.Config, count: int) -> Iterator[tuple[str, Figures]]:
    from scripts.benchmarks.synthetic import commands

    with tempfile.TemporaryDirectory() as home:
        there = bench_search.at_home(settings, Path(home))
        found = bench_search.recall(there, list(commands(count)))
    yield f"vectors, {count:,} commands", {"recall@10 against exact float32": found}


def _need(sizes: tuple[int, ...], times: int) -> Iterator[tuple[str, Figures]]:
    for size in sizes:
        yield f"need, {size:,} commands", bench_need.measure(size, times, bench_search.timed)


def _next(
    settings: config.Config, sizes: tuple[int, ...], times: int
) -> Iterator[tuple[str, Figures]]:
    for size in sizes:
        with tempfile.TemporaryDirectory() as home:
            there = bench_search.at_home(settings, Path(home))
            yield f"next, {size:,} commands", bench_next.measure(there, size, times)


def _search(
    settings: config.Config, sizes: tuple[int, ...], searches: int
) -> Iterator[tuple[str, Figures]]:
    for size in sizes:
        with tempfile.TemporaryDirectory() as home:
            there = bench_search.at_home(settings, Path(home))
            yield f"search, {size:,} commands", bench_search.measure(there, size, searches)


def _picker(
    settings: config.Config, sizes: tuple[int, ...], runs: int
) -> Iterator[tuple[str, Figures]]:
    for size in sizes:
        with tempfile.TemporaryDirectory() as home:
            there = bench_search.at_home(settings, Path(home))
            yield f"picker, {size:,} commands", bench_picker.measure(there, size, runs)


def _episodes(
    settings: config.Config, sizes: tuple[int, ...], searches: int
) -> Iterator[tuple[str, Figures]]:
    for size in sizes:
        with tempfile.TemporaryDirectory() as home:
            there = bench_search.at_home(settings, Path(home))
            yield f"episodes, {size:,} runs", bench_episodes.measure(there, size, searches)


def _shell(quick: bool) -> Iterator[tuple[str, Figures]]:
    for name, times in bench_shell.measure(quick).items():
        yield name, {"ms": times}


def _stats(
    settings: config.Config, sizes: tuple[int, ...], times: int
) -> Iterator[tuple[str, Figures]]:
    for size in sizes:
        with tempfile.TemporaryDirectory() as home:
            there = bench_search.at_home(settings, Path(home))
            yield "figures", bench_stats.measure(there, size, times)


def _sync(settings: config.Config, sizes: tuple[int, ...]) -> Iterator[tuple[str, Figures]]:
    for size in sizes:
        with tempfile.TemporaryDirectory() as home:
            there = bench_search.at_home(settings, Path(home))
            yield f"sync, {size:,} runs of 10 hosts", bench_sync.measure(there, size)


def _growth(
    settings: config.Config, sizes: tuple[int, ...], searches: int, plot: Path | None
) -> Iterator[tuple[str, Figures]]:
    figures = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as home:
            there = bench_search.at_home(settings, Path(home))
            figures[size] = bench_growth.measure(there, size, searches)
            yield f"growth, {size:,} commands", dict(figures[size])
    if plot:
        plot.write_text(bench_growth.plot(figures))


def _commands(settings: config.Config, runs: int) -> Iterator[tuple[str, Figures]]:
    """What a `deja` command costs, interpreter and all, with a daemon running."""
    with tempfile.TemporaryDirectory() as home:
        there = bench_search.at_home(settings, Path(home))
        app = [sys.executable, "-I", str(ROOT / "backend" / "app.py")]
        environment = {**os.environ, "DEJA_MODEL_DIR": str(there.model_dir)}

        def run(*arguments: str) -> None:
            subprocess.run([*app, *arguments], env=environment, capture_output=True, check=False)

        run("start")
        for arguments in (("status",), ("search", "git log"), ("--help",)):
            times = [bench_search.timed(run, *arguments) for _ in range(runs)]
            yield f"deja {' '.join(arguments)}", {"ms": spread(times)}
        run("stop")


if __name__ == "__main__":
    main()
