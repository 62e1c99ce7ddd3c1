"""A daemon that answers searches as it is told to: for tests of the picker, and by hand.

Knows the protocol and nothing else of deja. Behaviours: ok, silent, slow, garbage, error,
hangup, stale (replies with the wrong number first).
"""

import contextlib
import os
import socket
import sys
import threading
import time
from pathlib import Path

from backend.wire import episode, protocol
from backend.wire.episode import Episode

Row = dict[str, str | int | float]

LONG = "deployment/api-gateway-with-a-long-name/that-goes-on/and-on/for-ever"
GARBAGE = b"\xff\xfe no fields at all \0\0" * 50


class FakeDaemon:
    """Listens in `data_dir` until `stop`; `queries` holds what it was asked, in order, and
    `picks` what it was told. Rows beyond the first `limit` come by `offset`, as in the daemon.

    `others` are requests beside the searches, whole: it pins, notes and forgets rows by their id,
    `runs` holds what is known of a command and its runs, by id, and `likes` the fields about its
    likes; `episodes` are all that there are, `script` that of each, and `heading` the fields of one
    above the rows. `refusal` is what it says to all of those, if anything.
    """

    def __init__(
        self,
        data_dir: Path,
        rows: list[Row],
        behaviour: str = "ok",
        note: str = "",
        mode: str = "hybrid",
        version: int = protocol.VERSION,
    ) -> None:
        self.rows = rows
        self.behaviour = behaviour
        self.note = note
        self.mode = mode
        self.applied: list[str] = []
        self.mistakes: list[str] = []
        self.picks: list[tuple[str, str]] = []
        self.queries: list[str] = []
        self.requests: list[dict[str, str]] = []
        self.others: list[protocol.Fields] = []
        self.runs: dict[str, tuple[Row, list[Row]]] = {}
        self.likes: dict[str, list[tuple[str, str | int | float]]] = {}
        self.episodes: list[Episode] = []
        self.script = ""
        self.heading: protocol.Fields = []
        self.refusal = ""
        self._rendezvous = data_dir / "daemon"
        self._path = data_dir / "fake.sock"
        self._path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        self._listener.listen(64)
        fields: list[tuple[str, str | int | float]] = [
            ("v", version),
            ("version", "fake"),
            ("pid", os.getpid()),
            ("socket", str(self._path)),
        ]
        self._rendezvous.write_bytes(protocol.encode(fields))
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._rendezvous.unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._converse, args=(client,), daemon=True).start()

    def _converse(self, client: socket.socket) -> None:
        rest = b""
        # A picker may hang up in the middle.
        with client, contextlib.suppress(OSError):
            while chunk := client.recv(65536):
                messages, rest = protocol.split(rest + chunk)
                for message in messages:
                    reply = self._reply(protocol.decode(message))
                    if reply is None:
                        return
                    client.sendall(reply)

    def _reply(self, fields: protocol.Fields) -> bytes | None:
        request = dict(fields)
        if request["verb"] not in ("search", "pick", "next"):
            self.others.append(fields)
            return b"" if self.behaviour == "silent" else self._other(fields, request)
        if request["verb"] == "pick":
            self.picks.append((request["query"], request["command"]))
            return protocol.encode([("ok", 1)])
        self.requests.append(request)
        self.queries.append(request.get("query", request.get("prefix", "")))
        if self.behaviour == "hangup":
            return None
        if self.behaviour == "silent":
            return b""
        if self.behaviour == "garbage":
            return GARBAGE
        if self.behaviour == "error":
            return protocol.encode([("ok", 0), ("error", "no"), ("id", request.get("id", ""))])
        if self.behaviour == "slow":
            time.sleep(0.6)
        if request["verb"] == "next":
            return self._following(request["prefix"], int(request["limit"]))
        hidden = {value for key, value in fields if key == "hidden"}
        answer = self._answer(request, request["id"], hidden)
        if self.behaviour == "stale":
            return self._answer({"query": "zzz"}, "999", set()) + answer
        return answer

    def _other(self, fields: protocol.Fields, request: dict[str, str]) -> bytes:
        """The reply to a verb beside searches."""
        if self.refusal:
            return protocol.encode([("ok", 0), ("error", self.refusal)])
        verb, ids = request["verb"], {value for key, value in fields if key == "id"}
        named = [row for row in self.rows if str(row.get("id")) in ids]
        if verb == "runs":
            head, runs = self.runs.get(request["command_id"], ({}, []))
            start, limit = int(request.get("offset", 0)), int(request.get("limit", 100))
            shown = [field for run in runs[start : start + limit] for field in run.items()]
            return protocol.encode([("ok", 1), *head.items(), *shown])
        if verb == "likes":
            return protocol.encode([("ok", 1), *self.likes.get(request["command_id"], [])])
        if verb in ("episodes", "episode"):
            return self._told(verb)
        if verb == "pin":
            for row in named:
                row["pinned"] = int(request["on"])
            return protocol.encode([("ok", 1), ("pinned", request["on"])])
        if verb == "note":
            for row in named:
                row["note"] = request["text"]
            return protocol.encode([("ok", 1), ("note", request["text"])])
        if verb == "matches":
            hidden = {value for key, value in fields if key == "hidden"}
            found = [("id", row["id"]) for row in self._found(request, hidden)]
            return protocol.encode([("ok", 1), ("found", len(found)), *found])
        self.rows = [row for row in self.rows if row not in named]
        return protocol.encode([("ok", 1), ("forgotten", len(named))])

    def _told(self, verb: str) -> bytes:
        if verb == "episode":
            return protocol.encode([("ok", 1), ("script", self.script)])
        found = [field for each in self.episodes for field in episode.to_fields(each)]
        return protocol.encode([("ok", 1), ("mode", self.mode), *found])

    def _following(self, prefix: str, limit: int) -> bytes:
        rows = [row for row in self.rows if str(row["command"]).startswith(prefix)]
        fields = [field for row in rows[:limit] for field in row.items()]
        return protocol.encode([("ok", 1), ("mode", "text"), *fields])

    def _found(self, request: dict[str, str], hidden: set[str]) -> list[Row]:
        words = [word for word in request["query"].split() if word not in self.applied]
        lowered = [word.lower() for word in words]
        seen = (row for row in self.rows if str(row.get("id")) not in hidden)
        return [row for row in seen if _fits(row, lowered)]

    def _answer(self, request: dict[str, str], number: str, hidden: set[str]) -> bytes:
        found = self._found(request, hidden)
        start, limit = int(request.get("offset", 0)), int(request.get("limit", 50))
        fields: list[tuple[str, str | int | float]] = [
            ("ok", 1),
            ("id", number),
            ("mode", self.mode),
            ("took_ms", 1.5),
            ("total", len(self.rows)),
            ("found", len(found)),
            ("matches", sum("match" in row for row in found)),
        ]
        if self.note:
            fields.append(("note", self.note))
        fields += [("applied", chunk) for chunk in self.applied if chunk in request["query"]]
        fields += [("mistake", mistake) for mistake in self.mistakes]
        fields += self.heading
        for row in found[start : start + limit]:
            fields += row.items()
        return protocol.encode(fields)


