"""The JSON document of `explain`: rules with their pages."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from reconciler.documents.parts import FORMAT_VERSION, JsonDocument
from reconciler.rule_pages import ExampleTitle, RuleExample, page_of
from reconciler.rules import GuardRule, Rule


class SnippetDocument(JsonDocument):
    """A piece of code."""

    language: str
    text: str


class ExampleDocument(JsonDocument):
    """An example of a rule."""

    title: ExampleTitle = Field(description="Example: of a result, which is no mistake.")
    caption: str = Field(description="What the example assumes.")
    snippets: list[SnippetDocument]


class ExplainedRule(JsonDocument):
    """A rule; texts are Markdown."""

    id: str
    names: list[str] = Field(description="What messages and options call it.")
    family: str
    meaning: str
    severity: str | None = Field(description="The default severity; null for rules of the guard and for results.")
    needs_aws: bool = Field(description="Whether only commands that read AWS report it.")
    silenceable: bool = Field(description="Whether `allow:` and `lint:` have an effect.")
    waived_by: str | None = Field(description="The option that waives a rule of the guard.")
    why: list[str]
    examples: list[ExampleDocument]
    fix: str
    silence: str
    source: str


class ExplanationDocument(JsonDocument):
    """What `explain --format json` prints."""

    format_version: str
    kind: Literal["Explanation"]
    rules: list[ExplainedRule]


def explanation_document(rules: Iterable[Rule]) -> ExplanationDocument:
    """Return rules with their pages."""
    return ExplanationDocument(format_version=FORMAT_VERSION, kind="Explanation", rules=list(map(_explained, rules)))


def _explained(rule: Rule) -> ExplainedRule:
    page = page_of(rule)
    return ExplainedRule(
        id=rule.id,
        names=list(rule.names),
        family=rule.family,
        meaning=rule.meaning,
        severity=rule.severity,
        needs_aws=rule.needs_aws,
        silenceable=rule.silenceable,
        waived_by=(rule.waived_by or None) if isinstance(rule, GuardRule) else None,
        why=list(page.why),
        examples=_examples(page.titled_examples),
        fix=page.fix,
        silence=page.silence,
        source=page.source,
    )


def _examples(titled: Iterable[tuple[ExampleTitle, RuleExample]]) -> list[ExampleDocument]:
    return [
        ExampleDocument(
            title=title,
            caption=example.caption,
            snippets=[SnippetDocument(language=snippet.language, text=snippet.text) for snippet in example.snippets],
        )
        for title, example in titled
    ]
