"""What a change does to clients, as response tests show it: in reviews, in plans, and for the guard."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.documents.review import ReviewDocument
from reconciler.engine.plan import Planned, plan
from reconciler.engine.review.review import ReviewResult
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.render.style import Style
from reconciler.rules import GuardRule
from reconciler.views.plan import plan_text, plan_view
from reconciler.views.review import review_view
from support.apis import Method
from support.live import DEFAULT
from support.reviewing import CONFIGURATION, Workshop, rest, workshop
from support.stage import Stage, manifest
from support.websocket import Integration, make_websocket_api

GET_PETS = MethodKey("/pets", "GET")
NOT_FOUND = RestResponse("404", response_templates={"application/json": '{"detail": "no"}'})
CONFIG = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [.]\n"
REFUSE = CONFIG + "guard: {breaking: refuse}\n"


def response_tests(*tests: str, name: str = "tests") -> str:
    """A document; each of `tests` is `NAME: BACKEND`, all of GET /pets, and expects whatever comes."""
    lines = [
        f"    - {{name: {title}, method: GET /pets, backend: {backend}, expect: {{selected: '200'}}}}"
        for title, _, backend in (test.partition(": ") for test in tests)
    ]
    spec = "spec:\n  manifest: petstore\n  tests:\n"
    return f"apiVersion: reconciler/v1\nkind: ResponseTest\nmetadata: {{name: {name}}}\n{spec}" + "\n".join(lines)


MISSING = response_tests("missing: {status: 404}")
BOTH = response_tests("fine: {status: 200}", "missing: {status: 404}")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A repository with one method, whose 404 has a template, and two tests."""
    made = workshop(tmp_path / "shop", monkeypatch)
    made.write("petstore.yaml", pets('{"detail": "no"}'))
    made.write("tests.yaml", BOTH)
    made.commit()
    return made


def pets(template: str, *, pattern: str = "404") -> str:
    """A manifest whose 404 has this template."""
    written = json.dumps(template)
    return rest(
        f"GET /pets: {{200: {{}}, 404: {{selectionPattern: '{pattern}', "
        f"responseTemplates: {{application/json: {written}}}}}}}"
    )


def effects(result: ReviewResult | Planned) -> list[tuple[str, list[str], list[str]]]:
    """Test, changed paths and breaking paths of every effect."""
    assert result.effects is not None
    return [
        (effect.test, [change.path for change in effect.changes], [change.path for change in effect.breaking])
        for effect in result.effects.effects
    ]


def reviewed(shop: Workshop) -> ReviewResult:
    """Review the working tree, with effects."""
    return shop.review(".", base="HEAD", shows_effect=True)


def test_lost_field(shop: Workshop) -> None:
    """A template that leaves out a field breaks the client of the test that renders it, and of no other test."""
    shop.write("petstore.yaml", pets('{"title": "no"}'))
    result = reviewed(shop)

    assert [("tests: missing", ["body.detail", "body.title"], ["body.detail"])] == effects(result)
    assert result.effects is not None
    assert (2, ()) == (result.effects.tests, result.effects.untested)


def test_other_selection(shop: Workshop) -> None:
    """A pattern that no longer matches gives the client another status."""
    shop.write("petstore.yaml", pets('{"detail": "no"}', pattern="410"))

    [(_, changed, breaking)] = effects(reviewed(shop))
    assert (["selected", "status", "body"], ["status", "body"]) == (changed, breaking)


def test_untested(shop: Workshop) -> None:
    """A changed response that no test selects is named."""
    shop.write("tests.yaml", response_tests("fine: {status: 200}"))
    shop.write("petstore.yaml", pets("{}"))
    result = reviewed(shop)

    assert result.effects is not None
    assert ((), ("petstore: GET /pets 404",)) == (result.effects.effects, result.effects.untested)


def test_unchanged_methods(shop: Workshop) -> None:
    """Tests of methods that do not change do not run."""
    shop.write("petstore.yaml", "# a remark\n" + pets('{"detail": "no"}'))
    result = reviewed(shop)

    assert result.effects is not None
    assert (0, ()) == (result.effects.tests, result.effects.effects)


def test_not_asked(shop: Workshop) -> None:
    """Without the option, a review runs no test."""
    shop.write("petstore.yaml", pets("{}"))

    assert shop.review(".", base="HEAD").effects is None


def test_test_that_cannot_run(shop: Workshop) -> None:
    """It is a warning of the review; the other tests run."""
    unlisted = BOTH + "\n    - {name: lost, method: GET /lost, backend: {status: 200}, expect: {status: 200}}\n"
    shop.write("tests.yaml", unlisted)
    shop.write("petstore.yaml", pets("{}"))
    result = reviewed(shop)

    assert (ExitCode.OK, ["warning"]) == (result.exit_code, [found.severity for found in result.diagnostics])
    assert ["tests: missing"] == [test for test, _, _ in effects(result)]


