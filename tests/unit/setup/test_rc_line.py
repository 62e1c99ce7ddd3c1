"""The line in .zshrc and .bashrc: added, replaced, removed; what is not ours stays."""

from pathlib import Path

from backend.setup import rc_line


def test_lines_written_after_ours_stay(tmp_path: Path) -> None:
    rc = tmp_path / ".zshrc"
    rc.write_bytes(b"first")
    rc_line.add(rc, "[ -r '/x/deja.zsh' ] && . '/x/deja.zsh'")
    with rc.open("ab") as stream:
        stream.write(b"later\n")
    assert rc_line.remove(rc) == "removed"
    assert rc.read_bytes() == b"first\nlater\n"


def test_a_line_of_an_older_place_is_replaced(tmp_path: Path) -> None:
    rc = tmp_path / ".zshrc"
    rc.write_bytes(b"before\n")
    assert rc_line.add(rc, ". '/old/deja.zsh'") == "added"
    assert rc_line.add(rc, ". '/new/deja.zsh'") == "replaced"
    assert rc.read_bytes() == b"before\n. '/new/deja.zsh' # deja\n"


def test_a_link_to_an_rc_file_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles", tmp_path / ".zshrc"
    real.write_bytes(b"mine\n")
    link.symlink_to(real)
    rc_line.add(link, ". '/x/deja.zsh'")
    assert b"deja.zsh" in real.read_bytes()
    rc_line.remove(link)
    assert link.is_symlink()
    assert real.read_bytes() == b"mine\n"


def test_lines_that_only_look_like_ours_stay(tmp_path: Path) -> None:
    rc = tmp_path / ".zshrc"
    text = b"# deja\n. /x/deja.zsh\nalias dv='echo deja' # deja\n"
    rc.write_bytes(text)
    assert rc_line.remove(rc) == "absent"
    assert rc.read_bytes() == text
