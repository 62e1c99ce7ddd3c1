"""Runs a command and prints what it took, as JSON: seconds, processor, peak memory.

A program of its own and a small one, since a child is charged with the memory of what started it.
"""

import json
import os
import sys
import time


def main(command: list[str]) -> None:
    began = time.monotonic()
    nothing = os.open(os.devnull, os.O_RDWR)
    streams = [(os.POSIX_SPAWN_DUP2, nothing, number) for number in (0, 1)]
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=streams)
    _, _, used = os.wait4(pid, 0)
    unit = 1 if sys.platform == "darwin" else 1024
    figures = {
        "s": round(time.monotonic() - began, 2),
        "processor ms": round((used.ru_utime + used.ru_stime) * 1000, 1),
        "peak MB": round(used.ru_maxrss * unit / 1e6, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
