"""Episodes found: by text, by meaning, by filters, and what is told of them."""

import pytest
from support.engine import embed_all

from backend.config import Config
from backend.engine.engine import Engine
from backend.engine.search.episodes.told import NotRead
from backend.engine.search.find import Request
from backend.query.place import Place
from backend.ranking import pooling, rank
from backend.wire.episode import Episode
from backend.wire.record import Record

NOW = 1_700_000_000.0


@pytest.fixture
def past(engine: Engine) -> Engine:
    """Three sessions: a disk, a photo album, and one that failed."""
    for number, (host, cwd, *commands) in enumerate(
        [
            ("web", "/srv", "ls", "mkfs.ext4 /dev/vdb", "rsync -a /var/lib/pg /mnt", "ls"),
            ("home", "/pics", "ls", "mogrify -resize 800 album.jpg", "ls -la"),
            ("web", "/etc", "ls", "certbot renew", "rsync -a certs backup"),
        ]
    ):
        for at, command in enumerate(commands):
            start, exit = NOW + 86400 * number + 60 * at, int(command == "certbot renew")
            run = Record(command, start, 5.0, exit, cwd, f"s{number}", host, "zsh")
            engine.record([run])
    embed_all(engine)
    return engine


def ask(engine: Engine, text: str, mode: str = "auto", **fields: object) -> list[Episode]:
    request = Request(text, mode=mode, **fields)  # type: ignore[arg-type]
    return engine.episodes(request).episodes


def sessions(found: list[Episode]) -> list[str | None]:
    return [each.session for each in found]


def test_by_text_one_that_holds_more_of_it_comes_first(past: Engine) -> None:
    assert sessions(ask(past, "rsync certs", "text")) == ["s2", "s0"]
    assert ask(past, "zzqqy", "text") == []
    assert past.episodes(Request("zzqqy", mode="text")).note == "nothing close"


def test_by_meaning(past: Engine) -> None:
    found = past.episodes(Request("certbot renew", mode="meaning"))
    assert (found.mode, sessions(found.episodes)[0]) == ("meaning", "s2")
    assert past.episodes(Request("resize the album of all the photos")).mode == "hybrid"


def test_what_is_told_of_one(past: Engine) -> None:
    (found,) = ask(past, "mkfs", "text")
    assert (found.id, found.session, found.host, found.cwd) == (1, "s0", "web", "/srv")
    assert (found.started, found.ended) == (NOW, NOW + 185.0)
    assert [run.command for run in found.runs] == [
        *("ls", "mkfs.ext4 /dev/vdb", "rsync -a /var/lib/pg /mnt", "ls"),
    ]
    assert found.title[0] == "mkfs.ext4 /dev/vdb"
    assert [(run.duration, run.exit, run.cwd) for run in found.runs] == [(5.0, 0, "/srv")] * 4
    assert found.score > 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rsync host:web exit:fail", ["s2"]),
        ("rsync cwd:/srv", ["s0"]),
        ("rsync -certbot", ["s0"]),
        ("host:web", ["s2", "s0"]),
        ("", ["s2", "s1", "s0"]),
        ("exit:fail", ["s2"]),
        ("rsync exit:fail cwd:/srv", []),
    ],
)
def test_filters_narrow_by_their_runs(past: Engine, line: str, expected: list[str]) -> None:
    """Nothing but filters: the latest first."""
    assert sessions(ask(past, line, "text")) == expected


def test_filters_beside_the_line_and_from_here(past: Engine) -> None:
    assert sessions(ask(past, "rsync", "text", narrow="exit:fail")) == ["s2"]
    assert sessions(ask(past, "in:here", place=Place("/pics"))) == ["s1"]
    found = past.episodes(Request("rsync exit:soon", mode="text"))
    assert found.mistakes and len(found.episodes) == 2
    assert past.episodes(Request("host:nowhere")).mistakes[0].startswith("host:nowhere")


def test_one_is_known_by_any_of_its_runs(past: Engine) -> None:
    for id in range(1, 5):
        found = past.episode(id)
        assert found is not None and (found.id, found.session) == (1, "s0")
    assert past.episode(99) is None


def test_while_they_are_being_read(past: Engine, settings: Config) -> None:
    past.close()
    again = Engine(settings)
    with pytest.raises(NotRead):
        ask(again, "rsync", "text")
    again.learn_needs()
    assert len(ask(again, "rsync", "text")) == 2
    again.close()


def test_what_has_no_vector_yet_is_found_by_its_words(past: Engine) -> None:
    past.record([Record("zfs scrub tank", NOW + 900_000, session="s9")])
    assert sessions(ask(past, "zfs scrub"))[0] == "s9"


def test_a_history_of_nothing(engine: Engine) -> None:
    assert (ask(engine, ""), ask(engine, "make"), engine.episode(1)) == ([], [], None)


def test_in_the_ordinary_list_what_stood_in_the_right_one_gains(engine: Engine) -> None:
    question = "where was it that all of the photos got resized for the album"
    # Of the same words: without their episodes, the newer one would be first.
    for number, commands in enumerate([("RESIZED it", "photos resized album"), ("resized it",)]):
        for command in commands:
            engine.record([Record(command, NOW + 60 * number, session=f"s{number}")])
    embed_all(engine)
    found = [row.command for row in engine.search(question).rows]
    assert found.index("RESIZED it") < found.index("resized it")


SENTENCE = "the day on which the database of the shop went over to the other disk"


@pytest.mark.parametrize("above", [0.0, 9.0])
def test_above_the_rows_stands_one_that_is_far_better(
    past: Engine, monkeypatch: pytest.MonkeyPatch, above: float
) -> None:
    monkeypatch.setattr(pooling, "ABOVE_LINES", above)
    monkeypatch.setattr(pooling, "ABOVE", above)
    monkeypatch.setattr(rank, "NEAR", -1.0)
    found = past.search(SENTENCE).episode
    if above:
        assert found is None
        return
    assert found is not None
    assert found.id == ask(past, SENTENCE)[0].id
    assert found.title
    assert past.search(SENTENCE, offset=1).episode is None, "it stands above the first row"
    assert past.search(SENTENCE, mode="text").episode is None, "words alone do not tell"
    assert past.search("rsync -a").episode is None, "no sentence"
