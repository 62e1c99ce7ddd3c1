"""A group of commands below one of deja's."""

import click


class Group(click.Group):
    """Its help tells whole what each command does; click alone cuts that at the end of the line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        told = ((command.help or "").partition("\n")[0] for command in self.commands.values())
        with formatter.section("Commands"):
            formatter.write_dl(list(zip(self.commands, told, strict=True)))
