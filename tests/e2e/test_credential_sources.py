"""One environment whose credentials fail: it says why, the others are reported, and there is a document."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from e2e.running import COMMAND, SAMPLES, InProcess
from e2e.terminals import Terminal
from reconciler.aws import prompts
from reconciler.sandbox.model.plane import ControlPlane
from support.credential_sources import FILES, HEALTHY, PROFILES, PROGRAMS, ROLE, SOURCES, VARIABLES, Source
from support.processes import PATIENCE

MFA: Final = f"role_arn = {ROLE}\nsource_profile = healthy\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n"
TELLING: Final = [
    FILES[0],
    FILES[2],
    PROGRAMS[1],
    PROGRAMS[2],
    PROGRAMS[5],
    PROFILES[1],
    PROFILES[3],
    VARIABLES[0],
    VARIABLES[4],
]
"""A source of each kind of exception that boto3 lets through."""

CHAT: Final = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {name: chat}
  routes: {sendMessage: {responses: {$default: {}}}}
"""

COMMANDS: Final = ["plan", "drift", "status --stage live", "apply --yes"]


@pytest.fixture(autouse=True)
def nobody_to_ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No terminal, whoever runs the tests."""
    monkeypatch.setattr(prompts, "TERMINAL", str(tmp_path / "no-terminal"))


@pytest.fixture
def project(folder: Path, plane: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An API of each kind, to be looked at in two environments; no credentials but the profiles'."""
    plane.calls.clear()
    (folder / "rest.yaml").write_text((SAMPLES / "minimal.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "chat.yaml").write_text(CHAT, encoding="utf-8")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    return folder


def configured(project: Path, source: Source, monkeypatch: pytest.MonkeyPatch) -> str:
    """Environments `broken` and `healthy`; what is to be said of the first."""
    url = os.environ["AWS_ENDPOINT_URL"]
    for name, value in source.lay_out(project, url).items():
        monkeypatch.setenv(name, value)
    broken = "profile: broken" if source.profile else "vars: {}"
    (project / "reconciler.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [rest.yaml, chat.yaml]\n"
        f"environments:\n  broken: {{region: eu-west-1, {broken}}}\n"
        "  healthy: {region: eu-west-1, profile: healthy}\n",
        encoding="utf-8",
    )
    return source.sentence(project, url)


def messages(content: Any) -> list[str]:  # noqa: ANN401 - any JSON
    """Every message in a document."""
    if isinstance(content, dict):
        own = [content["message"]] if isinstance(content.get("message"), str) else []
        return own + messages(list(content.values()))
    return [text for one in content for text in messages(one)] if isinstance(content, list) else []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("source", TELLING, ids=lambda one: one.name)
def test_document_says_both(
    reconciler: InProcess, project: Path, monkeypatch: pytest.MonkeyPatch, source: Source, command: str
) -> None:
    """Exit 1, with a document that has the failure by name; nothing is written to stderr as an internal error."""
    says = configured(project, source, monkeypatch)
    ran = reconciler(*command.split(), "--env", "all", "--format", "json")
    told = [message for message in messages(json.loads(ran.out)) if says in message]

    assert (1, True, "") == (ran.code, bool(told), ran.err if "internal error" in ran.err else "")


@pytest.mark.parametrize("source", TELLING, ids=lambda one: one.name)
def test_healthy_environment_is_compared(
    reconciler: InProcess, project: Path, monkeypatch: pytest.MonkeyPatch, source: Source
) -> None:
    """Both kinds of API, while each manifest of the other environment counts as an error."""
    configured(project, source, monkeypatch)
    document = json.loads(reconciler("drift", "--env", "all", "--format", "json").out)
    targets = {(one["environment"], one["kind"]) for one in document["targets"]}

    assert ({("healthy", "RestApi"), ("healthy", "WebSocketApi")}, 2) == (targets, document["summary"]["errors"])


@pytest.mark.parametrize("source", [one for one in SOURCES if "{server}" not in one.says], ids=lambda one: one.name)
def test_failure_is_told_in_text(
    reconciler: InProcess, project: Path, monkeypatch: pytest.MonkeyPatch, source: Source
) -> None:
    """The environment and its manifests are named, with the rule and what to do."""
    says = configured(project, source, monkeypatch)
    ran = reconciler("plan", "--env", "all")
    line = next((splitline for splitline in ran.out.splitlines() if says in splitline), "")

    assert (1, ["credentials"], True) == (
        ran.code,
        [rule for _, rule in ran.problems()],
        re.search(r"(minimal, chat|chat, minimal) \(broken(, [a-z0-9-]+)?\): ", line) is not None,
    )


@pytest.mark.parametrize("source", TELLING, ids=lambda one: one.name)
def test_nothing_is_written_while_an_environment_fails(
    reconciler: InProcess, project: Path, plane: ControlPlane, monkeypatch: pytest.MonkeyPatch, source: Source
) -> None:
    """All targets, or nothing."""
    configured(project, source, monkeypatch)
    reconciler("apply", "--env", "all", "--yes")

    assert [] == plane.calls.writes()


@pytest.mark.parametrize("source", TELLING, ids=lambda one: one.name)
def test_export_says_why(reconciler: InProcess, project: Path, monkeypatch: pytest.MonkeyPatch, source: Source) -> None:
    """Without credentials nothing is exported, and the source is named."""
    says = configured(project, source, monkeypatch)
    profile = ["--profile", "broken"] if source.profile else []
    ran = reconciler("export", "--all", "--out", project / "exported", *profile)

    assert (1, True, False) == (ran.code, says in ran.err, (project / "exported").exists())


@pytest.mark.parametrize("command", ["plan", "drift", "status --stage live"])
def test_every_environment_that_fails_is_told(
    reconciler: InProcess, project: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Also where none can be reached, there is a document, and each environment has its own reason in it."""
    configured(project, PROGRAMS[3], monkeypatch)
    config = project / "reconciler.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("profile: healthy", "profile: nope"), encoding="utf-8")
    ran = reconciler(*command.split(), "--env", "all", "--format", "json")
    told = messages(json.loads(ran.out))

    assert (1, True, True) == (
        ran.code,
        any("log in first" in one for one in told),
        any("profile nope" in one for one in told),
    )


@pytest.fixture
def with_mfa(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two environments that each need a code."""
    (project / "config").write_text(f"{HEALTHY}[profile one]\n{MFA}[profile two]\n{MFA}", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(project / "config"))
    (project / "reconciler.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [rest.yaml]\n"
        "environments:\n  dev: {region: eu-west-1, profile: one}\n  prod: {region: us-east-1, profile: two}\n",
        encoding="utf-8",
    )
    return project


@pytest.mark.usefixtures("with_mfa")
def test_questions_say_which_environment_asks() -> None:
    """One after the other, each on a line of its own."""
    person = Terminal("drift", "--env", "all", controls=True)
    person.answer("environment dev (profile one): Enter MFA code for arn:aws:iam::123456789012:mfa/me: ", "555111\n")
    first = person.text
    person.answer("environment prod (profile two): Enter MFA code for arn:aws:iam::123456789012:mfa/me: ", "654321\n")
    person.end()

    assert (False, False) == ("environment prod" in first, "555111" in person.text)


@pytest.mark.usefixtures("with_mfa")
def test_code_that_is_not_given_fails_its_environment_alone() -> None:
    """End of input is no code: exit 1, and the other environment is asked for its own."""
    person = Terminal("drift", "--env", "all", controls=True)
    person.answer("environment dev (profile one): Enter MFA code", "\x04")
    person.answer("environment prod (profile two): Enter MFA code", "654321\n")
    code = person.end()

    said = " ".join(person.text.split())  # wherever the line is wrapped
    assert (1, True) == (code, "profile one: an MFA code is required, but none was entered" in said)


@pytest.mark.usefixtures("with_mfa")
def test_interrupt_at_the_question() -> None:
    """Ctrl-C there stops the command, as it does elsewhere."""
    person = Terminal("drift", "--env", "all", controls=True)
    person.answer("environment dev (profile one): Enter MFA code", "\x03")

    assert 130 == person.end()


@pytest.mark.usefixtures("project")
def test_interrupt_while_a_program_asks(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program may take its time on a terminal; Ctrl-C ends it and the command."""
    source = Source(
        "", "", "credential_process = {folder}/program\n", program="echo asking >/dev/tty; read x </dev/tty"
    )
    configured(project, source, monkeypatch)
    person = Terminal("drift", "--env", "all", controls=True)
    person.wait_for("asking")
    os.killpg(person.process_group, signal.SIGINT)

    assert 130 == person.end()


def test_code_without_a_terminal_is_not_read_from_stdin(with_mfa: Path) -> None:
    """Exit 1 with the reason, not 130, and what is piped in is left alone."""
    done = subprocess.run(
        [COMMAND, "drift", "--env", "all"],
        cwd=with_mfa,
        input="123456\n",
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (1, 2) == (done.returncode, done.stdout.count("an MFA code is required, but there is no terminal"))
