"""A real daemon after an upgrade that brought another glossary."""

from pathlib import Path

import pytest
from support.engine import embed_all
from support.glossary import change_glossary
from support.install import Deja, wait_until

from backend.engine.engine import Engine
from backend.system import private
from backend.wire.record import Record

OLD = [f"tar -xzf backup-{number}.tgz" for number in range(800)]
SAME = [f"docker ps --last {number}" for number in range(200)]


@pytest.mark.slow
def test_the_vectors_of_before_answer_until_there_are_new_ones(
    deja: Deja, model_dir: Path, tmp_path: Path
) -> None:
    deja.env["DEJA_MODEL_DIR"] = str(model_dir)
    private.make(deja.config.data_dir)
    with pytest.MonkeyPatch.context() as before:
        change_glossary(before, tmp_path, changed={"tar -x": "take out"})
        engine = Engine(deja.config)
        engine.load_model()
        engine.record([Record(command) for command in (*OLD, *SAME)])
        embed_all(engine)
        engine.close()
    deja.start()
    wait_until(lambda: "outdated" in deja.status(), "the comparison")
    left = int(deja.status()["outdated"])
    assert 0 < left <= len(OLD)
    assert "being made anew" in deja("status").stdout
    assert ", 1000 of 1000 embedded, " in deja("doctor").stdout
    assert deja.search("unpack an archive", mode="meaning")[0] in OLD
    assert deja.search("list running containers", mode="meaning")[0] in SAME
    wait_until(lambda: "outdated" not in deja.status(), "the new vectors")
    assert deja.status()["embedded"] == "1000"
    assert "anew" not in deja("status").stdout
