"""Make the vectors of the history, in the foreground or anew.

    python scripts/build_index.py             embed what has no vector yet
    python scripts/build_index.py --rebuild   throw the vectors away and embed everything

The daemon does the work; this starts it, asks and shows how far it is.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import click

from backend.commands.shared.asking import TIMEOUT_S, daemon, load_config
from backend.commands.shared.progress import wait_until_embedded
from backend.wire import protocol


@click.command()
@click.option("--rebuild", is_flag=True, help="Throw the vectors away first.")
def main(rebuild: bool) -> None:
    """Embed every command of the history that has no vector."""
    with daemon(load_config()) as connection:
        wait_until_embedded(connection)
        if rebuild:
            connection.ask(protocol.request("rebuild"), TIMEOUT_S)
        wait_until_embedded(connection)


if __name__ == "__main__":
    main()
