"""A small GitHub: a repository with pull requests, and a runner of its workflows.

The runner does what the real one does with the steps: conditions, contexts, local actions, the files that GITHUB_OUTPUT
and GITHUB_STEP_SUMMARY name, the shell's own options, commands in the log (`::error::`, `::stop-commands::`). In place
of other people's actions stands what they do here: a clone, a role that gives the sandbox's credentials, artifacts in
folders. What pip is told to install it only writes down, in `pip.log`.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from support import plain_yaml
from support.ci.apis import on_a_new_machine, program, python
from support.ci.expressions import Value, is_met, replaced
from support.ci.shells import Cancel, run_script
from support.repositories import Repository

NAME: Final = "acme/apis"
_COMMAND: Final = re.compile(r"::(?P<name>[\w-]+)(?P<properties> [^:]*)?::(?P<text>.*)")
_SHELLS: Final = {None: ("bash", "-e"), "bash": ("bash", "--noprofile", "--norc", "-eo", "pipefail")}

Step = Mapping[str, Any]


@dataclass(frozen=True)
class Pull:
    """A pull request: what was pushed, and where its merge with the base stands."""

    number: int
    head: str
    merge: str
    is_from_fork: bool = False


@dataclass
class Job:
    """What came of a job. `commands` are those that the runner took from its log, `files` its artifacts by name."""

    name: str
    result: str = "success"
    log: str = ""
    summary: str = ""
    commands: list[tuple[str, str]] = field(default_factory=list)
    scans: dict[str, Any] = field(default_factory=dict)
    artifacts: dict[str, list[str]] = field(default_factory=dict)
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)


@dataclass
class Run:
    """What came of a workflow: its jobs by name, with what the matrix gives them in brackets."""

    number: int
    jobs: dict[str, Job]

    @property
    def conclusion(self) -> str:
        """Success only if no job failed."""
        return "failure" if any(job.result == "failure" for job in self.jobs.values()) else "success"

    @property
    def results(self) -> dict[str, str]:
        """What each job came to."""
        return {name: one.result for name, one in self.jobs.items()}


class GitHub:
    """The service. `home` is its own folder; `credentials` is what a role gives.

    `cancels` holds what somebody does to the shell of a step, by the step's name, while it runs.
    """

    def __init__(
        self, home: Path, repository: Repository, variables: Mapping[str, str], credentials: Mapping[str, str]
    ) -> None:
        self.home = home
        self.repository = repository
        self.variables = variables
        self.credentials = credentials
        self.main = repository.git("rev-parse", "main")
        self.cancels: dict[str, Cancel] = {}
        self._runs = 0
        program(home / "bin", "gh")
        program(home / "bin", "jq")
        python(home / "bin", home / "pip.log")
        self._write({"repository": NAME, "calls": [], "comments": [], "issues": [], "pulls": [], "runs": []})

    @property
    def state(self) -> dict[str, Any]:
        """What `gh` sees."""
        state: dict[str, Any] = json.loads((self.home / "state.json").read_text(encoding="utf-8"))
        return state

    def _write(self, state: Mapping[str, Any]) -> None:
        (self.home / "state.json").write_text(json.dumps(state), encoding="utf-8")

    def holds(self, what: str, things: list[dict[str, Any]]) -> None:
        """What people left there."""
        self._write({**self.state, what: things})

    @property
    def comments(self) -> list[str]:
        """The comments on pull requests, in order."""
        return [one["body"] for one in self.state["comments"]]

    def pull(self, branch: str, *, is_from_fork: bool = False) -> Pull:
        """Open a pull request of a branch, or push to it: what its merge would be is a commit of its own."""
        git = self.repository.git
        head = git("rev-parse", branch)
        git("switch", "--quiet", "--detach", "main")
        git("merge", "--quiet", "--no-ff", "-m", "as if merged", head)
        merge = git("rev-parse", "HEAD")
        git("switch", "--quiet", branch)
        number = 1 + next((at for at, one in enumerate(self.state["pulls"]) if one["branch"] == branch), -1)
        state = self.state
        if not number:
            number = len(state["pulls"]) + 1
            state["pulls"].append({"number": number, "branch": branch, "commits": []})
        state["pulls"][number - 1] |= {
            "head": {"sha": head}, "base": {"ref": "main"}, "merged_at": None, "merge_commit_sha": merge
        }  # fmt: skip
        self._write(state)
        return Pull(number, head, merge, is_from_fork)

    def merge(self, *pulls: Pull, squash: bool = False) -> str:
        """Merge pull requests into main, in one push; gives the commit on which it stood before."""
        git, state = self.repository.git, self.state
        before = self.main
        git("switch", "--quiet", "main")
        for one in pulls:
            git("merge", "--quiet", *(["--squash"] if squash else ["--no-ff", "-m", "merged"]), one.head)
            if squash:
                git("commit", "-m", "squashed")
            commit = git("rev-parse", "HEAD")
            merged = {"merged_at": "now", "merge_commit_sha": commit}
            inner = git("rev-list", f"{before}..{commit}").split()
            state["pulls"][one.number - 1] |= {**merged, "commits": inner}
        self._write(state)
        self.main = git("rev-parse", "HEAD")
        return before

    def on_pull(self, file: str, pull: Pull, *, only: str = "") -> Run:
        """Run a workflow, or one job of it, for a pull request."""
        owner = "stranger/apis" if pull.is_from_fork else NAME
        github = {
            "event_name": "pull_request",
            "ref": f"refs/pull/{pull.number}/merge",
            "ref_name": f"{pull.number}/merge",
            "base_ref": "main",
            "sha": pull.merge,
            "event": {
                "pull_request": {"number": pull.number, "head": {"sha": pull.head, "repo": {"full_name": owner}}}
            },
        }
        return self._run(file, github, head=pull.head, owner=owner, only=only)

    def on_push(self, file: str, before: str, *, commit: str = "", again: Run | None = None) -> Run:
        """Run a workflow for what main stands on now, or for what was pushed then; once more under its own number."""
        pushed = {"event": {"before": before}, "sha": commit or self.main, "run_attempt": "2" if again else "1"}
        number = again.number if again else 0
        return self._run(file, self._on_main("push") | pushed, head=commit or self.main, number=number)

    def in_queue(self, file: str, pull: Pull) -> Run:
        """Run a workflow for a pull request that waits in the merge queue."""
        branch = f"gh-readonly-queue/main/pr-{pull.number}-{self.main}"
        group = {"event_name": "merge_group", "ref": f"refs/heads/{branch}", "ref_name": branch, "sha": pull.merge}
        return self._run(file, self._on_main("merge_group") | group, head=pull.merge)

    def by_hand(self, file: str, inputs: Mapping[str, str] | None = None, *, only: str = "") -> Run:
        """Start a workflow on main."""
        return self._run(file, self._on_main("workflow_dispatch"), head=self.main, inputs=inputs or {}, only=only)

    def on_schedule(self, file: str) -> Run:
        """Run a workflow because it is time."""
        return self._run(file, self._on_main("schedule"), head=self.main)

    def _on_main(self, event: str) -> dict[str, Any]:
        return {
            "event_name": event, "ref": "refs/heads/main", "ref_name": "main", "base_ref": "", "sha": self.main,
            "event": {"repository": {"default_branch": "main"}},
        }  # fmt: skip

    def _run(  # noqa: PLR0913 - all that one run can differ in
        self,
        file: str,
        github: Mapping[str, Any],
        *,
        head: str,
        owner: str = NAME,
        inputs: Mapping[str, str] | None = None,
        only: str = "",
        number: int = 0,
    ) -> Run:
        self._runs += 1
        number = number or self._runs + 7000
        text = self.repository.git("show", f"{github['sha']}:.github/workflows/{file}")
        workflow = plain_yaml.only_texts(text)
        jobs: dict[str, Job] = {}
        for name, job in workflow["jobs"].items():
            if only not in ("", name):
                continue
            for row in job.get("strategy", {}).get("matrix", {}).get("include", [{}]):
                title = f"{name} ({row['name']})" if row else name
                context = {
                    "github": {"repository": NAME, "token": "a token", "run_attempt": "1", **github},
                    "matrix": row, "inputs": inputs or {},
                    "vars": {} if owner != NAME else self.variables, "needs": {},
                }  # fmt: skip
                jobs[title] = _Runner(self, title, job, context, number).run()
        run = Run(number, jobs)
        state = self.state
        state["runs"] = [one for one in state["runs"] if one["id"] != number]
        state["runs"].append({
            "id": number, "workflow": file, "event": github["event_name"], "head_sha": head, "created_at": f"{number}",
            "head_branch": github["ref_name"], "head_repository": {"full_name": owner}, "conclusion": run.conclusion,
        })  # fmt: skip
        self._write(state)
        return run


class _Runner:
    """Runs one job on a machine of its own: a workspace and a folder for what is temporary."""

    def __init__(self, service: GitHub, title: str, job: Step, context: dict[str, Any], run: int) -> None:
        self._service = service
        self._definition = job
        self._run = run
        self._job = Job(title)
        attempt = context["github"]["run_attempt"]
        self._machine = service.home / "machines" / f"{run}-{attempt}-{re.sub(r'[^a-z]+', '-', title)}"
        self._workspace = self._machine / "work"
        self._temporary = self._machine / "temp"
        self._context = {**context, "runner": {"temp": str(self._temporary)}}
        self._role: Mapping[str, str] = {}

    def run(self) -> Job:
        """All steps, in order."""
        if not is_met(self._definition.get("if"), self._context, _status(failed=False)):
            self._job.result = "skipped"
            return self._job
        self._temporary.mkdir(parents=True)
        self._workspace.mkdir()
        given = {name: replaced(value, self._context) for name, value in self._definition.get("env", {}).items()}
        self._context["steps"] = self._job.steps
        failed = self._run_steps(self._definition["steps"], self._context, given, self._job.steps)
        self._job.result = "failure" if failed else "success"
        return self._job

    def _run_steps(
        self, steps: Sequence[Step], context: Mapping[str, Value], given: Mapping[str, str], results: dict[str, Any]
    ) -> bool:
        failed = False
        for step in steps:
            if not is_met(step.get("if"), context, _status(failed=failed)):
                continue
            self._job.ran.append(step.get("name", step.get("uses", "")))
            outputs: dict[str, str] = {}
            good = self._step(step, context, given, outputs)
            failed = failed or not good
            if "id" in step:
                results[step["id"]] = {"outputs": outputs, "outcome": "success" if good else "failure"}
        return failed

    def _step(
        self, step: Step, context: Mapping[str, Value], given: Mapping[str, str], outputs: dict[str, str]
    ) -> bool:
        values = {name: replaced(value, context) for name, value in step.get("with", {}).items()}
        environment = {**given, **{name: replaced(value, context) for name, value in step.get("env", {}).items()}}
        if "run" in step:
            assert "${{" not in step["run"]
            return self._shell(step, environment, outputs)
        if step["uses"].startswith("./"):
            return self._local(step["uses"], values, environment, outputs)
        return self._known(step["uses"].partition("@")[0], values)

    def _local(self, place: str, values: Mapping[str, str], given: Mapping[str, str], outputs: dict[str, str]) -> bool:
        """An action of the repository: it knows what it is given, and nothing of the job but `github` and `runner`."""
        text = (self._workspace / place / "action.yml").read_text(encoding="utf-8")
        action = plain_yaml.only_texts(text)
        inputs = {name: values.get(name, one.get("default", "")) for name, one in action["inputs"].items()}
        assert set(values) <= set(inputs)
        assert all(name in values for name, one in action["inputs"].items() if one.get("required") == "true")
        results: dict[str, Any] = {}
        known = {name: self._context[name] for name in ("github", "runner")}
        context = {**known, "inputs": inputs, "steps": results}
        given = {**given, "GITHUB_ACTION_PATH": str(self._workspace / place)}
        failed = self._run_steps(action["runs"]["steps"], context, given, results)
        for name, one in action.get("outputs", {}).items():
            outputs[name] = replaced(one["value"], context)
        return not failed

    def _shell(self, step: Step, given: Mapping[str, str], outputs: dict[str, str]) -> bool:
        script, output, summary = (self._temporary / name for name in ("step.sh", "output", "summary"))
        script.write_text(step["run"], encoding="utf-8")
        output.write_text("")
        summary.write_text("")
        github: Any = self._context["github"]
        environment = {
            **on_a_new_machine(),
            **self._role,
            **given,
            "PATH": os.pathsep.join([str(self._service.home / "bin"), os.environ["PATH"]]),
            "FAKE_GITHUB": str(self._service.home),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(self._workspace),
            "GITHUB_REPOSITORY": NAME,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_RUN_ID": str(self._run),
            "GITHUB_SHA": github["sha"],
            "GITHUB_REF": github["ref"],
            "GITHUB_REF_NAME": github["ref_name"],
            "GITHUB_BASE_REF": github["base_ref"],
            "GITHUB_EVENT_NAME": github["event_name"],
            "RUNNER_TEMP": str(self._temporary),
        }
        shell = [*_SHELLS[step.get("shell", "bash")], str(script)]
        code, log = run_script(shell, self._workspace, environment, self._service.cancels.get(step.get("name", "")))
        self._job.log += log
        self._job.commands.extend(_commands(log))
        self._job.summary += summary.read_text(encoding="utf-8")
        for line in output.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            outputs[name] = value
        return code == 0

    def _known(self, action: str, values: Mapping[str, str]) -> bool:
        """Other people's actions."""
        match action:
            case "actions/checkout":
                self._check_out(values)
            case "aws-actions/configure-aws-credentials":
                return self._take_role(values)
            case "actions/upload-artifact":
                return self._keep(values)
            case "github/codeql-action/upload-sarif":
                self._job.scans[values["category"]] = json.loads(Path(values["sarif_file"]).read_text(encoding="utf-8"))
            case "actions/setup-python" | "hashicorp/setup-terraform":
                pass
            case _:
                message = f"{action} is not known"
                raise ValueError(message)
        return True

    def _check_out(self, values: Mapping[str, str]) -> None:
        """As the action does: one commit, or all branches; of a branch, what it is now."""
        github: Any = self._context["github"]
        here = Repository(self._workspace)
        here.git("init", "--quiet")
        here.git("remote", "add", "origin", self._service.repository.folder.as_uri())
        if values.get("fetch-depth") == "0":
            here.git("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
            here.git("fetch", "--quiet", "origin", github["sha"])
        else:
            here.git("fetch", "--quiet", "--depth=1", "origin", github["sha"])
        branch = values.get("ref", "").removeprefix("refs/heads/")
        here.git("checkout", "--quiet", "--detach", f"origin/{branch}" if branch else github["sha"])

    def _take_role(self, values: Mapping[str, str]) -> bool:
        assert self._definition["permissions"]["id-token"] == "write"
        if not values["role-to-assume"].startswith("arn:aws:iam::"):  # a variable, which a fork does not have
            return False
        self._role = {**self._service.credentials, "AWS_REGION": values["aws-region"]}
        return True

    def _keep(self, values: Mapping[str, str]) -> bool:
        """Files into an artifact; hidden ones only if they are asked for."""
        place = self._workspace / values["path"]
        files = [place] if place.is_file() else [one for one in place.rglob("*") if one.is_file()]
        hidden = values.get("include-hidden-files") == "true"
        kept = [file for file in files if hidden or not _is_hidden(file, self._machine)]
        if not kept:
            return values["if-no-files-found"] == "ignore"
        folder = self._service.home / "artifacts" / str(self._run) / values["name"]
        assert "/" not in values["name"]
        top = place.parent if place.is_file() else place
        for one in kept:
            (folder / one.relative_to(top)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(one, folder / one.relative_to(top))
        self._job.artifacts[values["name"]] = sorted(str(one.relative_to(top)) for one in kept)
        return True


def _is_hidden(file: Path, top: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(top).parts)


def _status(*, failed: bool) -> Mapping[str, bool]:
    return {"always": True, "success": not failed, "failure": failed, "cancelled": False}


def _commands(log: str) -> Iterator[tuple[str, str]]:
    """What the runner takes for a command, name and text; between a token and its return it listens to nothing."""
    token = None
    for line in log.splitlines():
        found = _COMMAND.match(line.lstrip())
        if token:
            token = None if found and found["name"] == token else token
        elif found and found["name"] == "stop-commands":
            token = found["text"]
        elif found:
            yield found["name"], found["text"]
        elif "##[" in line:
            yield "old style", line
