"""Test suites as JUnit XML, which GitLab, Jenkins and Azure show as test results.

Characters that XML cannot carry are escaped, there are no CDATA sections, and there is at least one case, because
readers refuse an empty report.
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

CaseStatus: TypeAlias = Literal["passed", "failed", "error", "skipped"]


@dataclass(frozen=True, slots=True)
class Case:
    """One response, file or rule; `message` is one line that says why it did not pass, `details` are further lines."""

    name: str
    status: CaseStatus = "passed"
    message: str = ""
    rule: Rule | None = None
    details: Sequence[str] = ()
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one API, or of the run as a whole."""

    name: str
    cases: Sequence[Case]


_ELEMENTS: Final[Mapping[CaseStatus, str]] = {"failed": "failure", "error": "error", "skipped": "skipped"}


def junit(command: str, suites: Iterable[Suite], locator: FileLocator) -> str:
    """Return the XML document; suites without cases are left out."""
    shown = [suite for suite in suites if suite.cases]
    root = ET.Element("testsuites", {"name": f"reconciler {command}"})
    root.attrib.update(_counts([case for suite in shown for case in suite.cases]))
    for suite in shown:
        element = ET.SubElement(root, "testsuite", {"name": printable(suite.name), **_counts(suite.cases)})
        for case in suite.cases:
            _add(element, f"{command}.{suite.name}", case, locator)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    counts = Counter(case.status for case in cases)
    return {
        "tests": str(len(cases)),
        "failures": str(counts["failed"]),
        "errors": str(counts["error"]),
        "skipped": str(counts["skipped"]),
        "time": "0",
    }


def _add(suite: ET.Element, class_name: str, case: Case, locator: FileLocator) -> None:
    attributes = {"name": printable(case.name), "classname": printable(class_name), "time": "0"}
    if case.location:
        attributes["file"] = printable(locator.relative(case.location.file))
        if case.location.line:
            attributes["line"] = str(case.location.line)
    element = ET.SubElement(suite, "testcase", attributes)
    details = "\n".join(map(printable, case.details))
    if case.status == "passed":
        if details:
            ET.SubElement(element, "system-out").text = details
        return
    result = ET.SubElement(element, _ELEMENTS[case.status], {"message": printable(case.message)})
    if case.status != "skipped":
        result.attrib["type"] = printable(case.rule.id if case.rule else "")
        result.text = details or printable(case.message)
