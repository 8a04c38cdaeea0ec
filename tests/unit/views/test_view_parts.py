"""What commands report in the formats for other tools: verdict, summary, remarks and test cases."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.diagnostics import Location, error
from reconciler.engine.apply import Applied
from reconciler.engine.plan import Planned, plan
from reconciler.engine.rollback.rollback import RolledBack
from reconciler.engine.validate import validate
from reconciler.errors import AwsError
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.plan import Plan
from reconciler.plan.causes import Cause
from reconciler.render.remarks import Remark
from reconciler.render.style import Style
from reconciler.rules import InputRule
from reconciler.sandbox.model import faults
from reconciler.views.apply import ApplyFollowUp, apply_parts
from reconciler.views.drift import drift_parts
from reconciler.views.plan import plan_parts
from reconciler.views.problems import diagnostic_remarks
from reconciler.views.validate import validate_parts
from reconciler.views.view import ReportParts
from support.apis import Method
from support.stage import Stage, manifest

GET_PETS = MethodKey("/pets", "GET")
LIVE = Method({"200": RestResponse("")}, declared={"200": [], "404": [], "500": []})
EMPTIED = manifest("{}")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """An API with a GET /pets that has a 200; a manifest that wants a 404 besides."""
    monkeypatch.chdir(tmp_path)
    made = Stage(tmp_path)
    made.api("petstore", {GET_PETS: LIVE})
    made.write(manifest("{200: {}, 404: {selectionPattern: '404'}}"))
    return made


def verdict(parts: ReportParts) -> str:
    """The verdict in a word."""
    return parts.report(Style()).verdict


def summary(parts: ReportParts) -> str:
    """The line that says it all."""
    return parts.report(Style()).summary


def said(parts: ReportParts) -> list[tuple[str, str, Location | None]]:
    """Every remark: level, rule, place without its column."""
    return [(remark.level, remark.rule.id, _line(remark)) for remark in parts.remarks()]


def _line(one: Remark) -> Location | None:
    return one.location and Location(one.location.file, one.location.line)


def cases(parts: ReportParts) -> list[tuple[str, str, str]]:
    """Every case: suite, name, what became of it."""
    return [(suite.name, case.name, case.status) for suite in parts.suites() for case in suite.cases]


def editing(stage: Stage, answer: bool) -> Callable[[Planned], bool]:
    """An approval, while which somebody else writes to AWS."""

    def approve(_: Planned) -> bool:
        (api,) = stage.plane.call("GetRestApis")["items"]
        (resource,) = [
            one["id"]
            for one in stage.plane.call("GetResources", restApiId=api["id"])["items"]
            if one["path"] == "/pets"
        ]
        where = {"restApiId": api["id"], "resourceId": resource, "httpMethod": "GET"}
        stage.plane.call("PutIntegrationResponse", **where, statusCode="500", selectionPattern="500")
        return answer

    return approve


def test_a_plan_with_changes(stage: Stage) -> None:
    """Each action is a note where it stands; no case fails."""
    parts = plan_parts(stage.plan(), "")

    assert (
        "changes",
        [("note", "plan/create", Location("petstore.yaml", 9))],
        [
            ("manifests", "all manifests can be read", "passed"),
            ("petstore (eu-west-1)", "GET /pets 404", "passed"),
            ("petstore (eu-west-1)", "GET /pets 200", "passed"),
        ],
    ) == (verdict(parts), said(parts), cases(parts))


def test_a_plan_without_changes(stage: Stage) -> None:
    """Says so, and has nothing to remark."""
    stage.write(manifest())

    parts = plan_parts(stage.plan(), "")

    assert ("no changes", []) == (verdict(parts), said(parts))


def test_a_refused_plan(stage: Stage) -> None:
    """The refusal is an error at the manifest of the API that it is about."""
    stage.write(EMPTIED)
    parts = plan_parts(stage.plan(), "")

    assert ("refused", ("error", "guard/emptyMethod", Location("petstore.yaml", 5)), "failed") == (
        verdict(parts),
        said(parts)[0],
        next(became for suite, _, became in cases(parts) if suite == "guard"),
    )


def test_a_plan_of_what_is_broken(stage: Stage) -> None:
    """Is an error where it is broken."""
    stage.write("spec: [\n")
    parts = plan_parts(stage.plan(), "")

    assert ("errors", False, "error", ("manifests", "petstore.yaml", "failed")) == (
        verdict(parts),
        parts.is_complete,
        said(parts)[0][0],
        cases(parts)[0],
    )


def test_drift(stage: Stage) -> None:
    """Each finding is a warning and a failed case."""
    parts = drift_parts(stage.drift(), "")

    assert (
        "drift",
        [("warning", "drift/missing", Location("petstore.yaml", 9))],
        ("petstore (eu-west-1)", "GET /pets 404", "failed"),
    ) == (verdict(parts), said(parts), cases(parts)[1])


def test_what_only_aws_has_is_said_of_the_method(stage: Stage) -> None:
    """Which is where it would have to stand."""
    stage.write(manifest("{}"))
    parts = drift_parts(stage.drift(), "")

    assert [("warning", "drift/unexpected", Location("petstore.yaml", 9))] == said(parts)


def test_in_sync(stage: Stage) -> None:
    """Quiet, but for the cases that passed."""
    stage.write(manifest())
    parts = drift_parts(stage.drift(), "")

    assert ("in sync", [], "passed") == (verdict(parts), said(parts), cases(parts)[-1][2])


def test_an_apply(stage: Stage) -> None:
    """What was done, as notes."""
    parts = apply_parts(stage.apply(), "")

    assert ("applied", True, [("note", "apply/applied", Location("petstore.yaml", 9))]) == (
        verdict(parts),
        parts.is_complete,
        said(parts),
    )


def test_an_apply_that_fails(stage: Stage) -> None:
    """An error, with AWS's words."""
    stage.plane.faults.always(faults.quota_exceeded(), "PutIntegrationResponse")
    parts = apply_parts(stage.apply(), "")

    assert ("not all applied", False, ("error", "apply/failed"), "failed") == (
        verdict(parts),
        parts.is_complete,
        said(parts)[0][:2],
        cases(parts)[-1][2],
    )


