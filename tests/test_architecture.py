"""Who may import whom: the table of docs/architecture.md, read from the code with `ast`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.paths import ROOT

# Each room of backend/, from the ground up, and the rooms that it may import from besides itself.
ROOMS: dict[str, set[str]] = {
    "settings": set(),
    "config": {"settings"},
    "wire": set(),
    "query": set(),
    "system": {"config"},
    "redaction": {"system"},
    "histfiles": {"wire", "redaction", "system"},
    "storage": {"wire", "query", "system"},
    "text": {"query", "system"},
    "meaning": {"config", "wire", "query", "redaction", "system"},
    "ranking": {"query", "text"},
    "engine": {
        *("config", "wire", "query", "redaction", "system"),
        *("storage", "text", "meaning", "ranking"),
    },
    "daemon": {"config", "wire", "query", "system", "meaning", "engine"},
    "setup": {"config", "daemon"},
    "sync": {"config", "wire"},
}
# Composed of everything, and imported by nobody.
TOP = {"app", "commands"}
PICKER = {"wire"}
# The picker's search on disk shows the spool, which nobody has masked yet.
PICKER_ALSO = {"shell_plugin/pick/answers/offline.py": {"redaction"}}

# Where alone a library that is slow to import, or that reaches out, may stand.
LIBRARIES = {
    "onnxruntime": {"backend/meaning"},
    "tokenizers": {"backend/meaning"},
    "simsimd": {"backend/meaning"},
    "rapidfuzz": {"backend/text", "backend/ranking"},
    "sqlite3": {
        *("backend/storage", "backend/engine", "backend/histfiles", "backend/commands"),
        "shell_plugin/pick/answers/offline.py",
    },
    "platformdirs": {"backend/config.py"},
    "click": {"backend/commands"},
    "pyrage": {"backend/sync"},
    "mnemonic": {"backend/sync"},
    "obstore": {"backend/sync/stores"},
    "torch": set(),
    "transformers": set(),
}
MOST_LINES, MOST_MODULES = 300, 12


def modules(*places: str) -> list[Path]:
    return sorted(path for place in places for path in (ROOT / place).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Full names of what a file imports, inside functions too; those for type checking left out."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms(path: Path) -> set[str]:
    """The rooms of backend/ that a file imports from."""
    names = (name.split(".") for name in imports(path))
    return {parts[1] for parts in names if parts[0] == "backend" and parts[1] != "__version__"}


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "backend").parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_room_is_in_the_table() -> None:
    found = {room_of(path) for path in modules("backend")} - {"__init__"}
    assert found == set(ROOMS) | TOP


def test_nothing_imports_upward() -> None:
    floors = list(ROOMS)
    for room, allowed in ROOMS.items():
        assert all(floors.index(below) < floors.index(room) for below in allowed), room


@pytest.mark.parametrize("path", modules("backend"), ids=name)
def test_a_room_imports_what_the_table_allows(path: Path) -> None:
    room = room_of(path)
    if room not in TOP | {"__init__"}:
        assert rooms(path) <= ROOMS[room] | {room}


@pytest.mark.parametrize("path", modules("shell_plugin"), ids=name)
def test_the_picker_imports_messages_alone(path: Path) -> None:
    assert rooms(path) <= PICKER | PICKER_ALSO.get(name(path), set())


@pytest.mark.parametrize("path", modules("backend", "shell_plugin"), ids=name)
def test_libraries_stand_in_their_rooms(path: Path) -> None:
    for library in {imported.split(".")[0] for imported in imports(path)} & set(LIBRARIES):
        assert any(name(path).startswith(room) for room in LIBRARIES[library]), library


def test_the_page_shows_the_table() -> None:
    """docs/architecture.md names for every room exactly the rooms that it may import from."""
    lines = (ROOT / "docs" / "architecture.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    shown = {row[0].strip("`/"): row[-1] for row in rows if row[0].startswith("`")}
    for room, allowed in ROOMS.items():
        if room in ("settings", "config"):
            continue
        told = set(shown[room].replace("–", "").replace(",", " ").split())
        assert told == allowed, room


@pytest.mark.parametrize("path", modules("backend", "shell_plugin", "scripts"), ids=name)
def test_modules_are_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


def test_folders_are_small() -> None:
    for folder in {path.parent for path in modules("backend", "shell_plugin", "scripts")}:
        assert len(list(folder.glob("*.py"))) <= MOST_MODULES + 1, folder
