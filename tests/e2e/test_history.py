"""drift --history and --notify: what a person sees, and what nobody may see."""

import json
import os
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from e2e.running import SAMPLES, InProcess
from reconciler.sandbox.model.plane import ControlPlane
from support.receiving import CANARY, Answer, receiving, status

PETSTORE = SAMPLES / "petstore"
VARIABLE = "RECONCILER_NOTIFY_OPS"
FORMATS = ("text", "json", "markdown", "github", "sarif", "junit", "html")


@pytest.fixture
def project(folder: Path, plane: ControlPlane) -> Path:  # noqa: ARG001 - the sandbox
    """A configuration with a channel of each kind, about the sample."""
    (folder / "reconciler.yaml").write_text(
        "apiVersion: reconciler/v1\n"
        "kind: Config\n"
        "manifests: [minimal.yaml]\n"
        "history: {keep: 30d}\n"
        "notify:\n"
        f"  ops: {{kind: webhook, url: {{env: {VARIABLE}}}, remindAfter: 7d}}\n"
        "  file: {kind: webhook, url: {file: secrets/url}}\n"
        f"  chat: {{kind: apprise, url: {{env: {VARIABLE}}}}}\n"
        "  team: {kind: sns, topic: 'arn:aws:sns:eu-west-1:123456789012:drift'}\n",
        encoding="utf-8",
    )
    (folder / "minimal.yaml").write_bytes((SAMPLES / "minimal.yaml").read_bytes())
    return folder


def test_ages_are_shown(project: Path, reconciler: InProcess) -> None:
    """New at first, known from then on, in text and in SARIF; resolved once it is fixed."""
    first, second = (
        reconciler("drift", "--history", "history", "--format", f"sarif={number}.sarif") for number in "12"
    )
    reconciler("apply", "--yes")
    third = reconciler("drift", "--history", "history")
    logs = [json.loads((project / f"{number}.sarif").read_text())["runs"][0]["results"] for number in "12"]

    assert (2, 2, 0) == (first.code, second.code, third.code)
    assert ", new  minimal.yaml:" in first.out
    assert ", known since 20" in second.out
    assert [["new"], ["unchanged"]] == [[result["baselineState"] for result in results] for results in logs]
    assert ", known since 20" in logs[1][0]["message"]["text"]
    assert "Resolved since 20" in third.out
    assert ": 0 new, 0 known, 1 resolved; " in third.last


