"""The examples on the pages of rules do what the pages say: the wrong one breaks its rule, the right one nothing."""

import shlex
from collections.abc import Iterable
from typing import Final

import click
import pytest

from reconciler.cli.main import commands
from reconciler.diagnostics import Diagnostic
from reconciler.engine.load.request import Request
from reconciler.engine.validate import validate
from reconciler.manifest import Disk
from reconciler.rule_pages import RuleExample, page_of
from reconciler.rules import RULES, GuardRule, InputRule, LintRule, Rule, RunRule
from support.rule_examples import commands_of, make_apis, program_of, run_commands, write_files
from support.stage import Stage

ONLY_AWS_KNOWS: Final = frozenset({LintRule.CONTENT_HANDLING})
"""Rules that need AWS for their example, though others of their cases do not."""

NOT_RUN: Final = frozenset({InputRule.IDLE_ONLY})
"""Rules of which the example is a command line that needs an account with APIs."""

PLANNED: Final = [
    GuardRule.MAX_DELETE,
    GuardRule.MAX_UPDATE,
    GuardRule.EMPTY_METHOD,
    GuardRule.DEFAULT_REMOVED,
    GuardRule.PROTECT,
]
"""Rules of the guard with manifests that it refuses to plan."""

CHECKED: Final = [rule for rule in (*LintRule, *InputRule, RunRule.PATTERN_TAKEN) if rule not in NOT_RUN]

_CONTEXT: Final = click.Context(commands, help_option_names=["-h", "--help"])


def wrong(rule: Rule) -> RuleExample:
    """What a page says not to do."""
    example = page_of(rule).wrong
    assert example
    return example


def right(rule: Rule) -> RuleExample:
    """What a page says to do instead."""
    example = page_of(rule).right
    assert example
    return example


def problems_of(rule: Rule, example: RuleExample, stage: Stage) -> list[Diagnostic]:
    """The problems of the files of an example: offline, or against the APIs of the pages if the rule needs AWS."""
    write_files(stage.folder, example)
    if not (rule.needs_aws or rule in ONLY_AWS_KNOWS):
        return list(validate(Request((".",)), Disk()).diagnostics)
    make_apis(stage.plane)
    return list(stage.plan().diagnostics)


def ids(problems: Iterable[Diagnostic]) -> set[str]:
    """The rules that problems name."""
    return {problem.rule.id for problem in problems}


def printed(example: RuleExample, stage: Stage, capsys: pytest.CaptureFixture[str]) -> str:
    """What the commands of an example print in a folder with its files."""
    write_files(stage.folder, example)
    run_commands(example)
    output = capsys.readouterr()
    return output.out + output.err


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.id)
def test_a_wrong_example_breaks_its_rule(rule: Rule, stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """As a reader who tries it would see, with the severity that the page names."""
    example = wrong(rule)
    text = (
        printed(example, stage, capsys)
        if commands_of(example)
        else "\n".join(map(str, problems_of(rule, example, stage)))
    )
    found = [line for line in text.splitlines() if f" [{rule}]" in line]

    assert found
    assert [] == [line for line in found if f"{rule.severity}: " not in line]


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.id)
def test_a_right_example_breaks_no_rule(rule: Rule, stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither its own nor another."""
    example = right(rule)
    if not commands_of(example):
        assert set() == ids(problems_of(rule, example, stage))
        return
    text = printed(example, stage, capsys)

    assert [] == [line for line in text.splitlines() if "error: " in line or "warning: " in line]


@pytest.mark.parametrize("rule", PLANNED)
def test_the_guard_refuses_a_wrong_example(rule: GuardRule, stage: Stage) -> None:
    """And nothing else is wrong with it, except that a protected response cannot be declared absent."""
    make_apis(stage.plane)
    write_files(stage.folder, wrong(rule))
    planned = stage.plan()

    assert ([rule], {"protected-absent"} if rule is GuardRule.PROTECT else set()) == (
        [refusal.rule for refusal in planned.verdict.refusals],
        ids(planned.diagnostics),
    )


@pytest.mark.parametrize("rule", PLANNED)
def test_the_guard_lets_a_right_example_pass(rule: GuardRule, stage: Stage) -> None:
    """Another manifest, or the same one with the option that the command shows."""
    make_apis(stage.plane)
    is_waived = f"--force {rule}" in " ".join(commands_of(right(rule)))
    write_files(stage.folder, wrong(rule) if is_waived else right(rule))
    planned = stage.plan((rule,) if is_waived else ())

    assert (True, (), ()) == (
        bool(planned.plan.targets[0].actions),
        planned.verdict.refusals,
        planned.diagnostics,
    )


def test_a_plan_without_manifests_passes_when_forced(stage: Stage) -> None:
    """As the page of `emptySet` shows."""
    assert [GuardRule.EMPTY_SET] == [refusal.rule for refusal in stage.plan().verdict.refusals]
    assert "--force emptySet" in commands_of(right(GuardRule.EMPTY_SET))[0]
    assert () == stage.plan((GuardRule.EMPTY_SET,)).verdict.refusals


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_command_line_parses(rule: Rule) -> None:
    """The commands exist, and take the options that the examples give them."""
    lines = [line for _, example in page_of(rule).titled_examples for line in commands_of(example)]
    for line in lines:
        words = shlex.split(line.partition(" > ")[0])
        if program_of(line) == "reconciler":
            name, *arguments = words[words.index("reconciler") + 1 :]
            command = commands.get_command(_CONTEXT, name)
            assert command, line
            command.make_context(name, arguments, parent=_CONTEXT)


@pytest.mark.parametrize("rule", [*GuardRule, *RunRule], ids=lambda rule: rule.id)
def test_configurations_of_examples_are_valid(rule: Rule, stage: Stage) -> None:
    """Those of rules that need more than files to be broken."""
    for _, example in page_of(rule).titled_examples:
        write_files(stage.folder, example)
    if (stage.folder / "reconciler.yaml").exists():
        assert {"empty-set"} == ids(validate(Request((".",)), Disk()).diagnostics)
