"""The question before anything is written."""

from collections.abc import Sequence

import pytest

from reconciler.cli.terminal.prompt import confirmed


@pytest.mark.parametrize(
    ("protected", "answers", "expected"),
    [
        ((), ("yes\n",), True),
        ((), ("y\n",), False),
        (("prod",), ("prod\n",), True),
        (("prod",), ("yes\n",), False),
        (("prod",), ("",), False),
        (("eu", "us"), ("eu\n", "us\n"), True),
        (("eu", "us"), ("eu\n", "eu\n"), False),
    ],
)
def test_answers(
    protected: Sequence[str], answers: Sequence[str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only `yes`, or the name of every protected environment, goes on."""
    lines = iter(answers)
    monkeypatch.setattr("reconciler.cli.terminal.prompt.read_line", lambda: next(lines))

    assert expected is confirmed("Apply?", protected)


def test_the_question_names_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On stderr, so that stdout holds the result alone."""
    monkeypatch.setattr("reconciler.cli.terminal.prompt.read_line", lambda: "prod\n")
    confirmed("Apply this?", ("prod",))

    assert ("", "\nApply this?\nEnter the environment's name, prod, to continue: ") == capsys.readouterr()
