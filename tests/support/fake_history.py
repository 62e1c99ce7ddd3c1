"""A store in memory that keeps the rules of docs/sync.md: the sync process meets it as the daemon.

Written for reading: it holds every record and decides anew, each time, which runs are dead.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from typing import Any

from backend.sync.history import Known, Peer, Source, Taken

Id = tuple[str, int]
Facts = dict[str, Any]


class FakeHistory:
    """`records`: alive runs and all tombstones, by id. `pending`: own ones without a number."""

    def __init__(self, name: str = "laptop") -> None:
        self.name = name
        self.host = ""
        self.key = b""
        self.counter = 0
        self.records: dict[Id, Facts] = {}
        self.pending: list[Facts] = []
        self.peers: dict[str, Peer] = {}
        self.stale: list[tuple[int, int]] = []
        self.token = 0
        self.asked = 0

    # What happens on the machine.

    def type(self, command: str, start: float = 0.0) -> None:
        self.pending.append({"command": command, "start": start, "host": self.name})

    def forget(self, command: str) -> None:
        self.number()
        self.pending.append({"forget": self._digest(command)})
        self.number()
        self._bury()

    def commands(self) -> list[str]:
        """Of all runs that are alive, with those that have no number yet."""
        self._bury()
        alive = [*self.records.values(), *self.pending]
        return sorted(facts["command"] for facts in alive if "command" in facts)

    # What the daemon does for sync.

    def known(self) -> Known:
        self.asked += 1
        waiting = sum(1 for _ in self.pending)
        token = self.token if self.stale else 0
        return Known(self.host, self.counter, waiting, token, list(self.stale), dict(self.peers))

    def name_host(
        self, host: str, name: str, key: str, after: int | None = None, anew: bool = False
    ) -> str:
        self.peers = {} if anew else self.peers
        old, self.key = self.host, bytes.fromhex(key)
        if after is None:
            self.host, self.counter = self.host or host, self.counter
            return self.host
        mine = sorted(id for id in self.records if id[0] == old and id[1] > after)
        self.pending = [self.records.pop(id) for id in mine] + self.pending
        self.host, self.counter = host, 0
        return host

    def number(self) -> None:
        """Give what is pending its counters; `seen` goes before a run whose text was forgotten."""
        pending, self.pending = self.pending, []
        for facts in pending:
            if "command" in facts:
                for buried in self._unseen(self._digest(facts["command"])):
                    self._keep({"seen": list(buried)})
            self._keep(facts)

    def _keep(self, facts: Facts) -> None:
        self.counter += 1
        self.records[self.host, self.counter] = facts

    def _unseen(self, digest: str) -> list[Id]:
        seen = self._seen_by(self.host, self.counter + 1)
        return [id for id in self._tombstones(digest) if id[0] != self.host and id not in seen]

    def out(self, after: int) -> Iterator[bytes]:
        self._bury()
        self.number()
        return self.current(self.host, after + 1, self.counter)

    def current(self, host: str, first: int, last: int) -> Iterator[bytes]:
        ids = sorted(id for id in self.records if id[0] == host and first <= id[1] <= last)
        return iter([json.dumps({"id": id, **self.records[id]}).encode() for id in ids])

    def take_in(self, source: Source, records: Iterable[bytes], moves: bool = True) -> Taken:
        added = conflicts = 0
        for line in records:
            facts = json.loads(line)
            id: Id = tuple(facts.pop("id"))
            have = self.records.get(id)
            if have is not None:
                conflicts += have.get("start") != facts.get("start")
                continue
            self.records[id] = facts
            # What was typed before the forgetting was known goes, numbered or not.
            self.pending = [
                each
                for each in self.pending
                if "forget" not in facts or self._digest(each.get("command", "")) != facts["forget"]
            ]
            added += "command" in facts
            if id[0] == self.host:
                self.counter = max(self.counter, id[1])
        if moves:
            self.peers[source.host] = Peer(
                source.host,
                source.name,
                source.sequence,
                source.chain,
                source.revision,
                source.counter,
            )
        before = len(self.records)
        self._bury()
        return Taken(added, before - len(self.records), conflicts)

    def rewritten(self, token: int) -> None:
        if token == self.token:
            self.stale = []

    def forget_host(self, host: str) -> None:
        self.pending.append({"forget_host": host})
        self.number()
        self._bury()

    def leave(self) -> None:
        self.peers = {}

    # Which runs are dead.

    def _digest(self, command: str) -> str:
        return hmac.new(self.key, command.encode(), hashlib.sha256).hexdigest()

    def _tombstones(self, digest: str) -> list[Id]:
        return sorted(id for id, facts in self.records.items() if facts.get("forget") == digest)

    def _seen_by(self, host: str, below: int) -> set[Id]:
        """Tombstones that a host says, before a counter of its own, that it knew."""
        told = [
            tuple(facts["seen"])
            for (by, counter), facts in self.records.items()
            if "seen" in facts and by == host and counter < below
        ]
        return {(host, counter) for host, upto in told for counter in range(1, upto + 1)}

    def _is_dead(self, id: Id, command: str) -> bool:
        host, counter = id
        if any(facts.get("forget_host") == host for facts in self.records.values()):
            return True
        seen = self._seen_by(host, counter)
        return any(
            counter < other if by == host else (by, other) not in seen
            for by, other in self._tombstones(self._digest(command))
        )

    def _bury(self) -> None:
        for id, facts in list(self.records.items()):
            if "command" in facts and self._is_dead(id, facts["command"]):
                del self.records[id]
                if id[0] == self.host:
                    self.stale.append((id[1], id[1]))
                    self.token += 1
