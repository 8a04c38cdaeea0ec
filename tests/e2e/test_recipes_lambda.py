"""The recipe for AWS Lambda: its template, its packages, and the function out of the built package."""

import importlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import pytest
from moto.events.models import EventPattern
from packaging.utils import canonicalize_name

from e2e.running import ROOT, SAMPLES
from reconciler.aws.permissions import ApiAccess, Mode, policy
from reconciler.findings import DriftSummary
from reconciler.models.targets import Kind
from reconciler.ports import Usage
from reconciler.render.log_entries import run_entry
from reconciler.sandbox.model.plane import REGION
from reconciler.sandbox.server import Server
from support.cloudformation import references, substituted, template
from support.events import call_event

pytestmark = pytest.mark.recipes

FOLDER: Final = SAMPLES / "cron" / "lambda"
TEMPLATE: Final = template(FOLDER / "template.yaml")
RESOURCES: Final[dict[str, Any]] = TEMPLATE["Resources"]
RECIPE: Final = SAMPLES / "ci" / "gitlab" / ".gitlab" / "reconciler" / "requirements.txt"
IN_THE_RUNTIME: Final = ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")
"""What Lambda's runtime has: boto3 and all that it needs."""

INVOKE: Final = """
import json, sys
sys.path[:] = [*sys.argv[1:3], *(path for path in sys.path if "site-packages" not in path)]
from reconciler.lambda_handler import handler

class Context:
    def get_remaining_time_in_millis(self):
        return 60_000

print(json.dumps({"answer": handler({}, Context())}))
"""


def properties(name: str) -> dict[str, Any]:
    """The properties of a resource."""
    found: dict[str, Any] = RESOURCES[name]["Properties"]
    return found


def pins(file: Path) -> dict[str, tuple[str, ...]]:
    """Name and version of each package of a list, with its hashes."""
    text = file.read_text(encoding="utf-8")
    entries = re.findall(r"^(\S+==\S+) \\\n((?: +--hash=\S+(?: \\)?\n?)+)", text, re.MULTILINE)
    return {name: tuple(re.findall(r"sha256:[0-9a-f]{64}", hashes)) for name, hashes in entries}


def test_the_function_may_read_what_a_drift_run_reads() -> None:
    """The statements are those of `iam-policy --mode drift`, for all APIs of the account and region."""
    read_apis = properties("Role")["Policies"][0]["PolicyDocument"]
    every = [ApiAccess("aws", REGION, kind, "*", by_name=True, by_id=True, stages=("*",)) for kind in Kind]

    assert policy(every, Mode.DRIFT) == substituted(read_apis, {"AWS::Partition": "aws", "AWS::Region": REGION})


def test_every_reference_leads_somewhere() -> None:
    """To a parameter or a resource; none of them is unused."""
    declared = set(TEMPLATE["Parameters"]) | set(RESOURCES)
    used = references([RESOURCES, TEMPLATE["Conditions"], TEMPLATE["Outputs"]])

    assert (set(), set()) == (used - declared, set(TEMPLATE["Parameters"]) - used)


def test_the_handler_is_ours() -> None:
    """And the variables are those that it reads."""
    module, _, name = properties("Function")["Handler"].rpartition(".")
    source = (ROOT / "reconciler" / "lambda_handler.py").read_text(encoding="utf-8")

    assert callable(getattr(importlib.import_module(module), name))
    assert [] == [name for name in properties("Function")["Environment"]["Variables"] if name not in source]


@pytest.mark.parametrize(
    ("event", "matches"),
    [
        (call_event(), True),
        (call_event("UpdateRoute", {"apiId": "a1"}), True),
        (call_event("CreateApiKey", {}), True),
        (call_event(readOnly=None), True),
        (call_event(errorCode="AccessDenied"), False),
        ({**call_event(), "source": "aws.s3"}, False),
        (call_event(eventSource="execute-api.amazonaws.com"), False),
    ],
)
def test_the_rule_takes_writes_of_api_gateway(event: dict[str, Any], *, matches: bool) -> None:
    """As moto's EventBridge reads the pattern."""
    pattern = EventPattern.load(json.dumps(properties("EventRule")["EventPattern"]))

    assert matches == pattern.matches_event(event)


def test_the_queue_fits_the_function() -> None:
    """A message stays hidden for six times the longest run; what fails is delivered again, alone."""
    timeout = TEMPLATE["Parameters"]["Timeout"]["MaxValue"]

    assert (6 * timeout, ["ReportBatchItemFailures"]) == (
        properties("Events")["VisibilityTimeout"],
        properties("EventSource")["FunctionResponseTypes"],
    )


def test_metrics_are_members_of_the_log() -> None:
    """Of the line that each run writes."""
    filters = [properties(name)["FilterPattern"] for name in ("DifferencesMetric", "ErrorsMetric")]
    values = [
        properties(name)["MetricTransformations"][0]["MetricValue"] for name in ("DifferencesMetric", "ErrorsMetric")
    ]
    line = run_entry("", DriftSummary().counts, 0.0, Usage(), "", 0)

    def is_there(path: str) -> bool:
        value: Any = line
        for name in path.split(".")[1:]:
            value = value.get(name)
        return value is not None

    assert [] == [path for path in (*values, *re.findall(r"\$[.\w]+", " ".join(filters))) if not is_there(path)]


