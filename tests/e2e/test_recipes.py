"""The recipes as they are written: the schemas that their services publish, and what makes them safe to copy.

The schemas come with check-jsonschema, so that nothing is fetched. That the steps do what they are for is shown by
running them, in the files beside this one.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from e2e.running import ROOT, SAMPLES
from support import plain_yaml
from support.processes import PATIENCE

pytestmark = pytest.mark.recipes

CI: Final = SAMPLES / "ci"
CRON: Final = SAMPLES / "cron"
WORKFLOWS: Final = sorted([*CI.rglob(".github/workflows/*.yml"), *CRON.rglob(".github/workflows/*.yml")])
ACTIONS: Final = sorted(CI.rglob(".github/actions/*/action.yml"))
SETUP: Final = CI / "github" / ".github" / "actions" / "setup-reconciler"
PIPELINES: Final = sorted(CI.rglob(".gitlab-ci.yml"))
DEPENDABOT: Final = CI / "github" / ".github" / "dependabot.yml"
SCHEMAS: Final = {
    "github-workflows": WORKFLOWS, "github-actions": ACTIONS, "dependabot": [DEPENDABOT],
    "gitlab-ci": [*PIPELINES, *CRON.rglob(".gitlab/reconciler/*.yml")],
}  # fmt: skip
PINNED: Final = re.compile(r"uses: [\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")

Definition = dict[str, Any]


def read(file: Path) -> Definition:
    """What a file says, all of it as text."""
    content: Definition = plain_yaml.only_texts(file.read_text(encoding="utf-8"))
    return content


def named(file: Path) -> str:
    """A file within the recipes."""
    return str(file.relative_to(SAMPLES))


def jobs(file: Path) -> dict[str, Definition]:
    """The jobs of a workflow."""
    found: dict[str, Definition] = read(file)["jobs"]
    return found


def steps(file: Path) -> Iterator[Definition]:
    """Every step of a workflow or an action."""
    content = read(file)
    for one in [content["runs"]] if "runs" in content else content["jobs"].values():
        yield from one["steps"]


def uses(file: Path, action: str) -> list[Definition]:
    """The steps that use an action."""
    return [step for step in steps(file) if step.get("uses", "").partition("@")[0] == action]


def writes(step: Definition) -> bool:
    """Whether a step writes to AWS."""
    return step.get("with", {}).get("command") in {"apply", "rollback"} or "reconciler rollback" in step.get("run", "")


every_workflow = pytest.mark.parametrize("file", WORKFLOWS, ids=named)
every_file = pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=named)


def test_there_are_recipes() -> None:
    """None of the checks below is about nothing."""
    assert [True, True, True] == [len(WORKFLOWS) >= 5, len(ACTIONS) >= 3, len(PIPELINES) >= 1]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_schema(schema: str) -> None:
    """What the service would refuse is not written."""
    done = subprocess.run(
        [
            sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}",
            *(["--data-transform", "gitlab-ci"] if schema == "gitlab-ci" else []), *SCHEMAS[schema],
        ],
        capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE,
    )  # fmt: skip

    assert (0, "") == (done.returncode, done.stdout.replace("ok -- validation done\n", ""))


@every_workflow
def test_triggers(file: Path) -> None:
    """No workflow runs with secrets for what a stranger wrote."""
    assert set() == {"pull_request_target", "workflow_run", "issue_comment"} & set(read(file)["on"])


@every_workflow
def test_permissions(file: Path) -> None:
    """A workflow may nothing; each job says what it may, and why where it may write."""
    bare = [line.strip() for line in file.read_text().splitlines() if re.search(r"^ +[\w-]+: write\s*$", line)]

    assert ({}, [], True) == (
        read(file)["permissions"] or {}, bare, all("permissions" in job for job in jobs(file).values()),
    )  # fmt: skip


@every_file
def test_scripts_hold_no_expressions(file: Path) -> None:
    """What comes from outside reaches a shell through its environment, and never as part of the script."""
    assert [] == [step["run"] for step in steps(file) if "${{" in step.get("run", "")]


@every_file
def test_actions_are_pinned(file: Path) -> None:
    """By commit, with the version beside it; those of the repository itself are in it."""
    lines = [line.strip().removeprefix("- ") for line in file.read_text(encoding="utf-8").splitlines()]
    others = [line for line in lines if line.startswith("uses:") and "uses: ./.github/actions/" not in line]

    assert [] == [line for line in others if not PINNED.fullmatch(line)]


def test_one_pin_for_each_action() -> None:
    """All files of all recipes use the same commit of an action, and call it the same version."""
    texts = [file.read_text(encoding="utf-8") for file in (*WORKFLOWS, *ACTIONS)]
    pins = {tuple(one) for text in texts for one in re.findall(r"uses: ([\w./-]+)@(\w+ # \S+)", text)}

    assert len(pins) == len({action for action, _ in pins}) >= 6


def test_nothing_is_installed_until_it_is_named() -> None:
    """Nobody publishes the package: no recipe names one, in the one place where it says what is installed."""
    inputs = read(SETUP / "action.yml")["inputs"]
    variables = read(PIPELINES[0])["variables"]

    assert ["", "", "", ""] == [
        inputs["source"]["default"], inputs["index-url"]["default"],
        variables["RECONCILER_SOURCE"], variables["RECONCILER_INDEX_URL"],
    ]  # fmt: skip


@every_workflow
def test_every_job_ends(file: Path) -> None:
    """After an hour at the latest, as long as the credentials of a role last."""
    assert [] == [name for name, one in jobs(file).items() if not 0 < int(one.get("timeout-minutes", 0)) <= 60]


@pytest.mark.parametrize("file", PIPELINES, ids=named)
def test_every_job_of_gitlab_ends(file: Path) -> None:
    """By default after half an hour, and never after more than one."""
    content = read(file)
    limits = [one["timeout"] for one in content.values() if isinstance(one, dict) and "timeout" in one]

    assert ("30 minutes", {"30 minutes", "60 minutes"}) == (content["default"]["timeout"], set(limits))


@every_workflow
def test_nothing_is_installed_with_a_role(file: Path) -> None:
    """What a job runs is installed before it takes the role."""
    for job in jobs(file).values():
        names = [one.get("uses", "").partition("@")[0] for one in job["steps"]]
        places = [at for at, name in enumerate(names) if name.rpartition("/")[2].startswith("setup-")]
        role = "aws-actions/configure-aws-credentials"

        assert places
        assert role not in names or max(places) < names.index(role)


def test_zizmor_finds_nothing() -> None:
    """No finding of any weight in workflows, actions and dependabot.yml, but hints."""
    done = subprocess.run(
        [Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", "--min-severity=medium", CI, CRON],
        capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE,
    )  # fmt: skip

    assert (0, True) == (done.returncode, "No findings to report" in done.stdout + done.stderr)


def test_dependabot_watches_all_that_is_pinned() -> None:
    """The folders of the workflows and of every action, and the list of packages."""
    watched = {one["package-ecosystem"]: one for one in read(DEPENDABOT)["updates"]}
    places = str(SETUP.relative_to(CI / "github"))

    assert {"github-actions": ["/", "/.github/actions/*"], "pip": [f"/{places}"]} == {
        name: one.get("directories", [one.get("directory")]) for name, one in watched.items()
    }


@every_file
def test_local_actions_are_there(file: Path) -> None:
    """Each with all that it needs, and nothing that it does not know."""
    for step in steps(file):
        place = step.get("uses", "")
        if place.startswith("./"):
            inputs = read(CI / "github" / place / "action.yml")["inputs"]
            needed = {name for name, one in inputs.items() if one.get("required") == "true"}

            assert needed <= set(step.get("with", {})) <= set(inputs)


@every_workflow
def test_checkouts_keep_no_token(file: Path) -> None:
    """What runs later in the job does not find one in the clone."""
    assert {"false"} == {use["with"]["persist-credentials"] for use in uses(file, "actions/checkout")}


@every_workflow
def test_journal_is_always_kept(file: Path) -> None:
    """Also of a job that fails; hidden files are left out by default, and it is one."""
    journals = [use for use in uses(file, "actions/upload-artifact") if ".reconciler" in use["with"]["path"]]

    assert any(map(writes, steps(file))) == bool(journals)
    assert {("always()", "true")} >= {(journal["if"], journal["with"]["include-hidden-files"]) for journal in journals}


@every_workflow
def test_writing_is_never_stopped(file: Path) -> None:
    """Jobs that write wait for each other, however many; none is cancelled; their environment guards their role."""
    for job in jobs(file).values():
        if any(map(writes, job["steps"])):
            assert ("false", "max", True, True) == (
                job["concurrency"]["cancel-in-progress"], job["concurrency"].get("queue"),
                job["concurrency"]["group"].startswith("reconciler-"), "environment" in job,
            )  # fmt: skip


@every_workflow
def test_no_role_for_forks(file: Path) -> None:
    """A job that runs for pull requests and takes a role looks where the branch is from."""
    if "pull_request" in read(file)["on"]:
        takers = [job for job in jobs(file).values() if "id-token" in job["permissions"]]

        assert all(
            "head.repo.full_name == github.repository" in taker["if"] or "'push'" in taker["if"] for taker in takers
        )


@every_file
def test_scripts_are_shell(file: Path) -> None:
    """Bash can read each of them, and is what runs it: with `pipefail`, which it is not by default."""
    default = read(file).get("defaults", {}).get("run", {}).get("shell")
    for step in steps(file):
        if "run" in step:
            read_only = subprocess.run(["bash", "-n"], input=step["run"], encoding="utf-8", check=False)  # noqa: S607

            assert (0, "bash") == (read_only.returncode, step.get("shell", default))


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS, *PIPELINES], ids=named)
def test_readme_explains_it(file: Path) -> None:
    """Every file of every recipe is named in the README beside them."""
    readme = "".join((folder / "README.md").read_text(encoding="utf-8") for folder in (CI, CRON))
    name = file.parent.name if file.name == "action.yml" else file.name

    assert name in readme


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", (CI / "README.md").read_text()))))
def test_link_leads_somewhere(target: str) -> None:
    """Links of that README are not broken."""
    assert (CI / target).exists()


def test_main_readme_leads_here() -> None:
    """Whoever reads the README of the project finds the recipes."""
    assert "](samples/ci" in (ROOT / "README.md").read_text(encoding="utf-8")
