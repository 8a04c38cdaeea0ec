"""The recipes that run drift checks on a schedule and in shards, as they stand in `samples/cron`.

What a service would refuse is checked with the models that it publishes (Kubernetes, AWS Batch) or with its own tool
(systemd). The commands in the files are run here, in the places that the files name.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from e2e.running import SAMPLES, InProcess, Ran
from reconciler.sandbox.server import Server
from support import plain_yaml
from support.ci.apis import COMMAND
from support.processes import PATIENCE

pytestmark = pytest.mark.recipes

CRON: Final = SAMPLES / "cron"
KUBERNETES: Final = sorted((CRON / "kubernetes").glob("*.yaml"))
SYSTEMD: Final = sorted((CRON / "systemd").iterdir())
SYSTEMD_ANALYZE: Final = shutil.which("systemd-analyze")
STUB: Final = """#!/bin/sh
echo "shard=${RECONCILER_SHARD:-}, node=${CI_NODE_INDEX:-}/${CI_NODE_TOTAL:-}, $*" >>"$CALLS"
for word in "$@"; do
  case $word in json=*) [ -z "${DOCUMENT:-}" ] || printf %s "$DOCUMENT" >"${word#json=}" ;; esac
done
exit "${CODE:-0}"
"""
"""A `reconciler` that writes down how it is called."""

Container = Mapping[str, Any]


def document(differences: int = 0, errors: int = 0) -> str:
    """What check.sh reads of a report."""
    return json.dumps({
        "summary": {"changed": differences, "missing": 0, "unexpected": 0, "deployed": 0, "errors": errors}
    })  # fmt: skip


class Machine:
    """A machine on which a recipe is installed: its folders are below `home`, wherever the recipe has them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, "CALLS": str(home / "calls"), "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
        for name in ("bin", "manifests", "state", "reports"):
            (home / name).mkdir()
        (home / "calls").touch()
        self.install("reconciler", STUB)

    def install(self, name: str, text: str) -> None:
        """Put a command on the path."""
        (self.home / "bin" / name).write_text(text, encoding="utf-8")
        (self.home / "bin" / name).chmod(0o755)

    def reconciles(self) -> None:
        """Give it the real command, and manifests of which AWS differs."""
        (self.home / "bin" / "reconciler").unlink()
        (self.home / "bin" / "reconciler").symlink_to(COMMAND)
        for name in ("petstore", "chat"):
            shutil.copytree(SAMPLES / name, self.home / "manifests" / name)
        configuration = self.home / "manifests" / "reconciler.yaml"
        configuration.write_text("apiVersion: reconciler/v1\nkind: Config\n", encoding="utf-8")

    def here(self, text: str) -> str:
        """What a recipe says, with the folders of this machine."""
        places = {
            "/srv/manifests": self.home / "manifests",
            "/srv/reconciler": CRON,
            "/var/lib/reconciler": self.home / "state",
            "/reports": self.home / "reports",
        }
        for place, folder in places.items():
            text = text.replace(place, str(folder))
        return text

    def run(self, words: Sequence[str], **environment: str) -> Ran:
        """Run a command line as it stands in a recipe."""
        done = subprocess.run(
            [self.here(word) for word in words], cwd=self.home / "manifests", env={**self.environment, **environment},
            capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)

    @property
    def calls(self) -> list[str]:
        """How the command was called."""
        return [self.unhomed(line) for line in (self.home / "calls").read_text(encoding="utf-8").splitlines()]

    def unhomed(self, text: str) -> str:
        """The same text without the folder of this test."""
        return text.replace(str(self.home), "")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with a `reconciler` that only writes down how it is called."""
    return Machine(tmp_path)


CHECK: Final = ("sh", "/srv/reconciler/check.sh", "/var/lib/reconciler/drift.json", "reconciler", "drift")
PART: Final = (*CHECK[:2], "--part", *CHECK[2:])


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (0, document(), (0, "")),
        (2, document(differences=3), (2, "Differences: 3. Could not be read: 0.\n")),
        (1, document(errors=2), (1, "Differences: 0. Could not be read: 2.\n")),
        (1, document(differences=3, errors=2), (1, "Differences: 3. Could not be read: 2.\n")),
        (0, "", (1, "Nothing was compared: there is no document (exit code 0).\n")),
        (2, "", (1, "Nothing was compared: there is no document (exit code 2).\n")),
        (64, "", (64, "Nothing was compared: there is no document (exit code 64).\n")),
    ],
)
def test_the_document_decides(machine: Machine, code: int, text: str, expected: tuple[int, str]) -> None:
    """With 1, what could be read may differ all the same; without a document nothing was compared."""
    ran = machine.run(CHECK, CODE=str(code), DOCUMENT=text)

    assert expected == (ran.code, ran.err)
    assert machine.calls[0].endswith("drift --format json=/state/drift.json")


@pytest.mark.parametrize(
    ("code", "text", "expected"), [(0, "{}", 0), (2, "{}", 0), (1, "{}", 0), (130, "{}", 130), (1, "", 1), (4, "", 4)]
)
def test_a_part_has_done_its_work_once_its_document_is_there(
    machine: Machine, code: int, text: str, expected: int
) -> None:
    """Whatever it found; a part that was stopped or wrote nothing may be run again."""
    assert machine.run(PART, CODE=str(code), DOCUMENT=text).code == expected


def test_an_old_document_says_nothing(machine: Machine) -> None:
    """It is removed before the run."""
    (machine.home / "state" / "drift.json").write_text(document(), encoding="utf-8")

    assert machine.run(CHECK, CODE="64").code == 64


def crontab() -> tuple[dict[str, str], list[str]]:
    """The variables and the lines of the crontab."""
    lines = (CRON / "crontab" / "reconciler-drift").read_text(encoding="utf-8").splitlines()
    content = [line for line in lines if line and not line.startswith("#")]
    variables = dict(line.split("=", 1) for line in content if re.match(r"[A-Z_]+=", line))
    return variables, [line for line in content if line.partition("=")[0] not in variables]


def test_crontab(machine: Machine, sandbox: Server) -> None:
    """Five fields, a user, a command without percent signs; it prints what differs, in the end the counts."""
    variables, (line,) = crontab()
    *when, user, command = line.split(maxsplit=6)
    machine.reconciles()
    given = {name: value for name, value in variables.items() if name not in {"PATH", "RECONCILER_ENV"}}
    ran = machine.run((variables["SHELL"], "-c", command), **sandbox.environment_over({}), **given)

    assert (5, "reconciler", False) == (len(when), user, "%" in command)
    assert (2, True) == (ran.code, "Drift: " in ran.out)
    assert ran.err.endswith("Could not be read: 0.\n")


def test_crontab_leaves_a_run_alone_that_is_still_going(machine: Machine) -> None:
    """No second run, no mail."""
    lock = machine.home / "state" / "lock"
    with subprocess.Popen(["flock", str(lock), "sleep", "60"]) as holder:  # noqa: S607 - flock from the path
        while subprocess.run(["flock", "-n", str(lock), "true"], check=False).returncode == 0:  # noqa: S607
            pass
        ran = machine.run(("sh", "-c", crontab()[1][0].split(maxsplit=6)[-1]))
        holder.kill()

    assert (Ran(0, "", ""), []) == (ran, machine.calls)


@pytest.mark.skipif(SYSTEMD_ANALYZE is None, reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """Every setting is known, the times are valid, and little is exposed."""
    for unit in SYSTEMD:
        text = unit.read_text(encoding="utf-8").replace("/srv/", f"{tmp_path}/")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    (tmp_path / "manifests").mkdir()
    units = [tmp_path / unit.name for unit in SYSTEMD]
    verified = _systemd("verify", "--man=no", *map(str, units))
    exposed = _systemd("security", "--offline=true", "--threshold=20", str(tmp_path / "reconciler-drift.service"))

    assert (0, "") == (verified.code, verified.text)
    assert exposed.code == 0, exposed.text


def _systemd(*words: str) -> Ran:
    done = subprocess.run(
        [str(SYSTEMD_ANALYZE), *words], capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_the_service_runs_the_check(machine: Machine) -> None:
    """In the folder that systemd gives it; drift is no failure of the unit, an API that cannot be read is one."""
    text = (CRON / "systemd" / "reconciler-drift.service").read_text(encoding="utf-8")
    settings = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
    command = settings["ExecStart"].replace("%S", "/var/lib")
    ran = machine.run(shlex.split(command), CODE="2", DOCUMENT=document(differences=1))

    assert ("2", 2) == (settings["SuccessExitStatus"], ran.code)
    assert machine.calls == ["shard=, node=/, drift --quiet --timeout 50m --format json=/state/drift.json"]


def objects(file: Path) -> list[dict[str, Any]]:
    """The objects in a file of Kubernetes."""
    return [
        plain_yaml.document(text) for text in re.split(r"^---$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    ]


def pods(file: Path) -> Iterator[dict[str, Any]]:
    """The pods that the objects of a file make."""
    for each in objects(file):
        spec = each.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            yield spec["template"]["spec"]


@pytest.mark.parametrize("file", KUBERNETES, ids=lambda file: file.name)
def test_kubernetes_takes_the_objects(file: Path) -> None:
    """Every field is one of Kubernetes' own models, and has a value that they take."""
    from cloudcoil.models.kubernetes.batch.v1 import CronJob, Job  # noqa: PLC0415 - takes seconds
    from cloudcoil.models.kubernetes.core.v1 import ServiceAccount  # noqa: PLC0415

    models = {model.__name__: model for model in (CronJob, Job, ServiceAccount)}
    for each in objects(file):
        model = models[each["kind"]].model_validate(each)

        assert model.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True) == each


