"""Remarks as SARIF 2.1.0, which code scanning reads.

Promise: one run; each result has a place, for readers refuse those without: what has none is a notification of the
run. A result is recognised from one run to the next by its `partialFingerprints`, which know no line numbers.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from reconciler import __version__
from reconciler.diagnostics import Location
from reconciler.render.remarks import FileLocator, Remark, gravest_first
from reconciler.render.style import counted
from reconciler.rules import RULES

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT: Final = "%SRCROOT%"
_MOST: Final = 25_000
"""GitHub refuses a run with more results."""

_Object = Mapping[str, Any]


def sarif(command: str, key: str, remarks: Iterable[Remark], places: FileLocator, *, is_whole: bool) -> str:
    """A log of one run; `is_whole`: whether the command did what it was to do, whatever it found.

    Readers keep runs apart by command and `key`: of two with the same, the later one takes the place of the earlier.
    """
    placed: list[Remark] = []
    placeless: list[Remark] = []
    for one in gravest_first(remarks):
        (placed if one.location else placeless).append(one)
    over = placed[_MOST:]
    ids = sorted({one.rule.id for one in (*placed[:_MOST], *placeless)})
    number = {id_: index for index, id_ in enumerate(ids)}
    notes = [_notification(one, number) for one in placeless]
    if over:
        notes.append({"level": "warning", "message": {"text": f"{counted(len(over), 'result')} left out: too many."}})
    run = {
        "tool": {
            "driver": {
                "name": "reconciler",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(id_, (*placed, *placeless)) for id_ in ids],
            }
        },
        "automationDetails": {
            "id": "/".join(filter(None, ("reconciler", command, quote(key, errors="replace")))) + "/"
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [{"executionSuccessful": is_whole, "toolExecutionNotifications": notes}],
        "results": _results(placed[:_MOST], number, places),
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=True)


def _rule(id_: str, remarks: Sequence[Remark]) -> _Object:
    level = next(remark.level for remark in remarks if remark.rule.id == id_)
    rule = RULES[id_]
    help_ = rule.remedy
    return {
        "id": id_,
        "name": re.sub(r"[-/](\w)", lambda found: found[1].upper(), id_[:1].upper() + id_[1:]),
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": rule.meaning},
        "help": {"text": f"{help_[:1].upper()}{help_[1:]}." if help_ else "The message says what to do."},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": [id_.partition("/")[0] if "/" in id_ else "manifest"]},
    }


def _notification(one: Remark, number: Mapping[str, int]) -> _Object:
    return {
        "level": one.level,
        "message": {"text": _message(one.text)},
        "associatedRule": {"id": one.rule.id, "index": number[one.rule.id]},
    }


def _results(remarks: Iterable[Remark], number: Mapping[str, int], places: FileLocator) -> list[_Object]:
    alike: Counter[str] = Counter()
    results: list[_Object] = []
    for remark in remarks:
        if remark.location is None:
            continue
        file = places.relative(remark.location.file)
        print_ = _fingerprint(remark, file)
        alike[print_] += 1
        results.append(
            {
                "ruleId": remark.rule.id,
                "ruleIndex": number[remark.rule.id],
                "level": remark.level,
                "message": {"text": _message(remark.text)},
                "locations": [{"physicalLocation": _physical(remark.location, file)}],
                "partialFingerprints": {"reconciler/v1": f"{print_}:{alike[print_]}"},
            }
        )
    return results


def _fingerprint(one: Remark, file: str) -> str:
    """What the remark is about; numbers in a message may be lines."""
    about = re.sub(r"\d+", "0", one.identity) if one.identity == one.message else one.identity
    return hashlib.sha256(f"{one.rule.id}\n{file}\n{about}".encode(errors="backslashreplace")).hexdigest()[:32]


def _message(text: str) -> str:
    """Text in which no link begins: SARIF knows `[text](target)` even in plain messages."""
    return text.replace("](", r"\](")


def _physical(place: Location, file: str) -> _Object:
    region = {"startLine": place.line} if place.line else {}
    if place.line and place.column:
        region["startColumn"] = place.column
    return {"artifactLocation": _artifact(file), **({"region": region} if region else {})}


def _artifact(file: str) -> _Object:
    if file.startswith("/"):
        return {"uri": f"file://{_quoted(file)}"}
    return {"uri": _quoted(file), "uriBaseId": _ROOT}


def _quoted(file: str) -> str:
    """Percent-encoded, colons too: in the first part of a relative reference one would end a scheme."""
    return quote(file, safe="/", errors="backslashreplace")
