"""What a run finds out about one API: unlisted methods, and what ignore rules leave out."""

from collections.abc import Sequence

import pytest

from reconciler.engine.drift.result import Drift
from reconciler.errors import ExitCode, UsageError
from reconciler.findings import Type
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.models.keys import MethodKey
from support.apis import Method
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND
from support.stage import CHAT, Stage, manifest
from support.websocket import RICH, Integration, make_websocket_api

HEALTH = MethodKey("/health", "GET")
PING = MethodKey("/ping", "GET")
HEAD = "apiVersion: reconciler/v1\nkind: Config\n"


def configure(stage: Stage, *rules: str) -> None:
    """Write a configuration with these ignore rules."""
    lines = "".join(f"  - {rule}\n" for rule in rules)
    stage.write(f"{HEAD}ignore:\n{lines}", "reconciler.yaml")


@pytest.fixture
def shop(stage: Stage) -> Stage:
    """GET /pets is listed and in sync; GET /health is not listed, GET /ping passes everything through."""
    stage.api(
        "petstore",
        {
            GET_PETS: Method({"200": DEFAULT}),
            HEALTH: Method({"200": DEFAULT, "500": BROKEN}),
            PING: Method({"200": DEFAULT}, type="HTTP_PROXY"),
            MethodKey("/empty", "GET"): Method({}),
        },
    )
    stage.write(manifest())
    return stage


def found(drift: Drift) -> list[tuple[str, str, str]]:
    """Type, subject and address of every finding."""
    return [
        (finding.type.value, finding.subject, finding.address)
        for target in drift.targets
        for finding in target.findings
    ]


def test_an_unlisted_method_is_no_drift(shop: Stage) -> None:
    """It is counted."""
    drift = shop.drift()

    assert (ExitCode.OK, [], 3) == (drift.exit_code, found(drift), drift.summary.unmanaged)


def test_an_unlisted_method_is_drift_when_strict(shop: Stage) -> None:
    """Once, whatever the number of its responses. Proxies and methods without responses are left out.

    Its responses do not count as unmanaged too.
    """
    drift = shop.drift(strict=True)

    assert (ExitCode.DIFFERENCES, [("unexpected", "method", "petstore: GET /health")]) == (
        drift.exit_code,
        found(drift),
    )
    assert (1, 1) == (drift.summary.unexpected, drift.summary.unmanaged)


@pytest.mark.parametrize(
    ("rules", "count"),
    [
        (["{match: 'petstore: GET /health *'}"], 0),
        (["{match: 'petstore: GET /health 200'}", "{match: 'petstore: GET /health 500'}"], 0),
        (["{match: 'petstore: GET /health 200'}"], 1),
        (["{match: 'petstore: GET /health *', fields: [responseTemplates]}"], 1),
        (["{match: 'petstore: GET /health *', until: 2026-01-30}"], 1),
    ],
)
def test_an_ignore_rule_silences_an_unlisted_method(shop: Stage, rules: Sequence[str], count: int) -> None:
    """If all of its responses are ignored as wholes, by rules that have not expired."""
    configure(shop, *rules)

    assert count == len(found(shop.drift(strict=True)))


def test_a_rule_for_an_unlisted_method_is_not_idle_when_strict(shop: Stage) -> None:
    """Otherwise it is: there is nothing to ignore."""
    configure(shop, "{match: 'petstore: GET /health *'}")

    assert ([], ["idle-ignore"]) == (
        [diagnostic.rule for diagnostic in shop.drift(strict=True).diagnostics],
        [diagnostic.rule for diagnostic in shop.drift().diagnostics],
    )


def test_only_selects_unlisted_methods_too(shop: Stage) -> None:
    """By the addresses of their responses."""
    assert [] == found(shop.drift(strict=True, only=["petstore: GET /pets *"]))
    assert 1 == len(found(shop.drift(strict=True, only=["petstore: GET /health *"])))
    with pytest.raises(UsageError, match="matches no response"):
        shop.drift(only=["petstore: GET /health *"])


def test_responses_that_are_kept_are_no_drift(stage: Stage) -> None:
    """`prune: false` lets others add responses to a method."""
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT, "404": NOT_FOUND})})
    stage.write(manifest(spec="prune: false"))

    assert [] == found(stage.drift(strict=True))


