"""Code within sentences, in Markdown and HTML."""

import html
import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.invocation import command_line
from reconciler.quoting import span
from reconciler.render import markdown
from reconciler.render.code_spans import code_parts
from reconciler.render.html import html_page
from reconciler.render.sections import Report

READER: Final = MarkdownIt("gfm-like", {"linkify": False})
CODES: Final = (
    "{file: ...}",
    "write {} or []",
    "\"'*'\"",
    "'it''s \"x\" \\d'",
    "a`b``c",
    "`",
    "``",
    "`a`",
    " a ",
    "a|b",
    "<b>&amp;",
    "@someone #1",
    "${{ vars.NAME }}",
    "[x](y)",
    "a*b*c_d_",
)


def codes(text: str) -> list[str]:
    """What a reader of Markdown sees as code."""
    return [
        child.content for token in READER.parse(text) for child in token.children or () if child.type == "code_inline"
    ]


@pytest.mark.parametrize("code", CODES)
def test_a_code_span_stays_one_in_markdown(code: str) -> None:
    """Whatever braces, quotes or back-ticks it has."""
    assert [code] == codes(markdown.inline(f"write {span(code)}; it is well"))


@pytest.mark.parametrize("code", CODES)
def test_a_code_span_is_one_element_on_a_page(code: str) -> None:
    """Without the back-ticks."""
    made = html_page("plan", "", Report("x", "y", problems=(f"write {span(code)}; it is well",)))

    assert [code] == [html.unescape(one) for one in re.findall("<code>(.*?)</code>", made)]


@pytest.mark.parametrize("code", CODES)
def test_a_code_span_is_one_element_in_a_summary(code: str) -> None:
    """As on a page."""
    made = markdown.in_tag(f"write {span(code)}; it is well")

    assert [code] == [html.unescape(one) for one in re.findall("<code>(.*?)</code>", made)]


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20))
def test_any_text_comes_back(code: str) -> None:
    """What is put into a span is what is taken out of it."""
    assert [(False, "x "), (True, code), (False, " y")] == list(code_parts(f"x {span(code)} y"))


@given(
    st.lists(
        st.sampled_from(["`a`", "``b`c``", "`", "``", "x", ";", " ", "(", ")", ".", "@me", "reconciler plan a"]),
        max_size=12,
    )
)
def test_nothing_is_lost(pieces: list[str]) -> None:
    """The parts are the text, without the back-ticks that enclose code."""
    text = "".join(pieces)
    parts = "".join(part for _, part in code_parts(text))

    assert text.replace("`", "").replace(" ", "") == parts.replace("`", "").replace(" ", "")


@given(
    st.lists(st.sampled_from(["`a`", "``b`c``", "`", "``", "x", ";", " ", "(", ")", "@me", "*b*", "<i>"]), max_size=10)
)
def test_nothing_leaves_its_span(pieces: list[str]) -> None:
    """No mention, emphasis or tag is read, however spans stand side by side."""
    tokens = [
        child for token in READER.parse("x " + markdown.inline("".join(pieces))) for child in token.children or ()
    ]

    assert {"text", "code_inline"} >= {one.type for one in tokens}
    assert [] == [one.content for one in tokens if one.type == "text" and re.search("[@*<>`]", one.content)]


def test_a_command_is_one_span() -> None:
    """Up to the `;` or `)` that ends it, quotes and all."""
    command = command_line("deploy", "it's here/a;b.yaml", "--env", "prod", "--only", "a: GET /b (c)")
    text = f"look first: {command}; then deploy ({command})"

    assert [command, command] == codes(markdown.inline(text))


@pytest.mark.parametrize(
    "text",
    [
        "reconciler plan: no changes",
        "reconciler is a tool",
        "no reconciler deployed it",
        "a reconciler planner",
        "x/reconciler plan",
    ],
)
def test_what_is_no_command(text: str) -> None:
    """The name alone begins none."""
    assert [] == [part for is_code, part in code_parts(text) if is_code and part != "reconciler plan"]
