"""What is picked comes first the next time, and moves nothing else."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from backend.config import Config
from backend.engine.engine import Engine
from backend.engine.held.picks import MOST
from backend.wire.record import Record

COMMANDS = ["docker ps", "docker images", "docker run -it debian", "podman ps", "ls -la"]


def found(engine: Engine, text: str) -> list[str]:
    return [row.command for row in engine.search(text).rows]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.record([Record(text, 1_700_000_000.0 + at) for at, text in enumerate(COMMANDS)])
    while engine.embed_waiting():
        pass
    return engine


def test_the_same_question_brings_the_pick_first(filled: Engine) -> None:
    assert found(filled, "docker")[0] != "docker ps"
    filled.pick("docker", "docker ps")
    assert found(filled, "docker")[0] == found(filled, "  DOCKER ")[0] == "docker ps"
    assert "picked before" in str(filled.search("docker").rows[0].why)
    assert found(filled, "docker i")[0] == "docker images", "another question"


def test_a_later_pick_is_worth_more(filled: Engine) -> None:
    for command in ("docker ps", "docker ps", "docker images"):
        filled.pick("docker", command)
    assert found(filled, "docker")[:2] == ["docker images", "docker ps"]


def test_a_pick_that_does_not_hold_the_words_comes_first_too(filled: Engine) -> None:
    filled.pick("docker", "podman ps")
    assert found(filled, "docker")[0] == "podman ps"


def test_a_like_question_of_several_words(filled: Engine) -> None:
    filled.pick("list all the running containers of mine", "podman ps")
    assert found(filled, "list my running containers")[0] == "podman ps"
    assert "picked" not in str(filled.search("show containers").rows[0].why)


def test_short_text_means_too_many_things(filled: Engine) -> None:
    before = found(filled, "do")
    filled.pick("do", "docker run -it debian")
    assert found(filled, "do") == before


def test_a_filter_holds_for_picks(filled: Engine) -> None:
    filled.pick("docker", "podman ps")
    assert "podman ps" not in found(filled, "docker exit:fail")
    assert "podman ps" not in found(filled, "docker -podman")


def test_what_is_picked_is_masked_and_forgotten_with_its_command(filled: Engine) -> None:
    filled.pick("mysql -u root -pHunter2xyz", "docker ps")
    db = filled._history.store.db
    assert "Hunter2xyz" not in str(db.execute("SELECT question FROM picks").fetchall())
    ((id,),) = db.execute("SELECT id FROM commands WHERE text = 'docker ps'").fetchall()
    filled.forget([id])
    assert db.execute("SELECT * FROM picks").fetchall() == []


def test_picks_outlive_a_restart(filled: Engine, settings: Config) -> None:
    filled.pick("docker", "docker ps")
    filled.close()
    again = Engine(settings)
    assert found(again, "docker")[0] == "docker ps"
    again.close()


def test_a_setting_switches_it_off(filled: Engine, settings: Config) -> None:
    before = found(filled, "docker")[0]
    filled.pick("docker", "docker ps")
    filled.close()
    again = Engine(replace(settings, learn=False))
    again.pick("docker", "docker run -it debian")
    assert found(again, "docker")[0] == before
    assert len(again._history.store.db.execute("SELECT * FROM picks").fetchall()) == 1
    again.close()


@rules(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    st.lists(st.sampled_from(COMMANDS), max_size=8),
    st.sampled_from(["docker", "docker ps", "podman", "show what is running"]),
)
def test_picks_move_nothing_but_themselves(filled: Engine, picked: list[str], text: str) -> None:
    db = filled._history.store.db
    db.execute("DELETE FROM picks")
    filled.pick("nothing of that", "ls -la")
    before = found(filled, text)
    for command in picked:
        filled.pick(text, command)
    after = found(filled, text)
    first = [row for row in after if row in picked][:MOST]
    assert after[: len(first)] == first
    rest = [row for row in after if row not in first]
    assert rest == [row for row in before if row not in first]
