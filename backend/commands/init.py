"""deja init: the line for a shell's start-up file."""

import shlex

import click

from backend.commands.shared.asking import APP


@click.command("init")
@click.argument("shell", type=click.Choice(["zsh", "bash", "fish"]))
def init_command(shell: str) -> None:
    """Print the line that loads deja into a shell.

    \b
    Examples:
      deja init zsh >> ~/.zshrc
      deja init bash >> ~/.bashrc
      deja init fish >> ~/.config/fish/config.fish
    """
    plugin = APP.parent.parent / "shell_plugin" / f"deja.{shell}"
    click.echo(f"source {shlex.quote(str(plugin))}")
