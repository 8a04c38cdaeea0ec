"""On a terminal: colours, progress, and the question before anything is written."""

import os
import signal
from pathlib import Path

import pytest

from e2e.running import SAMPLES, InProcess
from e2e.terminals import Terminal
from reconciler.sandbox.model.plane import ControlPlane

MINIMAL = SAMPLES / "minimal.yaml"
QUESTION = "Enter 'yes' to continue: "
ESCAPE = "\x1b["


@pytest.fixture(autouse=True)
def terminal_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that shows colours."""
    monkeypatch.setenv("TERM", "xterm-256color")


def shown(*arguments: str | Path) -> str:
    """All that a command puts on the screen."""
    terminal = Terminal(*arguments)
    terminal.end()
    return terminal.text


def test_validate_is_coloured() -> None:
    """The verdict is green on a terminal when all is well."""
    assert f"{ESCAPE}32mValid" in shown("validate", MINIMAL)


@pytest.mark.usefixtures("sandbox")
def test_plan_is_coloured() -> None:
    """What is to be created is green on a terminal."""
    assert f"{ESCAPE}32m+ 503" in shown("plan", MINIMAL)


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("RECONCILER_NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    """NO_COLOR and its kin are heeded."""
    monkeypatch.setenv(variable, value)

    assert ESCAPE not in shown("validate", MINIMAL)


def test_no_color_option() -> None:
    """--no-color does the same."""
    assert ESCAPE not in shown("validate", MINIMAL, "--no-color")


def test_json_is_never_coloured() -> None:
    """A document stays a document, on a terminal too."""
    assert ESCAPE not in shown("validate", MINIMAL, "--format", "json")


@pytest.mark.parametrize("answer", ["no", "Yes"])
def test_only_yes_goes_on(plane: ControlPlane, answer: str) -> None:
    """Any answer but `yes` writes nothing and exits with 4."""
    terminal = Terminal("apply", MINIMAL)
    terminal.wait_for(QUESTION)
    terminal.type(f"{answer}\n")
    code = terminal.end()

    assert (4, True, []) == (code, "Not approved; nothing was written." in terminal.text, plane.calls.writes())


def test_yes_goes_on(plane: ControlPlane) -> None:
    """`yes` applies the plan that was shown."""
    terminal = Terminal("apply", MINIMAL)
    terminal.wait_for(QUESTION)
    before = len(plane.calls.writes())
    terminal.type("yes\n")
    code = terminal.end()

    assert (0, 0, 1, True) == (code, before, len(plane.calls.writes()), "1 applied" in terminal.text)


@pytest.mark.usefixtures("plane")
@pytest.mark.parametrize("options", [("--format", "json"), ("-q",)])
def test_nobody_is_asked_about_what_was_not_shown(options: tuple[str, ...]) -> None:
    """Quiet, or with another format on stdout, the whole plan stands before the question all the same."""
    terminal = Terminal("apply", MINIMAL, *options)
    terminal.wait_for(QUESTION)
    asked = terminal.text
    terminal.type("no\n")
    terminal.end()

    assert "GET /health" in asked


def test_end_of_input_is_no_yes(plane: ControlPlane) -> None:
    """Ctrl-D at the question writes nothing."""
    terminal = Terminal("apply", MINIMAL)
    terminal.wait_for(QUESTION)
    terminal.type("\x04")

    assert (4, []) == (terminal.end(), plane.calls.writes())


def test_change_while_asking_is_refused(plane: ControlPlane) -> None:
    """AWS is read again after the answer: what was approved is what runs, or nothing does."""
    terminal = Terminal("apply", MINIMAL)
    terminal.wait_for(QUESTION)
    resource = plane.call("GetResources", restApiId="minimal001")["items"][1]["id"]
    where = {"restApiId": "minimal001", "resourceId": resource, "httpMethod": "GET", "statusCode": "200"}
    plane.call("PutIntegrationResponse", **where, responseTemplates={"text/plain": "somebody else's"})
    plane.calls.clear()
    terminal.type("yes\n")
    code = terminal.end()

    assert (4, True, []) == (code, "AWS has changed since the plan was shown" in terminal.text, plane.calls.writes())


def test_interrupt_at_the_question(plane: ControlPlane) -> None:
    """Ctrl-C at the question ends it: 130, nothing written, no traceback; that is said in a line of its own."""
    terminal = Terminal("apply", MINIMAL)
    terminal.wait_for(QUESTION)
    os.killpg(terminal.process_group, signal.SIGINT)
    code = terminal.end()

    last = terminal.text.splitlines()[-1]
    assert (130, "error: interrupted; nothing was written", []) == (code, last, plane.calls.writes())


@pytest.mark.usefixtures("sandbox")
def test_nothing_to_do_asks_nothing(reconciler: InProcess) -> None:
    """Without changes there is no question."""
    reconciler("apply", MINIMAL, "--yes")

    assert QUESTION not in shown("apply", MINIMAL)


@pytest.mark.parametrize(("answer", "code", "writes"), [("no", 4, 0), ("yes", 0, 1)])
def test_a_rollback_asks_too(reconciler: InProcess, plane: ControlPlane, answer: str, code: int, writes: int) -> None:
    """After its plan, as an apply does."""
    reconciler("apply", MINIMAL, "--yes")
    plane.calls.clear()
    terminal = Terminal("rollback", "latest")
    terminal.wait_for(QUESTION)
    terminal.type(f"{answer}\n")

    assert (code, writes) == (terminal.end(), len(plane.calls.writes()))


def test_a_rollback_speaks_of_what_was_before(reconciler: InProcess, plane: ControlPlane) -> None:
    """The question, and the plan as it would be now where somebody changed AWS meanwhile, know of no manifest."""
    reconciler("apply", MINIMAL, "--yes", "--deploy", "--stage", "prod")
    terminal = Terminal("rollback", "latest", "--deploy")
    terminal.wait_for(QUESTION)
    resource = plane.call("GetResources", restApiId="minimal001")["items"][1]["id"]
    where = {"restApiId": "minimal001", "resourceId": resource, "httpMethod": "GET", "statusCode": "503"}
    plane.call("PutIntegrationResponse", **where, selectionPattern="somebody else's")
    terminal.type("yes\n")
    code = terminal.end()
    asked, _, refused = terminal.text.partition(QUESTION)

    assert (4, True, 1) == (
        code,
        "restore the earlier deployment of prod?" in asked,
        refused.count("did not exist before the run"),
    )
