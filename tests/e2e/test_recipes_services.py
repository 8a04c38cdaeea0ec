"""The recipes for Jenkins, Atlantis, AWS CodePipeline, any CI service, and the component for GitLab.

What they run is run here as it stands, from the plan to the apply, in a repository whose manifests AWS does not match
yet. What their services would refuse is checked with a reader of the language, or with the schema that they publish.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
import tree_sitter_groovy
from tree_sitter import Language, Node, Parser

from e2e.running import SAMPLES, InProcess
from reconciler.errors import ExitCode
from reconciler.sandbox.server import Server
from support import plain_yaml
from support.ci.apis import COMMAND, MANIFEST, change, recipe
from support.ci.shells import run_script
from support.cloudformation import template
from support.processes import PATIENCE
from support.repositories import Repository

pytestmark = pytest.mark.recipes

CI: Final = SAMPLES / "ci"
JENKINSFILE: Final = CI / "jenkins" / "Jenkinsfile"
COMPONENT: Final = CI / "gitlab-component" / "templates" / "reconciler.yml"
PIPELINE: Final = CI / "codepipeline" / "template.yaml"
BUILDS: Final = sorted((CI / "codepipeline" / ".codebuild").iterdir())
ATLANTIS: Final = CI / "atlantis"
ANY: Final = CI / "any-ci.md"
SCRIPTS: Final = CI / "gitlab" / ".gitlab" / "reconciler"
CONFIGURATION: Final = """\
apiVersion: reconciler/v1
kind: Config
manifests: [manifests/]
environments: {prod: {region: eu-west-1}}
"""


@dataclass
class Machine:
    """A checkout of a branch that changes a template, which AWS does not hold yet, with a way to AWS."""

    repository: Repository
    environment: Mapping[str, str]
    home: Path
    codes: list[int] = field(default_factory=list)

    def run(
        self,
        commands: Iterable[str],
        variables: Mapping[str, str] = MappingProxyType({}),
        shell: Sequence[str] = ("sh", "-e"),
    ) -> str:
        """Run commands in one shell, and return what they printed."""
        script = self.home / "script"
        script.write_text("\n".join(commands), encoding="utf-8")
        environment = {**self.environment, **variables}
        code, log = run_script([*shell, str(script)], self.repository.folder, environment)
        self.codes.append(code)
        return log


@pytest.fixture
def machine(sandbox: Server, reconciler: InProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The machine of a job: AWS holds what main says, and the branch changes a template."""
    empty = tmp_path / "empty"
    empty.mkdir()
    made = recipe(tmp_path / "repo", empty, monkeypatch)
    assert reconciler("apply", made.folder / MANIFEST, "--yes").code == 0
    made.write("reconciler.yaml", CONFIGURATION)
    made.commit(message="environments")
    change(made, "better\n")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "reconciler").symlink_to(COMMAND)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RECONCILER_")},
        **sandbox.environment_over({}),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
    }
    return Machine(made, environment, tmp_path)


def is_applied(reconciler: InProcess) -> bool:
    """Whether AWS holds what the current folder says."""
    return reconciler("drift", "--env", "all").code == 0


def journals(machine: Machine) -> list[str]:
    """The runs in the repository's own journal folder."""
    return [each.name for each in (machine.repository.folder / ".reconciler" / "runs").glob("*Z-*")]


def test_any_ci(machine: Machine, reconciler: InProcess) -> None:
    """The four commands of the page, in their order, apply what was planned."""
    (block,) = re.findall(r"```sh\n(.*?)```", ANY.read_text(encoding="utf-8"), re.DOTALL)
    machine.run([block], {"BASE": "main", "ENVIRONMENT": "prod"})

    assert ([0], True, 4, 1) == (
        machine.codes,
        is_applied(reconciler),
        block.count("reconciler "),
        len(journals(machine)),
    )


