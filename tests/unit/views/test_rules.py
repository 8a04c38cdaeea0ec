"""The glossary of rules."""

import re
from pathlib import Path

import pytest

import reconciler
from reconciler.apply import Result
from reconciler.findings import Type
from reconciler.guard import GuardRule
from reconciler.lint import RULES
from reconciler.review import ReviewEffect
from reconciler.views.rules import meaning, remedy

NOT_EXPLAINED = meaning("nobody-knows")

_IDS = (
    r'\b(?:error|warning|_Finding)\(\s*"([a-z]+(?:-[a-z]+)*)"',
    r'^\s+rule = "([a-z-]+)"',
    r'_(?:skip|stop)\(event, "([a-z-]+)"',
    r'_PATTERN: \(\s*"([a-z-]+)"',
)


def ids_in_the_sources() -> list[str]:
    """Every rule id that stands where diagnostics are made."""
    texts = [file.read_text(encoding="utf-8") for file in Path(reconciler.__file__).parent.rglob("*.py")]
    return sorted({found for text in texts for pattern in _IDS for found in re.findall(pattern, text, re.MULTILINE)})


def test_every_rule_of_a_diagnostic_is_explained() -> None:
    """Whoever adds one says what it means."""
    assert [] == [source for source in ids_in_the_sources() if meaning(source) == NOT_EXPLAINED]


@pytest.mark.parametrize(
    "rule",
    [
        *(f"guard/{one}" for one in GuardRule),
        *(f"drift/{one}" for one in Type if one is not Type.ERROR),
        *(f"apply/{one}" for one in Result),
        *(f"plan/{one}" for one in ("create", "update", "delete", "deferred")),
        *(f"deploy/{one}" for one in (Result.FAILED, Result.UNKNOWN, Result.NOT_RUN, "unverified")),
        *(f"review/{one}" for one in ReviewEffect),
        "apply/refused",
    ],
)
def test_every_other_rule_is_explained(rule: str) -> None:
    """Those of the guard, of drift, of plans and of what became of them, of reviews."""
    assert NOT_EXPLAINED != meaning(rule)


def test_the_rules_of_the_linter_have_their_remedies() -> None:
    """Others have theirs in the message."""
    assert (RULES["status-code"].remedy, "") == (remedy("status-code"), remedy("syntax"))
