"""The values that complete a word. Names with unprintable characters are left out, and so is all beyond a limit.

Environments are read from the configuration alone. Addresses, stages and manifests need the manifests, which are loaded
as `validate` loads them, within its limits; problems in them are ignored here. Whoever calls this expects errors.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from reconciler.models.desired import Desired

MOST: Final = 200
"""The largest number of completions."""

MOST_ENTRIES: Final = 5_000
"""The largest number of files in a folder that are looked at."""

MOST_CONFIGURED: Final = 256 * 1024
"""Bytes of a configuration whose environments are completed."""

_LONGEST: Final = 300
_SUFFIXES: Final = (".yaml", ".yml")


def fitting(values: Iterable[str], beginning: str) -> list[str]:
    """Return those that start like this, each once, up to the limit."""
    good = (value for value in values if value.startswith(beginning) and value.isprintable() and len(value) <= _LONGEST)
    return list(islice(dict.fromkeys(good), MOST))


def paths(beginning: str) -> list[str]:
    """Return the folders, which end with a slash, and the manifests. Raises OSError."""
    folder, _, name = beginning.rpartition("/")
    prefix = beginning[: len(beginning) - len(name)]
    with os.scandir(folder or ("/" if prefix else ".")) as entries:
        known = sorted(
            f"{prefix}{entry.name}{'/' if entry.is_dir() else ''}"
            for entry in islice(entries, MOST_ENTRIES)
            if entry.name.startswith(name or ("", "")) and (name or not entry.name.startswith("."))
            if entry.name.endswith(_SUFFIXES) or entry.is_dir()
        )
    return fitting(known, beginning)


def environments(typed: Mapping[str, Any]) -> list[str]:
    """Return the environments of the nearest configuration, and `all`. Raises OSError."""
    from reconciler.yamlio.parse import read  # noqa: PLC0415 - few completions need it

    file = typed.get("config") or _nearest_configuration(typed)
    content = _content(file) if file else b""
    documents = read(content, file or "", quoted=False).documents
    root = documents[0].root if documents else None
    names = root.get("environments") if isinstance(root, dict) else None
    return [*map(str, names), "all"] if isinstance(names, dict) and names else []


def _nearest_configuration(typed: Mapping[str, Any]) -> str | None:
    from reconciler.models.project_file import FILE_NAME  # noqa: PLC0415 - as above

    start = Path(next(iter(typed.get("paths") or ()), ".")).absolute()
    return next((str(folder / FILE_NAME) for folder in (start, *start.parents) if (folder / FILE_NAME).is_file()), None)


def _content(file: str) -> bytes:
    """Return a configuration; nothing of one that is no regular file, or too large."""
    with open(file, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as opened:
        content = opened.read(MOST_CONFIGURED + 1) if stat.S_ISREG(os.fstat(opened.fileno()).st_mode) else b""
    return content if len(content) <= MOST_CONFIGURED else b""


def addresses(typed: Mapping[str, Any], beginning: str) -> list[str]:
    """Return the addresses of responses; those of a manifest as a glob if there are too many."""
    known = sorted(desired.address(key) for desired in _loaded(typed) for key in desired.responses)
    matching = [address for address in known if address.startswith(beginning)]
    if len(set(matching)) > MOST:
        return fitting((f"{address.partition(':')[0]}: *" for address in matching), beginning)
    return fitting(matching, beginning)


def stages(typed: Mapping[str, Any]) -> Iterator[str]:
    """Return the stages that manifests declare."""
    return (stage for desired in _loaded(typed) for ref in desired.manifests for stage in ref.stages)


def manifests(typed: Mapping[str, Any]) -> Iterator[str]:
    """Return the names of manifests."""
    return (ref.name for desired in _loaded(typed) for ref in desired.manifests)


def _loaded(typed: Mapping[str, Any]) -> Sequence["Desired"]:
    from reconciler.engine.load.load import load_manifests  # noqa: PLC0415 - as above
    from reconciler.engine.load.request import Request  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415

    request = Request(
        typed.get("paths") or (), config=typed.get("config"), environments=typed.get("environments") or ()
    )
    loaded = load_manifests(request, Disk(), with_lint=False)
    return [desired for project in loaded.projects for desired in project.manifests]


def runs(typed: Mapping[str, Any]) -> list[str]:
    """Return `latest` and the ids of the runs in the journal, newest first."""
    from reconciler.engine.journal_location import locate_journal  # noqa: PLC0415 - as above
    from reconciler.engine.load.request import Request  # noqa: PLC0415
    from reconciler.journal import run_ids  # noqa: PLC0415
    from reconciler.manifest import Disk  # noqa: PLC0415

    location = locate_journal(Request(config=typed.get("config")), Disk(), typed.get("journal"))
    ids = run_ids(location.folder)
    return ["latest", *ids] if ids else []
