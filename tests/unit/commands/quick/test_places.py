"""Where deja's things are, found without pathlib and platformdirs: the same place, or None."""

import os
import sys
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import config
from backend.commands.quick.places import places

PATHS = st.sampled_from([None, "", " ", "/", "/a", "/a b", "a", "~", "~/x", "/a/../b", "//a"])


@given(PATHS, PATHS, PATHS)
def test_they_are_where_the_configuration_has_them(
    home: str | None, xdg_config: str | None, xdg_data: str | None
) -> None:
    found = {"DEJA_HOME": home, "XDG_CONFIG_HOME": xdg_config, "XDG_DATA_HOME": xdg_data}
    environ = {name: value for name, value in found.items() if value is not None}
    environ["HOME"] = "/home/u"
    with mock.patch.dict(os.environ, environ, clear=True):
        plain, settings = places(), config.load()
    if plain:
        named = [Path(path).resolve() for path in plain]
        assert named == [settings.config_file.resolve(), settings.data_dir.resolve()]


@pytest.mark.skipif(sys.platform == "darwin", reason="there click's commands look")
@pytest.mark.parametrize("environ", [{}, {"DEJA_HOME": "/x"}, {"XDG_DATA_HOME": "/x"}])
def test_the_usual_ones_are_plain(environ: dict[str, str]) -> None:
    with mock.patch.dict(os.environ, {"HOME": "/home/u"} | environ, clear=True):
        assert places()
