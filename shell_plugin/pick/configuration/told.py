"""The settings of [picker] as `deja config` tells of them; what they come to is in check.py."""

from ..screen.rows import COLUMNS as ALL_COLUMNS
from ..screen.state import COLUMNS
from . import themes
from .check import FEWEST_LINES, MOST_LINES

# Name, default, what it is, and what it may be, as JSON Schema has it.
TOLD: "tuple[tuple[str, object, str, dict[str, object]], ...]" = (
    (
        *("height", "50%", 'lines of the terminal: a number, a share as "50%", or "full"'),
        {
            "anyOf": [
                {"type": "integer", "minimum": FEWEST_LINES, "maximum": MOST_LINES},
                {"type": "string", "pattern": "^(full|[1-9][0-9]%|100%)$"},
            ]
        },
    ),
    (
        *("columns", list(COLUMNS), "what stands beside the commands, in this order"),
        {"type": "array", "items": {"enum": list(ALL_COLUMNS)}, "uniqueItems": True},
    ),
    (
        *("list", "down", "up: the query at the bottom, the best row above it"),
        {"enum": ["down", "up"]},
    ),
    (
        *("enter", "put", "put the command on the line, or run it; Tab always puts"),
        {"enum": ["put", "run"]},
    ),
    ("fold", True, "one row for commands that differ in an argument or two", {"type": "boolean"}),
    ("mouse", False, "the wheel moves, a click selects", {"type": "boolean"}),
    (
        *("theme", themes.PLAIN, "16: the terminal's own colours; auto: light or dark, as it is"),
        {"enum": [*themes.THEMES, themes.AUTO]},
    ),
    ("popup", False, "inside tmux the picker opens in a popup", {"type": "boolean"}),
    ("up", False, "the arrow up, pressed again, opens the list", {"type": "boolean"}),
)

# Of those, which a variable of the plugins goes before.
VARIABLES = {"popup": "DEJA_POPUP", "up": "DEJA_UP"}

KEYS: dict[str, object] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
}
STYLE: dict[str, object] = {"type": "string"}
