"""Read the parts of a sharded run: documents that other processes wrote, and that may be cut off or forged."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from reconciler.documents import FORMAT_VERSION, DriftDocument
from reconciler.engine.drift.reading import drift_of
from reconciler.engine.drift.result import Drift
from reconciler.errors import ReconcilerError
from reconciler.invocation import command_line
from reconciler.ports import Files
from reconciler.rules import RunRule
from reconciler.strict_json import read_strict_json
from reconciler.wording import shown

MAX_BYTES: Final = 256 * 1024 * 1024
"""A report of 5,000 APIs in sync has 4 MB."""

_KIND: Final = "Drift"
_VERSION: Final = re.compile(r"([0-9]{1,6})\.([0-9]{1,6})")
_LARGEST: Final = 2**53
"""Larger integers are no counts, and not every reader of JSON knows them."""
_MOST_NAMED: Final = 10
_MAKE: Final = command_line("drift", "--format", "json=FILE")
_REMEDY: Final = "run that shard again, with --format json=FILE"


class ReportError(ReconcilerError):
    """Reports that cannot be read, or do not belong together."""

    rule = RunRule.REPORT


@dataclass(frozen=True, slots=True)
class ShardReport:
    """The report of one shard, and the file that it is in."""

    file: str
    drift: Drift


def read_parts(names: Sequence[str], files: Files) -> tuple[ShardReport, ...]:
    """Read every report. Raises ReportError that names all files that are none."""
    parts: list[ShardReport] = []
    problems: list[str] = []
    for name in names:
        try:
            parts.append(ShardReport(name, read_report(name, files)))
        except ReportError as failure:
            problems.append(failure.message)
    if problems:
        raise ReportError(joined(problems), _REMEDY)
    return tuple(parts)


def joined(problems: Sequence[str]) -> str:
    """Return several problems as one message."""
    more = f"; and {len(problems) - _MOST_NAMED:,} more" if len(problems) > _MOST_NAMED else ""
    return "; ".join(problems[:_MOST_NAMED]) + more


def read_report(name: str, files: Files) -> Drift:
    """Read the document of a drift run. Raises ReportError."""
    try:
        content = files.read(name, MAX_BYTES + 1)
    except OSError as failure:
        raise ReportError(f"{name} cannot be read: {failure.strerror}", _REMEDY) from failure
    if len(content) > MAX_BYTES:
        raise ReportError(f"{name} is too large for a report ({MAX_BYTES // 1024 // 1024} MB)", _REMEDY)
    return understood(content, name)


def understood(content: bytes, name: str) -> Drift:
    """Return the drift in the content of a file. Raises ReportError."""
    raw = _parsed(content, name)
    _check_kind(raw, name)
    try:
        _check_numbers(raw)
        _check_moment(raw)
        return drift_of(DriftDocument.model_validate(raw, strict=True))
    except ValidationError as failure:
        where = ".".join(map(str, failure.errors(include_url=False)[0]["loc"]))
        message = f"{name} is not a valid drift report (see {shown(where)})"
        raise ReportError(message, _REMEDY) from failure
    except (ValueError, RecursionError) as failure:
        raise ReportError(f"{name} is not a valid drift report: {failure}", _REMEDY) from failure


def _parsed(content: bytes, name: str) -> dict[str, Any]:
    if not content.strip():
        raise ReportError(f"{name} is empty", _REMEDY)
    try:
        raw = read_strict_json(content)
    except (json.JSONDecodeError, UnicodeDecodeError) as failure:
        raise ReportError(f"{name} is not JSON, or is cut off", _REMEDY) from failure
    except (ValueError, RecursionError) as failure:
        raise ReportError(f"{name} is not a drift report", _REMEDY) from failure
    if not isinstance(raw, dict):
        raise ReportError(f"{name} is not a drift report", _REMEDY)
    return raw


def _check_kind(raw: dict[str, Any], name: str) -> None:
    """Raise ReportError for a document of another kind, or of a newer format."""
    if raw.get("kind") != _KIND:
        other = f": it is of kind {shown(raw['kind'])}" if isinstance(raw.get("kind"), str) else ""
        raise ReportError(f"{name} is not a drift report{other}", f"make it with: {_MAKE}")
    version = _VERSION.fullmatch(raw["formatVersion"]) if isinstance(raw.get("formatVersion"), str) else None
    if version is None:
        raise ReportError(f"{name} has no format version", f"make it with: {_MAKE}")
    known = tuple(map(int, FORMAT_VERSION.split(".")))
    if (int(version[1]), int(version[2])) > known:
        message = f"{name} has format {version[0]}, but this version reads formats up to {FORMAT_VERSION}"
        raise ReportError(message, "merge with the version that made it")


def _check_moment(raw: dict[str, Any]) -> None:
    """Raise ValueError for a document that does not say when it was made."""
    moment = raw.get("createdAt")
    if not isinstance(moment, str) or datetime.fromisoformat(moment).tzinfo is None:
        raise ValueError("createdAt is no time in UTC")


def _check_numbers(raw: object) -> None:
    """Raise ValueError for numbers that no run counts."""
    pending = [raw]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, int | float) and not (math.isfinite(value) and 0 <= value <= _LARGEST):
            raise ValueError(f"{value} is no count")
