"""Settings: environment over file over default; errors that say what to change."""

from pathlib import Path

import pytest

from backend import config


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEJA_HOME", str(tmp_path / "d"))
    for name in ("DEJA_MODEL_DIR", "EMBEDDING_DEVICE", "DEJA_PRECISION", "DEJA_IGNORE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "d"


def write(home: Path, text: str) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text(text)


def test_deja_home_holds_everything_and_loading_makes_nothing(home: Path) -> None:
    settings = config.load()
    for path in (settings.config_file, settings.data_dir, settings.log_file, settings.model_dir):
        assert home in path.parents
    for path in (settings.spool_dir, settings.store_file, settings.vectors_dir, settings.lock_file):
        assert path.parent == settings.data_dir
    assert not home.exists()


def test_without_deja_home_the_platforms_directories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEJA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert tmp_path in config.load().data_dir.parents


def test_environment_wins_over_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, 'device = "cuda"\nprecision = "int8"\nmodel_dir = "/file/model"\n')
    assert (config.load().device, config.load().precision) == ("cuda", "int8")
    assert config.load().model_dir == Path("/file/model")
    monkeypatch.setenv("EMBEDDING_DEVICE", "cpu")
    monkeypatch.setenv("DEJA_MODEL_DIR", "/environment/model")
    assert config.load().device == "cpu"
    assert config.load().model_dir == Path("/environment/model")


def test_a_gpu_has_float32_unless_told_otherwise(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBEDDING_DEVICE", "cuda")
    assert config.load().precision == "fp32"
    monkeypatch.setenv("DEJA_PRECISION", "int8")
    assert config.load().precision == "int8"


def model(place: Path) -> Path:
    place.mkdir(parents=True)
    (place / "manifest.json").touch()
    return place


def test_a_home_without_a_model_finds_the_one_of_the_wheel_or_the_installation(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr(config, "__file__", str(tmp_path / "code" / "backend" / "config.py"))
    monkeypatch.setattr("sys.platform", "linux")
    assert config.load().model_dir == home / "data" / "model"
    for place in (tmp_path / "xdg" / "deja", tmp_path / "code", home / "data"):
        assert config.load().model_dir != place / "model"
        found = model(place / "model")
        assert config.load().model_dir == found
    monkeypatch.setenv("DEJA_MODEL_DIR", "/named")
    assert config.load().model_dir == Path("/named")


def test_patterns_of_file_and_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, 'ignore = ["secret *"]\n')
    monkeypatch.setenv("DEJA_IGNORE", "ls:cd *::")
    assert config.load().ignore == ("secret *", "ls", "cd *")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("device = [", "config.toml"),
        ('device = "tpu"', "EMBEDDING_DEVICE"),
        ('precision = "fp8"', "DEJA_PRECISION"),
        ('ignore = "ls"', "ignore"),
        ("ignore = [1]", "ignore"),
    ],
)
def test_what_cannot_be_used_is_named(home: Path, text: str, named: str) -> None:
    write(home, text)
    with pytest.raises(config.ConfigError, match=named) as caught:
        config.load()
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_utf8(home: Path) -> None:
    write(home, "")
    (home / "config" / "config.toml").write_bytes(b"\xff")
    with pytest.raises(config.ConfigError, match=r"config\.toml"):
        config.load()
