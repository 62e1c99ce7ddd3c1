"""deja completion: what shells complete deja's own command line by."""

import click

from backend.commands.shared.asking import APP

FILES = {"zsh": "_deja", "bash": "deja.bash", "fish": "deja.fish"}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(FILES)))
def completion_command(shell: str) -> None:
    """Print what completes deja's own commands on Tab.

    Where the plugin is loaded, the shell has it already.

    \b
    Examples:
      deja completion zsh > ~/.zfunc/_deja
      deja completion bash > ~/.local/share/bash-completion/completions/deja
      deja completion fish > ~/.config/fish/completions/deja.fish
    """
    path = APP.parent.parent / "shell_plugin" / "completion" / FILES[shell]
    click.echo(path.read_bytes(), nl=False)
