"""Named themes, and styles as people write them, to the codes of `ESC [ … m`. Pure."""

from ..screen.look import STYLES

Styles = dict[str, str]

# The terminal's own sixteen colours, which suit its background: the styles as look.py has them.
PLAIN = "16"
AUTO = "auto"


def _theme(
    dim: int, accent: int, purple: int, red: int, yellow: int, green: int, blue: int
) -> Styles:
    """Of colours out of the 256 of xterm, which more terminals have than any 24 bits."""
    return {
        "dim": f"38;5;{dim}",
        "comment": f"3;38;5;{dim}",
        "match": f"1;38;5;{accent}",
        "mark": f"38;5;{accent}",
        "option": f"38;5;{accent}",
        "filter": f"38;5;{purple}",
        "variable": f"38;5;{purple}",
        "bad": f"38;5;{red}",
        "error": f"4;38;5;{red}",
        "warn": f"38;5;{yellow}",
        "mask": f"38;5;{yellow}",
        "string": f"38;5;{green}",
        "keyword": f"1;38;5;{blue}",
    }


# Of Solarized and Gruvbox their own tables of the 256; of Nord the nearest.
THEMES: dict[str, Styles] = {
    PLAIN: {},
    "light": _theme(dim=242, accent=30, purple=90, red=124, yellow=94, green=28, blue=25),
    "dark": _theme(dim=246, accent=80, purple=176, red=203, yellow=221, green=114, blue=75),
    "solarized-light": _theme(245, accent=37, purple=125, red=160, yellow=136, green=64, blue=33),
    "solarized-dark": _theme(240, accent=37, purple=125, red=160, yellow=136, green=64, blue=33),
    "gruvbox-light": _theme(245, accent=66, purple=96, red=88, yellow=136, green=100, blue=24),
    "gruvbox-dark": _theme(245, accent=108, purple=175, red=167, yellow=214, green=142, blue=109),
    "nord": _theme(dim=103, accent=110, purple=139, red=131, yellow=222, green=144, blue=67),
}

_WORDS = {"plain": "0", "bold": "1", "dim": "2", "italic": "3", "underline": "4", "reverse": "7"}
_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_WORDS |= {name: str(30 + number) for number, name in enumerate(_COLOURS)}
_WORDS |= {f"bright-{name}": str(90 + number) for number, name in enumerate(_COLOURS)}

_LONGEST = 60


def codes(written: str) -> str:
    """`bold cyan`, `#88c0d0` or `1;36` as the code of a style; empty if it is none of these."""
    parts = [_code(part) for part in written.lower().split()]
    joined = ";".join(parts)
    return joined if parts and all(parts) and len(joined) <= _LONGEST else ""


def _code(part: str) -> str:
    if part in _WORDS:
        return _WORDS[part]
    digits = part.removeprefix("#")
    if digits != part and len(digits) == 6 and not set(digits) - set("0123456789abcdef"):
        red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
        return f"38;2;{red};{green};{blue}"
    numbers = part.split(";")
    return part if all(_is_code(number) for number in numbers) else ""


def _is_code(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) <= 3 and int(number) < 256


def named(theme: str) -> "Styles":
    """The styles of a theme that differ from those of look.py."""
    return {name: code for name, code in THEMES.get(theme, {}).items() if name in STYLES}
