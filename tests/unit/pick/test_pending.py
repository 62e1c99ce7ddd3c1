"""What is to be forgotten, until the picker closes."""

from shell_plugin.pick.pending import Pending


def test_the_last_step_is_taken_back_first() -> None:
    pending = Pending()
    pending.add((1, 2))
    pending.add((3,), files=True)
    pending.add((), runs=(7,))
    assert pending.commands() == (1, 2, 3)
    assert (pending.commands(files=True), pending.commands(files=False)) == ((3,), (1, 2))
    assert pending.runs == (7,)
    assert pending.undo()
    assert pending.undo()
    assert pending.commands() == (1, 2)
    assert not pending.runs
    assert pending.undo()
    assert not pending.undo()
    assert len(pending) == 0


def test_a_command_that_was_named_twice_goes_once() -> None:
    pending = Pending()
    pending.add((1, 2))
    pending.add((2, 3))
    assert pending.commands() == (1, 2, 3)
    pending.undo()
    assert pending.commands() == (1, 2)
