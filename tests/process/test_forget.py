"""deja forget: gone for good, on request from the shells' own history files as well."""

import shlex
from pathlib import Path

import pytest
from support.install import Deja

from backend.redaction.mask import MARK
from backend.wire.row import rows

ZSH = (
    ": 1700000000:3;git status\n"
    ": 1700000001:0;curl -u me:Hunter2xyz https://a.example\n"
    ": 1700000002:0;for x in 1\\\ndo echo $x\\\ndone\n"
    ": 1700000003:0;curl -u me:Other3xyz https://a.example\n"
    ": 1700000004:0;git status\n"
    ": 1700000005:0;ls -la\n"
)
BASH = "#1700000000\ngit status\n#1700000001\nfor x in 1\ndo echo $x\ndone\n#1700000002\npwd\n"


@pytest.fixture
def imported(deja: Deja) -> Deja:
    (deja.home / ".zsh_history").write_text(ZSH)
    (deja.home / ".bash_history").write_text(BASH)
    deja.start()
    assert deja("import", "--no-wait").returncode == 0
    return deja


def without(text: str, *entries: str) -> str:
    for entry in entries:
        assert entry in text
        text = text.replace(entry, "")
    return text


def zsh(deja: Deja) -> str:
    return (deja.home / ".zsh_history").read_text()


def bash(deja: Deja) -> str:
    return (deja.home / ".bash_history").read_text()


def test_history_files_are_left_alone_unless_asked(imported: Deja) -> None:
    assert imported("forget", "--yes", "git", "status").returncode == 0
    assert imported.search("git") == []
    assert (zsh(imported), bash(imported)) == (ZSH, BASH)
    assert imported("import", "--no-wait").returncode == 0
    assert imported.search("git") == []


def test_whole_entries_go_from_every_file(imported: Deja) -> None:
    result = imported("forget", "--yes", "--history-files", "git status")
    assert result.returncode == 0, result.stderr
    assert f"2 entries removed from {imported.home}/.zsh_history" in result.stdout
    assert f"1 entry removed from {imported.home}/.bash_history" in result.stdout
    assert "Shells that are open now" in result.stdout
    first, last = ": 1700000000:3;git status\n", ": 1700000004:0;git status\n"
    assert zsh(imported) == without(ZSH, first, last)
    assert bash(imported) == without(BASH, "#1700000000\ngit status\n")
    assert imported.search("git") == []


def test_entries_of_several_lines(imported: Deja) -> None:
    assert imported("forget", "--yes", "--history-files", "--containing", "echo $x").returncode == 0
    assert zsh(imported) == without(ZSH, ": 1700000002:0;for x in 1\\\ndo echo $x\\\ndone\n")
    assert bash(imported) == without(BASH, "#1700000001\nfor x in 1\ndo echo $x\ndone\n")


def test_a_command_as_it_was_typed_with_its_secret(imported: Deja) -> None:
    """The store has it masked; what differs in the secret alone is the same command there."""
    command = "curl -u me:Hunter2xyz https://a.example"
    assert imported.search("curl") == [command.replace("Hunter2xyz", MARK)]
    assert imported("forget", "--yes", "--history-files", command).returncode == 0
    assert imported.search("curl") == []
    assert "curl" not in zsh(imported)


def test_a_value_that_only_the_files_hold(imported: Deja) -> None:
    result = imported("forget", "--yes", "--history-files", "--containing", "Other3xyz")
    assert result.returncode == 0, result.stderr
    assert zsh(imported) == without(ZSH, ": 1700000003:0;curl -u me:Other3xyz https://a.example\n")
    assert len(imported.search("curl")) == 1


def test_all(imported: Deja) -> None:
    assert imported("forget", "--yes", "--history-files", "--all").returncode == 0
    assert (zsh(imported), bash(imported)) == ("", "")


