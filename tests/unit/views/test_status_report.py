"""The report of a status, and its remarks and test cases."""

from dataclasses import replace

from reconciler.deployments import Item
from reconciler.diagnostics import error
from reconciler.engine.status import Status
from reconciler.invocation import Invocation
from reconciler.render.style import Style
from reconciler.rules import RunRule
from reconciler.views.status import status_view
from reconciler.views.status_report import status_parts
from reconciler.views.view import ReportParts
from support.live import DEFAULT, GET_PETS, NOT_FOUND
from support.states import desired_of
from support.statuses import api_of, stage_of, status_of

WANTED = desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}})
SAME = {GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}
ONE = {GET_PETS: {"200": DEFAULT}}
PENDING = Item("model", "create", "petstore: model Pet")
LAGGING = api_of(
    WANTED,
    ONE,
    stage_of(WANTED, ONE, ONE, others=(PENDING,)),
    stage_of(WANTED, ONE, {GET_PETS: {}}, "dev", counts=False),
)


def parts(status: Status) -> ReportParts:
    """What the formats are made of."""
    return status_parts(status, "", Invocation())


def test_the_table_has_a_row_for_the_draft_and_each_stage() -> None:
    """With the counts that are there: of responses, and of what a deployment would publish besides."""
    table = parts(status_of(LAGGING)).report(Style()).table

    assert table
    assert ("API", "Compared", "In sync", "Differ", "Also pending") == table.head
    assert [
        ("petstore", "draft", "1", "1", "-"),
        ("petstore", "stage prod", "1", "1", "1"),
        ("petstore", "stage dev", "-", "2", "-"),
    ] == [tuple(text for text, _ in row) for row in table.rows]


def test_each_response_says_where_it_differs() -> None:
    """Under its method, with the sign of the draft, or of the first stage that differs; where one counts, no other."""
    (section,) = parts(status_of(LAGGING)).report(Style()).sections

    assert ["GET /pets"] == [group.title for group in section.groups]
    assert ["- 404  draft missing, prod as the draft"] == [entry.line for entry in section.entries]


def test_notes_say_what_stages_serve() -> None:
    """And what is pending on them; of an API in sync, the table says it."""
    in_sync = api_of(WANTED, SAME, stage_of(WANTED, SAME, SAME))

    pending = "A deployment to prod would also publish 1 other change: + model Pet"

    assert (
        "petstore: stage prod: differs in 1 response",
        f"{pending}. To see the values: reconciler plan --deploy --stage prod",
        "petstore: stage dev: not in the manifest; differs in 2 responses",
    ) == parts(status_of(LAGGING, in_sync)).report(Style()).notes


def test_verdicts() -> None:
    """A word for what counts, and whether everything could be compared."""
    problem = [error(RunRule.AWS, "orders: no answer")]
    in_sync, differs = api_of(WANTED, SAME), api_of(WANTED, ONE)
    every = [status_of(in_sync), status_of(differs), status_of(in_sync, problems=problem)]

    assert ["in sync", "differs", "no difference in what could be compared; errors"] == [
        parts(status).report(Style()).verdict for status in every
    ]
    assert [True, True, False] == [parts(status).is_complete for status in every]


def test_remarks_are_those_of_drift() -> None:
    """What the draft has is said once, and a stage that does not count gives notes."""
    assert [
        ("warning", "drift/missing", "petstore: GET /pets 404 is missing in AWS"),
        ("note", "drift/missing", "stage dev: petstore: GET /pets 200 is missing in AWS"),
    ] == [(remark.level, remark.rule.id, remark.message) for remark in parts(status_of(LAGGING)).remarks()]


def test_cases_of_a_stage_that_does_not_count_never_fail() -> None:
    """Its differences are skipped; what is unknown of a stage has no cases."""
    unknown = stage_of(WANTED, ONE, None, "beta")
    status = status_of(replace(LAGGING, stages=(*LAGGING.stages, unknown)))

    assert {
        "petstore (eu-west-1)": ["failed", "passed"],
        "petstore (eu-west-1), stage prod": ["failed", "passed"],
        "petstore (eu-west-1), stage dev": ["skipped", "skipped"],
    } == {
        suite.name: sorted(case.status for case in suite.cases) for suite in parts(status).suites() if "(" in suite.name
    }


def test_every_format_is_offered() -> None:
    """Each renders the same status."""
    view = status_view(status_of(LAGGING), "prod", Style(), Invocation())
    texts = {name: render() for name, render in view.items()}

    assert ["text", "json", "markdown", "html", "github", "sarif", "junit"] == list(texts)
    assert [] == [name for name, text in texts.items() if "GET /pets" not in text]


def test_nothing_to_compare_has_no_table() -> None:
    """Neither rows nor sections."""
    report = parts(status_of()).report(Style())

    assert (None, ()) == (report.table, report.sections)


def test_protected_environments_are_named() -> None:
    """Once each."""
    target = replace(LAGGING.drift.target, environment="prod", is_protected=True)
    api = replace(LAGGING, drift=replace(LAGGING.drift, target=target))

    assert ("prod",) == parts(status_of(api, api)).report(Style()).protected
    assert () == parts(status_of(LAGGING)).report(Style()).protected