def test_an_unlisted_integration_is_drift_when_strict(stage: Stage) -> None:
    """Its responses are read, which takes a call more."""
    integrations = [Integration(["send"], {"$default": RICH}), Integration(["join"], {"$default": RICH})]
    make_websocket_api(stage.plane, "chat", integrations)
    stage.write(CHAT, "chat.yaml")
    lax = found(stage.drift())
    calls = len(stage.plane.calls.of("GetIntegrationResponses"))
    strict = found(stage.drift(strict=True))

    assert [("unexpected", "method", "chat: join")] == [finding for finding in strict if finding not in lax]
    assert (1, 2) == (calls, len(stage.plane.calls.of("GetIntegrationResponses")) - calls)


def test_the_findings_of_a_strict_run_are_in_order(shop: Stage) -> None:
    """A method before its own responses would come, by path."""
    shop.write(manifest("{200: {selectionPattern: '2..'}}"))

    assert ["petstore: GET /health", "petstore: GET /pets 200"] == [
        address for *_, address in found(shop.drift(strict=True))
    ]


@pytest.fixture
def drifted(stage: Stage) -> Stage:
    """200 differs in its template, 404 is unexpected, 500 is missing."""
    declared: dict[str, list[str]] = {code: [] for code in ("200", "404", "500")}
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT, "404": NOT_FOUND}, declared)})
    stage.write(manifest("{200: {responseTemplates: {text/plain: x}}, 500: {selectionPattern: '5..'}}"))
    return stage


def ignored(drift: Drift) -> list[tuple[str, tuple[str, ...]]]:
    """What each rule leaves out."""
    return [(rule.match, rule.addresses) for rule in drift.facts.ignored]


def test_what_rules_leave_out_is_reported(drifted: Stage) -> None:
    """Differences of every kind, with the reason, the last day, the place and where that is."""
    configure(drifted, "{match: 'petstore: GET /pets *', reason: migration, until: 2027-01-31}")
    drift = drifted.drift()
    addresses = tuple(f"petstore: GET /pets {code}" for code in ("200", "404", "500"))
    (rule,) = drift.facts.ignored

    assert rule == IgnoredResponses(
        "petstore: GET /pets *", (), "migration", "2027-01-31", None, "eu-west-1", addresses, rule.location
    )
    assert (ExitCode.OK, "reconciler.yaml:4:5") == (drift.exit_code, str(rule.location))


def test_a_rule_for_fields_leaves_out_changes_of_these(drifted: Stage) -> None:
    """A missing or unexpected response is a finding all the same."""
    configure(drifted, "{match: 'petstore: *', fields: [responseTemplates]}")
    drift = drifted.drift()

    assert [("petstore: *", ("petstore: GET /pets 200",))] == ignored(drift)
    assert [Type.UNEXPECTED, Type.MISSING] == [finding.type for finding in drift.targets[0].findings]


@pytest.mark.parametrize(
    "rule", ["{match: 'petstore: *', fields: [selectionPattern]}", "{match: 'petstore: *', until: 2026-01-30}"]
)
def test_a_rule_that_hides_nothing_is_not_reported(drifted: Stage, rule: str) -> None:
    """Because nothing differs in its fields, or because it has expired."""
    configure(drifted, rule)

    assert [] == ignored(drifted.drift())


def test_two_rules_for_one_response_both_leave_it_out(drifted: Stage) -> None:
    """To see it, both have to go."""
    configure(drifted, "{match: '*200'}", "{match: 'petstore: GET /pets 2*'}")

    assert [
        ("*200", ("petstore: GET /pets 200",)),
        ("petstore: GET /pets 2*", ("petstore: GET /pets 200",)),
    ] == ignored(drifted.drift())


def test_what_is_not_selected_is_not_ignored(drifted: Stage) -> None:
    """`--only` left it out before the rule could."""
    configure(drifted, "{match: 'petstore: *'}")

    assert [("petstore: *", ("petstore: GET /pets 404",))] == ignored(drifted.drift(only=["petstore: * 404"]))


def test_a_rule_over_several_apis_is_reported_once(stage: Stage) -> None:
    """With all of their addresses."""
    for name in ("one", "two"):
        stage.api(name, {GET_PETS: Method({"200": BROKEN})})
        stage.write(manifest(name=name, api=f"{{name: {name}}}"), f"{name}.yaml")
    configure(stage, "{match: '* 200'}")

    assert [("* 200", ("one: GET /pets 200", "two: GET /pets 200"))] == ignored(stage.drift())
