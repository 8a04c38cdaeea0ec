"""Remarks as SARIF 2.1.0, the format of code scanning.

Each log has one run. Every result has a location, because readers refuse results without one: a remark without a
location becomes a notification of the run. Readers recognise a result from run to run by its `partialFingerprints`,
which contain no line numbers. What is resolved is left out: a result with the baseline state `absent` would be a new
alert to readers that do not know that state, such as GitHub.
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
from reconciler.render.explanation import explanation_markdown, explanation_text
from reconciler.render.remarks import FileLocator, Remark, most_severe_first
from reconciler.render.style import Style, plural
from reconciler.rules import RULES, Rule

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT: Final = "%SRCROOT%"
_LIMIT: Final = 25_000
"""GitHub refuses a run with more results."""

_COLUMNS: Final = 100
"""Of the help of a rule, as text; readers that know Markdown show that."""

_Object = Mapping[str, Any]


def sarif(command: str, key: str, remarks: Iterable[Remark], locator: FileLocator, *, is_complete: bool) -> str:
    """Return the log of one run; `is_complete`: the command did its work, whatever it found.

    Readers keep runs apart by command and `key`: a run replaces the previous one with the same command and key.
    """
    located: list[Remark] = []
    unlocated: list[Remark] = []
    for remark in most_severe_first(remarks):
        (located if remark.location else unlocated).append(remark)
    omitted = located[_LIMIT:]
    rules = sorted({remark.rule.id for remark in (*located[:_LIMIT], *unlocated)})
    indices = {rule: index for index, rule in enumerate(rules)}
    notifications = [_notification(remark, indices) for remark in unlocated]
    if omitted:
        text = f"{plural(len(omitted), 'result')} omitted, because there are too many."
        notifications.append({"level": "warning", "message": {"text": text}})
    run = {
        "tool": {
            "driver": {
                "name": "reconciler",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(RULES[rule], (*located, *unlocated)) for rule in rules],
            }
        },
        "automationDetails": {
            "id": "/".join(filter(None, ("reconciler", command, quote(key, errors="replace")))) + "/"
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [{"executionSuccessful": is_complete, "toolExecutionNotifications": notifications}],
        "results": _results(located[:_LIMIT], indices, locator),
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=True)


def _rule(rule: Rule, remarks: Sequence[Remark]) -> _Object:
    level = next(remark.level for remark in remarks if remark.rule is rule)
    return {
        "id": rule.id,
        "name": re.sub(r"[-/](\w)", lambda match: match[1].upper(), rule.id[:1].upper() + rule.id[1:]),
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": rule.meaning},
        "help": {"text": explanation_text(rule, Style(), _COLUMNS), "markdown": explanation_markdown(rule)},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": [rule.id.partition("/")[0] if "/" in rule.id else "manifest"]},
    }


def _notification(remark: Remark, indices: Mapping[str, int]) -> _Object:
    return {
        "level": remark.level,
        "message": {"text": _message(remark.text)},
        "associatedRule": {"id": remark.rule.id, "index": indices[remark.rule.id]},
    }


def _results(remarks: Iterable[Remark], indices: Mapping[str, int], locator: FileLocator) -> list[_Object]:
    repeats: Counter[str] = Counter()
    results: list[_Object] = []
    for remark in remarks:
        if remark.location is None:
            continue
        file = locator.relative(remark.location.file)
        fingerprint = _fingerprint(remark, file)
        repeats[fingerprint] += 1
        results.append(
            {
                "ruleId": remark.rule.id,
                "ruleIndex": indices[remark.rule.id],
                "level": remark.level,
                "message": {"text": _message(remark.text)},
                "locations": [{"physicalLocation": _physical(remark.location, file)}],
                "partialFingerprints": {"reconciler/v1": f"{fingerprint}:{repeats[fingerprint]}"},
                **({"baselineState": remark.baseline} if remark.baseline else {}),
            }
        )
    return results


def _fingerprint(remark: Remark, file: str) -> str:
    """A hash of what the remark is about; numbers in a message may be line numbers and are left out."""
    subject = re.sub(r"\d+", "0", remark.identity) if remark.identity == remark.message else remark.identity
    return hashlib.sha256(f"{remark.rule.id}\n{file}\n{subject}".encode(errors="backslashreplace")).hexdigest()[:32]


def _message(text: str) -> str:
    """Text in which no link begins: SARIF reads `[text](target)` as a link even in plain messages."""
    return text.replace("](", r"\](")


def _physical(location: Location, file: str) -> _Object:
    region = {"startLine": location.line} if location.line else {}
    if location.line and location.column:
        region["startColumn"] = location.column
    return {"artifactLocation": _artifact(file), **({"region": region} if region else {})}


def _artifact(file: str) -> _Object:
    if file.startswith("/"):
        return {"uri": f"file://{_quoted(file)}"}
    return {"uri": _quoted(file), "uriBaseId": _ROOT}


def _quoted(file: str) -> str:
    """Percent-encoded, colons too: in the first segment of a relative reference, a colon would end a scheme."""
    return quote(file, safe="/", errors="backslashreplace")
