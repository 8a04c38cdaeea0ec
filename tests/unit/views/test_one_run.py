"""One run in detail."""

import json
from datetime import UTC
from pathlib import Path

import pytest

from reconciler.documents import DeploymentDocument, OneRunDocument
from reconciler.engine.load.request import Request
from reconciler.engine.runs import one_run_document
from reconciler.render.style import Style
from reconciler.sandbox.model.faults import access_denied
from reconciler.views.moments import Moments
from reconciler.views.one_run import one_run_text, one_run_view
from reconciler.views.runs import RunsDisplay
from support.apis import Method, make_api
from support.killing import EVERYTHING, Desk
from support.live import DEFAULT, GET_PETS
from support.stage import manifest

DECLARED: dict[str, list[str]] = {"200": [], "404": [], "500": []}
UNDO = "reconciler rollback latest"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OneRunDocument:
    """A run whose second write was refused."""
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path / "runs")
    make_api(desk.plane, "petstore", {GET_PETS: Method({"200": DEFAULT}, DECLARED)})
    wanted = "{200: {}, 404: {selectionPattern: '404'}, 500: {selectionPattern: '5..'}}"
    Path("pets.yaml").write_text(manifest(wanted), encoding="utf-8")
    desk.plane.faults.add(
        access_denied("PUT", "/"), "PutIntegrationResponse", when=lambda call: call["statusCode"] == "500"
    )
    desk.apply(Request((".",), forced=EVERYTHING))
    document = one_run_document(desk.runs, "latest")
    details = document.run.model_copy(
        update={"actor": "kim", "commit": "7b2f3ec+", "started_at": "2026-12-01T10:00:00Z"}
    )
    return document.model_copy(update={"run": details})


def test_a_run_says_what_it_was_and_did(run: OneRunDocument) -> None:
    """Every action with its outcome, and how to undo it."""
    lines = one_run_text(run, RunsDisplay(moments=Moments("2026-12-01T12:00:00Z", UTC)), UNDO).splitlines()

    assert [
        f"{run.run.run}  stopped part-way: 1 applied, 1 failed",
        "  apply by kim at 7b2f3ec+, 2026-12-01 10:00:00 UTC, 2 hours ago",
    ] == lines[:2]
    assert ["  applied  create petstore: GET /pets 404", "  failed   create petstore: GET /pets 500"] == [
        line.partition(": user")[0][:41] for line in lines if " create " in line
    ]
    assert f"2 actions; to undo it: {UNDO}" == lines[-1]


def test_when_quiet_only_the_first_line_is_left(run: OneRunDocument) -> None:
    """With the counts."""
    assert f"{run.run.run}  stopped part-way: 1 applied, 1 failed" == one_run_text(
        run, RunsDisplay(Style(quiet=True)), UNDO
    )


def test_a_run_that_was_rolled_back_needs_no_undoing(run: OneRunDocument) -> None:
    """The last line only counts."""
    undone = run.run.model_copy(update={"rolled_back_by": "20261201T100009Z-000000"})

    assert "2 actions" == one_run_text(run.model_copy(update={"run": undone}), RunsDisplay(), UNDO).splitlines()[-1]


def test_a_run_that_was_killed(run: OneRunDocument) -> None:
    """That it is incomplete, and so may be its journal, is explained; a deployment is shown as far as it is known."""
    killed = run.run.model_copy(update={"state": "torn", "is_cut_off": True})
    deployment = DeploymentDocument(
        kind="RestApi",
        environment=None,
        account_id="1",
        region="eu-west-1",
        api_id="a1",
        stage="live",
        before=None,
        after="d2",
        detail="not verified",
    )
    document = run.model_copy(update={"run": killed, "deployments": [deployment]})

    assert [
        "  stage live of RestApi a1: deployment none -> d2: not verified",
        "incomplete: the process died before the run finished",
        "The last line of the journal is incomplete: the process died while it was writing.",
    ] == one_run_text(document, RunsDisplay(), UNDO).splitlines()[-4:-1]


def test_other_formats(run: OneRunDocument) -> None:
    """Markdown shows the outcomes method by method."""
    view = one_run_view(run, RunsDisplay(), UNDO)
    markdown = view["markdown"]()

    assert "kim" == json.loads(view["json"]())["run"]["actor"]
    assert f"### reconciler runs: stopped part-way (`{run.run.run}`)" in markdown
    assert "@@ GET /pets @@\n+ create 404: applied\n! create 500: failed\n" in markdown
    assert "1 applied, 1 failed</summary>" in markdown
