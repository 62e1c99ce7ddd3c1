"""Object storage by obstore: S3 and what speaks it (R2, B2, MinIO), Google, Azure."""

import os
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from backend.sync import extra
from backend.sync.stores import aws
from backend.sync.stores.store import Entry, Exists, Missing, StorageError

# What may follow `?` in a URL of S3.
_SETTINGS = ("endpoint", "region", "profile")
# A call that hangs must not hold the round for ever; retries are within it.
_TIMEOUT = {"timeout": "60s", "connect_timeout": "10s"}
_RETRY = {"max_retries": 3, "retry_timeout": timedelta(seconds=60)}


class Objects:
    """Files appear whole: that is what object storage promises."""

    def __init__(self, url: str) -> None:
        """Connects to nothing. Raises StorageError for a URL that cannot be one, MissingExtra."""
        self._obstore = extra.load("obstore")
        self._url, settings = _parsed(url)
        options = {**_TIMEOUT, "allow_http": _endpoint(settings).startswith("http://")}
        try:
            self._store = extra.load("obstore.store").from_url(
                self._url, config=settings, client_options=options, retry_config=_RETRY
            )
        except Exception as error:  # obstore's BaseError is none of its errors' bases in all cases
            raise StorageError(
                f"{url} cannot be used: {_short(error)}; see docs/sync.md"
            ) from error

    def list(self) -> list[Entry]:
        try:
            pages = list(self._obstore.list(self._store, prefix="v1"))
        except Exception as error:
            raise self._told("list", "v1", error) from error
        return [Entry(each["path"], each["size"]) for page in pages for each in page]

    def get(self, name: str) -> bytes:
        try:
            return bytes(self._obstore.get(self._store, name).bytes())
        except FileNotFoundError as error:
            raise Missing(f"{self._url} has no {name}") from error
        except Exception as error:
            raise self._told("read", name, error) from error

    def create(self, name: str, data: bytes) -> None:
        try:
            self._obstore.put(self._store, name, data, mode="create")
        except self._obstore.exceptions.AlreadyExistsError as error:
            raise Exists(f"{self._url} has {name} already") from error
        except Exception as error:
            if not _knows_no_conditions(error):
                raise self._told("write", name, error) from error
            self._create_after_looking(name, data)

    def _create_after_looking(self, name: str, data: bytes) -> None:
        """For storage without conditional writes. A name has one writer: only a copy of a whole
        machine could come between.
        """
        try:
            self._obstore.head(self._store, name)
        except FileNotFoundError:
            self.replace(name, data)
        except Exception as error:
            raise self._told("read", name, error) from error
        else:
            raise Exists(f"{self._url} has {name} already")

    def replace(self, name: str, data: bytes) -> None:
        try:
            self._obstore.put(self._store, name, data, mode="overwrite")
        except Exception as error:
            raise self._told("write", name, error) from error

    def delete(self, name: str) -> None:
        try:
            self._obstore.delete(self._store, name)
        except FileNotFoundError:
            return
        except Exception as error:
            raise self._told("remove", name, error) from error

    def _told(self, what: str, name: str, error: Exception) -> StorageError:
        text = str(error)
        if "NoSuchBucket" in text:
            return StorageError(
                f"{self._url}: there is no such bucket; make it, then run: deja sync"
            )
        refused = ("PermissionDenied", "Unauthenticated")
        if type(error).__name__.startswith(refused):
            return StorageError(
                f"{self._url} refuses to {what} {name} with these credentials; set others "
                "(docs/sync.md), then run: deja sync"
            )
        return StorageError(
            f"cannot {what} {name} at {self._url}: {_short(error)}; once it can be reached "
            "run: deja sync"
        )


def _parsed(url: str) -> tuple[str, dict[str, str]]:
    """The URL without what follows `?`, and obstore's settings."""
    parts = urlsplit(url)
    settings = dict(parse_qsl(parts.query))
    wrong = next((name for name in settings if name not in _SETTINGS), None)
    if wrong is not None or (settings and parts.scheme != "s3"):
        raise StorageError(f"{url}: after ? may stand {', '.join(_SETTINGS)}, with s3:// alone")
    if not parts.netloc:
        raise StorageError(f"{url} names no bucket; write {parts.scheme}://bucket/prefix")
    if parts.scheme == "s3":
        settings = {**aws.settings(settings.pop("profile", None)), **settings}
    return f"{parts.scheme}://{parts.netloc}{parts.path}", settings


def _endpoint(settings: dict[str, str]) -> str:
    """Where S3 is, if it is not Amazon's; what is in it is encrypted before it goes there."""
    variables = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
    from_environment = next(filter(None, map(os.environ.get, variables)), "")
    return settings.get("endpoint", from_environment)


def _knows_no_conditions(error: Exception) -> bool:
    return type(error).__name__ == "NotSupportedError" or "501 Not Implemented" in str(error)


def _short(error: Exception) -> str:
    """The first line of what obstore says, which goes on for pages."""
    line = (str(error).splitlines() or [""])[0]
    return line.rpartition(" - ")[2][:200].strip() or type(error).__name__
