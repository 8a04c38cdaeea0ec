"""adopt from the command line: drift, choices, files, exit codes."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from e2e.running import SAMPLES, InProcess
from e2e.terminals import Terminal
from reconciler.sandbox.model.plane import ControlPlane

MINIMAL = "minimal.yaml"


@pytest.fixture
def manifest(folder: Path, plane: ControlPlane, reconciler: InProcess) -> Path:
    """A manifest that AWS is in sync with, but that somebody has edited one response by hand since."""
    shutil.copy(SAMPLES / MINIMAL, folder)
    reconciler("apply", MINIMAL, "--yes")
    edit(plane, "5..")
    return folder / MINIMAL


def edit(plane: ControlPlane, pattern: str, status: str = "503") -> None:
    """What somebody does in the console."""
    api = next(one["id"] for one in plane.call("GetRestApis")["items"] if one["name"] == "minimal")
    resources = plane.call("GetResources", restApiId=api, limit=500)["items"]
    resource = next(one["id"] for one in resources if one["path"] == "/health")
    plane.call(
        "UpdateIntegrationResponse",
        restApiId=api,
        resourceId=resource,
        httpMethod="GET",
        statusCode=status,
        patchOperations=[{"op": "replace", "path": "/selectionPattern", "value": pattern}],
    )


def test_drift_is_adopted(reconciler: InProcess, manifest: Path) -> None:
    """Drift, adopt, no drift."""
    codes = [reconciler(*words, manifest).code for words in (("drift",), ("adopt", "--yes"), ("drift",))]

    assert [2, 0, 0] == codes


def test_drift_of_websocket_apis_is_adopted(reconciler: InProcess, folder: Path, plane: ControlPlane) -> None:
    """Drift, adopt, no drift, and one changed line: as with REST APIs."""
    shutil.copytree(SAMPLES / "chat", folder / "chat")
    reconciler("apply", "chat", "--yes", "--force", "maxUpdate", "--force", "maxDelete")
    before = (folder / "chat/chat.yaml").read_bytes().splitlines()
    api = next(one["ApiId"] for one in plane.call("GetApis")["Items"] if one["Name"] == "chat")
    routes = plane.call("GetRoutes", ApiId=api)["Items"]
    target = next(route["Target"].removeprefix("integrations/") for route in routes if route["RouteKey"] == "ping")
    where = {"ApiId": api, "IntegrationId": target}
    (response,) = plane.call("GetIntegrationResponses", **where)["Items"]
    template = {"pong": '{"type": "pong!"}'}
    plane.call(
        "UpdateIntegrationResponse",
        **where,
        IntegrationResponseId=response["IntegrationResponseId"],
        ResponseTemplates=template,
    )
    codes = [reconciler(*words, "chat").code for words in (("drift",), ("adopt", "--yes"), ("drift",))]
    after = (folder / "chat/chat.yaml").read_bytes().splitlines()

    assert ([2, 0, 0], 1) == (codes, sum(one != other for one, other in zip(before, after, strict=True)))


def test_only_drifted_lines_change(reconciler: InProcess, manifest: Path) -> None:
    """One value that differs is one line that differs."""
    before = manifest.read_bytes().splitlines()
    reconciler("adopt", manifest, "--yes")
    after = manifest.read_bytes().splitlines()

    assert (len(before), 1) == (len(after), sum(one != other for one, other in zip(before, after, strict=True)))


def test_changes_are_shown(reconciler: InProcess, manifest: Path) -> None:
    """As a diff of the files, before the summary."""
    ran = reconciler("adopt", MINIMAL, "--yes")

    assert (True, "Adopted: 1 finding in 1 file.") == (f"--- {manifest.name}\n" in ran.out, ran.last)


def test_quiet_says_nothing_when_all_is_well(reconciler: InProcess, manifest: Path) -> None:
    """A cron job that adopts has nothing to report."""
    assert ("Adopted: 1 finding in 1 file.", 0) == (
        reconciler("adopt", manifest, "--yes").last,
        len(reconciler("adopt", manifest, "--yes", "-q").text),
    )


def test_nothing_is_written_to_aws(reconciler: InProcess, manifest: Path, plane: ControlPlane) -> None:
    """It is the manifest that gives way."""
    plane.calls.clear()
    reconciler("adopt", manifest, "--yes")

    assert [] == plane.calls.writes()


def test_without_a_terminal_it_needs_yes(reconciler: InProcess, manifest: Path) -> None:
    """Nobody to choose and no --yes is wrong usage."""
    before = manifest.read_bytes()
    ran = reconciler("adopt", manifest)

    assert (64, ["cannot ask for confirmation without a terminal"], before) == (
        ran.code,
        ran.failures(),
        manifest.read_bytes(),
    )


def test_manifest_that_does_not_parse(reconciler: InProcess, manifest: Path) -> None:
    """Told with its place; nothing is written."""
    manifest.write_text(manifest.read_text() + "kind: [\n")
    before = manifest.read_bytes()
    ran = reconciler("adopt", MINIMAL, "--yes")

    assert (1, before, MINIMAL) == (ran.code, manifest.read_bytes(), ran.problems()[0][0].partition(":")[0])


def test_manifest_that_cannot_be_written(
    reconciler: InProcess, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk's reason is told."""
    before = manifest.read_bytes()

    really_open = os.open

    def refuse(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied", str(path))
        return really_open(path, flags, mode)

    monkeypatch.setattr(os, "open", refuse)  # the tests may run as root, whom no permissions stop
    ran = reconciler("adopt", MINIMAL, "--yes")
    monkeypatch.undo()

    assert (1, before, True) == (
        ran.code,
        manifest.read_bytes(),
        "Permission denied; nothing was written [not-written]" in ran.out,
    )


def test_only_chooses_findings(reconciler: InProcess, manifest: Path) -> None:
    """What `--only` leaves out is left alone."""
    before = manifest.read_bytes()
    ran = reconciler("adopt", MINIMAL, "--yes", "--only", "*: GET /health 200")

    assert (0, before) == (ran.code, manifest.read_bytes())


@pytest.mark.parametrize(("answers", "code", "changed"), [("y\nyes\n", 0, True), ("n\n", 0, False), ("q\n", 0, False)])
@pytest.mark.usefixtures("sandbox")
def test_each_finding_is_asked_about(manifest: Path, answers: str, code: int, *, changed: bool) -> None:
    """On a terminal: adopt what is live, keep the manifest's version, or quit."""
    before = manifest.read_bytes()
    terminal = Terminal("adopt", MINIMAL)
    terminal.wait_for("(1/1) Adopt this change [y,n,e,a,d,q,?]? ")
    terminal.type(answers)

    assert (code, changed) == (terminal.end(), before != manifest.read_bytes())


@pytest.mark.usefixtures("sandbox")
def test_a_dialogue(manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change is shown with its place; `?` explains the answers; a mistake in the editor can be edited again."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\ngrep -q mine "$1" && echo "selectionPattern: 59x" >"$1" || echo "mine: [" >"$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    terminal = Terminal("adopt", MINIMAL)
    terminal.answer("(1/1) Adopt this change [y,n,e,a,d,q,?]? ", "?\n")
    terminal.answer("q - quit", "e\n")
    terminal.answer("Edit it again [y,n]? ", "n\n")
    terminal.text = ""
    terminal.answer("[y,n,e,a,d,q,?]? ", "edit\n")
    terminal.answer("Edit it again [y,n]? ", "y\n")
    terminal.answer("Enter 'yes' to continue: ", "yes\n")

    assert (0, True) == (terminal.end(), "selectionPattern: '59x'" in manifest.read_text())


@pytest.mark.usefixtures("sandbox", "manifest")
def test_quitting_and_continuing(folder: Path, plane: ControlPlane) -> None:
    """What was kept is remembered in a small file, until every question is answered."""
    remembered = folder / ".reconciler" / "adopt-kept.json"
    edit(plane, "7..", "200")
    first = Terminal("adopt", MINIMAL)
    first.answer("(1/2) ", "n\n")
    first.answer("(2/2) Adopt", "q\n")
    codes = [first.end()]
    known = remembered.exists()
    second = Terminal("adopt", MINIMAL)
    second.answer("(1/1) Adopt", "n\n")
    codes.append(second.end())

    assert ([0, 0], True, False) == (codes, known, remembered.exists())
    assert "1 finding left to decide. To continue: reconciler adopt minimal.yaml" in first.text
    assert "as answered before" in " ".join(second.text.split())  # wherever the line is wrapped


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("keys", ["\x03", "\x04"])
def test_ending_without_an_answer(manifest: Path, keys: str) -> None:
    """Ctrl-C and the end of the input write nothing."""
    before = manifest.read_bytes()
    terminal = Terminal("adopt", MINIMAL, controls=False)
    terminal.wait_for("?]? ")
    if keys == "\x03":
        os.killpg(terminal.process_group, signal.SIGINT)
    else:
        terminal.type(keys)

    assert (130, before) == (terminal.end(), manifest.read_bytes())


@pytest.mark.usefixtures("sandbox")
def test_files_are_approved(manifest: Path) -> None:
    """Anything but `yes` leaves them as they are."""
    before = manifest.read_bytes()
    terminal = Terminal("adopt", MINIMAL)
    terminal.wait_for("(1/1) Adopt this change [y,n,e,a,d,q,?]? ")
    terminal.type("y\n")
    terminal.wait_for("Enter 'yes' to continue: ")
    terminal.type("y\n")

    assert (1, before) == (terminal.end(), manifest.read_bytes())