def test_an_apply_with_nothing_to_do(stage: Stage) -> None:
    """Is parts as an apply."""
    stage.write(manifest())
    parts = apply_parts(stage.apply(), "")

    assert ("apply", "nothing to do", "Nothing to do. No changes. 1 unchanged.") == (
        parts.command,
        verdict(parts),
        summary(parts),
    )


def test_a_declined_apply(stage: Stage) -> None:
    """Shows the plan that nobody wanted."""
    parts = apply_parts(stage.apply(lambda _: False), "")

    assert ("not approved", "plan/create") == (verdict(parts), said(parts)[0][1])


def test_a_refused_apply(stage: Stage) -> None:
    """Says that nothing was written."""
    stage.write(EMPTIED)
    parts = apply_parts(stage.apply(), "")

    assert ("refused", True) == (verdict(parts), summary(parts).startswith("Nothing was written. "))


def test_an_apply_overtaken(stage: Stage) -> None:
    """What AWS held when it was approved is not what it holds now: the new plan is parts, and an error."""
    parts = apply_parts(stage.apply(editing(stage, answer=True)), "")

    assert ("refused", ("error", "apply/refused", None), True) == (
        verdict(parts),
        said(parts)[0],
        "1 to delete" in summary(parts),
    )
    assert ("approval", "the plan is the one that was approved", "failed") == cases(parts)[0]
    assert not next(iter(parts.remarks())).text.endswith(".")


