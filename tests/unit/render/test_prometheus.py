"""Metrics in Prometheus' text format, read back by its own parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from reconciler.render.logs import without_commands
from reconciler.render.prometheus import LONGEST_LABEL, Metric, exposition, label, read_series, series_key

NAMES = ("team", "name")


def labels_in(text: str) -> list[dict[str, str]]:
    """The labels of every sample, as Prometheus' parser reads them."""
    return [sample.labels for family in text_string_to_metric_families(text) for sample in family.samples]


def test_a_metric_has_help_type_and_series_in_order() -> None:
    """A name that ends in `_total` is a counter."""
    gauge = Metric("a_size", "How large.", NAMES, {("b", "x"): 2, ("a", ""): 0})

    assert (
        "# HELP a_size How large.\n"
        "# TYPE a_size gauge\n"
        'a_size{name="",team="a"} 0.0\n'
        'a_size{name="x",team="b"} 2.0\n'
        "# HELP calls_total Calls.\n"
        "# TYPE calls_total counter\n"
        "calls_total 7.0\n"
    ) == exposition([gauge, Metric("calls_total", "Calls.", (), {(): 7})])


@given(st.dictionaries(st.text(), st.integers(0, 10**9), max_size=5))
def test_any_text_is_a_label_value(values: dict[str, int]) -> None:
    """Nothing breaks a line or merges two series, and what is read back is what was written."""
    text = exposition([Metric("m", "M.", ("name",), {(value,): number for value, number in values.items()})])
    read = read_series(text, ("m",))

    assert {series_key("m", ("name",), (value,)): number for value, number in values.items()} == read
    assert len(values) + 2 == len(text.splitlines())


@given(st.text(), st.text())
def test_two_texts_are_two_label_values(one: str, other: str) -> None:
    """Short ones are kept as they are; escaping makes none equal."""
    assert (one == other) == (label(one) == label(other))


@pytest.mark.parametrize("text", ["x" * 201, "x" * 100_000, "\x1b" * 100])
def test_a_long_text_is_cut(text: str) -> None:
    """It ends in a digest of the whole, and stays when it is cut again."""
    assert LONGEST_LABEL >= len(label(text))
    assert label(text) != label(f"{text}y")
    assert label(text) == label(label(text))


@pytest.mark.parametrize("name", ["##[error]x", "##vso[task]", "::error::x"])
def test_commands_of_ci_logs_are_escaped_as_the_format_can_read(name: str) -> None:
    """An escape that Prometheus does not know would make it refuse the whole text."""
    text = without_commands(exposition([Metric("m", "M.", ("name",), {(name,): 1})]), "prometheus")

    assert [{"name": name.replace("##[", r"##\x5b").replace("##vso[", r"##vso\x5b")}] == labels_in(text)


def test_only_wanted_series_are_read() -> None:
    """Other lines may be anything."""
    text = 'nonsense }{\nm{a="b"} 1\nm_more 2\nn 3\nm NaN\nm{a="c"} +Inf\n'

    assert {("m", frozenset({("a", "b")})): 1.0} == read_series(text, ("m",))


@pytest.mark.parametrize(
    "line",
    [
        "m x",
        'm{a="b} 1',
        "m{a=b} 1",
        'm{a="b",a="c"} 1',
        "m{ 1",
        f"m {'9' * 400}",
        f'm{{a="{"b" * 20_000}"}} 1',
    ],
)
def test_what_is_no_metric_is_refused(line: str) -> None:
    """With one kind of error, and quickly."""
    with pytest.raises(ValueError, match=r".*"):
        read_series(line, ("m",))


@given(st.text(st.sampled_from('m{}="\\, \n1#_a'), max_size=40))
def test_reading_ends_in_values_or_one_error(text: str) -> None:
    """Whatever the file is."""
    try:
        read_series(f"m{text}", ("m",))
    except ValueError:
        return
