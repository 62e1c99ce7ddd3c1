"""The files ~/.aws/credentials and ~/.aws/config, which obstore does not read."""

import configparser
import os
from pathlib import Path

_KEYS = {
    "aws_access_key_id": "access_key_id",
    "aws_secret_access_key": "secret_access_key",
    "aws_session_token": "token",
    "region": "region",
    "endpoint_url": "endpoint",
}


def settings(profile: str | None) -> dict[str, str]:
    """obstore's settings from a profile: this one, AWS_PROFILE's or the default.

    None where the environment holds a key and no profile is named: obstore reads that itself, as
    it asks the machine for its role where there is neither.
    """
    if not profile and os.environ.get("AWS_ACCESS_KEY_ID"):
        return {}
    name = profile or os.environ.get("AWS_PROFILE") or "default"
    found: dict[str, str] = {}
    for variable, usual, section in (
        ("AWS_CONFIG_FILE", "config", name if name == "default" else f"profile {name}"),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials", name),
    ):
        path = Path(os.environ.get(variable) or Path.home() / ".aws" / usual)
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, "utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue  # the storage says what it thinks of the credentials that there are
        if parser.has_section(section):
            found |= {_KEYS[key]: value for key, value in parser.items(section) if key in _KEYS}
    return found
