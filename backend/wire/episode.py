"""A stretch of one session, as it travels from the daemon to whoever asked.

Plain classes, as in row.py: the picker may import this.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend.wire.protocol import Fields

# The fields that begin an episode, and a run of it.
EPISODE, RUN = "episode", "command"


class Run:
    """One run; not to be changed. What is unknown is None. `start` is in epoch seconds, `duration`
    in seconds. `telling`: it is of the few that say best what the episode was about.
    """

    # The order in which they are written; `command` begins a run. `cwd` is the episode's name.
    __slots__ = ("command", "cwd", "duration", "exit", "start", "telling")

    def __init__(
        self,
        command: str,
        start: float | None = None,
        duration: float | None = None,
        exit: int | None = None,
        cwd: str | None = None,
        telling: bool = False,
    ) -> None:
        self.command = command
        self.start = start
        self.duration = duration
        self.exit = exit
        self.cwd = cwd
        self.telling = telling


class Episode:
    """Runs of one session, in their order; not to be changed. `id` is the number of its first run,
    `cwd` the directory in which most of it was done. `started` and `ended` are in epoch seconds.
    """

    __slots__ = ("cwd", "ended", "host", "id", "runs", "score", "session", "started")

    def __init__(
        self,
        id: int,
        runs: "Sequence[Run]",
        score: float = 0.0,
        started: float | None = None,
        ended: float | None = None,
        session: str | None = None,
        host: str | None = None,
        cwd: str | None = None,
    ) -> None:
        self.id = id
        self.runs = runs
        self.score = score
        self.started = started
        self.ended = ended
        self.session = session
        self.host = host
        self.cwd = cwd

    @property
    def title(self) -> "list[str]":
        """Its most telling commands, in their order."""
        return [run.command for run in self.runs if run.telling]


def to_fields(episode: Episode) -> "Fields":
    """The fields of an episode and its runs, what is unknown left out; `episodes` gives it back."""
    fields = [
        (EPISODE, str(episode.id)),
        ("score", f"{episode.score:.4f}"),
        *_known(episode, "started", "ended", "session", "host", "cwd"),
    ]
    for run in episode.runs:
        fields += _known(run, "command", "start", "duration", "exit", "cwd")
        fields += [("telling", "1")] if run.telling else []
    return fields


def heading(episode: Episode) -> "Fields":
    """The fields that tell of one above the rows of a search: its number, when it began, if that is
    known, and its most telling commands.
    """
    started = [] if episode.started is None else [("episode_started", f"{episode.started:.6f}")]
    titles = [("episode_title", command) for command in episode.title]
    return [(EPISODE, str(episode.id)), *started, *titles]


def _known(of: Episode | Run, *names: str) -> "Fields":
    known = [(name, getattr(of, name)) for name in names]
    return [
        (name, f"{value:.6f}" if isinstance(value, float) else str(value))
        for name, value in known
        if value is not None
    ]


def episodes(fields: "Fields") -> "Iterator[Episode]":
    """The episodes of a reply, in its order."""
    return map(_episode, _parts(fields, EPISODE)[1:])


def _parts(fields: "Fields", opens: str) -> "list[Fields]":
    """What stands before the first field of that name, then a part for each that it opens."""
    begins = [at for at, (key, _) in enumerate(fields) if key == opens]
    return [
        fields[begin:end] for begin, end in zip([0, *begins], [*begins, len(fields)], strict=True)
    ]


def _episode(fields: "Fields") -> Episode:
    head, *runs = _parts(fields, RUN)
    of = dict(head)
    return Episode(
        id=int(of[EPISODE]),
        runs=[_run(dict(run)) for run in runs],
        score=float(of["score"]),
        started=_number(of.get("started")),
        ended=_number(of.get("ended")),
        session=of.get("session"),
        host=of.get("host"),
        cwd=of.get("cwd"),
    )


def _run(of: "dict[str, str]") -> Run:
    return Run(
        command=of[RUN],
        start=_number(of.get("start")),
        duration=_number(of.get("duration")),
        exit=int(of["exit"]) if "exit" in of else None,
        cwd=of.get("cwd"),
        telling="telling" in of,
    )


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
