"""The policies of the samples, run by real engines on documents that the commands print."""

import json
import runpy
from pathlib import Path
from typing import Any

import cel
import pytest
import regopy

from e2e.running import SAMPLES, InProcess
from support import plain_yaml

POLICIES = SAMPLES / "policy"
CONFIG = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [.]\nenvironments: {prod: {}, dev: {}}\n"
MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {{name: petstore}}
spec:
  api: {{name: petstore}}
  resources:
    /orders: {{GET: {{responses: {responses}}}}}
"""


def rego(package: str, document: dict[str, Any], verdict: str = "deny") -> list[str]:
    """The messages of a verdict."""
    interpreter = regopy.Interpreter()
    interpreter.add_module(package, (POLICIES / "rego" / f"{package}.rego").read_text(encoding="utf-8"))
    interpreter.set_input(document)
    answer = json.loads(str(interpreter.query(f"data.{package}.{verdict}")))
    return sorted(answer["expressions"][0])


def cel_rules(rules: str, document: dict[str, Any]) -> list[str]:
    """What breaks a rule, after the rule's name."""
    [loaded] = plain_yaml.documents((POLICIES / "cel" / f"{rules}.yaml").read_text(encoding="utf-8"))
    return [
        f"{rule['name']}: {subject}"
        for rule in loaded["validations"]
        for subject in cel.evaluate(rule["expression"], {"object": document})
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a configuration for the seeded API."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reconciler.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def document(reconciler: InProcess, command: str, responses: str, environment: str = "prod") -> dict[str, Any]:
    """The document of a command for a manifest of `GET /orders`."""
    Path("petstore.yaml").write_text(MANIFEST.format(responses=responses), encoding="utf-8")
    printed: dict[str, Any] = json.loads(reconciler(command, "--env", environment, "--format", "json").out)
    return printed


@pytest.mark.usefixtures("sandbox", "folder")
@pytest.mark.parametrize(
    ("responses", "broken"),
    [
        ("{200: {selectionPattern: '200'}}", "is deleted"),
        ("{503: {responseTemplates: {application/json: $input.body}}}", "hands the backend's whole answer to clients"),
        (
            "{200: {responseParameters: {method.response.header.Access-Control-Allow-Origin: \"'*'\"}}}",
            "lets every web site read it",
        ),
    ],
)
def test_plan_that_breaks_a_rule(reconciler: InProcess, responses: str, broken: str) -> None:
    """Both engines find it."""
    planned = document(reconciler, "plan", responses)
    by_rego = [message for message in rego("plan", planned) if broken in message]

    assert by_rego
    assert len(by_rego) <= len(cel_rules("plan", planned))


@pytest.mark.usefixtures("sandbox", "folder")
def test_plan_that_breaks_no_rule(reconciler: InProcess) -> None:
    """Neither engine has a say about an ordinary change, nor about production's rules elsewhere."""
    harmless = "{418: {selectionPattern: teapot, responseTemplates: {application/json: '{}'}}}"
    planned = document(reconciler, "plan", harmless)
    planned["actions"] = [action for action in planned["actions"] if action["op"] == "create"]
    elsewhere = document(reconciler, "plan", "{200: {selectionPattern: '200'}}", "dev")

    assert planned["actions"]
    assert any(action["op"] == "delete" for action in elsewhere["actions"])
    assert [[], [], [], []] == [engine("plan", plan) for engine in (rego, cel_rules) for plan in (planned, elsewhere)]


def test_large_plans_are_a_warning() -> None:
    """More than fifty changes; steps do not count."""
    change = {"step": None, "op": "create", "address": "a", "after": {}, "target": {"statusCode": "200"}}
    step = {**change, "step": "methodResponse"}
    plans = [{"actions": [{**change, "id": str(number)} for number in range(count)] + [step]} for count in (50, 51)]

    assert [[], ["51 changes in one plan are hard to review: split it"]] == [rego("plan", one, "warn") for one in plans]


@pytest.mark.usefixtures("sandbox", "folder")
def test_drift_in_production(reconciler: InProcess) -> None:
    """Refused in production, a warning elsewhere."""
    found, elsewhere = (document(reconciler, "drift", "{}", environment) for environment in ("prod", "dev"))
    count = len(found["findings"])

    assert count
    assert (count, count) == (len(rego("drift", found)), len(cel_rules("drift", found)))
    assert ([], []) == (rego("drift", elsewhere), cel_rules("drift", elsewhere))
    assert count == len(rego("drift", elsewhere, "warn"))


@pytest.mark.usefixtures("sandbox", "folder")
def test_unread_and_old_drift(reconciler: InProcess) -> None:
    """What could not be compared is refused in every environment, and so is what stays."""
    found = document(reconciler, "drift", "{}", "dev")
    finding = found["findings"][0]
    found["createdAt"] = "2026-01-31T12:00:00Z"
    found["findings"] = [
        {**finding, "age": "known", "firstSeen": "2026-01-01T12:00:00Z"},
        {**finding, "age": "new", "firstSeen": "2026-01-31T12:00:00Z"},
        {**finding, "type": "error", "address": "chat", "message": "access denied"},
    ]

    assert [
        "chat (dev) could not be compared: access denied",
        f"{finding['address']} (dev) has drifted since 2026-01-01T12:00:00Z",
    ] == rego("drift", found)
    assert [
        "everything could be compared: chat: access denied",
        f"drift is settled within a week: {finding['address']} since 2026-01-01T12:00:00Z",
    ] == cel_rules("drift", found)


@pytest.mark.parametrize(("findings", "code"), [([], 0), (["x"], 1)])
def test_script(tmp_path: Path, capsys: pytest.CaptureFixture[str], findings: list[str], code: int) -> None:
    """The script of the sample prints each broken rule and exits with 1."""
    finding = {"type": "changed", "environment": "prod", "firstSeen": None}
    document = {"createdAt": "2026-01-31T12:00:00Z", "findings": [{**finding, "address": name} for name in findings]}
    (tmp_path / "drift.json").write_text(json.dumps(document), encoding="utf-8")
    check = runpy.run_path(str(POLICIES / "cel/check.py"))["main"]

    assert code == check(str(POLICIES / "cel/drift.yaml"), str(tmp_path / "drift.json"))
    assert "".join(f"production is in sync: {name}\n" for name in findings) == capsys.readouterr().out
