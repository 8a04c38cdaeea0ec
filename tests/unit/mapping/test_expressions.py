"""The grammar of parameter mappings, and the names of common mistakes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.mapping.expressions import MappingSource, Mistake, Static, read_key, read_value, shown

SOURCES = [
    ("integration.response.header.X-Error", MappingSource("header", "X-Error")),
    ("integration.response.header.a._$-9", MappingSource("header", "a._$-9")),
    ("integration.response.multivalueheader.Set-Cookie", MappingSource("multivalueheader", "Set-Cookie")),
    ("integration.response.body", MappingSource("body", "")),
    ("integration.response.body.redirect.url", MappingSource("body", "redirect.url")),
    ("integration.response.body.items[0].id", MappingSource("body", "items[0].id")),
    ("integration.response.body.a[?(@.b == 'c')]", MappingSource("body", "a[?(@.b == 'c')]")),
    ("context.authorizer.claims.cognito:username", MappingSource("context", "authorizer.claims.cognito:username")),
    ("stageVariables.origin", MappingSource("stageVariables", "origin")),
    ("'*'", Static("*")),
    ("''", Static("")),
    ("'it's'", Static("it's")),
    ("'$context.requestId'", Static("$context.requestId")),
]

VALUE_REMEDIES = [
    ("*", "write `\"'*'\"`: the single quotes are part of the value"),
    ('"*"', "write `\"'*'\"`"),
    ("", "remove the mapping, or write `\"''\"` for empty text"),
    ("'*", "write `\"'*'\"`"),
    (" integration.response.body", "write `integration.response.body`"),
    ("$context.requestId", "write `context.requestId`"),
    ("${stageVariables.origin}", "write `stageVariables.origin`"),
    ("$stageVariables['origin']", "write `stageVariables.origin`"),
    ("method.request.header.Origin", "set the header in a template, with $context.responseOverride.header.NAME"),
    ("'Bearer ' + context.id", "set the header in a template, with $context.responseOverride.header.NAME"),
    ("integration.response.headers.X", "write `integration.response.header.X`"),
    ("integration.response.multivalueheaders.X", "write `integration.response.multivalueheader.X`"),
    ("integration.response.body.$.a.b", "write `integration.response.body.a.b`"),
    ("integration.response.body.", "write `integration.response.body`"),
    ("integration.response.header.X Y", "fix the header name"),
    ("$.error.code", "write `integration.response.body.error.code`"),
    ("$response.header.X", "write `integration.response.header.X`"),
    ("${integration.response.header.X}", "write `integration.response.header.X`"),
    ("$integration.response.body.a", "write `integration.response.body.a`"),
    ("$input.path('$.a')", "write it in responseTemplates, with $context.responseOverride.header.NAME"),
    ("Context.requestId", "write integration.response, context or stageVariables in exactly this case"),
]

KEY_REMEDIES = [
    ("X-Error", "write `method.response.header.X-Error`"),
    ("header.X-Error", "write `method.response.header.X-Error`"),
    ("method.response.headers.X", "write `method.response.header.X`"),
    ("method.response.multivalueheader.X", "write `method.response.header.X`"),
    ("integration.response.header.X", "write `method.response.header.X`"),
    ("Method.Response.Header.X", "write `method.response.header.X`"),
    ("append:header.X", "write `method.response.header.X`"),
    ("gatewayresponse.header.X", "write `method.response.header.X`"),
    ("method.response.body", "shape the body with responseTemplates"),
    ("method.response.header.", "write `method.response.header.NAME`"),
    ("method.response.header.X Y", "fix the header name"),
    ("", "write `method.response.header.NAME`"),
]


@pytest.mark.parametrize(("value", "expected"), SOURCES)
def test_reads_every_form_of_value(value: str, expected: MappingSource | Static) -> None:
    """Each documented form is understood."""
    assert expected == read_value(value)


@pytest.mark.parametrize(("value", "remedy"), VALUE_REMEDIES)
def test_names_the_way_out_of_a_wrong_value(value: str, remedy: str) -> None:
    """A common mistake comes with what to write instead."""
    mistake = read_value(value)

    assert isinstance(mistake, Mistake)
    assert remedy == mistake.remedy


def test_reads_the_header_of_a_key() -> None:
    """The one form of key names a header of the method response."""
    assert read_key("method.response.header.X-Error") == "X-Error"


@pytest.mark.parametrize(("key", "remedy"), KEY_REMEDIES)
def test_names_the_way_out_of_a_wrong_key(key: str, remedy: str) -> None:
    """A key of another form comes with what to write instead."""
    mistake = read_key(key)

    assert isinstance(mistake, Mistake)
    assert remedy == mistake.remedy


def test_quotes_nothing_in_quotes() -> None:
    """A text is shown in backticks: quotes would look like part of it."""
    assert shown("'*'") == "`'*'`"


def test_shows_long_and_strange_texts_on_a_short_line() -> None:
    """A shown text has no control characters and an end."""
    assert "`\\x1b" + "a" * 59 + "...`" == shown("\x1b" + "a" * 100)


@given(st.text(max_size=40))
@settings(max_examples=80)
def test_text_in_single_quotes_is_static(text: str) -> None:
    """Whatever stands between single quotes is sent as it is."""
    assert Static(text) == read_value(f"'{text}'")
