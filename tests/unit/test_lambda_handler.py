"""The Lambda function: what it answers, logs and raises, on an AWS in memory."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reconciler.documents import DriftDocument
from reconciler.engine.load.request import Request
from reconciler.errors import ReconcilerError, UsageError
from reconciler.lambda_handler import LambdaRun, LambdaSettings
from reconciler.manifest import Disk
from reconciler.models.targets import Coordinates
from reconciler.sandbox.model.faults import access_denied
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION, ControlPlane
from support.accounts import Accounts
from support.apis import Method, make_api
from support.clock import FakeClock
from support.events import call_event, event_text, sqs_batch
from support.live import DEFAULT, GET_PETS
from support.stage import manifest


@dataclass
class Function:
    """A function whose package is a folder."""

    folder: Path
    accounts: Accounts = field(default_factory=Accounts)
    lines: list[Mapping[str, object]] = field(default_factory=list)
    request: Request = field(default_factory=lambda: LambdaSettings.of({}).request)

    @property
    def plane(self) -> ControlPlane:
        """Its AWS."""
        return self.accounts.plane()

    def api(self, name: str, *, drifted: bool = True) -> str:
        """Set an API and its manifest up; gives its id."""
        (self.folder / f"{name}.yaml").write_text(manifest(name=name, api=f"{{name: {name}}}"), encoding="utf-8")
        api_id = make_api(self.plane, name, {GET_PETS: Method({} if drifted else {"200": DEFAULT})})
        self.plane.calls.clear()
        return api_id

    def invoke(self, payload: object) -> dict[str, Any]:
        """Invoke it."""
        run = LambdaRun(self.request, self.accounts, Disk(), FakeClock(), self.lines.append)
        answer = run.answer(payload)
        json.dumps(answer)
        return answer

    def logged(self, event: str) -> list[Mapping[str, Any]]:
        """The lines of this kind in the log."""
        return [line for line in self.lines if line["event"] == event]


@pytest.fixture
def function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Function:
    """With a configuration that covers its folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reconciler.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: ['*.yaml']\n"
        f"environments:\n  prod: {{region: {REGION}, accountId: '{ACCOUNT_ID}'}}\n",
        encoding="utf-8",
    )
    return Function(tmp_path)


def event_of(api_id: str, **options: Any) -> str:  # noqa: ANN401 - of the event
    """The text of a write to an API."""
    return event_text(parameters={"restApiId": api_id}, **options)


def test_a_schedule_checks_everything(function: Function) -> None:
    """The answer is the document; drift raises nothing."""
    function.api("pets")
    function.api("orders", drifted=False)
    answer = DriftDocument.model_validate(function.invoke({}))

    assert (2, 1, 1) == (len(answer.targets), answer.summary.missing, answer.summary.in_sync)


def test_each_api_and_the_run_are_lines_of_the_log(function: Function) -> None:
    """A filter finds what differs."""
    function.api("pets")
    function.api("orders", drifted=False)
    function.invoke({})
    (run,) = function.logged("run")

    assert [("orders", 0), ("pets", 1)] == sorted(
        (*line["manifests"], line["counts"]["missing"]) for line in function.logged("target")
    )
    assert (1, 0, 2, None) == (run["differences"], run["counts"]["errors"], run["exitCode"], run["skipped"])


def test_an_event_checks_its_api(function: Function) -> None:
    """And no other."""
    function.api("orders")
    api_id = function.api("pets")
    answer = function.invoke(call_event(parameters={"restApiId": api_id}))

    assert [api_id] == [target["apiId"] for target in answer["targets"]]


def test_a_skipped_event_is_an_answer(function: Function) -> None:
    """Nothing is read."""
    answer = function.invoke(call_event("CreateApiKey", {"name": "k"}))

    assert ("CreateApiKey names no API", [], 1) == (
        answer["skipped"],
        function.accounts.asked,
        len(function.logged("run")),
    )


def test_an_item_of_a_state_machine_is_a_part(function: Function) -> None:
    """All parts together are everything."""
    for number in range(6):
        function.api(f"api-{number}")
    parts = [function.invoke({"shard": f"{index}/3"}) for index in (1, 2, 3)]
    names = [target["apiName"] for part in parts for target in part["targets"]]

    assert [f"api-{number}" for number in range(6)] == sorted(names)


