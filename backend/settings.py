"""Every setting of the daemon and of the commands: what it is, what it may be, what it is set to.

One table, for reading, for `deja config`, for the schema and for the documents. Quick commands read
it at every start: plain classes, and no import before a file has to be read. The picker's own
settings are in shell_plugin/pick/configuration/.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

DEVICES = ("cpu", "cuda")
PRECISIONS = ("int8", "fp32")

# What a setting takes: one of several words, true or false, patterns of commands, a directory.
CHOICE, SWITCH, PATTERNS, DIRECTORY = "choice", "switch", "patterns", "directory"

DEFAULT, FILE, VARIABLE = "default", "file", "variable"


class ConfigError(ValueError):
    """The TOML file or an environment variable holds something that deja cannot use."""


class Setting:
    """One setting. name: as config.toml has it, dotted in a table of its own. variable: goes before
    the file, but for patterns, which add up. default: None stands for what deja finds itself.
    """

    __slots__ = ("allowed", "default", "kind", "name", "tells", "variable")

    def __init__(
        self,
        name: str,
        kind: str,
        variable: str,
        default: object,
        tells: str,
        allowed: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.kind = kind
        self.variable = variable
        self.default = default
        self.tells = tells
        self.allowed = allowed


SETTINGS = (
    Setting(
        *("device", CHOICE, "EMBEDDING_DEVICE", DEVICES[0]),
        *("what embeds: the processor or the GPU", DEVICES),
    ),
    Setting(
        *("ignore", PATTERNS, "DEJA_IGNORE", ()),
        "patterns of commands not to record; in the variable separated by colons",
    ),
    Setting(
        *("ignore_space", SWITCH, "DEJA_IGNORE_SPACE", False),
        "a line that begins with a space is never recorded, whatever the shell is set to",
    ),
    Setting(
        *("record.ignore_dirs", PATTERNS, "DEJA_IGNORE_DIRS", ()),
        "directories, with all below them, where nothing is recorded; in the variable separated by"
        " colons",
    ),
    Setting(
        *("keep_own", SWITCH, "DEJA_KEEP_OWN", False),
        "deja's own commands are history, too (never those that forget)",
    ),
    Setting(
        *("learn", SWITCH, "DEJA_LEARN", True),
        "what is picked for a question comes first the next time",
    ),
    Setting(
        *("mcp", SWITCH, "DEJA_MCP", False),
        "coding agents may ask deja mcp; it only reads, and writes down every call",
    ),
    Setting("model_dir", DIRECTORY, "DEJA_MODEL_DIR", None, "an exported model to share"),
    Setting(
        *("precision", CHOICE, "DEJA_PRECISION", PRECISIONS[0]),
        *(
            "the weights of the model: small and quick, or exact, as a GPU has them by default",
            PRECISIONS,
        ),
    ),
)


def of(name: str) -> Setting:
    """The setting of that name."""
    return next(each for each in SETTINGS if each.name == name)


def values(table: "Mapping[str, object]", environ: "Mapping[str, str]") -> dict[str, object]:
    """What every setting is, by name. Raises ConfigError, naming file or variable, what is wrong
    and what is allowed.
    """
    return {each.name: value(each, table, environ) for each in SETTINGS}


def value(setting: Setting, table: "Mapping[str, object]", environ: "Mapping[str, str]") -> object:
    """What one setting is. Raises ConfigError as `values` does."""
    return _READERS[setting.kind](setting, table, environ.get(setting.variable, ""))


def source(setting: Setting, table: "Mapping[str, object]", environ: "Mapping[str, str]") -> str:
    """Where its value is from: DEFAULT, FILE or VARIABLE."""
    if environ.get(setting.variable):
        return VARIABLE
    return DEFAULT if held(setting, table, None) is None else FILE


def held(setting: Setting, table: "Mapping[str, object]", default: object) -> object:
    """What the file says of it; `default` if nothing."""
    found: object = table
    for part in setting.name.split("."):
        if not isinstance(found, dict) or part not in found:
            return default
        found = found[part]
    return found


def read_file(path: "str | os.PathLike[str]") -> dict[str, object]:
    """What a configuration file says; nothing if there is none. Raises ConfigError."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise _unreadable(path, error) from error
    return parsed(data, path)


def parsed(data: bytes, path: "str | os.PathLike[str]") -> dict[str, object]:
    """What the bytes of such a file say. Raises ConfigError, which names `path`."""
    if not data.strip():
        return {}
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: object, error: Exception) -> ConfigError:
    return ConfigError(f"cannot read {path}: {error}; mend it or move it away")


def _choice(setting: Setting, table: "Mapping[str, object]", variable: str) -> object:
    value = variable or held(setting, table, setting.default)
    if value not in setting.allowed:
        raise ConfigError(
            f"{setting.variable} (or {setting.name} in config.toml) is {value!r};"
            f" set it to {' or '.join(setting.allowed)}"
        )
    return value


def _switch(setting: Setting, table: "Mapping[str, object]", variable: str) -> object:
    """true or false in the file, 1 or 0 in the environment."""
    if variable:
        if variable not in ("0", "1"):
            raise ConfigError(f"{setting.variable} is {variable!r}; set it to 1 or 0")
        return variable == "1"
    value = held(setting, table, setting.default)
    if not isinstance(value, bool):
        raise ConfigError(f"{setting.name} in config.toml is {value!r}; set it to true or false")
    return value


def _patterns(setting: Setting, table: "Mapping[str, object]", variable: str) -> object:
    """Glob patterns: the file's, and the variable's, split at colons as HISTIGNORE is."""
    value = held(setting, table, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{setting.name} in config.toml must be a list of strings")
    return (*value, *(pattern for pattern in variable.split(":") if pattern))


def _directory(setting: Setting, table: "Mapping[str, object]", variable: str) -> object:
    value = variable or held(setting, table, None)
    if value is not None and not isinstance(value, str):
        raise ConfigError(f"{setting.name} in config.toml is {value!r}; set it to a path")
    return value or None


_READERS = {CHOICE: _choice, SWITCH: _switch, PATTERNS: _patterns, DIRECTORY: _directory}
