"""What the pictures show: for each, the keys typed, and what the screen must show after."""

from dataclasses import dataclass

CTRL_R = "\x12"


@dataclass(frozen=True)
class Scene:
    """`steps`: keys to send to a shell in `directory` of HOME, and the text to wait for after each.
    `rows`: the height of the terminal; the picture ends with the last line that is not empty.
    """

    name: str
    directory: str
    steps: tuple[tuple[str, str], ...]
    rows: int = 24


SCENES = (
    Scene(
        "search",
        "projects/shop",
        ((CTRL_R, "❯"), ("unpack an archive", "▌  tar -xzf")),
    ),
    Scene(
        "typed",
        "projects/shop",
        ((CTRL_R, "❯"), ("docker lo", "5 contain it")),
    ),
    Scene(
        "filters",
        "projects/shop",
        ((CTRL_R, "❯"), ("test exit:fail since:2w", "✗4")),
    ),
    Scene(
        "whole",
        "projects/shop",
        ((CTRL_R, "❯"), ("make images smaller", "\n   done ")),
        rows=30,
    ),
    Scene(
        "help",
        "projects/shop",
        ((CTRL_R, "❯"), ("\x1bOP", "any key back")),
        rows=44,
    ),
)
