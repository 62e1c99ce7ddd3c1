"""Names in the storage: `v1/key-check.age` and `v1/<host>/<sequence>.age`."""

import re
from collections.abc import Iterable

from backend.sync.stores.store import Entry

KEY_CHECK = "v1/key-check.age"
_SEGMENT = re.compile(r"v1/([0-9a-f]{16})/(\d{8})\.age\Z")


def segment_name(host: str, sequence: int) -> str:
    return f"v1/{host}/{sequence:08}.age"


class Layout:
    """What a listing says. `hosts`: sizes in bytes of each host's files, by sequence."""

    __slots__ = ("has_key_check", "hosts")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.has_key_check = False
        self.hosts: dict[str, dict[int, int]] = {}
        for entry in entries:
            self.has_key_check |= entry.name == KEY_CHECK
            found = _SEGMENT.match(entry.name)
            # Whatever else lies there is somebody else's: a mover's copies, for one.
            if found:
                self.hosts.setdefault(found[1], {})[int(found[2])] = entry.size
        self.hosts = {host: dict(sorted(files.items())) for host, files in self.hosts.items()}
