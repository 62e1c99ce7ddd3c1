"""bench.py runs from beginning to end and reports every figure. No timing is asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.paths import ROOT

from scripts.benchmarks import growth
from scripts.benchmarks.synthetic import commands


def test_synthetic_commands_are_distinct_and_the_same_for_a_seed() -> None:
    made = list(commands(3000, seed=3))
    assert len(set(made)) == 3000
    assert made == list(commands(3000, seed=3))
    assert made != list(commands(3000, seed=4))
    assert not any("{word}" in command or "{path}" in command for command in made)


def test_quick_run_reports_every_part(tmp_path: Path) -> None:
    figures_file = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "scripts/bench.py", "--quick", "--json", str(figures_file)],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(figures_file.read_text())
    assert figures["ONNX Runtime fp32"]["bulk texts/s"] > 0
    assert figures["vectors, 500 commands"]["recall@10 against exact float32"] >= 0.98
    search = figures["search, 2,000 commands"]
    assert search["search ms"]["p95"] >= search["search ms"]["p50"] > 0
    assert search["fzf --filter ms"]["p50"] > 0
    assert figures["deja status"]["ms"]["runs"] == 3
    assert "| search, 2,000 commands | search ms |" in done.stdout


def test_growth_is_drawn_with_a_line_for_each_figure() -> None:
    names = [name for lines in growth.PANELS.values() for name in lines]
    figures = {size: dict.fromkeys(names, size / 1000) for size in (1000, 30_000, 3_000_000)}
    drawn = ElementTree.fromstring(growth.plot(figures))
    texts = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert set(names) < set(texts) and {"1,000", "10,000,000"} < set(texts)
    lines = [
        each.attrib["d"]
        for each in drawn.iter("{http://www.w3.org/2000/svg}path")
        if each.attrib["class"] != "grid"
    ]
    assert len(lines) == len(names)
    for line in lines:
        points = [tuple(map(float, point.split())) for point in line[1:].split("L")]
        assert len(points) == len(figures)
        assert points == sorted(points) and points[::-1] == sorted(points, key=lambda at: at[1])
    with pytest.raises(ValueError):
        growth.plot({1000: figures[1000]})
