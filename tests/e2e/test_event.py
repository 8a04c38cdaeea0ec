"""drift --event from the command line: files, stdin, exit codes, what is shown."""

import io
import json
from pathlib import Path

import pytest

from e2e.running import InProcess
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION, ControlPlane
from support.apis import Method, make_api
from support.events import AT, WHO, event_text
from support.live import GET_PETS
from support.stage import manifest


@pytest.fixture
def api_id(folder: Path, plane: ControlPlane) -> str:
    """An API that lacks a response of its manifest."""
    (folder / "pets.yaml").write_text(manifest(name="pets", api="{name: pets}"), encoding="utf-8")
    created = make_api(plane, "pets", {GET_PETS: Method({})})
    plane.calls.clear()
    return created


@pytest.fixture
def event(folder: Path, api_id: str) -> Path:
    """An event that names it."""
    file = folder / "event.json"
    file.write_text(event_text(parameters={"restApiId": api_id}), encoding="utf-8")
    return file


def test_drift_of_the_named_api_is_shown(reconciler: InProcess, event: Path, api_id: str) -> None:
    """Exit 2; stderr says what happened."""
    ran = reconciler("drift", "pets.yaml", "--event", event)
    place = f"account {ACCOUNT_ID}, {REGION}"

    assert (2, True, f"event: UpdateIntegrationResponse on REST API {api_id} ({place}) by {WHO} at {AT}\n") == (
        ran.code,
        "- 200  missing in AWS" in ran.out,
        ran.err,
    )


def test_an_event_may_come_from_stdin(reconciler: InProcess, event: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `-`; with -q, nothing but the counts is shown."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(event.read_bytes())))
    ran = reconciler("drift", "pets.yaml", "--event", "-", "-q")

    assert (2, "") == (ran.code, ran.err)


def test_a_skipped_event_says_why_in_one_line(reconciler: InProcess, event: Path, plane: ControlPlane) -> None:
    """Exit 0, nothing read; with -q there is nothing to say."""
    event.write_text(event_text("CreateApiKey", {"name": "k"}), encoding="utf-8")
    shown, quiet = (reconciler("drift", "pets.yaml", "--event", event, *flags) for flags in ((), ("-q",)))

    assert (0, "Nothing was compared: CreateApiKey names no API.\n", "", 0, "", []) == (
        shown.code,
        shown.out,
        shown.err,
        quiet.code,
        quiet.out,
        list(plane.calls),
    )


@pytest.mark.parametrize("form", ["json", "markdown", "html", "junit", "sarif", "github"])
def test_a_skipped_event_is_a_report_in_every_format(reconciler: InProcess, event: Path, form: str) -> None:
    """None fails, and none claims that something is in sync."""
    event.write_text(event_text("GetRestApi", readOnly=True), encoding="utf-8")
    ran = reconciler("drift", "pets.yaml", "--event", event, "--format", form)

    assert (0, False) == (ran.code, "in sync" in ran.out.lower())


def test_the_document_has_the_reason(reconciler: InProcess, event: Path) -> None:
    """As `skipped`, where a program finds it."""
    event.write_text(event_text("GetRestApi", readOnly=True), encoding="utf-8")
    ran = reconciler("drift", "pets.yaml", "--event", event, "--format", "json")

    assert "GetRestApi only reads" == json.loads(ran.out)["skipped"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (event_text()[:-5], "is cut off; pass one event of EventBridge"),
        ("", "the file is empty"),
        ('{"Records": []}', "event.json is not an event of EventBridge: `source`: field required"),
        (" " * (3 << 20), "is larger than 2 MiB"),
    ],
)
def test_what_is_no_event_fails(reconciler: InProcess, event: Path, content: str, message: str) -> None:
    """Exit 1 and one line, before anything is read."""
    event.write_text(content, encoding="utf-8")
    ran = reconciler("drift", "pets.yaml", "--event", event)

    assert (1, "", 1, True) == (ran.code, ran.out, len(ran.failures()), message in ran.err)


@pytest.mark.parametrize(("name", "code"), [("missing.json", 1), (".", 1), ("", 64)])
def test_an_event_that_cannot_be_read_fails(reconciler: InProcess, event: Path, name: str, code: int) -> None:
    """A file that is missing, a folder, an empty name."""
    ran = reconciler("drift", "pets.yaml", "--event", name)

    assert (event.is_file(), code, 1) == (True, ran.code, len(ran.failures()))


@pytest.mark.parametrize("options", [("--coverage",), ("--format", "prometheus=metrics.prom")])
def test_what_is_about_a_whole_run_is_refused(reconciler: InProcess, event: Path, options: tuple[str, ...]) -> None:
    """The metrics of one API would replace those of all."""
    ran = reconciler("drift", "pets.yaml", "--event", event, *options)

    assert (64, True) == (ran.code, f"--event and {' '.join(options).partition('=')[0]} cannot" in ran.err)


def test_remediation_is_of_the_named_api(reconciler: InProcess, event: Path, folder: Path, plane: ControlPlane) -> None:
    """No other API is written to, and no environment has to be named."""
    (folder / "reconciler.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [pets.yaml, orders.yaml]\n"
        f"environments: {{prod: {{region: {REGION}}}}}\n",
        encoding="utf-8",
    )
    for name in ("pets", "orders"):
        text = manifest(name=name, api=f"{{name: {name}}}", spec="methodResponses: ensure")
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    make_api(plane, "orders", {GET_PETS: Method({})})
    ran = reconciler("drift", "--event", event, "--remediate")
    left = reconciler("drift", "--env", "all", "--format", "json")

    assert (0, ["orders"]) == (
        ran.code,
        [finding["address"].partition(":")[0] for finding in json.loads(left.out)["findings"]],
    )