@pytest.mark.parametrize("file", KUBERNETES, ids=lambda file: file.name)
def test_pods_are_locked_down(file: Path) -> None:
    """As the profile `restricted` of Kubernetes wants it, and with nothing to write on but what is named."""
    for pod in pods(file):
        (container,) = pod["containers"]
        secure = container["securityContext"]

        assert (True, "RuntimeDefault", False) == (
            pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["seccompProfile"]["type"],
            pod["automountServiceAccountToken"],
        )  # fmt: skip
        assert (False, True, ["ALL"]) == (
            secure["allowPrivilegeEscalation"], secure["readOnlyRootFilesystem"], secure["capabilities"]["drop"],
        )  # fmt: skip
        assert {"memory"} == set(container["resources"]["limits"])
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def container(file: str) -> Container:
    """The container of a file."""
    (pod,) = pods(CRON / "kubernetes" / file)
    found: Container = pod["containers"][0]
    return found


def in_container(machine: Machine, given: Container, **environment: str) -> Ran:
    """Run the command of a container."""
    own = {one["name"]: one["value"] for one in given.get("env", [])}
    words = [word.replace("RUN", "run-1") for word in (*given["command"], *given["args"])]
    return machine.run(words, **{**own, **environment})


def test_the_cronjob_checks(machine: Machine) -> None:
    """The document is on the volume that can be written."""
    ran = in_container(machine, container("cronjob.yaml"), DOCUMENT=document())

    assert (0, ["shard=, node=/, drift --log-format json --timeout 50m --format json=/reports/drift.json"]) == (
        ran.code, machine.calls,
    )  # fmt: skip