def test_a_problem_of_several_responses_is_one_remark() -> None:
    """It names the first response, and counts the others."""
    here = Location("sets/errors.yaml", 3, 7)
    found = error(InputRule.SYNTAX, "it is wrong", "", here, "petstore: GET /pets 404")
    several = replace(found, also=("petstore: GET /pets/{petId} 404", "petstore: PUT /pets 404"))

    assert [
        "petstore: GET /pets 404: it is wrong",
        "petstore: GET /pets 404 and 2 more responses: it is wrong",
    ] == [remark.text for remark in diagnostic_remarks([found, several])]


@pytest.mark.parametrize(
    ("text", "expected"), [(manifest(), ("valid", "passed")), ("spec: [\n", ("invalid", "failed"))]
)
def test_a_validation(stage: Stage, text: str, expected: tuple[str, str]) -> None:
    """Valid or not, and a case for each file that is not."""
    stage.write(text)
    parts = validate_parts(validate(stage.request(), Disk()), "")

    assert expected == (verdict(parts), cases(parts)[0][2])


def deferring(stage: Stage) -> Planned:
    """A plan of a method that does not exist yet, which is allowed to be missing."""
    stage.write(manifest(path="/later"))
    request = replace(stage.request(), allow_missing=True)
    return plan(request, stage.cloud, Disk(), stage.clock)


def test_what_is_deferred_is_a_note_and_is_skipped(stage: Stage) -> None:
    """Nobody has to fix it."""
    parts = plan_parts(deferring(stage), "")

    assert ([("note", "plan/deferred", Location("petstore.yaml", 9))], ("GET /later 200", "skipped")) == (
        said(parts),
        cases(parts)[1][1:],
    )


def test_what_undoes_a_change_in_aws_is_a_warning(stage: Stage) -> None:
    """A reviewer is to look at it."""
    planned = stage.plan()
    (one,) = planned.plan.targets
    caused = replace(one, causes={one.actions[0].key: Cause.DRIFT})
    parts = plan_parts(replace(planned, plan=Plan((caused,))), "")
    (remark,) = parts.remarks()

    assert ("warning", "plan/create", True) == (
        remark.level,
        remark.rule,
        "reverts a change made directly in AWS" in remark.text,
    )


def test_what_still_waits_after_an_apply_is_an_error(stage: Stage) -> None:
    """It was approved, and could not be written."""
    applied = stage.apply()
    (one,) = applied.planned.plan.targets
    late = Plan((replace(one, deferred=deferring(stage).plan.deferred),))
    parts = apply_parts(replace(applied, planned=replace(applied.planned, plan=late)), "")

    assert (("error", "plan/deferred"), ("verification", "GET /later 200", "failed")) == (
        said(parts)[-1][:2],
        cases(parts)[-1],
    )


def test_an_apply_of_nothing_but_what_waits_is_an_error(stage: Stage) -> None:
    """Once, and no note besides."""
    parts = apply_parts(Applied(deferring(stage)), "")

    assert ("still deferred", [("error", "plan/deferred")]) == (verdict(parts), [one[:2] for one in said(parts)])
    assert (("verification", "GET /later 200", "failed"), False) == (cases(parts)[-1], parts.is_complete)


def test_an_apply_that_was_rolled_back_at_once(stage: Stage) -> None:
    """Tells both: what failed, and what was undone."""
    applied = stage.apply()
    undone = ApplyFollowUp("reconciler rollback x", RolledBack("x", applied=applied))
    made = apply_parts(applied, "", undone).report(Style())

    assert ("applied; rolled back", ["", "Rolled back:"], True) == (
        made.verdict,
        [section.intro for section in made.sections],
        any(note.startswith("Rollback complete: 1 applied") for note in made.notes),
    )


def test_a_rollback_that_failed_as_well(stage: Stage) -> None:
    """Is the first of the problems."""
    undone = ApplyFollowUp("", RolledBack("x", failure=AwsError("no answer", "try again")))
    made = apply_parts(stage.apply(), "", undone).report(Style())

    assert "The rollback failed too: no answer; try again" == made.problems[0]
