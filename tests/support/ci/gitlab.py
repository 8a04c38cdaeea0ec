"""A small GitLab: a project with merge requests, and a runner of its pipelines.

The runner does what the real one does with jobs: rules, `extends`, variables, stages, artifacts, and `before_script`
and `script` in one shell. What pip is told to install it only writes down, in `pip.log`. There are no credentials:
boto3 gets them as it would in earnest, for the role and the token in a file that a job leads it to, from the sandbox.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from support import plain_yaml
from support.ci.apis import on_a_new_machine, program, python
from support.ci.expressions import evaluated, shown
from support.ci.shells import Cancel, run_script
from support.repositories import Repository

PROJECT: Final = "1"
_FORK: Final = "99"
_SERVER: Final = "https://gitlab.example"
_TOKEN: Final = "a project access token"  # noqa: S105 - nobody's
_NO_JOBS: Final = {"workflow", "stages", "variables", "default"}
SHELLS: Final = {"bash": ("bash", "-eo", "pipefail"), "sh": ("sh", "-e")}


@dataclass(frozen=True)
class Request:
    """A merge request: what was pushed, and where its branch left main."""

    number: int
    head: str
    base: str
    is_from_fork: bool = False
    branch: str = ""


@dataclass
class Job:
    """What came of a job. `artifacts` are the files that it left."""

    name: str
    number: int
    code: int
    log: str
    artifacts: list[str] = field(default_factory=list)


class GitLab:
    """The service. `home` is its own folder; `aws` leads jobs to AWS, and gives no credentials.

    `cancels` holds what somebody does to the shell of a job, by the job's name, while it runs.
    """

    def __init__(
        self, home: Path, repository: Repository, variables: Mapping[str, str], aws: Mapping[str, str]
    ) -> None:
        self.home = home
        self.repository = repository
        self.variables = {**variables, "RECONCILER_API_TOKEN": _TOKEN}
        self.aws = {name: value for name, value in aws.items() if "KEY" not in name}
        self.main = repository.git("rev-parse", "main")
        self.shell = "bash"
        self.cancels: dict[str, Cancel] = {}
        program(home / "bin", "curl")
        python(home / "bin", home / "pip.log")
        nothing: dict[str, list[Any]] = {
            name: [] for name in ("calls", "notes", "requests", "pipelines", "jobs", "issues", "issue_notes")
        }
        self.write({"token": _TOKEN, **nothing})

    @property
    def state(self) -> dict[str, Any]:
        """What `curl` sees."""
        state: dict[str, Any] = json.loads((self.home / "state.json").read_text(encoding="utf-8"))
        return state

    def write(self, state: Mapping[str, Any]) -> None:
        """Hold this."""
        (self.home / "state.json").write_text(json.dumps(state), encoding="utf-8")

    @property
    def notes(self) -> list[str]:
        """The notes on merge requests, in order."""
        return [one["body"] for one in self.state["notes"]]

    def request(self, branch: str, *, is_from_fork: bool = False) -> Request:
        """Open a merge request of a branch, or push to it."""
        git, state = self.repository.git, self.state
        head = git("rev-parse", branch)
        found = next((one for one in state["requests"] if one["branch"] == branch), None)
        if not found:
            found = {"iid": len(state["requests"]) + 1, "branch": branch, "commits": []}
            state["requests"].append(found)
        found |= {
            "state": "opened", "target_branch": "main", "sha": head, "merge_commit_sha": None, "squash_commit_sha": None
        }  # fmt: skip
        self.write(state)
        return Request(found["iid"], head, git("merge-base", "main", branch), is_from_fork, branch)

    def merge(self, request: Request, *, squash: bool = False) -> None:
        """Merge into main."""
        git, state = self.repository.git, self.state
        git("switch", "--quiet", "main")
        git("merge", "--quiet", *(["--squash"] if squash else ["--no-ff", "-m", "merged"]), request.head)
        if squash:
            git("commit", "-m", "squashed")
        before, self.main = self.main, git("rev-parse", "HEAD")
        merged = {"squash_commit_sha" if squash else "merge_commit_sha": self.main, "state": "merged"}
        state["requests"][request.number - 1] |= {**merged, "commits": git("rev-list", f"{before}..HEAD").split()}
        self.write(state)

    def on_request(self, request: Request, *, kind: str = "detached", only: str = "") -> dict[str, Job]:
        """The pipeline of a merge request, or one job of it; a fork has none of the variables."""
        project = _FORK if request.is_from_fork else PROJECT
        return self._pipeline(
            request.head,
            {
                "CI_PIPELINE_SOURCE": "merge_request_event",
                "CI_PROJECT_ID": project,
                "CI_MERGE_REQUEST_IID": str(request.number),
                "CI_MERGE_REQUEST_PROJECT_ID": PROJECT,
                "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": project,
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": request.base,
                "CI_MERGE_REQUEST_EVENT_TYPE": kind,
            },
            only,
        )

    def on_merged_result(self, request: Request) -> dict[str, Job]:
        """The pipeline of what a merge request would make of main as it is now."""
        git = self.repository.git
        git("switch", "--quiet", "--detach", "main")
        git("merge", "--quiet", "--no-ff", "-m", "as if merged", request.head)
        merge = git("rev-parse", "HEAD")
        git("switch", "--quiet", request.branch)
        return self._pipeline(
            merge,
            {
                "CI_PIPELINE_SOURCE": "merge_request_event",
                "CI_MERGE_REQUEST_IID": str(request.number),
                "CI_MERGE_REQUEST_PROJECT_ID": PROJECT,
                "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": PROJECT,
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": request.base,
                "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": self.main,
                "CI_MERGE_REQUEST_EVENT_TYPE": "merged_result",
            },
        )

    def on_main(self, source: str = "push", *, commit: str = "", only: str = "") -> dict[str, Job]:
        """A pipeline of the default branch, or of what it was, or one job of it; its manual jobs are started, too."""
        return self._pipeline(commit or self.main, {"CI_PIPELINE_SOURCE": source, "CI_COMMIT_BRANCH": "main"}, only)

    def _pipeline(self, commit: str, known: Mapping[str, str], only: str = "") -> dict[str, Job]:
        recipe = plain_yaml.document(self.repository.git("show", f"{commit}:.gitlab-ci.yml"))
        state = self.state
        pipeline = len(state["pipelines"]) + 500
        source, request = known["CI_PIPELINE_SOURCE"], int(known.get("CI_MERGE_REQUEST_IID", 0))
        project = int(known.get("CI_PROJECT_ID", PROJECT))
        state["pipelines"].append({"id": pipeline, "project_id": project, "request": request, "source": source})
        self.write(state)
        given = {
            "CI_PROJECT_ID": PROJECT, "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_SHA": commit, "CI_SERVER_URL": _SERVER,
            "CI_API_V4_URL": f"{_SERVER}/api/v4", "CI": "true", **recipe["variables"], **known,
            **(self.variables if known.get("CI_PROJECT_ID", PROJECT) == PROJECT else {}),
        }  # fmt: skip
        if not any(_is_met(rule, given) for rule in recipe["workflow"]["rules"]):
            return {}
        done: dict[str, Job] = {}
        for name, job in _jobs(recipe):
            if only in {"", name} and _is_wanted(job, given) and all(one.code == 0 for one in done.values()):
                done[name] = self._job(name, job, given, pipeline, list(done.values()))
        return done

    def _job(
        self, name: str, job: Mapping[str, Any], given: Mapping[str, str], pipeline: int, earlier: list[Job]
    ) -> Job:
        state = self.state
        number = len(state["jobs"]) + 9000
        machine = self.home / "machines" / str(number)
        workspace = self._check_out(machine / "work", given)
        for one in earlier:
            folder = self.home / "artifacts" / str(one.number)
            if folder.is_dir():
                shutil.copytree(folder, workspace, dirs_exist_ok=True)
        (machine / "script").write_text("\n".join([*job["before_script"], *job["script"]]), encoding="utf-8")
        environment = {**self._environment(str(number), job, given, workspace), "CI_JOB_NAME": name}
        shell = [*SHELLS[self.shell], str(machine / "script")]
        code, log = run_script(shell, workspace, environment, self.cancels.get(name))
        status = "success" if code == 0 else "failed"
        state = self.state
        state["jobs"].append({"id": number, "name": name, "pipeline": pipeline, "status": status})
        self.write(state)
        kept = self._keep(job.get("artifacts", {}), workspace, number, status)
        return Job(name, number, code, log, kept)

    def _check_out(self, workspace: Path, given: Mapping[str, str]) -> Path:
        workspace.mkdir(parents=True)
        here = Repository(workspace)
        here.git("init", "--quiet")
        here.git("remote", "add", "origin", self.repository.folder.as_uri())
        depth = [] if given["GIT_DEPTH"] == "0" else [f"--depth={given['GIT_DEPTH']}"]
        here.git("fetch", "--quiet", *depth, "origin", given["CI_COMMIT_SHA"])
        here.git("checkout", "--quiet", "--detach", given["CI_COMMIT_SHA"])
        return workspace

    def _environment(
        self, number: str, job: Mapping[str, Any], given: Mapping[str, str], workspace: Path
    ) -> dict[str, str]:
        own = {name: _filled(value, given) for name, value in job.get("variables", {}).items()}
        tokens = {name: f"signed for {one['aud']}" for name, one in job.get("id_tokens", {}).items()}
        path = os.pathsep.join([str(self.home / "bin"), os.environ["PATH"]])
        here = {
            "CI_JOB_ID": number,
            "CI_JOB_URL": f"{_SERVER}/jobs/{number}",
            "CI_PROJECT_DIR": str(workspace),
            "FAKE_GITLAB": str(self.home),
            "PATH": path,
        }
        return {**on_a_new_machine(), **self.aws, **given, **own, **tokens, **here}

    def _keep(self, artifacts: Mapping[str, Any], workspace: Path, number: int, status: str) -> list[str]:
        if status not in {"always": ("success", "failed")}.get(artifacts.get("when", ""), ("success",)):
            return []
        reports = [file for file in artifacts.get("reports", {}).values() if (workspace / file).exists()]
        kept = [*reports]
        for name in artifacts.get("paths", []):
            place = workspace / name
            files = [place] if place.is_file() else [one for one in place.rglob("*") if one.is_file()]
            for one in files:
                target = self.home / "artifacts" / str(number) / one.relative_to(workspace)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(one, target)
                kept.append(str(one.relative_to(workspace)))
        return sorted(kept)


def _jobs(recipe: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """By stage, with what they extend and what is so by default."""
    jobs = {name: job for name, job in recipe.items() if name not in _NO_JOBS and not name.startswith(".")}
    for stage in recipe["stages"]:
        for name, job in jobs.items():
            if job["stage"] == stage:
                yield name, {**recipe["default"], **recipe.get(job.get("extends"), {}), **job}


def _is_wanted(job: Mapping[str, Any], given: Mapping[str, str]) -> bool:
    rule = next((one for one in job["rules"] if _is_met(one, given)), {"when": "never"})
    return rule.get("when") != "never"


def _is_met(rule: Mapping[str, str], given: Mapping[str, str]) -> bool:
    text = re.sub(r'"([^"]*)"', r"'\1'", rule["if"])
    return bool(evaluated(re.sub(r"\$(\w+)", r"variables.\1", text), {"variables": given}))


def _filled(value: str, given: Mapping[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda found: shown(given.get(found[1])), value)