def test_the_indexed_job_and_its_merge(machine: Machine, sandbox: Server, reconciler: InProcess) -> None:
    """Each pod compares its part; the merge is the report of one run."""
    machine.reconciles()
    aws = {**sandbox.environment_over({}), "RECONCILER_ENV": "", "RECONCILER_SHARD_COUNT": "2"}
    codes = [
        in_container(machine, container("shards.yaml"), **aws, JOB_COMPLETION_INDEX=index).code for index in ("0", "1")
    ]
    merged = in_container(machine, container("merge.yaml"))
    whole = json.loads(reconciler("drift", machine.home / "manifests", "--format", "json").out)
    report = json.loads((machine.home / "reports" / "run-1-drift.json").read_text(encoding="utf-8"))

    assert ([0, 0], 2) == (codes, merged.code)
    assert (whole["summary"], None) == (report["summary"], report["shard"])
    assert (machine.home / "reports" / "run-1-drift.html").exists()


def test_the_indexed_job_says_how_many_shards_there_are() -> None:
    """Kubernetes tells a pod its number only."""
    (job,) = objects(CRON / "kubernetes" / "shards.yaml")
    count = next(one["value"] for one in container("shards.yaml")["env"] if one["name"] == "RECONCILER_SHARD_COUNT")

    assert count == str(job["spec"]["completions"]) == str(job["spec"]["parallelism"])


