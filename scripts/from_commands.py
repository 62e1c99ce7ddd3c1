"""Write what is made from the tree of commands: completion of zsh, bash and fish, and the man page.

`python scripts/from_commands.py` writes them into shell_plugin/completion/ and shell_plugin/man/
anew; with `--check` it says which are not as the tree has them, and exits with 1.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if not __package__:
    sys.path.insert(0, str(ROOT))

from scripts.completion import bash, fish, man, zsh
from scripts.completion.spec import tree

MARK = "Made from the commands by scripts/from_commands.py; not to be edited."

WRITTEN = {
    "shell_plugin/completion/_deja": zsh.written,
    "shell_plugin/completion/deja.bash": bash.written,
    "shell_plugin/completion/deja.fish": fish.written,
    "shell_plugin/man/man1/deja.1": man.written,
}


def files() -> dict[Path, str]:
    """What should stand where."""
    root = tree()
    return {ROOT / name: written(root, MARK) for name, written in WRITTEN.items()}


def main(arguments: list[str]) -> int:
    changed = [path for path, text in files().items() if not _is(path, text)]
    for path in changed:
        print(path.relative_to(ROOT))
        if arguments != ["--check"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files()[path], "utf-8")
    return int(bool(changed) and arguments == ["--check"])


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
