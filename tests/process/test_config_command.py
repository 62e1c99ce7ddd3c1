"""deja config, as people and scripts use it."""

import json
import tomllib
from pathlib import Path

from support.install import Deja


def file(deja: Deja) -> Path:
    return deja.config.config_file


def test_set_get_and_unset_leave_the_rest_of_the_file(deja: Deja) -> None:
    assert deja("config", "set", "ignore", "pass *", "vault *").returncode == 0
    assert deja("config", "get", "ignore").stdout == "pass *\nvault *\n"
    assert file(deja).stat().st_mode & 0o777 == 0o600
    text = "# mine\nlearn = true  # why not\n\n[picker]\n# none\n"
    file(deja).write_text(text)
    told = deja("config", "set", "learn", "false")
    assert (told.returncode, told.stdout) == (0, "learn = false\nit takes: deja restart\n")
    assert file(deja).read_text() == text.replace("true", "false")
    assert deja("config", "unset", "learn").stdout.startswith("learn is true again\n")
    assert file(deja).read_text() == text.replace("learn = true  # why not\n", "")


def test_where_values_are_from(deja: Deja) -> None:
    deja("config", "set", "picker.height", "30")
    listed = json.loads(deja("config", "list", "--json", env={"DEJA_LEARN": "0"}).stdout)
    assert listed["picker.height"] == {"value": 30, "source": "file"}
    assert listed["learn"] == {"value": False, "source": "variable"}
    assert listed["device"] == {"value": "cpu", "source": "default"}
    assert listed["picker.keys.put"]["value"] == ["enter", "tab"]
    lines = deja("config").stdout.splitlines()
    assert any(line.split() == ["picker.height", "30", "(file)"] for line in lines)
    assert not any("picker.keys" in line for line in lines[:-1])
    assert (
        "DEJA_LEARN is set"
        in deja("config", "set", "learn", "true", env={"DEJA_LEARN": "0"}).stderr
    )


def test_what_is_wrong_is_refused_and_nothing_written(deja: Deja) -> None:
    for arguments, told in (
        (("set", "picker.height", "3"), "picker.height is 3; allowed: 5 or more"),
        (("set", "lern", "true"), "'lern' is no setting; is it learn?"),
        (("set", "learn", "yes"), "learn: 'yes' is not true or false"),
        (("set", "picker.keys.pin", "nokey"), "there is no key"),
        (("set", "DEJA_KEY", "^T"), "DEJA_KEY is a variable"),
        (("get", "nothing"), "'nothing' is no setting"),
    ):
        result = deja("config", *arguments)
        assert (result.returncode, told in result.stderr) == (2, True), result.stderr
        assert (
            result.stderr.count("\n") == 1 and "; run: deja config" in result.stderr
        ) or "DEJA_KEY" in told
    assert not file(deja).exists()


def test_a_file_that_is_wrong_already(deja: Deja) -> None:
    file(deja).parent.mkdir(parents=True)
    file(deja).write_text("learn = [\n")
    broken = deja("config", "set", "learn", "true")
    assert (broken.returncode, file(deja).read_text()) == (2, "learn = [\n")
    assert "run: deja config edit" in broken.stderr
    file(deja).write_text("nobody = 1\n")
    assert deja("config", "set", "learn", "true").returncode == 0
    assert tomllib.loads(file(deja).read_text()) == {"nobody": 1, "learn": True}
    file(deja).write_text("picker = {height = 9}\n")
    refused = deja("config", "set", "picker.height", "10")
    assert (refused.returncode, file(deja).read_text()) == (1, "picker = {height = 9}\n")
    assert "by hand alone; run: deja config edit" in refused.stderr


def test_a_link_stays_a_link(deja: Deja) -> None:
    dotfiles = deja.home / "dotfiles.toml"
    dotfiles.write_text("# kept\n")
    file(deja).parent.mkdir(parents=True)
    file(deja).symlink_to(dotfiles)
    deja("config", "set", "learn", "false")
    assert file(deja).is_symlink()
    assert dotfiles.read_text() == "# kept\nlearn = false\n"


def test_edit_opens_the_editor_and_looks_afterwards(deja: Deja) -> None:
    editor = deja.home / "an editor"
    editor.write_text('#!/bin/sh\necho "$2" >>"$1"\n')
    editor.chmod(0o755)
    words = f"'{editor}'"
    well = deja("config", "edit", env={"EDITOR": "true"})
    assert (well.returncode, file(deja).read_text()) == (0, "")
    editor.write_text('#!/bin/sh\necho "learn = 3" >>"$1"\n')
    wrong = deja("config", "edit", env={"VISUAL": words, "EDITOR": "false"})
    assert wrong.returncode == 2
    assert "learn in config.toml is 3; set it to true or false" in wrong.stderr
    failed = deja("config", "edit", env={"EDITOR": "false"})
    assert (failed.returncode, "the editor failed" in failed.stderr) == (1, True)


def test_explain_and_schema(deja: Deja) -> None:
    told = deja("config", "explain", "device").stdout
    assert "cpu, cuda" in told and "EMBEDDING_DEVICE" in told and '"cpu" (default)' in told
    schema = json.loads(deja("config", "schema").stdout)
    assert schema["properties"]["picker"]["properties"]["height"]["anyOf"]
