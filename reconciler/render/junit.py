"""Suites of cases as JUnit XML, which GitLab, Jenkins and Azure show as tests.

Promise: what XML cannot carry is spelt out, nothing is in a CDATA section, and there is at least one case, for readers
refuse an empty report.
"""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.diagnostics import Location
from reconciler.render.remarks import FileLocator
from reconciler.render.style import printable
from reconciler.rules import Rule

Became: TypeAlias = Literal["passed", "failed", "error", "skipped"]


@dataclass(frozen=True, slots=True)
class Case:
    """One response, file or rule; `message` says in a line why it did not pass, `details` are lines that go with it."""

    name: str
    became: Became = "passed"
    message: str = ""
    rule: Rule | None = None
    details: Sequence[str] = ()
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """One API, or what is said of the run as a whole."""

    name: str
    cases: Sequence[Case]


_ELEMENTS: Final[Mapping[Became, str]] = {"failed": "failure", "error": "error", "skipped": "skipped"}


def junit(command: str, suites: Iterable[Suite], places: FileLocator) -> str:
    """The document."""
    shown = [suite for suite in suites if suite.cases]
    root = ET.Element("testsuites", {"name": f"reconciler {command}"})
    root.attrib.update(_counts([case for one in shown for case in one.cases]))
    for one in shown:
        element = ET.SubElement(root, "testsuite", {"name": printable(one.name), **_counts(one.cases)})
        for case in one.cases:
            _add(element, command, one.name, case, places)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    counts = Counter(case.became for case in cases)
    return {
        "tests": str(len(cases)),
        "failures": str(counts["failed"]),
        "errors": str(counts["error"]),
        "skipped": str(counts["skipped"]),
        "time": "0",
    }


def _add(suite: ET.Element, command: str, name: str, case: Case, places: FileLocator) -> None:
    attributes = {"name": printable(case.name), "classname": printable(f"{command}.{name}"), "time": "0"}
    if case.location:
        attributes["file"] = printable(places.relative(case.location.file))
        if case.location.line:
            attributes["line"] = str(case.location.line)
    element = ET.SubElement(suite, "testcase", attributes)
    details = "\n".join(map(printable, case.details))
    if case.became == "passed":
        if details:
            ET.SubElement(element, "system-out").text = details
        return
    why = ET.SubElement(element, _ELEMENTS[case.became], {"message": printable(case.message)})
    if case.became != "skipped":
        why.attrib["type"] = printable(case.rule.id if case.rule else "")
        why.text = details or printable(case.message)
