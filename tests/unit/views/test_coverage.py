"""coverage as text, and in the formats for other tools."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction

import pytest

from reconciler.engine.coverage.coverage import ManifestCoverage
from reconciler.fleet.coverage import CoverageThresholds, RegionCoverage
from reconciler.invocation import Invocation
from reconciler.render.style import Style
from reconciler.views.coverage import coverage_text, coverage_view
from support.covered import CHATTER, DENIED, EVERYTHING, HALF, LISTED, ORDERS, coverage_of, renamed

PLAIN, QUIET = Style(), Style(quiet=True)


def lines(found: ManifestCoverage, style: Style = PLAIN, invocation: Invocation | None = None) -> list[str]:
    """The lines of the text."""
    return coverage_text(found, style, invocation).splitlines()


def test_everything_is_in_the_text() -> None:
    """Every line that names an API or a method names its environments and its region."""
    where = "account 123456789012, eu-west-1 (dev, test)"

    assert [
        where,
        "",
        "  APIs without a manifest",
        f"    + RestApi b2 'orders', {where}",
        "        created by the CloudFormation stack shop",
        f"    + WebSocketApi d4 'chatter', {where}",
        "",
        "  pets: methods that no manifest lists",
        "    + pets: GET /pets (dev, eu-west-1)  AWS",
        "",
        "  talk: methods that no manifest lists",
        "    + talk: send (dev, eu-west-1)  HTTP",
        "",
        "  Ignored",
        f"    RestApi e5 'old-pets', {where}: retired (rule 'old*', until 2027-01-31)",
        "    pets: OPTIONS /pets (dev, eu-west-1): no reason given (rule 'pets: OPTIONS *')",
        "",
        f"  {where}: 2 of 4 APIs have a manifest, 1 ignored; 3 of 5 methods of these are listed, 1 ignored",
        ("  account 210987654321, us-east-1 (prod): 1 of 1 API has a manifest; 2 of 2 methods of these are listed"),
        (
            f"To write manifests of these APIs in {where}: "
            "reconciler export --rest-api b2 --websocket-api d4 --out manifests --region eu-west-1"
        ),
        ("Not covered: 3 of 5 APIs have a manifest, 1 ignored; 5 of 7 methods of these are listed, 1 ignored."),
    ] == lines(coverage_of(EVERYTHING, LISTED))


@pytest.mark.parametrize(
    ("found", "last"),
    [
        (coverage_of(LISTED, methods=False), "Covered: 1 of 1 API has a manifest."),
        (coverage_of(methods=False), "Covered: 0 of 0 APIs have a manifest."),
        (
            coverage_of(replace(LISTED, apis=(*LISTED.apis, ORDERS)), thresholds=HALF, methods=False),
            "Covered as required: 1 of 2 APIs has a manifest, 1 required.",
        ),
        (
            coverage_of(LISTED, failures=(DENIED,), methods=False),
            ("Covered as far as could be read: 1 of 1 API has a manifest; 1 error, so not everything could be read."),
        ),
        (
            coverage_of(failures=(DENIED,), methods=False),
            "Unknown: 0 of 0 APIs have a manifest; 1 error, so not everything could be read.",
        ),
        (
            coverage_of(replace(LISTED, apis=(ORDERS,)), failures=(DENIED,), methods=False),
            "Not covered: 0 of 1 API has a manifest; 1 error, so not everything could be read.",
        ),
    ],
)
def test_the_summary_claims_no_more_than_is_known(found: ManifestCoverage, last: str) -> None:
    """The word alone means that everything was read and has a manifest."""
    assert last == lines(found)[-1]


def test_a_threshold_is_shown_as_a_number() -> None:
    """Rounded up: it is how many are needed at least."""
    thresholds = CoverageThresholds(Fraction(1, 3), Fraction(9, 10))
    last = lines(coverage_of(EVERYTHING, thresholds=thresholds))[-1]

    assert (
        "Not covered: 2 of 4 APIs have a manifest, 2 required, 1 ignored; "
        "3 of 5 methods of these are listed, 5 required, 1 ignored."
    ) == last


def test_quiet_says_nothing_if_the_coverage_is_enough() -> None:
    """A cron job stays silent; ignored APIs are no reason to speak."""
    assert [] == lines(coverage_of(EVERYTHING, thresholds=HALF), QUIET)


def test_quiet_shows_errors_and_the_summary() -> None:
    """Nothing else."""
    found = lines(coverage_of(EVERYTHING, failures=(DENIED,)), QUIET)

    assert ["error:", "", "Not covered:"] == [line[: line.find(":") + 1] for line in found]


def test_the_suggested_command_repeats_how_aws_is_reached() -> None:
    """As far as it was typed, and for ten APIs at most."""
    apis = tuple(replace(CHATTER, id=f"id{number}") for number in range(11))
    found = lines(coverage_of(replace(LISTED, apis=apis)), invocation=Invocation(profile="p", endpoint_url="http://x"))

    assert "the first 10 of these APIs" in found[-2]
    assert found[-2].endswith(
        "--websocket-api id9 --out manifests --region us-east-1 --profile p --endpoint-url http://x"
    )


def test_names_break_no_line() -> None:
    """Whatever an API is called in AWS."""
    hostile = renamed(EVERYTHING, lambda name: f"{name}\n::error::\x1b[2J")

    assert len(lines(coverage_of(EVERYTHING))) == len(lines(coverage_of(hostile)))


@pytest.mark.parametrize(
    ("found", "level"), [(coverage_of(EVERYTHING), "warning"), (coverage_of(EVERYTHING, thresholds=HALF), "notice")]
)
def test_annotations_are_as_serious_as_the_exit_code(found: ManifestCoverage, level: str) -> None:
    """Below the threshold a warning each, else a note."""
    text = coverage_view(found, "", PLAIN, Invocation())["github"]()

    assert [level] * 4 == [line[2 : len(level) + 2] for line in text.splitlines() if line.startswith("::")]


@pytest.mark.parametrize(
    ("found", "failed", "skipped"),
    [(coverage_of(EVERYTHING), 4, 2), (coverage_of(EVERYTHING, thresholds=HALF), 0, 6), (coverage_of(LISTED), 0, 0)],
)
def test_apis_are_test_cases(found: ManifestCoverage, failed: int, skipped: int) -> None:
    """Without a manifest a failure, if that fails the run; what is ignored is skipped."""
    root = ET.fromstring(coverage_view(found, "", PLAIN, Invocation())["junit"]())  # noqa: S314 - our own

    assert (str(failed), str(skipped)) == (root.get("failures"), root.get("skipped"))


@pytest.mark.parametrize("format_", ["markdown", "html"])
def test_reports_name_every_api(format_: str) -> None:
    """With the verdict."""
    text = coverage_view(coverage_of(EVERYTHING, failures=(DENIED,)), "dev", PLAIN, Invocation())[format_]()

    assert "not covered; errors" in text
    assert all(name in text for name in ("orders", "chatter", "GET /pets", "retired"))


def test_an_account_without_apis_has_no_section() -> None:
    """Only what has no manifest is shown."""
    assert ["Covered: 0 of 0 APIs have a manifest."] == lines(coverage_of(RegionCoverage("1", "r"), methods=False))
