"""What goes where: stdout, stderr, files, pipes; for people and for programs."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from e2e.running import COMMAND, ROOT, SAMPLES, InProcess, Ran, execute
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane

MINIMAL = SAMPLES / "minimal.yaml"
PETSTORE = SAMPLES / "petstore"
DOCUMENTS = [("validate", "validation"), ("plan", "plan"), ("apply", "apply"), ("drift", "drift")]


def yes(command: str) -> list[str]:
    """What a command needs where there is no terminal."""
    return [command, "--yes"] if command == "apply" else [command]


def shortcomings(document: str, schema: str) -> list[str]:
    """What a JSON Schema of the repository has against a document."""
    rules: Any = json.loads((ROOT / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    return [error.message for error in Draft202012Validator(rules).iter_errors(json.loads(document))]


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(("command", "schema"), DOCUMENTS)
def test_json_is_one_valid_document(reconciler: InProcess, command: str, schema: str) -> None:
    """`--format json` puts exactly one document on stdout, and it is what its schema says."""
    assert [] == shortcomings(reconciler(*yes(command), PETSTORE, "--format", "json").out, schema)


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(("command", "schema"), DOCUMENTS)
def test_json_of_a_failure_is_valid_too(reconciler: InProcess, folder: Path, command: str, schema: str) -> None:
    """Broken input gives a document as well, with the problems in it."""
    (folder / "bad.yaml").write_text("spec: [\n")
    out = reconciler(*yes(command), "bad.yaml", "--format", "json").out

    assert ([], "syntax") == (
        shortcomings(out, schema),
        json.loads(out).get("plan", json.loads(out))["diagnostics"][0]["rule"],
    )


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("command", ["plan", "apply", "drift"])
def test_json_of_an_unreadable_api_is_valid_too(reconciler: InProcess, command: str) -> None:
    """An API that is not there gives a document as well."""
    out = reconciler(*yes(command), MINIMAL, "--region", "us-east-1", "--format", "json").out

    assert [] == shortcomings(out, command)


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(("command", "schema"), DOCUMENTS)
def test_json_into_a_file_leaves_the_text_on_stdout(
    reconciler: InProcess, folder: Path, command: str, schema: str
) -> None:
    """`--format json=FILE` writes the document beside the text."""
    ran = reconciler(*yes(command), PETSTORE, "--format", "json=out.json")

    assert ([], False) == (
        shortcomings((folder / "out.json").read_text(encoding="utf-8"), schema),
        "{\n" in ran.out[:2],
    )


@pytest.mark.usefixtures("sandbox")
def test_file_may_be_read_by_others(reconciler: InProcess, folder: Path) -> None:
    """A document has the rights of any new file, for the next step of a pipeline may be somebody else's."""
    umask = os.umask(0o022)
    try:
        reconciler("validate", MINIMAL, "--format", "json=out.json")
    finally:
        os.umask(umask)

    assert ("out.json", 0o644) == next((one.name, stat.S_IMODE(one.stat().st_mode)) for one in folder.iterdir())


