"""What is likely next, for bash, which cannot talk to the daemon itself: prints one command.

Run as `python -I -S next.py`; the environment says what the line holds and which of the commands
is wanted, as following.py tells. A full stop follows the command, which keeps newlines at its end
from being dropped by `$(…)`. Prints nothing where there is no such command, or no daemon that
answers in time.
"""

import sys

if __name__ == "__main__":
    sys.path.insert(0, __file__.rpartition("/shell_plugin/")[0] or "..")
    from shell_plugin.pick.answers.following import main

    sys.exit(main())
