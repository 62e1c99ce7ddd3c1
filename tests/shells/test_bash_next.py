"""The key in bash that puts what is likely next on the line."""

import pytest
from support import shells
from support.fake_daemon import FakeDaemon
from support.shells import ENTER, Home, ctrl

KEY = "\x18\x0e"
BOUND = "DEJA_NEXT_KEY='^X^N'"


def test_the_key_walks_through_what_is_likely_and_comes_back(home: Home, fake: FakeDaemon) -> None:
    with shells.bash(home, before=BOUND) as shell:
        shell.send("docker" + KEY)
        shell.wait_line("docker ps -a --format '{{.Names}}'")
        shell.send(KEY)
        shell.wait_line("docker compose logs -f web | grep -i error")
        shell.send(KEY)
        shell.wait_line("docker")
        shell.send(" c" + KEY)
        shell.wait_line("docker compose logs -f web | grep -i error")
        shell.send(ctrl("u") + KEY)
        shell.wait_line("tar -xzf backup.tgz")
    asked = fake.requests[0]
    assert (asked["verb"], asked["prefix"], asked["cwd"]) == ("next", "docker", str(home.work))
    assert asked["session"].count(".") >= 2
    assert [request["limit"] for request in fake.requests[:3]] == ["1", "2", "3"]


def test_status_and_text_come_through(home: Home, fake: FakeDaemon) -> None:
    fake.rows = [{"command": "echo \"café\" '日本' \\n $?"}]
    with shells.bash(home, before=BOUND) as shell:
        shell.run("(exit 7)")
        shell.send(KEY)
        shell.wait_line(str(fake.rows[0]["command"]))
        shell.send(ENTER)
        shell.wait_for("café 日本 n 7")


@pytest.mark.parametrize("behaviour", ["silent", "garbage", "error", "hangup"])
def test_without_an_answer_the_line_stays(behaviour: str, home: Home, fake: FakeDaemon) -> None:
    fake.behaviour = behaviour
    with shells.bash(home, before=BOUND) as shell:
        shell.send("git" + KEY + " log")
        shell.wait_line("git log")
        assert "deja" not in shell.picture()


def test_no_key_is_bound_unless_it_is_named(home: Home, fake: FakeDaemon) -> None:
    with shells.bash(home) as shell:
        shell.run("bind -X | grep -c _deja_next")
        assert "\n0\n" in shell.picture()