def test_run_sh_merges_after_the_shards(machine: Machine) -> None:
    """Also after a shard that failed: the merge then names the part that is missing."""
    kubectl = """#!/bin/sh
    echo "kubectl $*" >>"$CALLS"
    case "$1 $*" in
      create*) grep -m 1 '  name:' >>"$CALLS" ;;
      wait*complete*drift*) exit 1 ;;
      logs*) echo "Differences: 1" ;;
    esac"""
    machine.install("kubectl", kubectl)
    ran = machine.run(("sh", "/srv/reconciler/kubernetes/run.sh"))
    lines = [re.sub(r"\d{8}-\d{6}", "RUN", line.strip()) for line in machine.calls]
    steps = [line for line in lines if not line.startswith(("kubectl wait", "kubectl get"))]

    assert (0, "Differences: 1\n", "Some shard wrote no report.\n") == (ran.code, ran.out, ran.err)
    assert steps == [
        "kubectl create -f -", "name: reconciler-drift-RUN", "kubectl create -f -", "name: reconciler-merge-RUN",
        "kubectl logs job/reconciler-merge-RUN",
    ]  # fmt: skip


def test_codebuild(machine: Machine) -> None:
    """The build runs the check; the sections and keys are those that the reference of build specifications has."""
    spec = plain_yaml.document((CRON / "codebuild" / "buildspec.yml").read_text(encoding="utf-8"))
    (machine.home / "manifests" / ".codebuild").symlink_to(CRON)
    script = "\n".join(spec["phases"]["build"]["commands"])
    ran = machine.run(("sh", "-ec", script), CODE="2", DOCUMENT=document(differences=1))

    assert (0.2, {"version", "env", "phases", "reports", "artifacts"}) == (spec["version"], set(spec))
    assert (2, {"files", "file-format"}) == (ran.code, set(spec["reports"]["drift"]))
    assert (machine.home / "manifests" / "reports" / "drift.json").exists()
    assert all(name in machine.calls[0] for name in spec["reports"]["drift"]["files"])


def refused(shape: str, content: Mapping[str, Any]) -> str:
    """What AWS Batch would refuse of a structure, as botocore knows it."""
    service = ServiceModel(Loader().load_service_model("batch", "service-2"))
    report: str = ParamValidator().validate(content, service.shape_for(shape)).generate_report()
    return report


def test_batch_takes_the_job_definition() -> None:
    """Every member is one of RegisterJobDefinition, with a value of its type."""
    definition = json.loads((CRON / "batch" / "job-definition.json").read_text(encoding="utf-8"))

    assert refused("RegisterJobDefinitionRequest", definition) == ""


