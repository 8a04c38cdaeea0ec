"""The options of coverage."""

from fractions import Fraction

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cli.options.coverage import CoverageOptions, Percentage, coverage_options

ALL = Fraction(1)


@click.command
@coverage_options
def command(coverage: CoverageOptions) -> CoverageOptions:
    """Return the options."""
    return coverage


def parsed(*arguments: str) -> CoverageOptions:
    """What becomes of a command line."""
    found = command.main(list(arguments), standalone_mode=False)
    assert isinstance(found, CoverageOptions)
    return found


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ((), CoverageOptions(methods=False, min_apis=ALL, min_methods=ALL)),
        (("--methods",), CoverageOptions(methods=True, min_apis=ALL, min_methods=ALL)),
        (("--min-methods", "95%"), CoverageOptions(methods=True, min_apis=ALL, min_methods=Fraction(95, 100))),
        (("--min-apis", " 99.5% "), CoverageOptions(methods=False, min_apis=Fraction(995, 1000), min_methods=ALL)),
        (("--min-apis", "0%"), CoverageOptions(methods=False, min_apis=Fraction(0), min_methods=ALL)),
    ],
)
def test_thresholds_are_exact_shares(arguments: tuple[str, ...], options: CoverageOptions) -> None:
    """A threshold of methods asks for methods."""
    assert options == parsed(*arguments)


@pytest.mark.parametrize("text", ["", "80", "0.8", "101%", "-1%", "1e9%", "%", "9999%", "1.1234567%", "٣%"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    """Without the sign it could be a number of APIs."""
    with pytest.raises(click.BadParameter, match="not a percentage"):
        parsed("--min-apis", text)


@given(st.text(max_size=20))
def test_any_text_is_a_share_or_refused(text: str) -> None:
    """Nothing else happens."""
    try:
        share = Percentage().convert(text, None, None)
    except click.BadParameter:
        return
    assert 0 <= share <= 1