def test_it_asks_and_tells_what_would_go(imported: Deja) -> None:
    result = imported("forget", "--history-files", "ls -la", stdin="n\n")
    assert result.returncode == 130
    assert f"1 entry of {imported.home}/.zsh_history" in result.stdout
    assert zsh(imported) == ZSH
    assert imported.search("ls") == ["ls -la"]


def test_of_many_it_tells_the_first_ten(deja: Deja) -> None:
    (deja.home / ".bash_history").write_text("".join(f"echo {n}\n" for n in range(12)))
    deja.start()
    assert deja("import", "--no-wait").returncode == 0
    result = deja("forget", "--containing", "echo", stdin="n\n")
    assert result.returncode == 130
    assert result.stdout.count("  echo ") == 10
    assert "  … and 2 more\n" in result.stdout
    assert "Forget 12 commands for good?" in result.stdout
    assert len(deja.search("echo")) == 12


def test_copies_of_the_store_are_told(imported: Deja) -> None:
    """They are kept as they were, with what was forgotten in them."""
    folder = imported.config.data_dir
    copies = [folder / "history.db.aside-2026-01-01T00-00-00", folder / "history.db.v1"]
    for copy in copies:
        copy.write_bytes(b"")
        copy.chmod(0o600)
    result = imported("forget", "--yes", "ls -la")
    assert result.returncode == 0
    assert result.stderr == (
        "older copies of the history may hold it still; to remove them: "
        f"{shlex.join(['rm', *map(str, copies)])}\n"
    )
    assert all(copy.exists() for copy in copies)


def test_nothing_found(imported: Deja) -> None:
    result = imported("forget", "--yes", "--history-files", "no such command")
    assert result.returncode == 1
    assert result.stderr == "nothing found to forget\n"


def test_a_file_that_cannot_be_rewritten_is_said(imported: Deja) -> None:
    (imported.home / "second name").hardlink_to(imported.home / ".zsh_history")
    result = imported("forget", "--yes", "--history-files", "git status")
    assert result.returncode == 1
    assert "hard links" in result.stderr
    assert zsh(imported) == ZSH
    assert bash(imported) == without(BASH, "#1700000000\ngit status\n")
    assert imported.search("git") == []


def test_commands_by_their_numbers_on_stdin(imported: Deja) -> None:
    found = {row.command: row.id for row in rows(imported.ask("search", ("query", "")))}
    numbers = f"{found['git status']}\n{found['pwd']}\n{10**15}\n"
    result = imported("forget", "--ids", "--yes", "--history-files", stdin=numbers)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("2 forgotten\n")
    assert imported.search("git") == imported.search("pwd") == []
    assert "git status" not in zsh(imported) and "pwd" not in bash(imported)
    assert "ls -la" in zsh(imported) and "for x in 1" in bash(imported)


def test_numbers_that_are_none_forget_nothing(imported: Deja) -> None:
    for stdin, arguments in (("1\nx\n", ["--yes"]), ("-1\n", ["--yes"]), ("1\n", [])):
        assert imported("forget", "--ids", *arguments, stdin=stdin).returncode == 2
    assert imported("forget", "--ids", "--yes", "ls", stdin="1\n").returncode == 2
    assert imported("forget", "--ids", "--yes", stdin="").returncode == 1
    assert imported.search("git") == ["git status"]
    assert "--ids" not in imported("forget", "--help").stdout


def test_one_selection_is_needed(imported: Deja) -> None:
    assert imported("forget").returncode == 2
    assert imported("forget", "--history-files").returncode == 2
    assert imported("forget", "--all", "ls").returncode == 2


def test_no_file_keeps_what_was_forgotten(imported: Deja, tmp_path: Path) -> None:
    imported.record("echo UniqueWord in the spool")
    imported.ask("refresh")
    assert imported("forget", "--yes", "--containing", "UniqueWord").returncode == 0
    imported.stop()
    for path in tmp_path.rglob("*"):
        assert not (path.is_file() and b"UniqueWord" in path.read_bytes()), path