def _fits(row: Row, words: list[str]) -> bool:
    """By its words, or by the meaning that a test gives a row in the field `like`."""
    text = f"{row['command']} {row.get('like', '')}".lower()
    return all(word in text for word in words)


def examples(now: float) -> list[Row]:
    """A history to look at: command first, as the protocol wants it."""
    day = 86400.0
    table = [
        ("tar -xzf backup.tgz", 2 * day, 0, "/home/ann/backup", "unpack an archive", 9),
        ("tar xvf release-2.4.tar.xz -C /opt", 21 * day, 0, "/opt", "unpack an archive", 2),
        ("unzip -o photos.zip -d ~/Pictures", 160 * day, 0, "/home/ann", "unpack an archive", 1),
        ("7z x dump.7z", 400 * day, 2, "/srv/dumps", "unpack an archive", 1),
        ("docker ps -a --format '{{.Names}}'", 300, 0, "/home/ann/src/api", "", 31),
        ("docker compose logs -f web | grep -i error", 7200, 130, "/home/ann/src/api", "", 4),
        ("for f in *.log; do\n  gzip -9 \"$f\"\ndone", 9 * day, 0, "/var/log", "", 1),
        ("git commit -m '日本語のメッセージ' && git push", 3 * day, 0, "/home/ann/src/web", "", 1),
        (f"kubectl -n prod rollout restart {LONG}", 40, 127, f"/home/ann/src/{LONG}", "", 3),
        ("printf '\x1b[31mred\x07\n'", 5 * day, 0, "/tmp", "", 1),
        ("echo caf\udce9 naïve 👩‍💻 é", 6 * day, 0, "/tmp", "", 1),
        ("ls", 10, 0, "/home/ann", "", 512),
    ]  # fmt: skip
    return [
        {
            "command": command,
            "score": 0.7,
            "meaning": 0.62,
            "text": 0.0 if like else 0.5,
            "runs": runs,
            "last_run": now - ago,
            "exit": exit_code,
            "cwd": cwd,
            "why": f"meaning .62 · worked {runs - (exit_code > 0)} of {runs}",
            "like": like,
            "id": number,
        }
        for number, (command, ago, exit_code, cwd, like, runs) in enumerate(table, 1)
    ]


def runs(now: float, count: int) -> list[Row]:
    """Runs of one command, the newest first, an hour apart; every tenth failed."""
    return [
        {
            "run": count - at,
            "start": now - 3600.0 * (at + 1),
            "duration": 1.2 + at,
            "exit": 0 if at % 10 else 2,
            "cwd": f"/home/ann/src/{count - at}",
            "host": "kestrel",
            "session": "s",
            "shell": "zsh",
            **({"before": f"cd {count - at}", "before_id": 1000 + at} if at % 2 == 0 else {}),
            "after": f"make deploy {count - at}\nand more",
            "after_id": 2000 + at,
        }
        for at in range(count)
    ]


if __name__ == "__main__":
    wanted = sys.argv[2] if len(sys.argv) > 2 else "ok"
    FakeDaemon(Path(sys.argv[1]), examples(time.time()), wanted)
    while True:
        time.sleep(3600)