def test_every_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An effect that environments share is shown once, with their names; JSON has one for each."""
    shop = workshop(tmp_path / "shop", monkeypatch)
    shop.write("reconciler.yaml", CONFIGURATION.replace(", sets/", ""))
    shop.write("manifests/petstore.yaml", pets('{"detail": "no"}'))
    shop.write("manifests/tests.yaml", MISSING)
    shop.commit()
    shop.write("manifests/petstore.yaml", pets("{}"))
    result = shop.review(base="HEAD", shows_effect=True)
    view = review_view(result, "", Style())

    document = ReviewDocument.model_validate_json(view["json"]())
    assert document.effects is not None
    assert ["dev", "prod"] == [effect.environment for effect in document.effects.effects]
    assert 1 == view["text"]().count("tests: missing (dev, prod)")


def test_formats(shop: Workshop) -> None:
    """Every format flags what breaks, at the response that the client gets."""
    shop.write("petstore.yaml", pets("{}"))
    view = review_view(reviewed(shop), "", Style())

    assert "body.detail" in view["html"]()
    assert "body.detail" in view["markdown"]()
    assert "effect/breaking" in view["github"]()
    results = json.loads(view["sarif"]())["runs"][0]["results"]
    [breaking] = [result for result in results if result["ruleId"] == "effect/breaking"]
    place = breaking["locations"][0]["physicalLocation"]
    assert ("petstore.yaml", "warning") == (place["artifactLocation"]["uri"], breaking["level"])


def planned(stage: Stage, *, shows_effect: bool = True) -> Planned:
    """Plan the manifests of the folder."""
    request = replace(stage.request(), shows_effect=shows_effect)
    return plan(request, stage.cloud, Disk(), stage.clock)


@pytest.fixture
def live(stage: Stage) -> Stage:
    """An API whose 404 has a template, and a manifest that wants another one."""
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT, "404": NOT_FOUND})})
    wanted = """{200: {}, 404: {selectionPattern: '404', responseTemplates: {application/json: '{"title": "no"}'}}}"""
    stage.write(manifest(wanted))
    stage.write(BOTH, "tests.yaml")
    return stage


def test_plan_against_live(live: Stage) -> None:
    """A plan compares what clients get now with what they will get."""
    assert [("tests: missing", ["body.detail", "body.title"], ["body.detail"])] == effects(planned(live))


def test_plan_text(live: Stage) -> None:
    """The text shows the changed values, and how many tests show a change."""
    text = plan_text(planned(live), Style())

    assert '! - body.detail: "no"  (a JSON field is lost)' in text
    assert "Clients: 1 of 2 tests of the changed methods give other answers, 1 may break clients." in text


def test_plan_json(live: Stage) -> None:
    """JSON has the whole answers, before and after."""
    document = json.loads(plan_view(planned(live), "", Style())["json"]())
    [effect] = document["effects"]["effects"]

    assert ('{"detail": "no"}', '{"title": "no"}') == (effect["before"]["body"], effect["after"]["body"])


def test_plan_does_not_load_tests(live: Stage) -> None:
    """A plan without the option does not look at tests, not even at broken ones."""
    live.write(BOTH.replace("backend", "backnd"), "tests.yaml")
    result = planned(live, shows_effect=False)

    assert (None, ExitCode.OK) == (result.effects, result.exit_code())


def test_new_method_response(stage: Stage) -> None:
    """A method that has no responses yet answers AWS's own error before: nothing breaks."""
    stage.api("petstore", {GET_PETS: Method({})})
    stage.write(manifest("{200: {}}"))
    stage.write(response_tests("fine: {status: 200}"), "tests.yaml")

    assert [("tests: fine", ["selected", "status", "error"], [])] == effects(planned(stage))


def test_guard_refuses(live: Stage) -> None:
    """With `breaking: refuse` a plan that breaks clients is refused, also without the option; --force waives it."""
    live.write(REFUSE, "reconciler.yaml")
    refused = live.apply()
    written = len(live.plane.calls.writes())
    waived = live.apply(forced=[GuardRule.BREAKING])

    assert (ExitCode.REFUSED, [GuardRule.BREAKING], 0) == (
        refused.exit_code,
        [refusal.rule for refusal in refused.planned.verdict.refusals],
        written,
    )
    assert (ExitCode.OK, [GuardRule.BREAKING]) == (
        waived.exit_code,
        [waiver.rule for waiver in waived.planned.verdict.waivers],
    )


def test_guard_message(live: Stage) -> None:
    """The refusal names the test and what breaks."""
    live.write(REFUSE, "reconciler.yaml")
    [refusal] = planned(live, shows_effect=False).verdict.refusals

    assert (
        "a response test shows that the plan breaks clients: tests: missing (a JSON field is lost)" == refusal.message
    )
    assert refusal.target.startswith("petstore, RestApi ")


def test_guard_lets_others_pass(live: Stage) -> None:
    """A change that breaks no test is not refused."""
    live.write(REFUSE, "reconciler.yaml")
    live.write(response_tests("fine: {status: 200}"), "tests.yaml")

    assert () == planned(live).verdict.refusals


def test_guard_of_other_configuration(live: Stage) -> None:
    """Without the setting, a plan that breaks clients is shown and not refused."""
    live.write(CONFIG, "reconciler.yaml")
    result = planned(live)

    assert result.effects is not None
    assert (1, ()) == (len(result.effects.breaking), result.verdict.refusals)


def test_websocket(stage: Stage) -> None:
    """The test of a route finds the integration behind it."""
    make_websocket_api(stage.plane, "chat", [Integration(["ping"], type="MOCK")])
    stage.write(
        "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\nspec:\n  api: {name: chat}\n"
        "  routes:\n    ping:\n      responses:\n        $default:\n          templateSelectionExpression: t\n"
        "          responseTemplates: {t: '{\"pong\": true}'}\n"
    )
    stage.write(
        "apiVersion: reconciler/v1\nkind: ResponseTest\nmetadata: {name: tests}\nspec:\n  manifest: chat\n  tests:\n"
        "    - {name: ping, route: ping, backend: {mock: 200}, expect: {selected: $default}}\n",
        "tests.yaml",
    )

    assert ["tests: ping"] == [test for test, _, _ in effects(planned(stage))]
