"""deja status: the daemon's figures, as lines or as an object."""

from backend.commands.checks import spool
from backend.commands.shared.output import say
from backend.system import pauses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike

    from backend.wire.protocol import Fields

    from .parse import Parameters

_NUMBERS = (
    *("pid", "uptime_s", "memory_bytes", "commands", "embedded", "outdated"),
    *("damaged_records", "deaths", "loading", "model_in_memory"),
)


def show(parameters: "Parameters", reply: "Fields", spool_dir: "str | PathLike[str]") -> int:
    """Print what the daemon says of itself, and what is wrong with the spool; the exit code."""
    problems = spool.problems(spool_dir)
    figures = _figures(dict(reply))
    paused = pauses.running(str(spool_dir).removesuffix("/spool"))
    figures["paused"] = [pauses.told(name, until) for name, until in paused.items()]
    figures["spool"] = "; ".join(each.found for each in problems) or None
    if parameters["as_json"]:
        import json

        say(json.dumps(figures))
        return 0
    for line in _lines(figures):
        say(line)
    for each in problems:
        say(f"spool     {each.found}; run: {each.mend}")
    return 0


def _figures(fields: dict[str, str]) -> dict[str, object]:
    figures: dict[str, object] = {**fields}
    del figures["ok"]
    figures |= {name: _number(fields[name]) for name in _NUMBERS if name in fields}
    figures |= {"sync": _object(fields["sync"])} if "sync" in fields else {}
    figures["model"] = fields.get("model")
    figures["precision"] = fields.get("precision")
    figures["providers"] = fields["providers"].split(",") if "providers" in fields else []
    return figures


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _object(text: str) -> object:
    import json

    return json.loads(text)


def _lines(figures: dict[str, object]) -> list[str]:
    memory = int(str(figures["memory_bytes"])) / 1e6
    lines = [
        f"deja {figures['version']}, pid {figures['pid']}, up {figures['uptime_s']} s",
        f"memory    {memory:.0f} MB",
        f"commands  {figures['commands']}, {figures['embedded']} of them found by meaning",
    ]
    if figures.get("outdated"):
        lines.append(f"outdated  {figures['outdated']} vectors, being made anew of newer words")
    if figures["model"]:
        shown = str(figures["model"])[:12], figures["precision"], *_list(figures["providers"])
        lines.append(f"model     {', '.join(map(str, shown))}")
    else:
        lines.append(f"model     none: {figures.get('model_problem')}")
    if figures.get("deaths"):
        lines.append(f"deaths    {figures['deaths']} daemons died before this one; see: deja logs")
    if figures.get("masked"):
        lines.append(f"masked    {figures['masked']} commands, by newer rules for secrets")
    if figures.get("limited"):
        lines.append(f"cut       too long to be kept whole: {figures['limited']}")
    if isinstance(sync := figures.get("sync"), dict):
        lines.append(f"sync      {_sync(sync)}")
    lines.append(f"socket    {figures['socket']}")
    lines += [f"paused    {told}" for told in _list(figures["paused"])]
    told = (figures.get(name) for name in ("problem", "recovered", "mended"))
    return lines + [str(line) for line in told if line]


def _sync(figures: dict[str, object]) -> str:
    import time

    if figures["error"]:
        return str(figures["error"])
    at = figures["at"]
    if not isinstance(at, int | float):
        return "set up, not done yet"
    problems = "" if figures["ok"] else "; not all is well, see: deja sync status"
    done = time.strftime("%Y-%m-%d %H:%M", time.localtime(at))
    return f"last done {done}, {figures['hosts']} hosts in the storage{problems}"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
