"""The environment that a daemon is given: what it needs, and nothing that a shell has exported.

A daemon lives for weeks and whoever may read its memory reads this: a typed line (the picker's
DEJA_PICK_QUERY, bash's READLINE_LINE) and passwords (MYSQL_PWD) have no business in it.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = frozenset(
    (
        *("HOME", "PATH", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "LANGUAGE"),
        *("EMBEDDING_DEVICE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    )
)
_PREFIXES = ("LC_", "XDG_", "DEJA_", "CUDA_", "NVIDIA_", "OMP_", "ORT_")
_OF_THE_PICKER = "DEJA_PICK_"


def clean(environ: "Mapping[str, str]") -> dict[str, str]:
    """What of `environ` a daemon needs: places, language, deja's settings, libraries of a GPU."""
    return {name: value for name, value in environ.items() if _is_needed(name)}


def _is_needed(name: str) -> bool:
    return name in _NAMES or (name.startswith(_PREFIXES) and not name.startswith(_OF_THE_PICKER))
