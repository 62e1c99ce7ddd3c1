"""Does a web address answer, within a few seconds, whatever the network does?

Standard library only. As a program: exit status 0 if the address answers, else 1 and why.
"""

import sys
import threading
import urllib.request

PATIENCE_S = 5.0


def reach(url: str, patience_s: float = PATIENCE_S) -> None:
    """Raise OSError, with the reason, unless `url` answers in time.

    Asks in a thread, because looking up a name takes no time-out and can hang for a minute.
    """
    outcome: list[OSError | None] = []

    def ask() -> None:
        try:
            urllib.request.urlopen(url, timeout=patience_s).close()
            outcome.append(None)
        except (OSError, ValueError) as error:
            outcome.append(OSError(str(getattr(error, "reason", error))))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(patience_s)
    answer = outcome[0] if outcome else OSError(f"no answer in {patience_s:.0f} s")
    if answer:
        raise answer


if __name__ == "__main__":
    try:
        reach(sys.argv[1])
    except OSError as error:
        sys.exit(str(error))
