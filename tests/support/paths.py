"""Where the project is."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APP = ROOT / "backend" / "app.py"
DATA = ROOT / "tests" / "data"
