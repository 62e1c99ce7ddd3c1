"""Which action opens which view; each is imported when it is first opened."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..screen.state import State
    from .view import View


def opened(action: str, state: "State") -> "View | None":
    """The view of an action; None if it opens none, or none as things stand."""
    if action == "help":
        from .help import Help

        return Help(state.keymap)
    return None
