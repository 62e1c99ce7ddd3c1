"""The files for containers and package managers: of this version, and well-formed."""

import json
import subprocess

import pytest
from support.paths import ROOT

from backend import __version__

PACKAGING = ROOT / "scripts/packaging"


@pytest.mark.parametrize(
    "name",
    [
        *("devcontainer/devcontainer-feature.json", "managers/deja-history.rb"),
        *("managers/flake.nix", "managers/PKGBUILD"),
    ],
)
def test_they_are_of_this_version(name: str) -> None:
    assert __version__ in (PACKAGING / name).read_text()


def test_the_feature_keeps_its_history_on_the_volume() -> None:
    feature = json.loads((PACKAGING / "devcontainer/devcontainer-feature.json").read_text())
    (mount,) = feature["mounts"]
    assert mount["target"] == feature["containerEnv"]["DEJA_HOME"]
    assert mount["target"] in (PACKAGING / "devcontainer/install.sh").read_text()


@pytest.mark.parametrize("name", ["managers/PKGBUILD", "devcontainer/install.sh"])
def test_shells_can_read_them(name: str) -> None:
    subprocess.run(["shellcheck", str(PACKAGING / name)], check=True)


def test_the_image_holds_what_it_starts() -> None:
    """The Dockerfile copies files of this repository, and rootfs.sh the same ones."""
    folder = PACKAGING / "container"
    text = (folder / "Dockerfile").read_text()
    for name in ("packages.txt", "fill.sh", "start.sh"):
        assert f"scripts/packaging/container/{name}" in text
        assert f"$here/{name}" in (folder / "rootfs.sh").read_text()
        assert (folder / name).is_file()
