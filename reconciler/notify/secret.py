"""The URL of a channel, which no message shows."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reconciler.errors import NotificationError

_MAX_BYTES: Final = 8_192


@dataclass(frozen=True, slots=True)
class SecretUrl:
    """A URL, and the name of its source, by which messages call it."""

    value: str = field(repr=False)
    source: str


def url_of_variable(name: str, process: Mapping[str, str]) -> SecretUrl:
    """Return the URL in an environment variable. Raises NotificationError for one that is not set."""
    value = process.get(name, "").strip()
    if not value:
        raise NotificationError(f"the environment variable {name} is not set", f"set {name} to the URL of the channel")
    return _checked(value, name)


def url_of_file(path: Path) -> SecretUrl:
    """Return the URL in a file. Raises NotificationError for one that cannot be read."""
    remedy = "put the URL into that file, on one line"
    try:
        # A pipe would block without O_NONBLOCK, until somebody writes to it
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise NotificationError(f"{path} is not a regular file", remedy)
            content = file.read(_MAX_BYTES + 1)
    except OSError as failure:
        raise NotificationError(f"{path} cannot be read: {failure.strerror}", remedy) from None
    if len(content) > _MAX_BYTES:
        raise NotificationError(f"{path} is larger than {_MAX_BYTES:,} bytes", remedy)
    text = content.decode("utf-8", "replace").strip()
    if not text:
        raise NotificationError(f"{path} is empty", remedy)
    return _checked(text, str(path))


def _checked(value: str, source: str) -> SecretUrl:
    """Raise NotificationError for what is not one line of ASCII: an HTTP library would quote it."""
    if len(value) > _MAX_BYTES or not value.isascii() or not value.isprintable() or " " in value:
        raise NotificationError(f"{source} does not contain a URL", "write the URL alone, on one line")
    return SecretUrl(value, source)
