"""`reconciler sandbox` and `reconciler demo`, as somebody meets them who has neither account nor patience."""

import re
import signal
import socket
from pathlib import Path

import pytest

from e2e.running import COMMAND, Ran, execute, started, with_command_on_path
from reconciler.cli.handlers.sandbox import run
from support.processes import PATIENCE


def test_command_ends_as_it_would() -> None:
    """`sandbox -- COMMAND` passes on what stands behind `--`, and ends as COMMAND does."""
    script = 'echo "$@"; exit 7'

    assert Ran(7, "--port -v --help\n", "") == execute(
        "sandbox", "--", "sh", "-c", script, "sh", "--port", "-v", "--help"
    )


def test_quotas_leave_the_pace_to_the_client() -> None:
    """With `--quotas`, commands use half of them, as on AWS; without, they are not paced at all."""
    codes = [
        run(0, (), empty=True, quotas=quotas, arguments=("sh", "-c", f'test "$RECONCILER_QUOTA_SHARE" = {share}'))
        for quotas, share in ((True, "50%"), (False, "off"))
    ]

    assert [0, 0] == codes


def test_command_that_does_not_exist() -> None:
    """As of a shell: 127 and one line."""
    assert Ran(127, "", "reconciler sandbox: nosuchcommand: no such command\n") == execute(
        "sandbox", "--", "nosuchcommand"
    )


def test_port_in_use() -> None:
    """A port that is taken is named, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = execute("sandbox", "--port", str(port))

    assert (1, "", True, 1) == (ran.code, ran.out, f"port {port}" in ran.err, len(ran.failures()))


def test_settings_do_not_lead_past_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever profile, endpoint or region is exported outside, a command inside talks to the sandbox."""
    for name, value in {
        "AWS_PROFILE": "production",
        "AWS_ENDPOINT_URL_API_GATEWAY": "http://127.0.0.1:9",
        "RECONCILER_ENDPOINT_URL": "http://127.0.0.1:9",
        "RECONCILER_REGION": "us-east-1",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    ran = execute("sandbox", "--", COMMAND, "plan", "samples/minimal.yaml", "--detailed-exitcode")

    assert (2, "") == (ran.code, ran.err)


def test_printed_lines_are_for_a_shell() -> None:
    """Two shells: one runs the sandbox, the other takes over what it prints and works with it. Ctrl-C ends it well."""
    with started("sandbox") as sandbox:
        assert sandbox.stdout
        lines = ""
        while "RECONCILER_QUOTA_SHARE" not in lines:
            line = sandbox.stdout.readline()
            assert line
            lines += line
        script = f"{lines}\nreconciler plan samples/minimal.yaml --detailed-exitcode"
        planned = execute("-c", script, program="sh", environment=with_command_on_path())
        sandbox.send_signal(signal.SIGINT)
        sandbox.wait(timeout=PATIENCE)

    assert (2, "", 0) == (planned.code, planned.err, sandbox.returncode)


def test_demo_tells_the_whole_story() -> None:
    """From a response test over plan, drift and adopt to a WebSocket API: each command has its own exit code."""
    ran = execute("demo")
    steps = re.findall(r"^\$ reconciler (\w+)|^\(exit code (\d+)", ran.out, re.MULTILINE)

    story = ["test", "1", "test", "0", "plan", "2", "apply", "0", "plan", "0", "drift", "2", "apply", "0"]
    story += ["adopt", "0", "drift", "0", "plan", "2", "0"]  # the last line of commands has both, plan and apply
    assert (0, "", story) == (
        ran.code,
        ran.err,
        [word or code for word, code in steps],
    )


def test_demo_needs_no_settings_and_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs anywhere, even in the root folder with a broken AWS profile."""
    monkeypatch.setenv("AWS_PROFILE", "broken")

    assert 0 == execute("demo", folder=Path("/")).code