def test_an_impossible_part_raises(function: Function) -> None:
    """The state machine has it wrong."""
    with pytest.raises(UsageError, match="there is no shard 4/3"):
        function.invoke({"shard": "4/3"})


def test_an_answer_is_small_enough_for_the_next_state(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out is said; the counts stay."""
    monkeypatch.setattr("reconciler.lambda_handler.MOST_BYTES_OF_ITEM", 4_000)
    for number in range(20):
        function.api(f"api-{number}")
    answer = function.invoke({"shard": "1/1"})

    assert (True, 20, "shortened") == (
        len(json.dumps(answer)) <= 4_000,
        answer["summary"]["missing"],
        answer["diagnostics"][0]["rule"],
    )


def test_a_batch_checks_each_api_once(function: Function) -> None:
    """However many of its messages name it; none is delivered again."""
    first, second = function.api("pets"), function.api("orders")
    bodies = [event_of(api_id) for api_id in (first, second, first, "zzzzzzzzzz")]
    answer = function.invoke(sqs_batch(*bodies, event_text("GetRestApi", readOnly=True)))

    assert ([], 2, ["GetRestApis", "GetResources", "GetResources"], 4, ["GetRestApi only reads"]) == (
        answer["batchItemFailures"],
        len(answer["document"]["targets"]),
        function.accounts.calls(),
        len([line for line in function.logged("event") if "what" in line]),
        [line["skipped"] for line in function.logged("event") if "skipped" in line],
    )


def test_what_is_no_event_stays_in_the_queue(function: Function) -> None:
    """The others of its batch are checked all the same."""
    api_id = function.api("pets")
    answer = function.invoke(sqs_batch("{", event_of(api_id), "[]"))

    assert ([{"itemIdentifier": "m0"}, {"itemIdentifier": "m2"}], 1, 2) == (
        answer["batchItemFailures"],
        len(answer["document"]["targets"]),
        len([line for line in function.logged("event") if "error" in line]),
    )


def test_a_batch_without_an_event_stays_in_the_queue(function: Function) -> None:
    """Nothing is read."""
    answer = function.invoke(sqs_batch("{"))

    assert ("there is no event", 1, []) == (
        answer["document"]["skipped"],
        len(answer["batchItemFailures"]),
        function.accounts.asked,
    )


def test_a_batch_without_an_api_reads_nothing(function: Function) -> None:
    """It is skipped as a whole."""
    answer = function.invoke(sqs_batch(event_text("UpdateAccount", {})))

    assert ("UpdateAccount names no API", [], []) == (
        answer["document"]["skipped"],
        answer["batchItemFailures"],
        function.accounts.asked,
    )


def test_an_api_that_cannot_be_read_stays_in_the_queue(function: Function) -> None:
    """Perhaps it can be later; the other was read."""
    bad, good = function.api("pets"), function.api("orders")
    function.plane.faults.add(
        access_denied("GET", "/restapis/*"), "GetResources", when=lambda asked: asked["restApiId"] == bad
    )
    answer = function.invoke(sqs_batch(event_of(good), event_of(bad)))

    assert ([{"itemIdentifier": "m1"}], 1) == (answer["batchItemFailures"], answer["document"]["summary"]["errors"])
    assert ["error", "info"] == sorted(line["level"] for line in function.logged("target"))


def test_an_api_that_is_gone_is_not_delivered_again(function: Function) -> None:
    """It stays gone, and is a finding."""
    (function.folder / "pets.yaml").write_text(manifest(api="{id: a1b2c3d4e5}"), encoding="utf-8")
    answer = function.invoke(sqs_batch(event_text("DeleteRestApi")))

    assert ([], 1) == (answer["batchItemFailures"], answer["document"]["summary"]["errors"])


def test_a_broken_configuration_raises(function: Function) -> None:
    """With the first problems, so that Lambda counts an error."""
    for number in range(8):
        (function.folder / f"{number}.yaml").write_text("kind: RestApi\n", encoding="utf-8")

    with pytest.raises(ReconcilerError, match=r"nothing was compared: 0.yaml.* \| \d+ more; to see all errors"):
        function.invoke({})
    assert [] == function.lines


def test_a_package_without_manifests_raises(function: Function) -> None:
    """A wrong package is more likely than an empty fleet."""
    with pytest.raises(ReconcilerError, match="no manifest was found"):
        function.invoke({})


def test_apis_that_cannot_be_read_raise_nothing(function: Function) -> None:
    """They are errors of the document."""
    function.api("pets")
    function.plane.faults.add(access_denied("GET", "/restapis/*"), "GetResources")
    answer = function.invoke({})

    assert (1, 1) == (answer["summary"]["errors"], function.logged("run")[0]["counts"]["errors"])


def test_settings_are_the_variables_of_the_options() -> None:
    """In the forms that the command line takes."""
    settings = LambdaSettings.of(
        {
            "RECONCILER_CONFIG": "fleet.yaml",
            "RECONCILER_ENV": "dev prod",
            "RECONCILER_VAR": "a=1\nb=x=y",
            "RECONCILER_SELECTOR": "team=pets,tier=1\nteam=chat",
            "RECONCILER_ONLY": "pets: GET *\n",
            "RECONCILER_REGION": REGION,
            "RECONCILER_ENDPOINT_URL": "http://127.0.0.1:1",
            "RECONCILER_PARALLELISM": "3",
            "RECONCILER_QUOTA_SHARE": "off",
            "RECONCILER_BLAME": "true",
        }
    )
    request = settings.request

    assert settings.blame
    assert (None, "fleet.yaml", ("dev", "prod"), 3) == (
        settings.quota_share,
        request.config,
        request.environments,
        request.parallelism,
    )
    assert ({"a": "1", "b": "x=y"}, ({"team": "pets", "tier": "1"}, {"team": "chat"}), ("pets: GET *",)) == (
        request.variables,
        request.selectors,
        request.only,
    )
    assert Coordinates(REGION, None, "http://127.0.0.1:1") == request.coordinates


def test_without_settings_half_of_the_quota_is_used_for_every_environment() -> None:
    """As on the command line, but for the environments."""
    settings = LambdaSettings.of({})

    assert (0.5, (), True, 8) == (
        settings.quota_share,
        settings.request.environments,
        settings.request.any_environment,
        settings.request.parallelism,
    )


def test_a_strict_run_reads_all_manifests() -> None:
    """Methods of those left out would be unexpected."""
    assert LambdaSettings.of({"RECONCILER_STRICT": "1"}).request.is_strict
    with pytest.raises(UsageError, match="RECONCILER_STRICT and RECONCILER_SELECTOR"):
        LambdaSettings.of({"RECONCILER_STRICT": "1", "RECONCILER_SELECTOR": "team=pets"})


def test_history_and_channels_are_settings() -> None:
    """In the forms that the command line takes; what is no channel raises."""
    settings = LambdaSettings.of({"RECONCILER_HISTORY": "s3://bucket/drift", "RECONCILER_NOTIFY": "sns:ops webhook:ci"})

    assert ("s3://bucket/drift", ["sns:ops", "webhook:ci"]) == (settings.history, [*map(str, settings.channels)])
    with pytest.raises(UsageError, match="KIND:NAME"):
        LambdaSettings.of({"RECONCILER_NOTIFY": "https://hooks.example/secret"})


def test_findings_have_an_age(function: Function, tmp_path: Path) -> None:
    """From the history, which an event shares with the schedule; a part of a run is not in it."""
    api_id = function.api("pets")
    history = str(tmp_path / "history")
    run = LambdaRun(function.request, function.accounts, Disk(), FakeClock(), function.lines.append, history=history)
    ages = [
        run.answer(payload)["findings"][0]["age"]
        for payload in ({"shard": "1/1"}, {}, call_event(parameters={"restApiId": api_id}), {})
    ]

    assert [None, "new", "known", "known"] == ages


def test_whoever_caused_a_finding_is_looked_up(function: Function) -> None:
    """If the function is to."""
    function.api("pets")
    run = LambdaRun(function.request, function.accounts, Disk(), FakeClock(), function.lines.append, blame=True)
    (blamed,), (plain,) = run.answer({})["findings"], function.invoke({})["findings"]

    assert (True, None) == (blamed["blame"] is not None, plain["blame"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RECONCILER_QUOTA_SHARE", "200%"),
        ("RECONCILER_PARALLELISM", "0"),
        ("RECONCILER_PARALLELISM", "65"),
        ("RECONCILER_PARALLELISM", "many"),
        ("RECONCILER_VAR", "stage"),
        ("RECONCILER_SELECTOR", "=x"),
    ],
)
def test_a_wrong_setting_raises(name: str, value: str) -> None:
    """It names the variable."""
    with pytest.raises(UsageError, match=name):
        LambdaSettings.of({name: value})
