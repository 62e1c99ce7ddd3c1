"""The commands of `deja`, one module a family; each command is the function NAME_command."""
