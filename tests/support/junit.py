"""Readers of JUnit XML that are not ours."""

from collections import Counter
from pathlib import Path
from typing import Any

import xmlschema
from junitparser import JUnitXml

_SCHEMA: Any = xmlschema.XMLSchema10(Path(__file__).with_name("junit.xsd"))


def problems(report: str) -> list[str]:
    """What a report has that the schema does not."""
    return [str(error.reason) for error in _SCHEMA.iter_errors(report)]


def results(report: str) -> Counter[str]:
    """How many cases a reader of the format counts as passed, failed, in error and skipped."""
    document: Any = JUnitXml.fromstring(report.encode())
    kinds = [[type(one).__name__.lower() for one in case.result] for suite in document for case in suite]
    return Counter(kind for case in kinds for kind in case or ["passed"])
