"""What the plugin says about the shell, and the environment about the terminal."""

from .screen.view import Header, Look

# What the plugin passes, by environment: `ps` shows arguments to everybody.
_PREFIX = "DEJA_PICK_"


class Settings:
    """One reading of the environment; what is not there is empty."""

    __slots__ = ("again", "cwd", "data_dir", "header", "home", "look", "query", "session")

    def __init__(self, environ: dict[bytes, bytes]) -> None:
        def text(name: str) -> str:
            return environ.get(name.encode(), b"").decode("utf-8", "surrogateescape")

        locale = text("LC_ALL") or text("LC_CTYPE") or text("LANG")
        utf8 = locale.lower().replace("-", "").endswith("utf8")
        self.look = Look(color=not text("NO_COLOR"), utf8=utf8)
        self.query = text(_PREFIX + "QUERY")
        self.data_dir = text(_PREFIX + "DATA")
        self.session = text(_PREFIX + "SESSION")
        self.again = text(_PREFIX + "KEY") or "^R"
        self.header: Header | None = None
        if (_PREFIX + "PROMPT").encode() in environ:
            self.header = Header(text(_PREFIX + "PROMPT"), self.query)
        self.cwd = text("PWD")
        self.home = text("HOME").rstrip("/")
