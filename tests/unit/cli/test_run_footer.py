"""What the footer says about a run."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.cli.run_footer import footer_of, run_footer
from reconciler.render.footer import Footer


def footer(*arguments: str, process: Mapping[str, str] | None = None, folder: Path = Path("/")) -> Footer:
    """The footer of a command line."""
    return footer_of(arguments, process or {}, folder, "2026-01-31T00:00:00Z", 1.5)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--var", "tier=gold"), ("--var", "tier=gold")),
        (("--var", "clientSecret=x"), ("--var", "clientSecret=***")),
        (("--var=api_key=x",), ("--var=api_key=***",)),
        (("--env", "a", "--var", "dbPassword=a=b"), ("--env", "a", "--var", "dbPassword=***")),
        (("--var", "token"), ("--var", "token")),
        (("--endpoint-url", "https://me:word@host/"), ("--endpoint-url", "https://***@host/")),
        (("--format", "html=a.html", "--format=json", "-q"), ("-q",)),
    ],
)
def test_the_command_line(arguments: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """Without secrets, and without where the reports go."""
    assert ("reconciler", "plan", *expected) == footer("plan", *arguments).words


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("plan", "--format", "markdown"), True),
        (("plan", "--var", "token=x"), False),
        (("apply", "--plan", "p.json"), False),
        (("apply", "--plan=p.json"), False),
    ],
)
def test_what_can_be_repeated(arguments: tuple[str, ...], expected: bool) -> None:
    """A saved plan takes no --force, and nothing may be missing."""
    assert expected is footer(*arguments).can_repeat


@pytest.mark.parametrize(
    ("process", "expected"),
    [
        ({"GITHUB_HEAD_REF": "topic", "GITHUB_REF_NAME": "7/merge"}, "topic"),
        ({"GITHUB_HEAD_REF": "", "GITHUB_REF_NAME": "main"}, "main"),
        ({"CI_COMMIT_REF_NAME": "main"}, "main"),
        ({}, ""),
    ],
)
def test_a_ci_system_knows_the_branch(process: Mapping[str, str], expected: str) -> None:
    """It checks out a commit."""
    assert expected == footer("plan", process=process).branch


def test_the_running_command() -> None:
    """It has a version and a time."""
    shown = run_footer(2.0)

    assert (True, True, 2.0) == (bool(shown.version), shown.created_at.endswith("Z"), shown.seconds)
