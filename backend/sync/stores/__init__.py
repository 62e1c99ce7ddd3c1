"""Storage by its URL. What a kind of storage needs is imported when one is opened."""

from collections.abc import Mapping
from pathlib import Path

from backend.sync.stores.store import ObjectStore, StorageError

_CLOUDS = ("s3", "gs", "az")
_RCLONE = "rclone:"

# Variables that open a storage begin so; proxies, too, are what a daemon's environment lacks.
_VARIABLES = {"s3": "AWS_", "gs": "GOOGLE_", "az": "AZURE_", "rclone": "RCLONE_"}
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE")


def directory(url: str) -> Path | None:
    """The directory that a URL names, absolute; None if it names another kind of storage."""
    scheme, is_url, path = url.partition("://")
    if url.startswith(_RCLONE) or (is_url and scheme != "file"):
        return None
    return Path(path if is_url else url).expanduser().absolute()


def absolute(url: str) -> str:
    """The URL as it is from any working directory. Raises StorageError for an empty one, which
    would be that directory.
    """
    if not url.strip():
        raise StorageError("the URL is empty; write a path, s3://, gs://, az:// or rclone:")
    return str(directory(url) or url)


def variables(url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Those of an environment that this storage may need."""
    prefix = _VARIABLES.get(url.partition(":")[0])
    if prefix is None:
        return {}
    return {
        name: value
        for name, value in environ.items()
        if name.startswith(prefix) or name.upper() in _PROXIES
    }


def open_store(url: str) -> ObjectStore:
    """The storage that a URL names, untouched yet. Raises StorageError, MissingExtra."""
    scheme, is_url, _ = url.partition("://")
    if is_url and scheme in _CLOUDS:
        from backend.sync.stores.objects import Objects

        return Objects(url)
    if url.startswith(_RCLONE):
        from backend.sync.stores.rclone import Rclone

        remote = url.removeprefix(_RCLONE)
        if ":" not in remote or remote.startswith("-"):
            raise StorageError(f"{url} names no remote; write rclone:remote:path")
        return Rclone(remote)
    path = directory(url)
    if path is None:
        known = ", ".join([*(f"{each}://" for each in _CLOUDS), _RCLONE])
        raise StorageError(f"{scheme}:// is no storage that deja knows; use a path, {known}")
    from backend.sync.stores.folder import Folder

    return Folder(path)
