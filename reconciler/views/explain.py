"""explain: the pages of rules, and the list of all rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from reconciler.invocation import command_line
from reconciler.render.explanation import explanation_markdown, explanation_text, wrapped
from reconciler.render.style import Style
from reconciler.rules import FAMILIES, RULES, GuardRule, InputRule, LintRule, ResultRule, Rule, RunRule
from reconciler.views.view import Renderings

_HEADINGS: Final[Mapping[type[Rule], str]] = {
    LintRule: "Lint: what AWS refuses or ignores",
    InputRule: "Files and options",
    RunRule: "AWS, journals, git and stages",
    GuardRule: "The guard: risky plans",
    ResultRule: "Results in reports",
}

_TWO_COLUMNS: Final = 72
"""The least width at which meanings are shown next to the names."""


def explain_view(rules: Sequence[Rule], style: Style, width: int) -> Renderings:
    """Offer the pages of some rules."""
    return {
        "text": lambda: "\n\n\n".join(explanation_text(rule, style, width) for rule in rules),
        "json": lambda: explain_json(rules),
        "markdown": lambda: "\n\n".join(map(explanation_markdown, rules)),
    }


def list_view(style: Style, width: int) -> Renderings:
    """Offer the list of all rules; as JSON, with their pages."""
    return {
        "text": lambda: "\n".join(_names() if style.quiet else _list(style, width)),
        "json": lambda: explain_json(RULES.values()),
        "markdown": lambda: "\n\n".join(map(_table, FAMILIES)),
    }


def explain_json(rules: Iterable[Rule]) -> str:
    """Return rules with their pages for programs."""
    from reconciler.documents.explain import explanation_document  # noqa: PLC0415 - only JSON needs it
    from reconciler.documents.parts import dumped  # noqa: PLC0415

    return dumped(explanation_document(rules))


def _names() -> Iterator[str]:
    return map(str, RULES.values())


def _list(style: Style, width: int) -> Iterator[str]:
    """Yield each family with its rules and their meanings, and how to go on."""
    column = max(map(len, _names())) + 4
    for family in FAMILIES:
        yield f"{style.paint(_HEADINGS[family], 'strong')}:"
        for rule in family:
            yield from _row(str(rule), rule.meaning, column, width)
        yield ""
    yield f"For details: {command_line('explain', 'RULE')}"


def _row(name: str, meaning: str, column: int, width: int) -> Iterator[str]:
    if width < _TWO_COLUMNS:
        yield f"  {name}"
        yield from (f"      {line}" for line in wrapped(meaning, width - 6))
        return
    first, *rest = wrapped(meaning, width - column)
    yield f"  {name:{column - 2}}{first}"
    yield from (f"{'':{column}}{line}" for line in rest)


def _table(family: type[Rule]) -> str:
    rows = (f"| `{rule}` | {rule.meaning.replace('|', chr(92) + '|')} |" for rule in family)
    return "\n".join((f"### {_HEADINGS[family]}", "", "| rule | meaning |", "|---|---|", *rows))
