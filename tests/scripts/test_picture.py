"""Pictures: what stands on a screen stands in the SVG, in its colours, and nothing is fetched."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pyte
import pytest
from support.paths import ROOT

from scripts.picture import main
from scripts.pictures.drawing import THEMES, svg
from scripts.pictures.scenes import SCENES
from scripts.pictures.stage import HISTORY, history
from scripts.pictures.terminal import DimScreen

DRAWN = (
    "\x1b[36m~/src\x1b[0m % \r\n \x1b[0;36m❯ \x1b[0mgit <log>\r\n"
    "\x1b[0;1mbold\x1b[0m \x1b[0;2mdim\x1b[22m \x1b[0;31;4mbad\x1b[0m \x1b[38;5;2mgreen\x1b[0m"
    "\r\n\x1b[0;33;7mmask\x1b[0m  a  b\x1b[2;10H"
)


def screen(text: str = DRAWN) -> pyte.Screen:
    made = DimScreen(40, 10)
    pyte.Stream(made).feed(text)
    return made


def texts(drawing: str) -> dict[str, str]:
    """The texts of a picture, and the style rules of each."""
    rules = dict(re.findall(r"^\.(\S+) { (.*) }$", drawing, re.M))
    root = ElementTree.fromstring(drawing)
    return {
        (text.text or "").replace("\xa0", " ").strip(): rules[text.attrib["class"]]
        for text in root.iter("{http://www.w3.org/2000/svg}text")
    }


@pytest.mark.parametrize(
    ("theme", "cyan", "plain", "dim", "red"),
    [
        ("light", "#1b7c83", "#24292f", "#7b7e82", "#cf222e"),
        ("dark", "#39c5cf", "#e6edf3", "#8f959b", "#ff7b72"),
    ],
)
def test_text_and_colours(theme: str, cyan: str, plain: str, dim: str, red: str) -> None:
    found = texts(svg(screen(), "scene", THEMES[theme]))
    assert found["~/src"] == f"fill: {cyan}"
    assert found["bold"] == f"fill: {plain};font-weight: bold"
    assert found["dim"] == f"fill: {dim}"
    assert found["bad"] == f"fill: {red};text-decoration: underline;"
    assert found["a  b"] == f"fill: {plain}"
    assert "font-weight" not in found["green"] and dim not in found["green"]


def test_what_is_reversed_has_a_ground_and_so_has_the_cursor() -> None:
    theme = THEMES["light"]
    drawing = svg(screen(), "scene", theme)
    assert texts(drawing)["mask"] == f"fill: {theme.background_color.hex}"
    grounds = re.findall(r'<rect fill="(#\w+)" x="(\w+)"', drawing)
    assert ("#9a6700", "0") in grounds
    assert (theme.foreground_color.hex, str(9 * 12)) in grounds


def test_a_picture_refers_to_nothing_outside_itself() -> None:
    drawing = svg(screen(), "scene", THEMES["dark"])
    assert re.findall(r"https?://[^\s\"']+", drawing) == ["http://www.w3.org/2000/svg"]
    assert "@import" not in drawing and "@font-face" not in drawing and "href" not in drawing
    assert set(re.findall(r"url\((.)", drawing)) == {"#"}


def test_a_picture_ends_where_the_screen_does() -> None:
    lines = {
        text.attrib["y"]
        for text in ElementTree.fromstring(svg(screen(), "scene", THEMES["dark"])).iter()
        if text.tag.endswith("text")
    }
    assert len(lines) == 4


def test_the_history_is_whole() -> None:
    now = 1_800_000_000.0
    runs = list(history(HISTORY.read_text("utf-8"), Path("/home/ann"), now))
    starts = [run.start or 0.0 for run in runs]
    assert starts == sorted(starts) and starts[-1] < now
    assert {0, 1} < {run.exit for run in runs}
    assert any("\n" in run.command for run in runs)


def test_the_readme_shows_pictures_that_there_are() -> None:
    shown = re.findall(r'"(docs/pictures/[^"]+)"', (ROOT / "README.md").read_text("utf-8"))
    assert shown
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/pictures").iterdir()}
    assert set(shown) <= there
    assert there == {f"docs/pictures/{s.name}-{theme}.svg" for s in SCENES for theme in THEMES}
    assert all((ROOT / path).stat().st_size < 100_000 for path in there)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["--model-dir", "x", "nosuch"], "there is no scene nosuch"), ([], "DEJA_MODEL_DIR")],
)
def test_what_is_wrong_is_told(
    arguments: list[str],
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DEJA_MODEL_DIR", raising=False)
    with pytest.raises(SystemExit):
        main(arguments)
    assert told in capsys.readouterr().err


@pytest.mark.slow
def test_the_script_draws_the_real_picker(model_dir: Path, tmp_path: Path) -> None:
    script = [sys.executable, str(ROOT / "scripts" / "picture.py"), "search"]
    subprocess.run([*script, "--out", tmp_path, "--model-dir", model_dir], check=True)
    assert {path.name for path in tmp_path.iterdir()} == {"search-light.svg", "search-dark.svg"}
    found = texts((tmp_path / "search-dark.svg").read_text("utf-8"))
    assert "unpack an archive" in found
    assert "font-weight: bold" in found["tar -xzf backup.tgz"]
    assert any("meaning and text" in text for text in found)
