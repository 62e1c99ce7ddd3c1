"""What the pictures show: for each, the keys typed, and what the screen must show after."""

from dataclasses import dataclass

CTRL_R = "\x12"
DOWN = "\x1b[B"


@dataclass(frozen=True)
class Scene:
    """`steps`: keys to send to a shell in `directory` of HOME, and the text to wait for after."""

    name: str
    directory: str
    steps: tuple[tuple[str, str], ...]


SCENES = (
    Scene(
        "search",
        "projects/shop",
        ((CTRL_R, "❯"), ("unpack an archive", "meaning and text")),
    ),
    Scene(
        "typed",
        "projects/shop",
        ((CTRL_R, "❯"), ("docker lo", "contain")),
    ),
    Scene(
        "filters",
        "projects/shop",
        ((CTRL_R, "❯"), ("test exit:fail since:2w", "of ")),
    ),
)
