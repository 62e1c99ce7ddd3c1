"""A screen as an SVG that refers to nothing outside itself, in a light and a dark theme."""

import io
from itertools import groupby

import pyte
from pyte.screens import Char
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

Color = tuple[int, int, int]


def _theme(background: str, foreground: str, *colors: str) -> TerminalTheme:
    """Of hexadecimal colours: the eight of SGR 30 to 37 serve as the bright ones, too."""
    read = [_color(color) for color in colors]
    return TerminalTheme(_color(background), _color(foreground), read, read)


def _color(text: str) -> Color:
    red, green, blue = bytes.fromhex(text)
    return red, green, blue


# black, red, green, yellow, blue, magenta, cyan, white: those of the pages that show the pictures.
THEMES = {
    "light": _theme(
        *("ffffff", "24292f"),
        *("24292f", "cf222e", "116329", "9a6700", "0969da", "8250df", "1b7c83", "6e7781"),
    ),
    "dark": _theme(
        *("0d1117", "e6edf3"),
        *("484f58", "ff7b72", "3fb950", "d29922", "58a6ff", "bc8cff", "39c5cf", "b1bac4"),
    ),
}

# Width of a character by its height, of most of these fonts. rich's own template fetches a font.
_ASPECT = 0.6
_FONTS = "ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_TEMPLATE = (
    """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px """
    + _FONTS
    + """; }}
svg > rect {{ stroke: #8c959f; stroke-opacity: .5; }}
circle {{ fill: #8c959f; fill-opacity: .5; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="100%"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""
)


def svg(screen: pyte.Screen, name: str, theme: TerminalTheme) -> str:
    """The screen down to its last line that holds anything, with its cursor."""
    console = Console(
        file=io.StringIO(),
        record=True,
        width=screen.columns,
        color_system="truecolor",
        force_terminal=True,
        no_color=False,
        legacy_windows=False,
        _environ={},
    )
    held = [at for at, line in enumerate(screen.display) if line.strip()]
    for row in range(max([screen.cursor.y, *held]) + 1):
        console.print(_line(screen, row), no_wrap=True, overflow="crop", crop=False)
    return console.export_svg(
        title="",
        theme=theme,
        code_format=_TEMPLATE,
        font_aspect_ratio=_ASPECT,
        unique_id=name,
    )


def _line(screen: pyte.Screen, row: int) -> Text:
    cells = [screen.buffer[row][column] for column in range(screen.columns)]
    if row == screen.cursor.y and not screen.cursor.hidden and screen.cursor.x < screen.columns:
        under = cells[screen.cursor.x]
        cells[screen.cursor.x] = under._replace(reverse=not under.reverse)
    line = Text()
    for look, run in groupby(cells, key=lambda cell: cell._replace(data="")):
        line.append("".join(cell.data for cell in run), _style(look))
    return line


def _style(cell: Char) -> Style:
    return Style(
        color=_named(cell.fg),
        bgcolor=_named(cell.bg),
        bold=cell.bold,
        dim=cell.blink,  # see terminal.DimScreen
        italic=cell.italics,
        underline=cell.underscore,
        reverse=cell.reverse,
    )


def _named(color: str) -> str | None:
    """rich's name for a colour of pyte's, which has hexadecimal digits for those without a name."""
    if color == "default":
        return None
    if len(color) == 6 and set(color) <= set("0123456789abcdef"):
        return "#" + color
    bright = color.startswith("bright")
    plain = {"brown": "yellow"}.get(color.removeprefix("bright"), color.removeprefix("bright"))
    return f"bright_{plain}" if bright else plain
