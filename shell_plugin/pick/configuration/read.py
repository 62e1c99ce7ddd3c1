"""The settings of a config.toml, from a cache while the file is as it was when that was written.

Reading TOML takes Python as long as all the rest of the start. The cache is one file in the data
directory, for the user alone: fields NAME=VALUE, each closed by a NUL, the first of them a stamp.
"""

import posix

from backend import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .check import Fields

# More than this is no configuration.
_LARGEST = 1 << 20

_STAMP = "stamp"


def read(config: str, size: int, mtime_ns: int, data_dir: str) -> "Fields":
    """What is set in the file `config`, which has this size and time of its last change.

    A file that cannot be used sets nothing. Of that, and of a value that is wrong, `told` tells.
    """
    stamp = f"{__version__} {size} {mtime_ns} {config}"
    cache = data_dir + "/picker" if data_dir else ""
    kept = _kept(cache)
    if kept and kept[0] == (_STAMP, stamp):
        return kept[1:]
    try:
        text = _contents(config)
    except OSError as error:
        # Mending that may change neither size nor time.
        return [("told", f"cannot read {config}: {error.strerror}; chmod u+r mends it")]
    found = _read(text)
    if cache:
        _keep(cache, [(_STAMP, stamp), *found])
    return found


def _read(text: bytes) -> "Fields":
    import tomllib

    from .check import checked

    try:
        table = tomllib.loads(text.decode("utf-8")).get("picker", {})
    except (ValueError, RecursionError) as error:
        why = str(error) or "it is nested too deeply"
        return [("told", f"config.toml: {why}; nothing in it counts")]
    fields, mistakes = checked(table)
    if mistakes:
        more = f"; {len(mistakes) - 1} more: deja doctor" if len(mistakes) > 1 else ""
        fields.append(("told", f"config.toml: {mistakes[0]}{more}"))
    return fields


def _contents(path: str) -> bytes:
    """Raises OSError."""
    file = posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC | posix.O_NONBLOCK)
    try:
        out = b""
        while len(out) < _LARGEST and (chunk := posix.read(file, _LARGEST - len(out))):
            out += chunk
        return out
    finally:
        posix.close(file)


def _kept(cache: str) -> "Fields":
    """The fields of the cache; none if there is none that makes sense."""
    try:
        *fields, end = _contents(cache).decode("utf-8", "surrogateescape").split("\0")
    except (OSError, ValueError):
        return []
    pairs = [field.partition("=") for field in fields]
    return [] if end else [(name, value) for name, _, value in pairs]


def _keep(cache: str, fields: "Fields") -> None:
    """Write the cache; one that cannot be written whole is made again the next time."""
    new = f"{cache}.{posix.getpid()}"
    data = "".join(f"{name}={value}\0" for name, value in fields).encode("utf-8", "surrogateescape")
    flags = posix.O_WRONLY | posix.O_CREAT | posix.O_EXCL | posix.O_NOFOLLOW | posix.O_CLOEXEC
    try:
        file = posix.open(new, flags, 0o600)
    except OSError:
        return
    try:
        whole = posix.write(file, data) == len(data)
        if whole:
            posix.rename(new, cache)
    except OSError:
        whole = False
    finally:
        posix.close(file)
    if not whole:
        posix.unlink(new)
