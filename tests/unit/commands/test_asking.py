"""What a refusal of the daemon becomes: by its code, whatever its words are."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.commands.shared import asking
from backend.config import Config
from backend.wire import client, protocol


class Answers:
    """Stands for a connection: refuses with these codes, one after the other, then answers."""

    def __init__(self, *codes: str) -> None:
        self._codes: Iterator[str] = iter(codes)
        self.asked = 0

    def ask(self, _: bytes, __: float) -> protocol.Fields:
        self.asked += 1
        for code in self._codes:
            raise client.Refused("a line for people", code)
        return [("ok", "1")]

    def __enter__(self) -> "Answers":
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [("no-model", 4), ("soon", 1), ("bad-request", 1), ("internal", 1), ("", 1), ("newer", 1)],
)
def test_the_exit_code_is_that_of_the_refusal(
    settings: Config, monkeypatch: pytest.MonkeyPatch, code: str, exit_code: int
) -> None:
    monkeypatch.setattr(client, "connect", lambda _: Answers(code))
    with (
        pytest.raises(asking.Failure, match="a line for people") as raised,
        asking.daemon(settings, start=False) as connection,
    ):
        connection.ask(b"", 1.0)
    assert raised.value.exit_code == exit_code


def test_a_search_waits_for_what_is_there_soon() -> None:
    answers: Any = Answers("soon", "soon")
    assert asking.ask_soon(answers, b"") == [("ok", "1")]
    assert answers.asked == 3


@pytest.mark.parametrize("code", ["no-model", "internal", ""])
def test_and_for_nothing_else(code: str) -> None:
    answers: Any = Answers(code)
    with pytest.raises(client.Refused):
        asking.ask_soon(answers, b"")
    assert answers.asked == 1


def test_nor_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SOON_S", 0.0)
    answers: Any = Answers("soon")
    with pytest.raises(asking.NoModel, match="a line for people"):
        asking.ask_soon(answers, b"")
