"""Read and write saved plans.

`written` and `understood` are inverse functions. A saved plan is the plan as a document, with the request that it came
from, long texts once, and a checksum over all of it. Files that were cut off, changed or made by something else are
refused, and nothing in a file is ever run: an apply makes its own plan and compares.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from reconciler.atomic_write import write_file
from reconciler.documents import FORMAT_VERSION, PlanDocument, RequestDocument
from reconciler.errors import ReconcilerError, Refused
from reconciler.rules import RunRule

KIND: Final = "Plan"
MAX_BYTES: Final = 256 * 1024 * 1024
_LONG: Final = 1024
"""In characters; longer texts are stored once in `texts`."""

_VERSION: Final = re.compile(r"([0-9]{1,6})\.([0-9]{1,6})")
_OWNER_ONLY: Final = 0o600
_REFERENCE: Final = "$text"
_AGAIN: Final = "make a new plan and save it with --out"

_Json = dict[str, Any]


class PlanFileError(ReconcilerError):
    """The file is not a saved plan that this version can use."""

    rule = RunRule.PLAN_FILE


def save(path: Path, document: PlanDocument) -> None:
    """Write a saved plan, readable by its owner only, completely or not at all. Raises ReconcilerError."""
    try:
        write_file(path, written(document).encode("ascii"), _OWNER_ONLY, lasting=True)
    except OSError as failure:
        message = f"{path} cannot be written: {failure.strerror}"
        raise ReconcilerError(message, "check the folder and its permissions") from failure


def discard(path: Path) -> bool:
    """Remove a saved plan, even a damaged or newer one, but no other file. Raises ReconcilerError."""
    if not path.is_file():
        return False
    try:
        load(path)
    except Refused:
        pass  # still a saved plan
    except PlanFileError:
        return False
    try:
        Path(os.path.realpath(path)).unlink()
    except OSError as failure:
        message = f"{path} is not the plan of this run, and cannot be removed: {failure.strerror}"
        raise ReconcilerError(message, "do not apply it") from failure
    return True


def load(path: Path) -> PlanDocument:
    """Read a saved plan. Raises PlanFileError, and Refused for one that was changed or has a newer format."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as failure:
        raise PlanFileError(f"{path} cannot be read: {failure.strerror}", "check the name; " + _AGAIN) from failure
    return understood(content, str(path))


def written(document: PlanDocument) -> str:
    """Return the text of the file: ASCII only, keys in the order of the schema."""
    content = document.model_dump(mode="json", by_alias=True)
    texts: dict[str, str] = {}

    def shortened(text: str) -> object:
        if len(text) < _LONG:
            return text
        digest = f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
        texts[digest] = text
        return {_REFERENCE: digest}

    _each_text(content, lambda value: shortened(value) if isinstance(value, str) else value)
    content["texts"] = dict(sorted(texts.items()))
    content["checksum"] = _checksum(content)
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def understood(content: bytes, name: str) -> PlanDocument:
    """Return the plan in the content of a file. Raises as `load` does."""
    raw = _parsed(content, name)
    _check_kind(raw, name)
    _check_version(raw, name)
    if not raw.get("request") or not raw.get("checksum"):
        message = f"{name} is a plan's report, not a saved plan"
        raise PlanFileError(message, "make a plan and save it with --out")
    if raw["checksum"] != _checksum(raw):
        message = f"{name} was changed after it was written, or is damaged: nothing was applied"
        raise Refused(message, _AGAIN)
    texts = raw.get("texts")
    try:
        _each_text(raw, lambda value: _expanded(value, texts if isinstance(texts, dict) else {}))
        document = PlanDocument.model_validate({**raw, "texts": {}})
        _check_names(document.request)
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise PlanFileError(f"{name} is not a valid saved plan", _AGAIN) from failure
    return document


def _check_names(request: RequestDocument | None) -> None:
    """Raise ValueError for names that no file can have."""
    if request is None:
        raise ValueError("no request")
    for path in (*request.paths, request.config or "", *(request.touched or ())):
        if b"\0" in os.fsencode(path):
            raise ValueError(path)


def _parsed(content: bytes, name: str) -> _Json:
    if len(content) > MAX_BYTES:
        raise PlanFileError(f"{name} is too large for a saved plan ({MAX_BYTES // 1024 // 1024} MB)", _AGAIN)
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError) as failure:
        raise PlanFileError(f"{name} is not JSON, or is cut off", _AGAIN) from failure
    if not isinstance(raw, dict):
        raise PlanFileError(f"{name} is not a saved plan", _AGAIN)
    return raw


def _check_kind(raw: _Json, name: str) -> None:
    if raw.get("kind") != KIND or not isinstance(raw.get("formatVersion"), str):
        raise PlanFileError(f"{name} is not a plan made by reconciler", _AGAIN)


def _check_version(raw: _Json, name: str) -> None:
    version = _VERSION.fullmatch(raw["formatVersion"])
    if not version:
        raise PlanFileError(f"{name} is not a plan made by reconciler", _AGAIN)
    known_major, known_minor = map(int, FORMAT_VERSION.split("."))
    if (int(version[1]), int(version[2])) > (known_major, known_minor):
        message = f"{name} has format {version[0]}, but this version reads formats up to {FORMAT_VERSION}"
        raise Refused(message, "apply it with the version that made it, or make a new plan with this one")


def _checksum(content: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in content.items() if key != "checksum"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _each_text(content: _Json, change: Callable[[object], object]) -> None:
    """Replace every text that may be long, in states and changes, with the result of `change`."""
    for action in content["actions"]:
        _states(action, ("before", "after"), change)
        for field in action["changes"]:
            field.update({side: change(field[side]) for side in ("before", "after")})
    for action in content["deferred"]:
        _states(action, ("after",), change)
    for stage in content["deployments"]:
        for action in stage["pending"]:
            for field in action["changes"]:
                field.update({side: change(field[side]) for side in ("before", "after")})


def _states(holder: _Json, names: tuple[str, ...], change: Callable[[object], object]) -> None:
    for name in names:
        state = holder[name]
        for field, value in (state or {}).items():
            is_map = field in _MAPS
            state[field] = {key: change(text) for key, text in value.items()} if is_map else change(value)


_MAPS: Final = frozenset({"responseParameters", "responseTemplates"})
"""Fields that hold texts by key; a key may be any text, even `$text`."""


def _expanded(value: object, texts: Mapping[str, str]) -> object:
    return texts[value[_REFERENCE]] if isinstance(value, dict) else value
