"""The events of a YAML text, by either parser."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.manifest.writer import Layout
from reconciler.models.live import LiveApi
from reconciler.yamlio import events, parse
from reconciler.yamlio.spans import spans
from support.exports import rest_apis, written

PARSERS = pytest.mark.parametrize("is_slow", [False, True], ids=["C", "Python"])


def root(text: str) -> Any:  # noqa: ANN401 - whatever YAML holds
    """The one document of a text without problems."""
    reading = parse.read(text.encode(), "m.yaml")
    assert () == reading.diagnostics
    return reading.documents[0].root


def test_c_parser_is_installed() -> None:
    """The dependencies of this project include the C parser."""
    assert not events.is_slow()


@PARSERS
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{url: http://a:80/b?c=d}", {"url": "http://a:80/b?c=d"}),
        ("[a:b, c?d, (?s).*]", ["a:b", "c?d", "(?s).*"]),
        ("{a:b: c?}", {"a:b": "c?"}),
        ("{a: b ? c :d}", {"a": "b ? c :d"}),
        ("{a: [arn:aws:iam::1:role/x]}", {"a": ["arn:aws:iam::1:role/x"]}),
        ("{\"a\":1,'b':x:y}", {"a": 1, "b": "x:y"}),
        ("{? a\n: b:c}", {"a": "b:c"}),
        ("{a: !!str b:c}", {"a": "b:c"}),
        ("{a: !<tag:yaml.org,2002:str> b:c}", {"a": "b:c"}),
        ("%TAG !y! tag:yaml.org,2002:\n---\n{a: !y!str b:c}", {"a": "b:c"}),
        ("{a: b:c, d: '\ue000\ue001?:'}", {"a": "b:c", "d": "\ue000\ue001?:"}),
        ("# a: {b:c}\n{d: e:f} # {g:h}\n", {"d": "e:f"}),
        ('{a: b:c, d: "\\ud83d\\ude00"}', {"a": "b:c", "d": "\U0001f600"}),
    ],
)
def test_colon_and_question_mark_in_braces(
    is_slow: bool, text: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are text unless a blank follows, as in YAML 1.2."""
    if is_slow:
        monkeypatch.setattr(events, "CParser", None)

    assert expected == root(text)


@pytest.mark.parametrize("text", ["{a: b:}", "[?]", "{a: b:, c}", "[a:b, c", "{a: b:c: d}", "{a: b:c, d: @}"])
def test_rejected_in_braces(text: str) -> None:
    """A second attempt does not accept invalid YAML."""
    assert ["syntax"] == [found.rule for found in parse.read(text.encode(), "m.yaml").diagnostics]


def test_place_after_a_colon_in_braces() -> None:
    """The second attempt moves no column, and reports the error that is left."""
    (found,) = parse.read(b"{a: b:c?d, e: @f}", "m.yaml").diagnostics

    assert "m.yaml:1:15: error: a text cannot begin with this character" in str(found)


def test_spans_after_a_colon_in_braces() -> None:
    """Spans come from the same two attempts."""
    text = "a: {b: c:d, e: f?g}"
    found = spans(text)[0].entries["a"].value.entries["e"].value  # type: ignore[union-attr]

    assert "f?g" == text[found.start : found.end]


@pytest.mark.parametrize("text", ["\n", " ", "- ", '" ', "a: 1\n", "!", "%\n"])
def test_second_attempt_at_a_megabyte_ends(text: str) -> None:
    """Its time grows linearly with the text."""
    reading = parse.read(f'{text * (1_000_000 // len(text))}"a?b'.encode(), "m.yaml")

    assert [] != list(reading.diagnostics)


@settings(max_examples=20)
@given(rest_apis())
def test_both_parsers_agree_on_what_is_exported(live: LiveApi) -> None:
    """Values and places do not depend on the parser, nor does what `adopt` makes of them."""
    texts = [one.text for one in written(live, Layout()).files]
    with pytest.MonkeyPatch.context() as patch:
        fast = [(parse.read(text.encode(), "m.yaml"), spans(text)) for text in texts]
        patch.setattr(events, "CParser", None)

        assert fast == [(parse.read(text.encode(), "m.yaml"), spans(text)) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a: 1\nb: "\\U00110000"', "m.yaml:2:2: error: this escape is not a character"),
        ('"\\UFFFFFFFF"', "m.yaml:1:1: error: this escape is not a character"),
        ("%YAML 1.99\n---\na: b", "m.yaml:1:1: error: this is not YAML: found incompatible YAML document"),
    ],
)
def test_parser_in_python_reports_errors(text: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ruamel.yaml's own code fails on a text, a diagnostic with a place is reported."""
    monkeypatch.setattr(events, "CParser", None)
    (found,) = parse.read(text.encode(), "m.yaml").diagnostics

    assert str(found).startswith(expected)


@given(st.text("{}[]:,-?!&*|>'\"%@`#~<= \n\t\\Uux0189ab\x85\ufeff\x00YAML.", max_size=40))
def test_nothing_makes_the_parser_in_python_fail(text: str) -> None:
    """Any file gives documents or a problem."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "CParser", None)
        reading = parse.read(text.encode(), "m.yaml")

    assert reading.documents or reading.diagnostics
