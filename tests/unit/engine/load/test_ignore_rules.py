"""What is left alone: ignore rules and `--only`."""

import threading

import pytest

from reconciler.engine.apply import Context, apply
from reconciler.engine.drift.drift import drift
from reconciler.engine.load.ignore_rules import glob_matches
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, plan
from reconciler.errors import ExitCode, UsageError
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from support.apis import Method, read
from support.runs import Journal
from support.stage import Stage, manifest

GET_PETS = MethodKey("/pets", "GET")
HEAD = "apiVersion: reconciler/v1\nkind: Config\n"
LIVE = {
    "200": RestResponse(response_templates={"text/plain": "live"}, content_handling="CONVERT_TO_TEXT"),
    "404": RestResponse("404"),
    "409": RestResponse("409"),
}
WANTED = "{200: {responseTemplates: {text/plain: wanted}}, 500: {selectionPattern: '5..'}}"


@pytest.fixture
def shop(stage: Stage) -> Stage:
    """200 differs in two fields, 404 and 409 are too many, 500 is missing."""
    declared: dict[str, list[str]] = {code: [] for code in ("200", "404", "409", "500")}
    stage.api("petstore", {GET_PETS: Method(LIVE, declared)})
    stage.write(manifest(WANTED))
    return stage


def ignoring(stage: Stage, *rules: str) -> None:
    """Write a configuration with these rules."""
    lines = "".join(f"  - {rule}\n" for rule in rules)
    stage.write(f"{HEAD}guard: {{maxDelete: 100%, maxUpdate: 100%}}\nignore:\n{lines}", "reconciler.yaml")


def planned(stage: Stage, *only: str) -> Planned:
    """Run `plan`."""
    return plan(Request((".",), only=only), stage.cloud, Disk(), stage.clock)


def changes(of: Planned) -> list[str]:
    """The actions, by what they do to which status."""
    return [f"{action.op} {action.key.code}" for _, _, action in of.plan.numbered()]


def said(of: Planned) -> list[str]:
    """Place and rule of every diagnostic."""
    return [f"{diagnostic.location}: {diagnostic.rule}" for diagnostic in of.diagnostics]


@pytest.mark.parametrize(
    ("glob", "address", "expected"),
    [
        ("petstore: * /legacy/** *", "petstore: GET /legacy/a/b 200", True),
        ("petstore: *", "petstore: GET /pets/{id} 404", True),
        ("petstore: GET /pets *", "petstore: GET /pets/{id} 404", False),
        ("petstore: GET /pets/{id} 404", "petstore: GET /pets/{id} 404", True),
        (r"chat: send /[45]\d\d/", r"chat: send /[45]\d\d/", True),
        ("Petstore: *", "petstore: GET /pets 200", False),
    ],
)
def test_glob(glob: str, address: str, expected: bool) -> None:
    """`*` is any text; an address means itself, whatever it holds."""
    assert expected is glob_matches(glob, address)


def test_without_rules(shop: Stage) -> None:
    """All of it is to be done."""
    assert ["update 200", "create 500", "delete 404", "delete 409"] == changes(planned(shop, "*"))


def test_response_as_a_whole(shop: Stage) -> None:
    """It is neither created, changed nor deleted."""
    ignoring(shop, "{match: 'petstore: * /pets 2*'}", "{match: '*404'}", "{match: '*500'}")

    assert ["delete 409"] == changes(planned(shop))


def test_field(shop: Stage) -> None:
    """The write carries its live value."""
    ignoring(shop, "{match: '*', fields: [responseTemplates]}")
    (update,) = (action for _, _, action in planned(shop).plan.numbered() if action.key.code == "200")

    assert RestResponse(response_templates={"text/plain": "live"}) == getattr(update, "after", None)


def test_drift_leaves_the_same_alone(shop: Stage) -> None:
    """What a plan does not do is no drift."""
    ignoring(shop, "{match: '*'}")

    assert ExitCode.OK is drift(Request((".",)), shop.cloud, Disk(), shop.clock).exit_code


