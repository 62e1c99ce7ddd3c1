"""The man page: linked to where `man` finds it, and taken back; another's is left alone."""

from pathlib import Path

from backend.setup import program


def test_it_is_linked_again_and_again(tmp_path: Path) -> None:
    for app in (tmp_path / "one" / "app", tmp_path / "two" / "app"):
        (app / program.PAGE).parent.mkdir(parents=True)
        (app / program.PAGE).write_text(".TH DEJA 1\n")
        program.place_page(tmp_path, app)
        assert program.is_page(program.man_page())
        assert program.man_page().samefile(app / program.PAGE)


def test_a_page_of_somebody_else_stays(tmp_path: Path) -> None:
    page = program.man_page()
    page.parent.mkdir(parents=True)
    page.write_text("mine\n")
    program.place_page(tmp_path, tmp_path / "app")
    assert not program.is_page(page)
    assert page.read_text() == "mine\n"
