"""deja service: the daemon run by systemd or launchd, not by the first shell."""

import contextlib

import click

from backend.commands.shared.asking import APP, Failure, load_config
from backend.commands.shared.group import Group
from backend.daemon import control
from backend.daemon.service import installed
from backend.setup import program
from backend.wire import client


@click.group("service", cls=Group)
def service_command() -> None:
    """Have the system run the daemon, watched and shut in.

    From login on, and again when it dies. Optional: without it the shells start the daemon when
    they need it.

    \b
    Examples:
      deja service install
      deja service remove
    """


@service_command.command("install")
@click.option("--sync", is_flag=True, help="Let its sync reach the network and all of HOME.")
def install_command(sync: bool) -> None:
    """Write and start the service: a unit of systemd's user manager, or an agent of launchd.

    The unit has no network, its own /tmp, and writes nothing but deja's directories.

    \b
    Examples:
      deja service install
      deja service install --sync
    """
    settings = load_config()
    try:
        bin_, _ = program.place_command(settings.data_dir)
        was_running = control.stop(settings)
    except (OSError, control.Stuck) as error:
        raise Failure(str(error)) from error
    try:
        file = installed.install(settings, bin_ / "deja", sync)
    except (OSError, installed.ServiceError) as error:
        if was_running:
            with contextlib.suppress(client.Unavailable):
                control.start(settings, APP)
        raise Failure(str(error)) from error
    click.echo(f"{file}: installed and started; to take it back: deja service remove")


@service_command.command("remove")
def remove_command() -> None:
    """Stop the service and take it away; the shells start the daemon again.

    \b
    Examples:
      deja service remove
    """
    try:
        gone = installed.remove()
    except OSError as error:
        raise Failure(f"the service could not be removed: {error}") from error
    click.echo(f"{installed.path()}: {'removed' if gone else 'there is none'}")
