"""Suites of cases as XML."""

import xml.etree.ElementTree as ET

import pytest

from reconciler.diagnostics import Location
from reconciler.render.junit import Case, Suite, junit
from reconciler.render.remarks import FileLocator
from reconciler.rules import InputRule
from support.junit import problems, results


def document(*suites: Suite) -> ET.Element:
    """Read back."""
    return ET.fromstring(junit("plan", suites, FileLocator("/repo", "/repo")))  # noqa: S314 - our own


def test_counts_stand_at_every_level() -> None:
    """Readers believe them rather than count."""
    root = document(Suite("a", [Case("x"), Case("y", "failed", "why")]), Suite("b", [Case("z", "skipped", "no")]))

    assert [("3", "1", "0", "1"), ("2", "1", "0", "0"), ("1", "0", "0", "1")] == [
        (one.get("tests"), one.get("failures"), one.get("errors"), one.get("skipped"))
        for one in (root, *root.iter("testsuite"))
    ]


def test_readers_know_what_became_of_each_case() -> None:
    """A report is what the schema says, and a reader of the format counts each case as what it is."""
    place = Location("m/a.yaml", 7, 3)
    of_each = [
        Case("a", location=place),
        Case("b", "failed", "why", InputRule.SYNTAX, ["x"]),
        Case("c", "error", "why"),
        Case("d", "skipped", "why", location=place),
        Case("e", details=["said"]),
    ]
    report = junit("plan", [Suite("all", of_each)], FileLocator("/repo", "/repo"))

    assert ([], {"passed": 2, "failure": 1, "error": 1, "skipped": 1}) == (problems(report), results(report))


def test_a_suite_without_cases_is_left_out() -> None:
    """Jenkins refuses it."""
    assert ["b"] == [one.get("name") for one in document(Suite("a", []), Suite("b", [Case("x")])).iter("testsuite")]


def test_a_case_has_its_place() -> None:
    """As GitLab reads it."""
    case = document(Suite("a", [Case("x", location=Location("m/a.yaml", 7, 3))])).find("testsuite/testcase")

    assert ("plan.a", "m/a.yaml", "7") == (
        (case.get("classname"), case.get("file"), case.get("line")) if case is not None else ()
    )


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x85", "\ufffe", "\ud800", "\x0b"])
def test_what_xml_cannot_carry_is_spelt_out(sign: str) -> None:
    """In attributes and in texts."""
    root = document(Suite(sign, [Case(sign, "failed", sign, None, [sign])]))
    spelt = sign.encode("unicode_escape").decode()

    assert [spelt] * 4 == [
        root[0].get("name"),
        root[0][0].get("name"),
        root[0][0][0].get("message"),
        root[0][0][0].text,
    ]
