"""What is to be forgotten when the picker closes, and can be taken back until then. Pure."""

# Commands, runs, and whether the history files of the shells are meant, too.
Step = tuple[tuple[int, ...], tuple[int, ...], bool]


class Pending:
    """Commands and runs, by their ids in the store, in the order in which they were named."""

    __slots__ = ("_steps",)

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def __len__(self) -> int:
        """Of commands and runs."""
        return len(self.commands()) + len(self.runs)

    def add(
        self, commands: tuple[int, ...], runs: tuple[int, ...] = (), files: bool = False
    ) -> None:
        """One step. files: history files of the shells, too."""
        self._steps.append((commands, runs, files))

    def undo(self) -> bool:
        """Take the last step back; whether there was one."""
        return bool(self._steps) and self._steps.pop() is not None

    def commands(self, files: bool | None = None) -> tuple[int, ...]:
        """Of all commands, or of those that are to go from the history files too, or not."""
        steps = (step for step in self._steps if files is None or step[2] == files)
        return tuple(dict.fromkeys(id for step in steps for id in step[0]))

    @property
    def runs(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(id for step in self._steps for id in step[1]))
