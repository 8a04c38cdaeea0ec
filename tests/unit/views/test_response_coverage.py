"""What tests do not cover, as lines."""

from reconciler.diagnostics import Location
from reconciler.engine.response_tests.coverage import Coverage, UnselectedResponse, UntakenBranch
from reconciler.mapping.rendering import Branch
from reconciler.render.sections import section_lines
from reconciler.render.style import Style
from reconciler.views.response_coverage import coverage_sections

AT = Location("pets.yaml", 7, 3)


def lines(coverage: Coverage, style: Style | None = None) -> list[str]:
    """The lines of the coverage."""
    return [line for section in coverage_sections(coverage, style or Style()) for line in section_lines(section)]


def responses(number: int) -> tuple[UnselectedResponse, ...]:
    """So many responses that no test selects."""
    return tuple(UnselectedResponse(f"pets: GET /pets {code}", "pets", AT) for code in range(400, 400 + number))


def test_all_covered() -> None:
    """Nothing is shown if everything is covered."""
    assert [] == lines(Coverage(3, 4))


def test_responses() -> None:
    """A response that no test selects, with its line."""
    assert [
        "Coverage: 2 of 3 responses",
        "",
        "  Responses that no test selects",
        "    pets: GET /pets 400  pets.yaml:7",
    ] == lines(Coverage(3, 0, responses(1)))


def test_branches() -> None:
    """Branches are within a template; one that is always taken is never false."""
    entered, skipped = Branch(3, 1, "#if"), Branch(3, 1, "#if", taken=False)
    untaken = tuple(
        UntakenBranch("pets: GET /pets 200", "pets", "application/json", place, branch)
        for branch, place in ((entered, Location("pets.vtl", 3, 1)), (skipped, None))
    )

    assert [
        "Coverage: 1 of 1 response, 0 of 2 branches",
        "",
        "  Branches of templates that no test takes",
        "    pets.vtl:3:1: #if never true  pets: GET /pets 200",
        "    line 3 of application/json: #if never false  pets: GET /pets 200",
    ] == lines(Coverage(1, 2, (), untaken))


def test_many() -> None:
    """Only the first are shown, and the others counted; in full, all."""
    coverage = Coverage(9, 0, responses(9))

    assert "    ... 4 more (-v shows all)" == lines(coverage)[-1]
    assert 3 + 9 == len(lines(coverage, Style(full=True)))


def test_one_more_than_shown() -> None:
    """A line that says that one is left out would be no shorter."""
    assert 3 + 6 == len(lines(Coverage(6, 0, responses(6))))
