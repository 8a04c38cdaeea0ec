"""The pages about rules: why a rule exists, the source of the fact behind it, examples, how to fix and silence it.

The pages of `rules/NAME.py` are in `rules/pages/NAME.md`, a section for each rule. They are read only when a page is
needed: by `reconciler explain`, and by SARIF. A section begins with the heading `## NAME`, followed by paragraphs. A
paragraph that begins with one of `LABELS` begins the part of that name::

    ## remapped-header

    Why API Gateway behaves so.

    Source: recorded answers of API Gateway.

    Wrong: what the example assumes.

    (fenced code)

    Right:

    (fenced code)

    Fix: the remedy in full, where the rule's own is not enough.

    Silence: how to silence it, or why that is impossible, where the family's answer does not fit.
"""

import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

from reconciler.rules import GuardRule, InputRule, LintRule, ResultRule, Rule

ExampleTitle: TypeAlias = Literal["Wrong", "Right", "Example"]

LABELS: Final = ("Source", "Wrong", "Right", "Example", "Fix", "Silence")
"""The parts of a page after its paragraphs; rules have `Wrong` and `Right`, results have `Example`."""

_LABEL: Final = re.compile(rf"({'|'.join(LABELS)}):\s*(.*)", re.DOTALL)
_HEADING: Final = re.compile(r"^## (\S+)$", re.MULTILINE)
_BLOCK: Final = re.compile(r"```(\w+)\n(.*?)^```$|((?:^(?!```)[^\n]+\n?)+)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of code; `language` is `yaml`, `console` and so on."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleExample:
    """What an example assumes ("" for nothing), and its code: several files, or a command with its output."""

    caption: str
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """What there is to say about a rule beyond its meaning; texts are Markdown.

    `wrong` and `right` are None for results, which are no mistakes; they have an `example`.
    """

    why: tuple[str, ...]
    source: str
    wrong: RuleExample | None
    right: RuleExample | None
    example: RuleExample | None
    fix: str
    silence: str

    @property
    def titled_examples(self) -> tuple[tuple[ExampleTitle, RuleExample], ...]:
        """The examples that it has, with their titles."""
        titled: tuple[tuple[ExampleTitle, RuleExample | None], ...] = (
            ("Wrong", self.wrong),
            ("Right", self.right),
            ("Example", self.example),
        )
        return tuple((title, example) for title, example in titled if example)


def page_of(rule: Rule) -> RulePage:
    """Return the page of a rule. Raises LookupError if nobody has written it."""
    parts = _parts(sections(type(rule))[rule.value])
    why, _ = parts[""]
    return RulePage(
        why=tuple(why),
        source=_text(parts, "Source"),
        wrong=_example(parts, "Wrong"),
        right=_example(parts, "Right"),
        example=_example(parts, "Example"),
        fix=_text(parts, "Fix") or _sentence(rule.remedy),
        silence=_text(parts, "Silence") or _silence(rule),
    )


@cache
def sections(family: type[Rule]) -> Mapping[str, str]:
    """Return the section of each rule of a family, by the rule's value."""
    module = family.__module__.rpartition(".")[2]
    content = pkgutil.get_data("reconciler.rules", f"pages/{module}.md") or b""
    _, *texts = _HEADING.split(content.decode())
    return dict(zip(texts[::2], texts[1::2], strict=True))


_Parts: TypeAlias = Mapping[str, tuple[Sequence[str], Sequence[Snippet]]]


def _parts(section: str) -> _Parts:
    """Return the paragraphs and the code of each part; that without a label is called ""."""
    parts: dict[str, tuple[list[str], list[Snippet]]] = {"": ([], [])}
    label = ""
    for block in _blocks(section):
        if isinstance(block, Snippet):
            parts[label][1].append(block)
            continue
        labelled = _LABEL.fullmatch(block)
        if labelled:
            label = labelled[1]
            parts[label] = ([], [])
        text = labelled[2] if labelled else block
        if text:
            parts[label][0].append(text)
    return parts


def _blocks(section: str) -> Iterator[str | Snippet]:
    """Yield paragraphs, each as one line, and fenced code."""
    for match in _BLOCK.finditer(section):
        yield Snippet(match[1], match[2]) if match[1] else " ".join(match[3].split())


def _text(parts: _Parts, label: str) -> str:
    return " ".join(parts[label][0]) if label in parts else ""


def _example(parts: _Parts, label: str) -> RuleExample | None:
    if label not in parts:
        return None
    captions, snippets = parts[label]
    return RuleExample(" ".join(captions), tuple(snippets))


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}." if clause else ""


def _silence(rule: Rule) -> str:
    """Return how to silence a rule whose page does not say it."""
    if isinstance(rule, GuardRule):
        return f"`{_waiver(rule)}` waives it for one run." if rule.waived_by else "Nothing waives it."
    if rule.silenceable:
        return (
            f'`allow: [{rule}]` on the response silences it there. `lint: {{{rule}: "off"}}` in `reconciler.yaml` '
            'silences it everywhere, and `warning` or `error` in place of `"off"` changes its severity.'
        )
    return next(text for family, text in _NEVER.items() if isinstance(rule, family))


def _waiver(rule: GuardRule) -> str:
    return f"{rule.waived_by} {rule}" if rule.can_be_forced else rule.waived_by


_NEVER: Final[Mapping[type[Rule], str]] = {
    LintRule: "It cannot be silenced: no valid plan exists while the problem does.",
    InputRule: "It cannot be silenced: reconciler would have to guess what the file means.",
    ResultRule: "It is a result, not a problem: nothing silences it.",
    Rule: "It cannot be silenced: it reports what the run could not do.",
}