def test_batch_submits_an_array_and_its_merge(machine: Machine) -> None:
    """The merge waits for every job of the array; each of them writes a part of its own, in the folder of the run."""
    machine.install("aws", '#!/bin/sh\nprintf "%s\\n" "$@" -- >>"$CALLS"\necho job-id\n')
    ran = machine.run(("sh", "/srv/reconciler/batch/submit.sh", "the-queue", "3"))
    array, merge = (words.split("\n") for words in "\n".join(machine.calls).removesuffix("\n--").split("\n--\n"))
    overrides = json.loads(merge[merge.index("--container-overrides") + 1])
    definition = json.loads((CRON / "batch" / "job-definition.json").read_text(encoding="utf-8"))
    command = definition["containerProperties"]["command"]

    assert (0, "job-id\n", "size=3", "jobId=job-id") == (
        ran.code, ran.out, array[array.index("--array-properties") + 1], merge[merge.index("--depends-on") + 1],
    )  # fmt: skip
    assert refused("ContainerOverrides", overrides) == ""
    (machine.home / "calls").write_text("")
    given = {"RUN": "run-1", "RECONCILER_SHARD_COUNT": "3", "DOCUMENT": "{}", "AWS_BATCH_JOB_ARRAY_INDEX": "2"}
    assert machine.run(command, **given).code == 0
    assert machine.calls[0].endswith("--shard auto --log-format json --timeout 50m --format json=/reports/run-1/2.json")


def test_the_matrix_of_github_and_its_merge_agree() -> None:
    """Every number of the matrix has its artifact and its line of the merge."""
    file = CRON / "github" / ".github" / "workflows" / "reconciler-drift-shards.yml"
    jobs = plain_yaml.document(file.read_text(encoding="utf-8"))["jobs"]
    numbers = jobs["shard"]["strategy"]["matrix"]["shard"]
    merge = next(step for step in jobs["merge"]["steps"] if step.get("id") == "merge")
    lines = ["merge", *(f"parts/drift-part-{number}/report.json" for number in numbers)]

    assert numbers == [*range(1, len(numbers) + 1)]
    assert lines == merge["with"]["arguments"].split()
    assert jobs["shard"]["env"]["RECONCILER_SHARD"] == "${{ matrix.shard }}/${{ strategy.job-total }}"


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_the_shards_of_gitlab(machine: Machine, shell: str) -> None:
    """Each job writes a part of its own; the merge takes all of them, and its exit code is the job's."""
    folder = CRON / "gitlab" / ".gitlab" / "reconciler"
    jobs = plain_yaml.document((folder / "shards.yml").read_text(encoding="utf-8"))
    shutil.copytree(SAMPLES / "ci" / "gitlab", machine.home / "manifests", dirs_exist_ok=True)
    script = "\n".join([". .gitlab/reconciler/run.sh", *jobs["drift-shard"]["script"]])
    count = jobs["drift-shard"]["parallel"]
    codes = [
        machine.run(
            (shell, "-ec", script), CI_NODE_INDEX=str(index), CI_NODE_TOTAL=str(count), CODE="2", DOCUMENT="{}"
        ).code
        for index in range(1, count + 1)
    ]
    no_document = machine.run((shell, "-ec", script), CI_NODE_INDEX="9", CI_NODE_TOTAL="9", CODE="1").code
    merged = machine.run((shell, "-ec", "\n".join(jobs["drift-merge"]["script"])), CODE="2").code

    assert ([0] * count, 1, 2) == (codes, no_document, merged)
    assert f"report merge {' '.join(f'part-{index}.json' for index in range(1, count + 1))} " in machine.calls[-1]
    assert f"node={count}/{count}, drift --shard auto --format json=part-{count}.json" in machine.calls[count - 1]


def test_the_recipes_are_explained() -> None:
    """The README names every file, and every folder with a README of its own."""
    text = (CRON / "README.md").read_text(encoding="utf-8")
    own = {file.parent for file in CRON.glob("*/README.md")}
    files = [file for file in CRON.rglob("*") if file.is_file() and not own.intersection(file.parents)]
    names = {*(file.name for file in files), *(f"{folder.name}/" for folder in own)} - {"README.md"}

    assert {name for name in names if name not in text} == set()
