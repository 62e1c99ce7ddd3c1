"""What the shell is told to do with a command. Pure."""

# Stands for a secret that was masked: backend/redaction/mask.py has it too.
MARK = "‹redacted›"


def accepted(action: str, command: str, utf8: bool) -> tuple[str, str]:
    """Action and text, as picker.py has them, for a command to `put` or `run`.

    What was masked is not what was run: such a command is put on the line, whatever the action,
    with the cursor where the value was. Shells count characters, which are bytes in a locale
    without UTF-8.
    """
    before, mark, _ = command.partition(MARK)
    if not mark:
        return action, command
    place = len(before) if utf8 else len(before.encode("utf-8", "surrogateescape"))
    return f"put@{place}", command
