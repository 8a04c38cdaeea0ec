"""The text of a status."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from reconciler.deployments import Item
from reconciler.deployments.sync_status import ApiStatus, StageStatus
from reconciler.diagnostics import Diagnostic, error, warning
from reconciler.diff import FieldChange
from reconciler.models.responses import RestResponse
from reconciler.models.stages import Stage
from reconciler.render.style import Style
from reconciler.rules import RunRule
from reconciler.views.status import status_text
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS
from support.states import desired_of
from support.statuses import api_of, stage_of, status_of

PLAIN, FULL, QUIET = Style(), Style(full=True), Style(quiet=True)
API = "petstore  (RestApi a1b2c3d4e5 'petstore', account 123456789012, eu-west-1)"
HOSTILE = "\x1b[31mpr\u202eod"
WANTED = desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}})
SAME = {GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}
ONE = {GET_PETS: {"200": DEFAULT}}
OTHERS = Item(
    "response",
    "update",
    "petstore: POST /pets 200",
    POST_PETS,
    "200",
    (FieldChange("selectionPattern", "", "2.."),),
    "no manifest lists the method",
)
IN_SYNC = api_of(WANTED, SAME, stage_of(WANTED, SAME, SAME))


def text(*apis: ApiStatus, style: Style = PLAIN, problems: Sequence[Diagnostic] = ()) -> list[str]:
    """The lines of a status."""
    return status_text(status_of(*apis, problems=problems), style).splitlines()


def test_draft_and_stages_are_columns() -> None:
    """A line for each response that differs somewhere, with the meaning of the signs and what is pending besides."""
    wanted = desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND, "500": BROKEN}})
    draft = {GET_PETS: {"200": DEFAULT, "500": BROKEN}}

    assert [
        '= in sync, - missing, " as the draft',
        "",
        API,
        "  stage prod: differs in 2 responses",
        "",
        "    draft  prod",
        '    -      "     GET /pets 404',
        "    =      -     GET /pets 500",
        "",
        "  A deployment to prod would also publish 1 other change:",
        "    ~ POST /pets 200: selectionPattern",
        "  To see the values: reconciler plan --deploy --stage prod",
        "",
        "Differs: 2 responses on 1 stage; 1 response in sync; 1 other change pending on 1 stage.",
    ] == text(api_of(wanted, draft, stage_of(wanted, draft, ONE, others=(OTHERS,))))


def test_an_api_in_sync_is_one_line() -> None:
    """With the stages that were compared."""
    assert ["= petstore: draft and stage prod in sync", "", "In sync: 2 responses on 1 stage."] == text(IN_SYNC)


def test_an_api_without_stages() -> None:
    """Its draft counts, and that there are no stages is said."""
    assert ["= petstore: draft in sync; no stages", "", "In sync: 2 responses in 1 draft."] == text(
        api_of(WANTED, SAME)
    )


def test_a_stage_that_no_manifest_declares_is_information() -> None:
    """It has a column and a line of its own, and the summary counts it apart."""
    dev = stage_of(WANTED, SAME, ONE, "dev", counts=False)

    assert [
        "  stage dev: not in the manifest; differs in 1 response",
        "",
        "    draft  dev",
        "    =      -    GET /pets 404",
        "",
        "In sync: 2 responses in 1 draft; 1 stage not in a manifest differs.",
    ] == text(api_of(WANTED, SAME, dev))[3:]


def test_a_stage_beside_one_that_counts_is_a_line() -> None:
    """In full it has a column, too."""
    api = api_of(WANTED, SAME, stage_of(WANTED, SAME, SAME), stage_of(WANTED, SAME, ONE, "dev", counts=False))

    assert [
        API,
        "  stage prod: in sync",
        "  stage dev: not in the manifest; differs in 1 response",
        "",
        "In sync: 2 responses on 1 stage; 1 stage not in a manifest differs.",
    ] == text(api)
    assert "    =      =     -    GET /pets 404" in text(api, style=FULL)


def test_drafts_and_stages_are_counted_apart() -> None:
    """Those that differ, of all that count."""
    lagging = stage_of(WANTED, SAME, ONE, "beta")
    one, other = api_of(WANTED, SAME, stage_of(WANTED, SAME, SAME), lagging), api_of(WANTED, ONE)

    assert "Differs: 2 responses on 1 of 2 stages and in 1 draft; 4 responses in sync." == text(one, other)[-1]


def test_in_full_what_is_in_sync_is_listed() -> None:
    """The responses of a method that are alike share a line."""
    assert "    =      =     GET /pets 200, 404" in text(IN_SYNC, style=FULL)


def test_when_quiet_only_the_counts_are_left() -> None:
    """Nothing when all is in sync, whatever others have pending."""
    pending = api_of(WANTED, SAME, stage_of(WANTED, SAME, SAME, others=(OTHERS,)))

    assert ([], 1) == (text(pending, style=QUIET), len(text(api_of(WANTED, ONE), style=QUIET)))


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (stage_of(WANTED, SAME, None), "unknown whether it serves the draft"),
        (stage_of(WANTED, SAME, SAME, lag="it is older"), "it is older"),
        (stage_of(WANTED, SAME, None, stage=Stage("prod")), "unknown whether it serves the draft; serves nothing"),
        (
            replace(stage_of(WANTED, SAME, None, counts=False), problem="access denied"),
            "not in the manifest; not compared: access denied",
        ),
        (
            stage_of(WANTED, SAME, SAME, stage=Stage("prod", "d1", has_canary=True)),
            "in sync; has an active canary, which is not compared",
        ),
        (
            stage_of(WANTED, SAME, SAME, stage=Stage("prod", "d1", auto_deploys=True, message="it failed")),
            "in sync; deploys every change automatically (AWS reports of the last deployment: it failed)",
        ),
    ],
)
def test_what_is_known_of_a_stage(stage: StageStatus, words: str) -> None:
    """One line says what it serves, how that compares, and what cannot be compared."""
    assert f"  stage prod: {words}" in text(api_of(WANTED, SAME, stage))


@pytest.mark.parametrize("style", [PLAIN, FULL])
def test_the_deployment_of_a_stage(style: Style) -> None:
    """In full; else whether it is in sync is enough."""
    plain = stage_of(WANTED, ONE, SAME, others=(OTHERS,))
    differs = stage_of(WANTED, ONE, {GET_PETS: {}}, "dev")
    lines = text(api_of(WANTED, ONE, plain, differs), style=style)
    served = "; serves deployment d1" if style.full else ""

    assert [f"  stage prod: in sync{served}", f"  stage dev: differs in 2 responses{served}"] == [
        line for line in lines if line.startswith("  stage ")
    ]


def test_a_stage_whose_responses_are_unknown_has_no_column() -> None:
    """A column of question marks says less than its line."""
    lines = text(api_of(WANTED, ONE, stage_of(WANTED, ONE, None)))

    assert "    draft" in lines


def test_what_is_unknown_is_not_in_sync() -> None:
    """It is counted apart."""
    problem = warning(RunRule.DEPLOYED_UNKNOWN, "it is unknown")
    lines = text(api_of(WANTED, SAME, stage_of(WANTED, SAME, None)), problems=[problem])

    assert "No known difference: 0 responses in sync, 2 unknown on 1 stage." == lines[-1]


def test_errors_are_no_good_news() -> None:
    """In sync is claimed only when everything was compared; without any API there is nothing to count."""
    problem = error(RunRule.ACCESS_DENIED, "orders: access denied")

    assert [
        "No difference in what could be compared: 2 responses in sync in 1 draft.",
        "No difference in what could be compared: 0 responses in sync in 0 drafts.",
    ] == [text(*apis, problems=[problem])[-1] for apis in ([api_of(WANTED, SAME)], [])]


def test_hostile_names_stay_text() -> None:
    """Of stages, deployments and what AWS reports of them."""
    stage = Stage(HOSTILE, HOSTILE, auto_deploys=True, message=HOSTILE)
    one = replace(stage_of(WANTED, ONE, SAME, HOSTILE, stage=stage, others=(OTHERS,)), problem=HOSTILE)
    other = stage_of(WANTED, ONE, {GET_PETS: {HOSTILE: RestResponse()}}, HOSTILE, stage=stage)
    plain = stage_of(WANTED, SAME, SAME, stage=Stage(HOSTILE))
    lines = text(api_of(WANTED, ONE, one, other), api_of(WANTED, SAME, plain))

    assert [] == [line for line in lines if not line.isprintable()]
