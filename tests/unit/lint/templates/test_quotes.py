r"""Quotes that break a template, and apostrophes that break its JSON."""

import pytest

from reconciler.lint.templates.check import template_findings

REPAIR = r""".replaceAll("\\'", "'")"""


def found(text: str, *, is_json: bool = True) -> list[tuple[str, int, int]]:
    """The rules about quotes that a template breaks, and where."""
    problems = template_findings(text, is_json=is_json)
    return [(one.rule, one.line, one.column) for one in problems if one.rule != "not-json"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (r'#set($a = "say \"hi\" to $input.body")', 1, 16),
        ('x\n#if($input.body == "\\"")y#end', 2, 21),
        (r'#set($a = "a\""b")$a', 1, 11),
        ('{"a": "\\"",\n"b": #set($a = "\\"x")}', 2, 17),
    ],
)
def test_a_backslash_does_not_escape_a_quote(text: str, line: int, column: int) -> None:
    """Neither where the template fails to parse, nor where it goes on with another meaning."""
    assert ("escaped-quote", line, column) == found(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        r'{"say": "\"hi\""}',
        r'{"a": "$input.body.replaceAll("\\", "/")"}',
        '#set($a = "say ""hi""")$a',
        "#set($a = 'say \"hi\"')$a",
    ],
)
def test_a_quote_elsewhere_passes(text: str) -> None:
    """In the text of the template, in the other quotes, and doubled."""
    assert [] == found(text)


@pytest.mark.parametrize("text", [r'{"a": "\""} #if($input.body == 1)', r'#if($input.body == 1) "\"" #set($b = )'])
def test_other_errors_are_not_blamed_on_a_quote(text: str) -> None:
    """If the template does not parse without the backslash either, something else is wrong."""
    assert "template-syntax" == found(text)[0][0]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('{"a": "$util.escapeJavaScript($input.path("$.a"))"}', 8),
        ('{"a": "$util.escapeJavaScript($input.path(\'$.a\')).trim()"}', 8),
        ('#set($a = $util.escapeJavaScript($input.body)){"a": "$a"}', 11),
        ('{"a": "$util.escapeJavaScript($input.body).replaceAll("x", "y")"}', 8),
    ],
)
def test_an_apostrophe_breaks_json(text: str, column: int) -> None:
    r"""It becomes `\'`."""
    assert [("unescaped-json", 1, column)] == found(text)


@pytest.mark.parametrize(
    "text",
    [
        f'{{"a": "$util.escapeJavaScript($input.body){REPAIR}"}}',
        f'#set($a = $util.escapeJavaScript($input.body)){{"a": "$a{REPAIR}"}}',
        f'#set($a = $util.escapeJavaScript($input.body){REPAIR}){{"a": "$a"}}',
        '{"a": "$util.base64Encode($util.escapeJavaScript($input.body))"}',
        '{"a": "$util.escapeJavaScript($input.body).replace("\\\'", "\'")"}',
        '{"a": "$util.urlEncode($input.body)"}',
    ],
)
def test_a_repaired_apostrophe_passes(text: str) -> None:
    """Where it is made, or where it is printed."""
    assert [] == found(text)


def test_other_formats_may_have_an_escaped_apostrophe() -> None:
    """JavaScript does."""
    assert [] == found("alert('$util.escapeJavaScript($input.body)')", is_json=False)


def test_a_template_that_sets_its_own_type_may_have_it_too() -> None:
    """It gives something else than JSON."""
    override = '#set($context.responseOverride.header.Content-Type = "text/javascript")'

    assert [] == found(f"{override}alert('$util.escapeJavaScript($input.body)')")
