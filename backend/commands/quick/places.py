"""Where deja keeps its things, as backend/config.py finds it, where that is plain to see."""

import os
import sys


def places() -> tuple[str, str] | None:
    """The configuration file and the data directory; None where it takes config.py to tell."""
    home = os.environ.get("DEJA_HOME")
    if home:
        return (f"{home}/config/config.toml", f"{home}/data") if home[0] == "/" else None
    user = os.environ.get("HOME", "")
    config, data = os.environ.get("XDG_CONFIG_HOME"), os.environ.get("XDG_DATA_HOME")
    if sys.platform == "darwin" or user[:1] != "/":
        return None
    if config is None:
        config = f"{user}/.config"
    if data is None:
        data = f"{user}/.local/share"
    if config[:1] != "/" or data[:1] != "/":
        return None
    return f"{config}/deja/config.toml", f"{data}/deja"
