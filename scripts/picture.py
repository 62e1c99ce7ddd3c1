#!/usr/bin/env python3
"""Pictures for the README: the real picker on a real zsh, drawn as SVG, light and dark.

    python scripts/picture.py                       every scene, into docs/pictures
    python scripts/picture.py --out DIR search …    these scenes alone, into DIR

Needs zsh and an exported model (DEJA_MODEL_DIR or --model-dir). The history is invented
(pictures/history.tsv), its times are told from now on, and HOME and the daemon are temporary.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.pictures.drawing import THEMES, svg
from scripts.pictures.scenes import SCENES
from scripts.pictures.stage import stage


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [scene.name for scene in SCENES]
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(names))
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--model-dir", type=Path, default=os.environ.get("DEJA_MODEL_DIR"))
    given = parser.parse_args(argv)
    wanted = given.scenes or names
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        parser.error(f"there is no scene {', '.join(unknown)}; there are {', '.join(names)}")
    if not given.model_dir or not (given.model_dir / "manifest.json").is_file():
        parser.error("no exported model; name one with DEJA_MODEL_DIR or --model-dir")
    if not shutil.which("zsh"):
        parser.error("zsh is missing; run: sudo apt-get install -y zsh (or: brew install zsh)")
    given.out.mkdir(parents=True, exist_ok=True)
    with stage(given.model_dir.resolve()) as made:
        for scene in (scene for scene in SCENES if scene.name in wanted):
            screen = made.play(scene)
            for name, theme in THEMES.items():
                path = given.out / f"{scene.name}-{name}.svg"
                path.write_text(svg(screen, f"{scene.name}-{name}", theme), "utf-8")
                print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