def test_file_may_be_a_pipe(folder: Path) -> None:
    """What is no regular file is written to, not replaced."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    with open(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), encoding="utf-8") as reader:  # noqa: PTH123 - a descriptor
        execute("validate", MINIMAL, "--format", f"json={pipe}")
        content = reader.read()

    assert ([], True) == (shortcomings(content, "validation"), pipe.is_fifo())


def test_unwritable_file_keeps_the_report_from_nobody(reconciler: InProcess, plane: ControlPlane, folder: Path) -> None:
    """What an apply did is told even when its document cannot be written, and its own exit code is not covered up."""
    plane.faults.always(faults.quota_exceeded(), "PutIntegrationResponse")
    (folder / "report.json").symlink_to("gone/report.json")
    ran = reconciler("apply", MINIMAL, "--yes", "--format", f"json={folder / 'report.json'}")

    assert (3, True, True) == (ran.code, "Apply incomplete: " in ran.last, "cannot be written" in ran.err)


@pytest.mark.parametrize("way", ["option", "variable"])
def test_debugging_shows_where_a_failure_came_from(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """`--debug` adds the traceback, before the message."""
    if way == "variable":
        monkeypatch.setenv("RECONCILER_DEBUG", "true")
    ran = execute("apply", "--yes", "--plan", "gone.json", *(["--debug"] if way == "option" else []))

    assert (1, "Traceback (most recent call last):", True) == (
        ran.code,
        ran.err.splitlines()[0],
        ran.err.splitlines()[-1].startswith("error: gone.json"),
    )


@pytest.mark.parametrize("options", [(), ("-v",)])
def test_failure_shows_no_traceback(options: tuple[str, ...]) -> None:
    """Without `--debug` the message stands alone."""
    ran = execute("apply", "--yes", "--plan", "gone.json", *options)

    assert (1, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))


def test_wrong_usage_shows_no_traceback(reconciler: InProcess) -> None:
    """`-v` is about results: with it, too, a mistyped command line is one line."""
    assert [1, 1] == [len(reconciler("plan", "--nope", *options).err.splitlines()) for options in ((), ("-v",))]


def test_an_internal_error_says_how_to_see_more(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one sentence, which names the option that adds a traceback."""
    monkeypatch.setattr("reconciler.cli.handlers.validate.validate", lambda *_: 1 // 0)
    ran = reconciler("validate", MINIMAL, "-v")

    assert (1, ["internal error: ZeroDivisionError: integer division or modulo by zero"]) == (ran.code, ran.failures())
    assert "run it again with --debug" in ran.err


@pytest.mark.parametrize("reader", ["head -c 1 >/dev/null", "true"])
@pytest.mark.parametrize("arguments", ["schema plan", "demo", "--help", "plan --help", "--version"])
def test_reader_that_goes_away_is_no_failure(arguments: str, reader: str) -> None:
    """`| head -1` ends the output, also one that reads nothing: no traceback, and no failure."""
    piped = f"set -o pipefail; '{COMMAND}' {arguments} | {reader}"
    ran = execute("-c", piped, program="bash")

    assert Ran(0, "", "") == ran


def test_closed_stdout_is_no_failure() -> None:
    """`>&-` is for who wants the exit code only."""
    ran = execute("-c", f"'{COMMAND}' validate '{MINIMAL}' >&-", program="bash")

    assert Ran(0, "", "") == ran


@pytest.mark.parametrize("arguments", [f"validate '{MINIMAL}'", "--help", "--version", "plan --help", "schema"])
def test_full_disk_is_told(arguments: str) -> None:
    """A result that cannot be written is a failure, in one line; what click prints is no exception."""
    ran = execute("-c", f"'{COMMAND}' {arguments} >/dev/full", program="bash")

    assert (1, 1, ["stdout cannot be written: No space left on device"]) == (
        ran.code,
        len(ran.err.splitlines()),
        ran.failures(),
    )


@pytest.mark.usefixtures("sandbox")
def test_quiet_drift_says_nothing_when_in_sync(reconciler: InProcess) -> None:
    """A cron job that mails what it prints mails nothing when all is well."""
    reconciler("apply", MINIMAL, "--yes")

    assert Ran(0, "", "") == reconciler("drift", MINIMAL, "-q")


@pytest.mark.usefixtures("sandbox")
def test_quiet_drift_speaks_when_there_is_drift(reconciler: InProcess) -> None:
    """The same job mails the summary when something differs."""
    ran = reconciler("drift", MINIMAL, "-q")
    [summary] = ran.out.splitlines()

    assert 2 == ran.code
    assert reconciler("drift", MINIMAL).last.partition("; in ")[0] == summary.partition("; in ")[0]


@pytest.mark.usefixtures("sandbox")
def test_quiet_drift_speaks_when_nothing_could_be_read(reconciler: InProcess) -> None:
    """Nor is it quiet when it could not look."""
    ran = reconciler("drift", MINIMAL, "-q", "--region", "us-east-1")

    assert (1, 1) == (ran.code, len(ran.problems()))


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("RECONCILER_REGION", "us-east-1", "account 123456789012, us-east-1"),
        ("RECONCILER_PROFILE", "nope", "profile nope"),
        ("RECONCILER_ENDPOINT_URL", "127.0.0.1:9", "'127.0.0.1:9' is not a valid endpoint"),
        ("RECONCILER_PARALLELISM", "0", "invalid value for '--parallelism': 0"),
        ("RECONCILER_QUOTA_SHARE", "much", "'much' is not a share"),
    ],
)
@pytest.mark.usefixtures("sandbox")
def test_option_from_the_environment(
    reconciler: InProcess, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    """Each option that reaches AWS can come from the environment."""
    monkeypatch.setenv(variable, value)

    assert says in reconciler("plan", MINIMAL).text


@pytest.mark.usefixtures("sandbox")
def test_flags_from_the_environment(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """How much is told can come from there too, for all jobs of a pipeline at once; 0 is as if it were not set."""
    told = {one: reconciler("plan", PETSTORE, *one) for one in ((), ("-q",), ("-v",))}
    exported = []
    for variable, value in (("QUIET", "0"), ("QUIET", "1"), ("VERBOSE", "1")):
        with monkeypatch.context() as patch:
            patch.setenv(f"RECONCILER_{variable}", value)
            exported.append(reconciler("plan", PETSTORE))

    assert [one.out for one in told.values()] == [one.out for one in exported]
    assert len(told) == len({one.out for one in told.values()})


@pytest.mark.usefixtures("sandbox")
def test_command_line_wins_over_the_environment(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed counts more than what is exported."""
    monkeypatch.setenv("RECONCILER_REGION", "us-east-1")

    assert 0 == reconciler("plan", MINIMAL, "--region", "eu-west-1").code


@pytest.mark.usefixtures("sandbox")
def test_results_and_nothing_else_on_stdout(reconciler: InProcess) -> None:
    """Progress is for stderr: with `-v` an apply counts its writes there, and stdout still holds one document."""
    ran = reconciler("apply", MINIMAL, "--yes", "-v", "--format", "json")

    assert "Apply" == json.loads(ran.out)["kind"]
    assert [line for line in ran.err.splitlines() if line.startswith("1/1 action ")]


@pytest.mark.parametrize("flag", [(), ("--detailed-exitcode",)])
@pytest.mark.usefixtures("sandbox")
def test_detailed_exit_code(reconciler: InProcess, flag: tuple[str, ...]) -> None:
    """A plan with changes exits with 2 only when asked to."""
    assert (2 if flag else 0) == reconciler("plan", MINIMAL, *flag).code