def test_apply_leaves_the_same_alone(shop: Stage) -> None:
    """It writes the rest, and verifies that."""
    ignoring(shop, "{match: '*', fields: [responseTemplates]}", "{match: '*404'}")
    applied = shop.apply()

    assert (ExitCode.OK, True) == (applied.exit_code, applied.verified)


def test_expired_rule(shop: Stage) -> None:
    """After its last day (the clock says 2026-01-31) a rule has no effect, and a warning says so."""
    ignoring(shop, "{match: '*', until: 2026-01-30}")
    found = planned(shop)

    assert (4, ["reconciler.yaml:5:5: expired-ignore"]) == (len(changes(found)), said(found))


def test_rule_on_its_last_day(shop: Stage) -> None:
    """It still counts."""
    ignoring(shop, "{match: '*', until: 2026-01-31}")

    assert ([], []) == (changes(planned(shop)), said(planned(shop)))


def test_rule_that_matches_nothing(shop: Stage) -> None:
    """There is a warning, in drift too."""
    ignoring(shop, "{match: 'petstore: GET /pest *'}")
    found = drift(Request((".",)), shop.cloud, Disk(), shop.clock)

    assert ["reconciler.yaml:5:5: idle-ignore"] == said(planned(shop))
    assert ["idle-ignore"] == [diagnostic.rule for diagnostic in found.diagnostics]


def test_rule_for_a_manifest_that_is_not_in_the_run(shop: Stage) -> None:
    """A run of some manifests cannot know that; a run of all of them warns."""
    ignoring(shop, "{match: 'other: *'}")
    everything = plan(Request(), shop.cloud, Disk(), shop.clock)

    assert ([], ["reconciler.yaml:5:5: idle-ignore"]) == (said(planned(shop)), said(everything))


def test_only(shop: Stage) -> None:
    """Everything else is left alone."""
    assert ["create 500", "delete 404"] == changes(planned(shop, "petstore: GET /pets 4*4", "*500"))


def test_only_leaves_method_responses_alone(stage: Stage) -> None:
    """No step is made for a response that the run is not about."""
    stage.api("petstore", {GET_PETS: Method({}, {})})
    stage.write(manifest("{200: {}, 500: {selectionPattern: '5..'}}", spec="methodResponses: ensure"))

    assert ["create 500", "create 500"] == changes(planned(stage, "*500"))


def test_only_is_verified(shop: Stage) -> None:
    """What was left alone is no difference afterwards."""
    world = Context(shop.cloud, Disk(), shop.clock, Journal(), threading.Event())
    applied = apply(Request((".",), only=("*500",)), world, None)
    live = read(shop.cloud, applied.planned.reads[0].live.target.api_id).methods[GET_PETS]

    assert (ExitCode.OK, ["200", "404", "409", "500"]) == (applied.exit_code, sorted(live.responses))


def test_only_that_names_nothing(shop: Stage) -> None:
    """The nearest addresses are suggested."""
    with pytest.raises(UsageError) as caught:
        planned(shop, "petstore: GET /pest 404")

    assert str(caught.value).startswith(
        "--only 'petstore: GET /pest 404' matches no response; did you mean `'petstore: GET /pets 404'` or "
    )


def test_only_for_what_cannot_be_read(stage: Stage) -> None:
    """Nobody knows what a target holds that was not read: its own error is shown."""
    stage.write(manifest())

    assert ["api-not-found"] == [diagnostic.rule for diagnostic in planned(stage, "nonsense").diagnostics]


def test_too_many_rules(shop: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rule is matched with each response; if that takes too many steps, the run ends with an error."""
    monkeypatch.setattr("reconciler.engine.load.ignore_rules.MOST_MATCHING", 1_000)
    ignoring(shop, *(f"{{match: '*a{number}'}}" for number in range(1_000)))

    with pytest.raises(UsageError, match="takes too long to evaluate: 1,000 rules"):
        planned(shop)