def test_the_history_may_be_in_the_environment(
    project: Path, reconciler: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As every option."""
    monkeypatch.setenv("RECONCILER_HISTORY", "deep/history")
    reconciler("drift")

    names = sorted(file.name for file in (project / "deep" / "history").iterdir())

    assert ["drift", "state"] == [name.partition("-")[0] for name in names]


def test_a_history_that_fails_is_a_warning(project: Path, reconciler: InProcess) -> None:
    """Also where the report is quiet; the exit code is that of the findings."""
    (project / "file").write_text("")
    loud, quiet = reconciler("drift", "--history", "file"), reconciler("drift", "--history", "file", "-q")

    assert (2, 2, False) == (loud.code, quiet.code, "warning" in quiet.out)
    assert "warning: history: file/state-" in loud.out
    assert "warning: history: file/state-" in quiet.err


def test_a_webhook_hears_of_drift_once(project: Path, reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an environment variable or a file, until something changes."""
    (project / "secrets").mkdir()
    with receiving() as server:
        monkeypatch.setenv(VARIABLE, server.url)
        (project / "secrets" / "url").write_text(f"{server.url}\n")
        options = ("--history", "history", "--notify", "webhook:ops", "--notify", "webhook:file")
        for _ in range(2):
            reconciler("drift", *options)
        reconciler("apply", "--yes")
        reconciler("drift", *options)
    documents = [json.loads(body) for _, body in server.requests]

    assert ["changed", "changed", "cleared", "cleared"] == [document["reason"] for document in documents]
    assert "API Gateway drift: 1 finding" == documents[0]["title"]


@pytest.mark.parametrize("answer", [status(200), status(500), status(302, Location=f"http://127.0.0.1/{CANARY}")])
def test_no_secret_is_seen_anywhere(
    project: Path, reconciler: InProcess, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    """Whether it is delivered or not: in no format, no history, no message, with a traceback or not."""
    monkeypatch.setattr("reconciler.notify.webhook._FIRST_WAIT", 0.0)
    with receiving(answer) as server:
        monkeypatch.setenv(VARIABLE, server.url)
        outputs = [f"--format={name}=report.{name}" for name in FORMATS]
        ran = reconciler("drift", "--history", "history", "--notify", "webhook:ops", "-v", "--debug", *outputs)
    texts = [ran.text, *(file.read_text() for file in project.rglob("*") if file.is_file())]

    assert 2 == ran.code
    assert len(texts) > len(FORMATS)
    assert not [text for text in texts if CANARY in text]


@pytest.mark.parametrize(
    ("url", "kind"),
    [(f"https://[{CANARY}", "webhook:ops"), (f"http://example.com/{CANARY}", "webhook:ops"), (CANARY, "apprise:chat")],
)
@pytest.mark.usefixtures("project")
def test_a_wrong_url_is_not_quoted(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch, url: str, kind: str) -> None:
    """The warning names the variable."""
    monkeypatch.setenv(VARIABLE, url)
    ran = reconciler("drift", "--notify", kind, "--debug")

    assert (2, True, False) == (ran.code, f"not notified: {VARIABLE} " in ran.out, CANARY in ran.text)


def test_a_url_in_the_wrong_place_is_not_quoted(project: Path, reconciler: InProcess) -> None:
    """In the configuration, or on the command line."""
    wrong = reconciler("drift", "--notify", f"https://example.com/{CANARY}", "--debug")
    file = project / "reconciler.yaml"
    file.write_text(file.read_text().replace(f"url: {{env: {VARIABLE}}}", f"url: 'https://example.com/{CANARY}'"))
    broken = reconciler("drift", "--notify", "webhook:ops", "--format", "json")

    assert (64, 1) == (wrong.code, broken.code)
    assert CANARY not in wrong.text + broken.text


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("webhook:none", "--notify webhook:none: there is no channel 'none'; "),
        ("sns:ops", "--notify sns:ops: 'ops' is a channel of kind webhook; use --notify webhook:ops"),
        ("mail:ops", "--notify takes a KIND:NAME of `notify` in reconciler.yaml, never a URL; KIND is webhook, sns or"),
    ],
)
@pytest.mark.usefixtures("project")
def test_unknown_channels_are_wrong_usage(reconciler: InProcess, option: str, said: str) -> None:
    """Before AWS is read."""
    ran = reconciler("drift", "--notify", option)

    assert (64, True) == (ran.code, ran.err.startswith(f"error: {said}"))


@pytest.mark.parametrize("option", ["", "s3://", "s3://Bucket/x"])
@pytest.mark.usefixtures("project")
def test_places_that_are_none_are_wrong_usage(reconciler: InProcess, option: str) -> None:
    """With the way to write one."""
    ran = reconciler("drift", "--history", option)

    assert (64, True) == (ran.code, "s3://" in ran.err)


@pytest.mark.usefixtures("project")
def test_bucket_and_topic(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way, on moto; the sandbox answers for API Gateway."""
    url = os.environ["AWS_ENDPOINT_URL"]
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    for service in ("API_GATEWAY", "APIGATEWAYV2", "STS"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)
    with mock_aws():
        s3, sns = boto3.client("s3"), boto3.client("sns")
        ran = reconciler("drift", "--history", "s3://drift/a", "--notify", "sns:team")
        s3.create_bucket(Bucket="drift", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        sns.create_topic(Name="drift")
        again = reconciler("drift", "--history", "s3://drift/a", "--notify", "sns:team")
        keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket="drift")["Contents"]]

    assert (2, 2, 2) == (ran.code, again.code, len(keys))
    assert ("there is no such bucket" in ran.out, "not notified" in ran.out, "warning" in again.out) == (
        True,
        True,
        False,
    )


def test_a_sharded_run_has_its_history_when_it_is_merged(project: Path, reconciler: InProcess) -> None:
    """The merged report knows the runs before; so does a run over everything, which has the same scope."""
    first = reconciler("drift", "--shard", "1/1", "--format=json=1.json")
    merged = [reconciler("report", "merge", "1.json", "--history", "history") for _ in range(2)]
    whole = reconciler("drift", "--history", "history")
    quiet = reconciler("report", "merge", "1.json", "--history", "reconciler.yaml", "-q")

    assert [2, 2, 2, 2, 2] == [ran.code for ran in (first, *merged, whole, quiet)]
    assert [": 1 new," in merged[0].last, ": 0 new, 1 known," in merged[1].last, " 1 known," in whole.last] == [
        False,
        True,
        True,
    ]
    assert "1 new, 0 known" in merged[0].last
    assert "warning: history: reconciler.yaml/state-" in quiet.err
    assert (project / "history").is_dir()