def test_any_ci_names_every_exit_code() -> None:
    """The table of the page has each of them once."""
    rows = re.findall(r"^\| (\d+) \|", ANY.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(map(int, ExitCode)) == sorted(map(int, rows))


@pytest.mark.parametrize("file", [ANY, CI / "README.md"], ids=lambda file: file.name)
def test_links_lead_to_files(file: Path) -> None:
    """What a page links to within the recipes is there."""
    links = re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8"))

    assert [] == [link for link in links if not (CI / link).exists()]


def groovy_errors(text: str) -> list[int]:
    """The lines of a Groovy script that its grammar does not allow."""
    root = Parser(Language(tree_sitter_groovy.language())).parse(text.encode()).root_node
    lines: list[int] = []

    def look(node: Node) -> None:
        if node.is_error or node.is_missing:
            lines.append(node.start_point.row + 1)
        for child in node.children:
            look(child)

    look(root)
    return lines


def test_jenkinsfile_is_groovy() -> None:
    """It can be read; what is broken cannot."""
    text = JENKINSFILE.read_text(encoding="utf-8")

    assert ([], True) == (groovy_errors(text), bool(groovy_errors(text.replace("steps {", "steps (", 1))))


def jenkins_stages() -> dict[str, list[str]]:
    """The shell steps of each stage."""
    parts = re.split(r"stage\('(\w+)'\)", JENKINSFILE.read_text(encoding="utf-8"))
    return {name: re.findall(r"\bsh '([^']*)'", body) for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def test_jenkins(machine: Machine, reconciler: InProcess) -> None:
    """Every stage but the installation is run, each step in a shell of its own."""
    shutil.copytree(SCRIPTS, machine.repository.folder / ".jenkins")
    machine.repository.git("remote", "add", "origin", str(machine.repository.folder))
    stages = jenkins_stages()
    (machine.repository.folder / "reports").mkdir()
    for name in ("Check", "Review", "Plan", "Apply"):
        for step in stages[name]:
            machine.run([step], {"CHANGE_TARGET": "main", "RECONCILER_ENV": "all"})

    assert ({0}, True, 1) == (set(machine.codes), is_applied(reconciler), len(journals(machine)))
    assert {"plan.html", "review.html", "apply.html", "plan.xml", "apply.xml", "test.xml", "validate.xml"} == {
        file.name for file in (machine.repository.folder / "reports").iterdir()
    }
    assert ["rm -rf .venv reports && mkdir reports && sh .jenkins/install.sh .venv"] == stages["Install"]


def test_what_jenkins_publishes_is_written() -> None:
    """Every report that the Jenkinsfile names is written by a step."""
    text = JENKINSFILE.read_text(encoding="utf-8")
    named = re.findall(r"reportFiles: '([^']*)'", text)[0].split(",")

    assert [True] * len(named) == [f"html=reports/{name}" in text for name in named]


def test_atlantis(machine: Machine, reconciler: InProcess, tmp_path: Path) -> None:
    """The steps of plan, then those of apply, with the variables that Atlantis sets; the journal outlives the clone."""
    workflow = plain_yaml.document((ATLANTIS / "repos.yaml").read_text(encoding="utf-8"))["workflows"]["reconciler"]
    plan_file = tmp_path / "reconciler-prod.tfplan"
    given = {
        "WORKSPACE": "prod",
        "PLANFILE": str(plan_file),
        "BASE_BRANCH_NAME": "main",
        "BASE_REPO_OWNER": "org",
        "BASE_REPO_NAME": "repo",
    }
    machine.repository.git("remote", "add", "origin", str(machine.repository.folder))
    machine.repository.git("fetch", "--quiet", "origin")
    for stage in ("plan", "apply"):
        for step in workflow[stage]["steps"]:
            if "env" in step:
                command = step["env"]["command"].replace("/var/lib/reconciler", str(tmp_path / "state"))
                given[step["env"]["name"]] = machine.run([command], given).strip()
            else:
                machine.run([step["run"]], given)

    assert ({0}, True, 1) == (
        set(machine.codes),
        is_applied(reconciler),
        len(list((tmp_path / "state" / "org" / "repo").glob("*Z-*"))),
    )


def test_atlantis_lets_pull_requests_define_nothing() -> None:
    """They choose a workflow that the server defines, and an apply takes an approval."""
    server = plain_yaml.document((ATLANTIS / "repos.yaml").read_text(encoding="utf-8"))
    projects = plain_yaml.document((ATLANTIS / "atlantis.yaml").read_text(encoding="utf-8"))["projects"]
    (repos,) = server["repos"]

    assert (False, ["workflow"], {"reconciler"}, ["approved", "mergeable", "undiverged"]) == (
        repos["allow_custom_workflows"],
        repos["allowed_overrides"],
        {project["workflow"] for project in projects} | set(repos["allowed_workflows"]) | set(server["workflows"]),
        repos["apply_requirements"],
    )


def build(file: Path) -> dict[str, Any]:
    """A build specification."""
    content: dict[str, Any] = plain_yaml.document(file.read_text(encoding="utf-8"))
    return content


def test_codepipeline(machine: Machine, reconciler: InProcess, tmp_path: Path) -> None:
    """The two builds, one after the other: the second gets the artifact of the first, and the journal goes to S3."""
    plan, apply = (build(CI / "codepipeline" / ".codebuild" / name) for name in ("plan.yml", "apply.yml"))
    aws = tmp_path / "bin" / "aws"
    aws.write_text(f'#!/bin/sh\necho "$*" >>"{tmp_path}/aws.log"\n', encoding="utf-8")
    aws.chmod(0o755)
    given = {"RECONCILER_ENV": "all", "RECONCILER_BUCKET": "b"}
    machine.run(plan["phases"]["build"]["commands"], given)
    artifact = tmp_path / "artifact"
    for name in plan["artifacts"]["files"]:
        (artifact / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(machine.repository.folder / name, artifact / name)
    machine.run(apply["phases"]["build"]["commands"], {**given, "CODEBUILD_SRC_DIR_Plan": str(artifact)})
    machine.run(apply["phases"]["build"]["finally"], given)

    assert ([0, 0, 0], True) == (machine.codes, is_applied(reconciler))
    assert "s3 sync --only-show-errors .reconciler s3://b/journal/\n" == (tmp_path / "aws.log").read_text()


def test_codepipeline_names_its_parts() -> None:
    """The template uses the two builds, and hands the plan on under the name that the second build expects."""
    resources = template(PIPELINE)["Resources"]
    used = [resources[name]["Properties"]["Source"]["BuildSpec"] for name in ("PlanProject", "ApplyProject")]
    stages = {stage["Name"]: stage["Actions"][0] for stage in resources["Pipeline"]["Properties"]["Stages"]}
    expected = re.findall(r"CODEBUILD_SRC_DIR_(\w+)", BUILDS[0].read_text(encoding="utf-8"))

    assert [f".codebuild/{name}" for name in ("plan.yml", "apply.yml")] == used
    assert expected == [artifact["Name"] for artifact in stages["Plan"]["OutputArtifacts"]]
    assert stages["Apply"]["InputArtifacts"] == [{"Name": "Source"}, {"Name": "Plan"}]
    assert ["Source", "Plan", "Approve", "Apply"] == list(stages)


@pytest.mark.skipif(shutil.which("cfn-lint") is None, reason="cfn-lint is not installed (pip install cfn-lint)")
def test_cfn_lint_finds_nothing() -> None:
    """Neither errors nor warnings in the pipeline."""
    done = subprocess.run(["cfn-lint", "--", PIPELINE], capture_output=True, text=True, check=False)  # noqa: S607

    assert (0, "") == (done.returncode, done.stdout)


INPUTS: Final = {"image": "registry.example/reconciler:1", "plan-role": "p", "apply-role": "a", "region": "eu-west-1"}


def component(inputs: Mapping[str, str]) -> str:
    """The jobs of the component, as GitLab makes them of these inputs."""
    header, body = COMPONENT.read_text(encoding="utf-8").split("\n---\n")
    declared = plain_yaml.document(header)["spec"]["inputs"]
    values = {name: inputs.get(name, one.get("default")) for name, one in declared.items()}
    assert None not in values.values()
    return re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda match: str(values[match[1]]), body)


def test_the_component_is_for_gitlab(tmp_path: Path) -> None:
    """With its inputs filled in, GitLab's own schema allows it; every input is described and used."""
    file = tmp_path / ".gitlab-ci.yml"
    file.write_text(component({**INPUTS, "environment": "prod", "apply-when": "on_success"}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", file],
        capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    header, body = COMPONENT.read_text(encoding="utf-8").split("\n---\n")
    declared = plain_yaml.document(header)["spec"]["inputs"]

    assert (0, "ok -- validation done\n") == (done.returncode, done.stdout)
    assert set(declared) == set(re.findall(r"inputs\.([\w-]+)", body))
    assert all("description" in one for one in declared.values())


def test_the_component(machine: Machine, reconciler: InProcess) -> None:
    """The jobs of a merge request, then the one that applies, each with its own role."""
    jobs = plain_yaml.document(component({**INPUTS, "arguments": "--show-effect", "environment": "all"}))
    base = machine.repository.git("rev-parse", "main")
    variables = jobs[".reconciler-offline"]["variables"]
    ran = {}
    for name in ("validate", "review", "plan", "apply"):
        job = jobs[f"reconciler-{name}"]
        before = jobs[".reconciler-aws"]["before_script"] if job["extends"] == ".reconciler-aws" else []
        given = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "AWS_ID_TOKEN": "token"}
        ran[name] = machine.run(
            [*before, *job["script"]], {**variables, **job.get("variables", {}), **given}, ("bash", "-eo", "pipefail")
        )
    roles = {name: jobs[f"reconciler-{name}"].get("variables", {}).get("AWS_ROLE_ARN") for name in ran}

    assert ([0, 0, 0, 0], True) == (machine.codes, is_applied(reconciler))
    assert {"validate": None, "review": None, "plan": "p", "apply": "a"} == roles


def test_the_component_reports_drift(machine: Machine) -> None:
    """The job of a schedule fails with 2, and keeps its report."""
    jobs = plain_yaml.document(component({**INPUTS, "environment": "prod"}))
    machine.run(jobs["reconciler-drift"]["script"], jobs[".reconciler-offline"]["variables"])

    assert ([2], True) == (machine.codes, (machine.repository.folder / "drift.html").exists())


def test_plans_of_all_recipes_are_reviewed_before_they_are_applied() -> None:
    """No recipe applies anything but a saved plan."""
    texts = [
        file.read_text(encoding="utf-8") for file in (JENKINSFILE, COMPONENT, *BUILDS, ATLANTIS / "repos.yaml", ANY)
    ]
    applies = [line for text in texts for line in re.findall(r"reconciler apply [^'\n]*", text)]

    assert (True, []) == (len(applies) >= 5, [line for line in applies if "--plan" not in line])