@pytest.mark.skipif(shutil.which("cfn-lint") is None, reason="cfn-lint is not installed (pip install cfn-lint)")
def test_cfn_lint_finds_nothing() -> None:
    """Neither errors nor warnings nor hints, in any template of the recipes."""
    files = sorted(map(str, FOLDER.parent.rglob("template.yaml")))
    ran = subprocess.run(
        ["cfn-lint", "--include-checks", "I", "--", *files],  # noqa: S607 - found above
        capture_output=True,
        text=True,
        check=False,
    )

    assert (2, 0, "") == (len(files), ran.returncode, ran.stdout)


def test_packages_are_those_of_the_recipes_without_boto3() -> None:
    """The same versions and hashes; what builds and what the runtime has is left out."""
    ours, theirs = pins(FOLDER / "requirements.txt"), pins(RECIPE)
    build = {"hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}
    left_out = {name.split("==")[0] for name in theirs.keys() - ours.keys()}

    assert (True, {*build, *IN_THE_RUNTIME}) == (ours.items() <= theirs.items(), left_out)


def test_the_list_is_made_of_what_the_project_needs() -> None:
    """The dependencies of the project, but for boto3 and what comes with it."""
    ours, theirs = (
        [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        for file in (FOLDER / "requirements.in", RECIPE.with_suffix(".in"))
    )

    assert ours == [line for line in theirs if not line.startswith(("boto3", "hatchling", "urllib3"))]


def installed(name: str, target: Path) -> None:
    """Copy an installed distribution to a folder."""
    for file in metadata.files(name) or []:
        source = Path(str(file.locate()))
        if ".." not in file.parts and source.suffix != ".pyc":
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / file)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The built package as Lambda unpacks it, and the folder of what its runtime has."""
    folder = tmp_path_factory.mktemp("lambda")
    for name in pins(FOLDER / "requirements.txt"):
        installed(canonicalize_name(name.split("==")[0]), folder / "packages")
    for name in IN_THE_RUNTIME:
        installed(name, folder / "runtime")
    fleet = folder / "fleet"
    shutil.copytree(SAMPLES / "petstore", fleet / "petstore")
    (fleet / "reconciler.yaml").write_text("apiVersion: reconciler/v1\nkind: Config\nmanifests: [petstore]\n")
    (fleet / ".env").write_text("SECRET=1\n")
    built = subprocess.run(
        [sys.executable, FOLDER / "build.py", fleet, "--packages", folder / "packages"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    with zipfile.ZipFile(folder / built.stdout.strip()) as package:
        package.extractall(folder / "task")
    return folder / "task", folder / "runtime"


def test_the_built_package_runs(unpacked: tuple[Path, Path], sandbox: Server) -> None:
    """In a fresh process that has it, what Lambda's runtime has, and nothing else: no git, no other package."""
    task, runtime = unpacked
    before = sorted(task.rglob("*"))
    ran = subprocess.run(
        [sys.executable, "-I", "-B", "-c", INVOKE, task, runtime],
        cwd=task,
        env={**sandbox.environment_over({}), "PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in ran.stdout.splitlines()]

    assert ("", 0) == (ran.stderr, ran.returncode)
    assert (True, ["target", "run"], before) == (
        lines[-1]["answer"]["summary"]["changed"] > 0,
        [line["event"] for line in lines[:-1]],
        sorted(task.rglob("*")),
    )


def test_the_package_has_no_hidden_files(unpacked: tuple[Path, Path]) -> None:
    """They may be secrets."""
    task, _ = unpacked

    assert [] == list(task.rglob(".*"))


def test_a_package_is_the_same_each_time(tmp_path: Path) -> None:
    """Whatever the times and the order of its files."""
    spec = importlib.util.spec_from_file_location("build", FOLDER / "build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    for name, files in (("a", ("x", "y")), ("b", ("y", "x"))):
        for file in files:
            (tmp_path / name / "pets").mkdir(parents=True, exist_ok=True)
            (tmp_path / name / "pets" / file).write_text(file)
        build.pack(tmp_path / name, tmp_path / f"{name}.zip")
    (tmp_path / "b" / "pets" / "x").touch()

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    ("files", "message"),
    [({}, "has no reconciler.yaml"), ({"reconciler.yaml": "", "reconciler": ""}, "name of a package: reconciler")],
)
def test_a_folder_that_cannot_be_packed_is_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    """Nothing is built."""
    (tmp_path / "fleet").mkdir()
    (tmp_path / "packages").mkdir()
    for name, text in files.items():
        (tmp_path / "fleet" / name).write_text(text)
    ran = subprocess.run(
        [sys.executable, FOLDER / "build.py", "fleet", "--packages", "packages"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (1, True, []) == (ran.returncode, message in ran.stderr, list(tmp_path.glob("*.zip")))
