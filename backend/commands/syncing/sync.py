"""deja sync: the group of its commands; by itself, a round now."""

import click

from backend.commands.shared.asking import load_config
from backend.commands.shared.group import Group
from backend.commands.syncing import now
from backend.commands.syncing.joining import init, install, join
from backend.commands.syncing.leaving import forget_host, off
from backend.commands.syncing.showing import status


@click.group("sync", cls=Group, invoke_without_command=True)
@click.pass_context
def sync_command(context: click.Context) -> None:
    """Keep one history on all your machines, end to end encrypted.

    It lies in storage of yours: a folder that something moves, S3, Google, Azure, any remote of
    rclone. Without a subcommand: sync now. The daemon does so by itself after changes, too.

    \b
    Examples:
      deja sync init s3://my-bucket/deja
      deja sync join s3://my-bucket/deja
      deja sync
    """
    if context.invoked_subcommand is None:
        now.tell(now.round_now(load_config()))


for _command in (init, join, status, off, forget_host, install):
    sync_command.add_command(_command)
