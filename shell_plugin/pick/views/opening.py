"""Which action opens which view; each is imported when it is first opened."""

from .stack import NEEDS_DAEMON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..screen.state import State
    from .view import View

_OF_ROWS = ("inspect", "forget", "note", "blanks")


def opened(action: str, state: "State") -> "View | None":
    """The view of an action; None if it opens none, or none as things stand, which is told."""
    if action == "help":
        from .help import Help

        return Help(state.keymap)
    if action == "episodes":
        from .episodes.listing import Listing

        return Listing(state)
    row = state.row
    if row is None or action not in _OF_ROWS:
        return None
    if row.id is None:
        state.told = NEEDS_DAEMON
        return None
    if action == "inspect":
        from .inspector import Inspector

        return Inspector(row.id, row.command, state.keymap, state.look)
    if action == "note":
        from .note import Note

        return Note(row.id, row.note or "", state.keymap)
    if action == "blanks":
        from .blanks import Blanks

        return Blanks(row.id, row.command, state.keymap, state.look)
    if action == "forget":
        from .forget import of_row

        return of_row(state)
    return None
