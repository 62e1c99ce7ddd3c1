"""Real places for files: a folder, S3 over HTTP (moto's server), rclone with a local remote."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

KINDS = ("folder", "s3", "rclone")

# What moto's server takes; it checks no signature.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "key of a test", "AWS_SECRET_ACCESS_KEY": "secret of a test"}


@contextmanager
def url_of(kind: str, directory: Path) -> Iterator[str]:
    """The URL of an empty storage of this kind, which is there for as long as the context."""
    folder = directory / "storage"
    if kind == "s3":
        with bucket() as url:
            yield url
        return
    folder.mkdir()
    yield f"rclone::local:{folder}" if kind == "rclone" else str(folder)


@contextmanager
def bucket() -> Iterator[str]:
    """An empty bucket behind HTTP; the environment must have CREDENTIALS."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        # What an earlier server of this process held is there still.
        urlopen(Request(f"{endpoint}/moto-api/reset", method="POST")).close()
        urlopen(Request(f"{endpoint}/histories", method="PUT")).close()
        yield f"s3://histories/of/mine?endpoint={endpoint}&region=us-east-1"
    finally:
        server.stop()
