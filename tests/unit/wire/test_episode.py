"""Episodes: written and read again."""

from hypothesis import given
from hypothesis import strategies as st

from backend.wire import protocol
from backend.wire.episode import Episode, Run, episodes, heading, to_fields

text = st.binary().map(lambda data: data.replace(b"\0", b"").decode("utf-8", "surrogateescape"))
times = st.none() | st.integers(0, 2**33 * 10**6).map(lambda us: us / 1e6)
a_run = st.builds(
    Run, text, times, times, st.none() | st.integers(-1, 255), st.none() | text, st.booleans()
)
an_episode = st.builds(
    Episode,
    st.integers(1, 2**63 - 1),
    st.lists(a_run),
    st.floats(0, 10).map(lambda score: round(score, 4)),
    *(times, times, st.none() | text, st.none() | text, st.none() | text),
)


def values(of: Episode | Run) -> list[object]:
    return [getattr(of, name) for name in type(of).__slots__ if name != "runs"]


@given(st.lists(an_episode))
def test_episodes_come_back(given_episodes: list[Episode]) -> None:
    fields = [field for each in given_episodes for field in to_fields(each)]
    (message,), _ = protocol.split(protocol.encode([("ok", "1"), ("mode", "text"), *fields]))
    back = list(episodes(protocol.decode(message)))
    assert [values(each) for each in back] == [values(each) for each in given_episodes]
    for each, found in zip(given_episodes, back, strict=True):
        assert [values(run) for run in found.runs] == [values(run) for run in each.runs]


def test_the_title_is_what_tells() -> None:
    runs = [Run("ls"), Run("make", telling=True), Run("make install", telling=True)]
    assert Episode(1, runs).title == ["make", "make install"]


def test_what_tells_of_one_above_the_rows() -> None:
    runs = [Run("ls"), Run("make", telling=True)]
    told = [("episode", "1"), ("episode_title", "make")]
    assert heading(Episode(1, runs)) == told
    assert heading(Episode(1, runs, started=2.5))[1] == ("episode_started", "2.500000")
