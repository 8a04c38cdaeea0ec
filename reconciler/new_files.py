"""New files in a folder: all of them or none.

Promise: what stands in the way is told before anything is written; then every file is written beside its place, and
only when all are there they are put into place, one rename each.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from reconciler.atomic_write import AtomicWrite
from reconciler.errors import ReconcilerError

_MOST_NAMED: Final = 10


def write_new(folder: Path, files: Mapping[str, str], remedy: str, *, force: bool = False) -> None:
    """Write files (name relative to the folder -> content), making folders as needed. `force` replaces what is there.

    Raises ReconcilerError for files that are there already, with this remedy, and when the disk says no.
    """
    places = {folder / name: text for name, text in files.items()}
    there = [place for place in places if os.path.lexists(place)]
    if there and not force:
        raise ReconcilerError(f"nothing was written: {_named(there)} there already", remedy)
    with _told(folder):
        _put(places)


def _named(there: list[Path]) -> str:
    names = ", ".join(str(one) for one in there[:_MOST_NAMED])
    more = f" and {len(there) - _MOST_NAMED} more" if len(there) > _MOST_NAMED else ""
    return f"{names}{more} {'is' if len(there) == 1 else 'are'}"


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        place = failure.filename or folder
        raise ReconcilerError(
            f"{place} cannot be written: {failure.strerror}", "check the folder and its permissions"
        ) from failure


def _put(places: Mapping[Path, str]) -> None:
    with AtomicWrite() as placing:
        for place, text in places.items():
            real = Path(os.path.realpath(place))
            if real.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
            real.parent.mkdir(parents=True, exist_ok=True)
            placing.add(place, text.encode())
        tuple(placing.put())
