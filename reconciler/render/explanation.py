"""The page of a rule as text for a terminal and as Markdown."""

import re
import textwrap
from collections.abc import Iterator
from typing import Final

from reconciler.render.style import Style
from reconciler.rule_pages import RulePage, page_of
from reconciler.rules import GuardRule, Rule

_INDENT: Final = "    "
_CODE: Final = re.compile(r"`[^`]+`")
_SPACE: Final = "\x00"
"""Stands for a space at which no line ends."""


def explanation_text(rule: Rule, style: Style, width: int) -> str:
    """Return the page in lines of at most `width` columns; code is not wrapped."""
    return "\n".join(_lines(rule, page_of(rule), style, width))


def _lines(rule: Rule, page: RulePage, style: Style, width: int) -> Iterator[str]:
    yield f"{style.paint(str(rule), 'strong')} ({facts(rule)})"
    for paragraph in (rule.meaning, *page.why):
        yield ""
        yield from wrapped(paragraph, width)
    for title, example in page.titled_examples:
        yield ""
        label = style.paint(f"{title}:", "error" if title == "Wrong" else "good")
        yield from _labelled(label, title, example.caption, width)
        for snippet in example.snippets:
            yield ""
            yield from textwrap.indent(snippet.text.rstrip("\n"), _INDENT).split("\n")
    for heading, text in _ends(page):
        yield ""
        yield from _labelled(style.paint(f"{heading}:", "strong"), heading, text, width)


def _labelled(label: str, title: str, text: str, width: int) -> Iterator[str]:
    """Yield a paragraph that begins with a title; `label` is the title as it is shown."""
    first, *rest = wrapped(f"{title}: {text}", width)
    yield label + first.removeprefix(f"{title}:")
    yield from rest


def facts(rule: Rule) -> str:
    """Return the severity, or the family that has none, and whether AWS is needed."""
    severity = rule.severity or ("guard rule" if isinstance(rule, GuardRule) else "")
    where = "needs AWS" if rule.needs_aws else "offline"
    return ", ".join(filter(None, (severity, where)))


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a paragraph; neither a word nor a piece of code is split."""
    whole = _CODE.sub(lambda match: match[0].replace(" ", _SPACE), text)
    lines = textwrap.wrap(whole, width, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_SPACE, " ") for line in lines]


def _ends(page: RulePage) -> Iterator[tuple[str, str]]:
    """Yield what comes after the examples."""
    yield "Fix", page.fix
    yield "Silence", page.silence
    yield "Source", page.source


def explanation_markdown(rule: Rule, level: int = 2) -> str:
    """Return the page; `level` is that of its heading, 0 for a page without one."""
    page = page_of(rule)
    blocks = [f"{'#' * level} {rule}", f"*{facts(rule)}*", rule.meaning] if level else [rule.meaning]
    blocks += page.why
    for title, example in page.titled_examples:
        blocks.append(f"**{title}**{f': {example.caption}' if example.caption else ''}")
        blocks += (f"```{snippet.language}\n{snippet.text}```" for snippet in example.snippets)
    blocks += (f"**{title}**: {text}" for title, text in _ends(page))
    return "\n\n".join(blocks)
