"""Storage by its URL. What a kind of storage needs is imported when one is opened."""

from pathlib import Path

from backend.sync.stores.store import ObjectStore, StorageError

_CLOUDS = ("s3", "gs", "az")
_RCLONE = "rclone:"


def open_store(url: str) -> ObjectStore:
    """The storage that a URL names, untouched yet. Raises StorageError, MissingExtra."""
    scheme, is_url, path = url.partition("://")
    if is_url and scheme in _CLOUDS:
        from backend.sync.stores.objects import Objects

        return Objects(url)
    if url.startswith(_RCLONE):
        from backend.sync.stores.rclone import Rclone

        remote = url.removeprefix(_RCLONE)
        if ":" not in remote or remote.startswith("-"):
            raise StorageError(f"{url} names no remote; write rclone:remote:path")
        return Rclone(remote)
    if is_url and scheme != "file":
        known = ", ".join([*(f"{each}://" for each in _CLOUDS), _RCLONE])
        raise StorageError(f"{scheme}:// is no storage that deja knows; use a path, {known}")
    from backend.sync.stores.folder import Folder

    return Folder(Path(path if is_url else url).expanduser().absolute())
