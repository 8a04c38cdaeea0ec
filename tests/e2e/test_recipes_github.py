"""The recipes for GitHub, run as they stand in `samples/ci/github`.

A small GitHub runs the workflows of a repository; the only way to AWS is the role that a workflow takes.
"""

import math
from pathlib import Path
from typing import Final

import pytest

from e2e.recipes import is_live, second_api, somebody_writes
from e2e.running import SAMPLES, InProcess
from reconciler.render.markdown import LIMIT
from reconciler.sandbox.building import ApiBuilder
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server
from support.ci.apis import CONFIGURATION, HEALTH, MANIFEST, TESTED, TESTS, VARIABLES, change, recipe
from support.ci.github import GitHub, Job, Pull
from support.project import ROOT
from support.repositories import Repository

pytestmark = pytest.mark.recipes

RECIPES: Final = SAMPLES / "ci" / "github"
PLAN, APPLY, DRIFT = "reconciler-plan.yml", "reconciler-apply.yml", "reconciler-drift.yml"
ROLLBACK: Final = "reconciler-rollback.yml"

WIDE: Final = """\
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: common}
spec:
  for: RestApi
  responses:
    200: {}
---
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: wide}
spec:
  api: {name: wide}
  use: [{set: common, paths: ['/**']}]
  resources:
""" + "\n".join(f"    /r{number}: {{GET: {{responses: {{}}}}}}" for number in range(80))

HOSTILE: Final = """\
::error file=x::taken for a command
##[error]taken for a command
::add-mask::e
````
</details> <script>alert(1)</script> @everyone closes #1
$(touch owned) `touch owned` ${{ github.token }}
"""


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with the recipes and a manifest, all of it on main."""
    return recipe(tmp_path / "repo", RECIPES, monkeypatch)


@pytest.fixture
def github(repo: Repository, sandbox: Server, reconciler: InProcess, tmp_path: Path) -> GitHub:
    """GitHub, with that repository and all variables; AWS holds what main says."""
    assert reconciler("apply", repo.folder / MANIFEST, "--yes").code == 0
    sandbox.aws.plane().calls.clear()
    return GitHub(tmp_path / "github", repo, VARIABLES, sandbox.environment_over({}))


def plan_of(github: GitHub, pull: Pull) -> Job:
    """What the job `plan` came to."""
    return github.on_pull(PLAN, pull, only="plan").jobs["plan (production)"]


def apply_of(github: GitHub, before: str) -> Job:
    """What the job `apply` came to, after a push."""
    return github.on_push(APPLY, before).jobs["apply (production)"]


def drift_of(github: GitHub) -> Job:
    """What a morning's run came to."""
    return github.on_schedule(DRIFT).jobs["drift (production)"]


def changed(github: GitHub, repo: Repository, text: str = "better\n") -> Pull:
    """A pull request that changes a template."""
    change(repo, text)
    return github.pull("change")


def test_pull_request_shows_a_plan(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """In a comment, in the summary and on the line of the manifest; it is kept, and nothing is written to AWS."""
    job = plan_of(github, changed(github, repo))
    marker, _, comment = github.comments[0].partition("<sub>")[0].partition("\n")

    assert ("success", {"plan-production": ["plan.json"]}, [], "<!-- reconciler:plan -->") == (
        job.result, job.artifacts, plane.calls.writes(), marker,
    )  # fmt: skip
    assert comment in job.summary
    assert [("notice", "update health: GET /health 503: responseTemplates differ")] == job.commands


def test_comment_is_kept_up_to_date(github: GitHub, repo: Repository) -> None:
    """A second push changes the one comment, whatever else is said on the pull request, with the same words even."""
    pull = changed(github, repo)
    people = {"user": {"type": "Bot", "login": "somebody[bot]"}, "issue": str(pull.number)}
    github.holds("comments", [{**people, "id": 900 + n, "body": "<!-- reconciler:plan -->"} for n in range(3)])
    plan_of(github, pull)
    plan_of(github, changed(github, repo, "better still\n"))

    assert (3, ["better still" in comment for comment in github.comments[3:]]) == (
        github.comments.count("<!-- reconciler:plan -->"), [True],
    )  # fmt: skip


@pytest.mark.parametrize("squash", [False, True], ids=["merge commit", "squash"])
def test_merge_applies_the_plan(github: GitHub, repo: Repository, reconciler: InProcess, *, squash: bool) -> None:
    """The plan that the pull request showed; the log says where it is from."""
    pull = changed(github, repo)
    plan_of(github, pull)
    job = apply_of(github, github.merge(pull, squash=squash))

    assert ("success", True, True) == (job.result, is_live(reconciler, repo), "pull request #1" in job.summary)


def test_second_apply_does_nothing(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """A job that is run again finds that all is done."""
    pull = changed(github, repo)
    plan_of(github, pull)
    before = github.merge(pull)
    apply_of(github, before)
    plane.calls.clear()
    job = apply_of(github, before)

    assert ("success", [], True) == (job.result, plane.calls.writes(), "Nothing to do." in job.log)


def test_stale_plan_is_refused(github: GitHub, repo: Repository, plane: ControlPlane, reconciler: InProcess) -> None:
    """AWS was changed after the run: exit code 4, nothing is written, and a plan made by hand leads on."""
    pull = changed(github, repo)
    plan_of(github, pull)
    somebody_writes(repo, reconciler, "by hand\n")
    plane.calls.clear()
    job = apply_of(github, github.merge(pull))
    refused = (job.result, job.steps["apply"]["outputs"]["exit-code"], plane.calls.writes())
    again = github.by_hand(PLAN, only="plan")
    last = github.by_hand(APPLY, {"run-id": str(again.number)}).jobs["apply (production)"]

    assert (("failure", "4", []), "success", "success", True) == (
        refused, again.jobs["plan (production)"].result, last.result, is_live(reconciler, repo),
    )  # fmt: skip


def test_plan_before_somebody_elses_merge_is_refused(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """What another pull request changed at the same API meanwhile, nobody has seen together with this one."""
    pull = changed(github, repo)
    change(repo, HEALTH.replace("200: {}", "200: {contentHandling: CONVERT_TO_TEXT}"), branch="other", file=MANIFEST)
    other = github.pull("other")
    plan_of(github, pull)
    plan_of(github, other)
    apply_of(github, github.merge(other))
    plane.calls.clear()
    job = apply_of(github, github.merge(pull))

    assert ("4", []) == (job.steps["apply"]["outputs"]["exit-code"], plane.calls.writes())


def test_merge_for_another_api_leaves_the_plan_good(github: GitHub, repo: Repository, reconciler: InProcess) -> None:
    """A plan is about what its branch touches."""
    pull = changed(github, repo)
    plan_of(github, pull)
    chat = (SAMPLES / "chat" / "chat.yaml").read_text().replace("templates/", "templates-of-chat/")
    for file in (SAMPLES / "chat" / "templates").iterdir():
        change(repo, file.read_text(), branch="other", file=f"manifests/templates-of-chat/{file.name}")
    change(repo, chat, branch="other", file="manifests/chat.yaml")
    other = github.pull("other")
    plan_of(github, other)
    results = [apply_of(github, github.merge(one)).result for one in (other, pull)]

    assert (["success", "success"], True) == (results, is_live(reconciler, repo))


def test_pull_request_that_touches_no_manifest(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """There is no comment; its merge has nothing to do, and does not fail."""
    change(repo, "hello\n", file="README.md")
    pull = github.pull("change")
    plan = plan_of(github, pull)

    assert ("success", [], "success", []) == (
        plan.result, github.comments, apply_of(github, github.merge(pull)).result, plane.calls.writes(),
    )  # fmt: skip


def test_comment_says_that_nothing_is_left_to_do(github: GitHub, repo: Repository) -> None:
    """A push that takes the change back updates the comment that is there."""
    plan_of(github, changed(github, repo))
    plan_of(github, changed(github, repo, "as it was\n"))

    assert [True] == ["No changes" in comment for comment in github.comments]


def test_what_was_taken_back_is_not_applied(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """An apply that waited for its turn, or is run again, after a revert: refused, good as its plan is."""
    pull = changed(github, repo)
    plan_of(github, pull)
    before = github.merge(pull)
    waiting = github.main
    change(repo, "as it was\n", branch="revert")
    github.merge(github.pull("revert"))
    plane.calls.clear()
    run = github.on_push(APPLY, before, commit=waiting)

    assert ("4", []) == (
        run.jobs["apply (production)"].steps["apply"]["outputs"]["exit-code"], plane.calls.writes(),
    )  # fmt: skip


def test_merge_queue(github: GitHub, repo: Repository, plane: ControlPlane, reconciler: InProcess) -> None:
    """It is told what it waits for, without AWS; what is applied is the plan that the pull request showed."""
    pull = changed(github, repo)
    plan_of(github, pull)
    plane.calls.clear()
    run = github.in_queue(PLAN, pull)
    asked = len(plane.calls)
    job = apply_of(github, github.merge(pull))

    assert ({"check": "success", "plan (production)": "success"}, 0, "success", True) == (
        run.results, asked, job.result, is_live(reconciler, repo),
    )  # fmt: skip


def test_push_past_pull_requests(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """Nobody has reviewed anything: nothing is applied, and the log says what to do."""
    change(repo, "better\n", branch="main")
    before, github.main = github.main, repo.git("rev-parse", "HEAD")
    job = apply_of(github, before)

    assert ("failure", [], True) == (
        job.result, plane.calls.writes(), "Start reconciler-plan.yml by hand" in job.commands[0][1],
    )  # fmt: skip


def test_two_merges_in_one_push(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """They were reviewed one by one: nothing is applied, and the log says how a merge queue avoids that."""
    first = changed(github, repo)
    change(repo, "hello\n", branch="other", file="README.md")
    second = github.pull("other")
    for one in (first, second):
        plan_of(github, one)
    job = apply_of(github, github.merge(first, second))

    assert ("failure", [], True) == (job.result, plane.calls.writes(), "merged 2 pull requests" in job.commands[0][1])


def test_run_that_nobody_started_on_main(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """By hand only the plan of a run by hand is applied: not that of a pull request, nor of what is no number."""
    number = str(github.on_pull(PLAN, changed(github, repo), only="plan").number)
    tried = [number, f"{number}; touch owned", "$(touch owned)", f"../{number}", '" or true']
    results = {github.by_hand(APPLY, {"run-id": one}).conclusion for one in tried}

    assert ({"failure"}, [], []) == (results, plane.calls.writes(), [one.name for one in github.home.rglob("owned*")])


def test_fork(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """Its pull request is checked and reviewed without credentials; its merge applies nothing before a plan by hand."""
    change(repo, "from a stranger\n")
    pull = github.pull("change", is_from_fork=True)
    run = github.on_pull(PLAN, pull)
    checked = (run.results, "from a stranger" in run.jobs["check"].summary, len(plane.calls))
    job = apply_of(github, github.merge(pull))

    assert (({"check": "success", "plan (production)": "skipped"}, True, 0), "failure", []) == (
        checked, job.result, plane.calls.writes(),
    )  # fmt: skip


def test_hostile_template(github: GitHub, repo: Repository, reconciler: InProcess) -> None:
    """What a template holds, in the manifest and in AWS, is a command neither to the runner nor to the shell.

    The comment is the report, byte for byte, and a line that says which commit it is about.
    """
    somebody_writes(repo, reconciler, HOSTILE.replace("owned", "owned-live"))
    pull = changed(github, repo, HOSTILE)
    run = github.on_pull(PLAN, pull)
    taken = [text for job in run.jobs.values() for _, text in job.commands if "taken" in text]
    files = [one.name for one in github.home.rglob("owned*")]
    report = Path(run.jobs["plan (production)"].steps["plan"]["outputs"]["report"]).read_text(encoding="utf-8")

    body, _, origin = github.comments[0].rpartition("<sub>Commit ")

    assert ([], [], report, pull.head) == (taken, files, body, origin.partition(",")[0])
    assert "$(touch owned)" in report


def test_refused_plan_is_shown_and_not_kept(github: GitHub, repo: Repository) -> None:
    """The guard speaks: the job fails with its reasons in the comment, and no merge finds a plan."""
    change(repo, HEALTH[: HEALTH.index("          200")].rstrip().removesuffix(":") + ": {}\n", file=MANIFEST)
    pull = github.pull("change")
    job = plan_of(github, pull)
    applied = apply_of(github, github.merge(pull))

    assert ("failure", "4", {}, True, "failure") == (
        job.result, job.steps["plan"]["outputs"]["exit-code"], job.artifacts, "emptyMethod" in github.comments[0],
        applied.result,
    )  # fmt: skip


def test_invalid_manifest(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """It is marked on its line, and both jobs fail."""
    change(repo, HEALTH.replace("contentHandling", "x").replace("selectionPattern", "selectonPattern"), file=MANIFEST)
    run = github.on_pull(PLAN, github.pull("change"))

    assert (["failure", "failure"], {}, [], "error") == (
        [*run.results.values()], run.jobs["plan (production)"].artifacts, plane.calls.writes(),
        run.jobs["check"].commands[0][0],
    )  # fmt: skip


def with_tests(github: GitHub, repo: Repository) -> None:
    """Put a response test on main."""
    change(repo, TESTS, branch="main", file=TESTED)
    github.main = repo.git("rev-parse", "HEAD")


@pytest.mark.parametrize("is_from_fork", [False, True], ids=["own branch", "fork"])
def test_response_test_that_fails(github: GitHub, repo: Repository, *, is_from_fork: bool) -> None:
    """The job that needs no credentials is red, the line of the test is marked, and the summary has the difference."""
    with_tests(github, repo)
    change(repo, "better\n")
    job = github.on_pull(PLAN, github.pull("change", is_from_fork=is_from_fork), only="check").jobs["check"]
    marked = [line for line in job.log.splitlines() if f"::error file={TESTED},line=7" in line]

    assert ("failure", 1, ["error"], True) == (
        job.result, len(marked), [name for name, _ in job.commands], "clients hear that the backend" in job.summary,
    )  # fmt: skip


def test_response_test_that_passes(github: GitHub, repo: Repository) -> None:
    """A change with its test is green; review and plan show what clients get before and after."""
    with_tests(github, repo)
    change(repo, "better\n")
    change(repo, TESTS.replace("as it was", "better"), file=TESTED)
    run = github.on_pull(PLAN, github.pull("change"))
    shown = [*(job.summary for job in run.jobs.values()), *github.comments]

    assert ({"check": "success", "plan (production)": "success"}, [True] * 3) == (
        run.results, ["What clients get" in text for text in shown],
    )  # fmt: skip


def test_code_scanning(github: GitHub, repo: Repository) -> None:
    """A variable turns the upload of SARIF on."""
    github.variables = {**VARIABLES, "RECONCILER_CODE_SCANNING": "on"}
    run = github.on_pull(PLAN, changed(github, repo))
    scans = {name: scan["version"] for job in run.jobs.values() for name, scan in job.scans.items()}

    assert {"reconciler-validate": "2.1.0", "reconciler-plan-production": "2.1.0"} == scans


def test_environments(github: GitHub, repo: Repository) -> None:
    """The matrix says which environments of reconciler.yaml there are: a comment and a plan for each."""
    repo.write("reconciler.yaml", f"{CONFIGURATION}environments: {{dev: {{}}, prod: {{accountId: '123456789012'}}}}\n")
    workflow = repo.folder / ".github" / "workflows" / PLAN
    rows = "- {name: staging, env: dev}\n          - {name: production, env: prod}"
    workflow.write_text(workflow.read_text().replace('- {name: production, env: ""}', rows))
    repo.git("commit", "--all", "-m", "environments")
    github.main = repo.git("rev-parse", "HEAD")
    run = github.on_pull(PLAN, changed(github, repo))
    kept = [name for job in run.jobs.values() for name in job.artifacts]

    assert (["plan-staging", "plan-production"], ["<!-- reconciler:plan dev -->", "<!-- reconciler:plan prod -->"]) == (
        kept, [comment.partition("\n")[0] for comment in github.comments],
    )  # fmt: skip


def test_shared_set(github: GitHub, repo: Repository, plane: ControlPlane, reconciler: InProcess) -> None:
    """One line in a set that 80 methods use: 80 in the review, 80 in the plan, one comment, and 80 writes."""
    api = ApiBuilder(plane, "wide")
    for number in range(80):
        backend = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "https://backend.example"}
        api.method(f"/r{number}", "GET", backend, {"200": [], "429": []})
    change(repo, WIDE, branch="main", file="manifests/wide.yaml")
    assert reconciler("apply", repo.folder / "manifests" / "wide.yaml", "--yes").code == 0
    github.main = repo.git("rev-parse", "HEAD")
    change(repo, WIDE.replace("200: {}", "200: {}\n    429: {selectionPattern: '429'}"), file="manifests/wide.yaml")
    plane.calls.clear()
    pull = github.pull("change")
    run = github.on_pull(PLAN, pull)
    job = apply_of(github, github.merge(pull))
    shown = ["80 to create" in one.summary.replace("*", "") for one in run.jobs.values()]

    assert ([True, True], True, "success", 80) == (
        shown,
        len(github.comments[0]) <= LIMIT,
        job.result,
        len(plane.calls.writes()),
    )


def test_deploying_takes_two_lines(github: GitHub, repo: Repository, reconciler: InProcess) -> None:
    """The README's: `--deploy` for the plan and for the apply; then the stage serves what was reviewed."""
    repo.write(MANIFEST, HEALTH.replace("  resources:", "  deploy: {stages: [prod]}\n  resources:"))
    assert reconciler("deploy", repo.folder / MANIFEST, "--publish-all", "--yes").code == 0
    for name, before in ((PLAN, "            --detailed-exitcode\n"), (APPLY, "            --max-age=7d\n")):
        workflow = repo.folder / ".github" / "workflows" / name
        workflow.write_text(workflow.read_text().replace(before, f"{before}            --deploy\n"))
    repo.git("commit", "--all", "-m", "deploy")
    github.main = repo.git("rev-parse", "HEAD")
    pull = changed(github, repo)
    plan_of(github, pull)
    job = apply_of(github, github.merge(pull))

    assert ("success", 0) == (job.result, reconciler("status", repo.folder / MANIFEST).code)


def test_apply_that_stops(github: GitHub, repo: Repository, plane: ControlPlane, reconciler: InProcess) -> None:
    """Exit code 3 says what to do: the job, run again, writes nothing; what is left is planned and applied by hand."""
    change(repo, HEALTH.replace("200: {}", "200: {contentHandling: CONVERT_TO_TEXT}"), file=MANIFEST)
    pull = changed(github, repo)
    plan_of(github, pull)
    before = github.merge(pull)
    denied = faults.access_denied("PUT", "/whatever")
    plane.faults.add(denied, "PutIntegrationResponse", when=lambda one: one["statusCode"] == "503")
    stopped = apply_of(github, before)
    again = apply_of(github, before)
    plan = github.by_hand(PLAN, only="plan")
    last = github.by_hand(APPLY, {"run-id": str(plan.number)})

    assert (["3", "4"], True, "success", True) == (
        [one.steps["apply"]["outputs"]["exit-code"] for one in (stopped, again)],
        "reconciler-rollback.yml" in stopped.commands[-1][1], last.conclusion, is_live(reconciler, repo),
    )  # fmt: skip


@pytest.mark.parametrize("breaks", [False, True], ids=["whole", "torn"])
def test_rollback(
    github: GitHub, repo: Repository, plane: ControlPlane, reconciler: InProcess, *, breaks: bool
) -> None:
    """The journal of an apply, kept whatever came of it, is enough to undo it from another machine."""
    change(repo, HEALTH.replace("200: {}", "200: {contentHandling: CONVERT_TO_TEXT}"), file=MANIFEST)
    pull = changed(github, repo)
    plan_of(github, pull)
    before = github.merge(pull)
    if breaks:
        denied = faults.access_denied("PUT", "/whatever")
        plane.faults.add(denied, "PutIntegrationResponse", when=lambda one: one["statusCode"] == "503")
    number = github.on_push(APPLY, before).number
    run = github.by_hand(ROLLBACK, {"run-id": str(number), "name": "production"})
    repo.git("checkout", "--quiet", "main~1")

    assert ("success", True) == (run.conclusion, is_live(reconciler, repo))


def test_rollback_of_a_run_that_was_run_again(
    github: GitHub, repo: Repository, plane: ControlPlane, reconciler: InProcess
) -> None:
    """Stopped between two APIs, gone on from there: each time left a journal, and both are undone."""
    other = second_api(repo, plane, reconciler)
    github.main = repo.git("rev-parse", "HEAD")
    change(repo, "better\n", file="manifests/templates/other.vtl")
    pull = changed(github, repo)
    plan_of(github, pull)
    before = github.merge(pull)
    plane.faults.add(
        faults.access_denied("PUT", "/whatever"),
        "PutIntegrationResponse",
        when=lambda one: one["restApiId"] == other.id,
    )
    stopped = github.on_push(APPLY, before)
    again = github.on_push(APPLY, before, again=stopped)
    is_done = is_live(reconciler, repo)
    run = github.by_hand(ROLLBACK, {"run-id": str(stopped.number), "name": "production"})
    repo.git("checkout", "--quiet", "main~1")

    assert ("failure", "success", True, "success", 0) == (
        stopped.conclusion, again.conclusion, is_done, run.conclusion,
        reconciler("drift", repo.folder / "manifests").code,
    )  # fmt: skip


def test_rollback_of_one_environment(github: GitHub, repo: Repository, reconciler: InProcess) -> None:
    """What the same run wrote to an environment of a longer name is not what is undone."""
    pull = changed(github, repo)
    plan_of(github, pull)
    run = github.on_push(APPLY, github.merge(pull))
    kept = github.home / "artifacts" / str(run.number)
    (kept / "journal-production-1").rename(kept / "journal-production-1-1")
    undone = github.by_hand(ROLLBACK, {"run-id": str(run.number), "name": "production"})

    assert ("failure", True) == (undone.conclusion, is_live(reconciler, repo))


def test_rollback_of_no_apply(github: GitHub, repo: Repository) -> None:
    """Only a run of the workflow that applies can be undone."""
    number = github.on_pull(PLAN, changed(github, repo), only="plan").number
    run = github.by_hand(ROLLBACK, {"run-id": str(number), "name": "production"})

    assert "failure" == run.conclusion


def test_drift_has_one_issue(github: GitHub, repo: Repository, reconciler: InProcess) -> None:
    """Opened when AWS differs, updated when it differs in other ways, closed when AWS matches again."""
    seen = []
    for text in ("as it was\n", "by hand\n", "by another hand\n", "as it was\n"):
        somebody_writes(repo, reconciler, text)
        job = drift_of(github)
        issues = github.state["issues"]
        seen.append((job.result, [(issue["state"], text.strip() in issue["body"]) for issue in issues]))

    assert [
        ("success", []),
        ("success", [("open", True)]),
        ("success", [("open", True)]),
        ("success", [("closed", False)]),
    ] == [(result, [(state, named and state == "open") for state, named in issues]) for result, issues in seen]


def comments_on_issues(github: GitHub) -> list[str]:
    """What the issues say, one line for each comment."""
    return [one["body"].partition(" [")[0] for one in github.state["comments"] if "issue" in one]


def test_new_findings_are_a_comment(github: GitHub, repo: Repository, reconciler: InProcess) -> None:
    """An edit of the issue notifies nobody: another set of findings is a comment, another value of one is none."""
    said = []
    for text in ("by hand\n", "by another hand\n"):
        somebody_writes(repo, reconciler, text)
        drift_of(github)
        said.append(comments_on_issues(github))
    before = (repo.folder / MANIFEST).read_text()
    repo.write(MANIFEST, before.replace("200: {}", "200: {contentHandling: CONVERT_TO_TEXT}"))
    assert reconciler("apply", repo.folder / MANIFEST, "--yes").code == 0
    repo.write(MANIFEST, before)
    drift_of(github)

    assert ([[], []], ["The findings changed: Differences: 1. Could not be read: 0."]) == (
        said, comments_on_issues(github),
    )  # fmt: skip


def test_unreadable_api_hides_no_drift(
    github: GitHub, repo: Repository, plane: ControlPlane, reconciler: InProcess
) -> None:
    """The run fails, the issue reports the drift and the API that could not be read, and the document is kept."""
    other = second_api(repo, plane, reconciler)
    github.main = repo.git("rev-parse", "main")
    somebody_writes(repo, reconciler, "by hand\n")
    denied = faults.access_denied("GET", "/restapis")
    plane.faults.add(denied, "GetResources", times=math.inf, when=lambda one: one["restApiId"] == other.id)
    job = drift_of(github)
    (issue,) = github.state["issues"]

    assert ("failure", "1", {"drift-production": ["report.json"]}, "AWS differs from the manifests: production") == (
        job.result, job.steps["drift"]["outputs"]["exit-code"], job.artifacts, issue["title"],
    )  # fmt: skip
    assert all(text in issue["body"] for text in ("by hand", "1 error, so not everything could be compared"))


def test_issue_stays_open_while_an_api_cannot_be_read(
    github: GitHub, repo: Repository, plane: ControlPlane, reconciler: InProcess
) -> None:
    """Nothing that could be read differs any more, but not everything could be read: that is a comment, and no end."""
    somebody_writes(repo, reconciler, "by hand\n")
    drift_of(github)
    somebody_writes(repo, reconciler, "as it was\n")
    plane.faults.always(faults.access_denied("GET", "/restapis"), "GetResources")
    job = drift_of(github)
    (issue,) = github.state["issues"]

    assert ("failure", "open", "AWS could not be compared with the manifests: production") == (
        job.result, issue["state"], issue["title"],
    )  # fmt: skip
    assert ["The findings changed: Differences: 0. Could not be read: 1."] == comments_on_issues(github)


def test_check_that_fails_is_an_issue(github: GitHub) -> None:
    """Without a role nothing is compared, and there is no document: the issue says so, once."""
    github.variables = {**VARIABLES, "RECONCILER_PLAN_ROLE": ""}
    jobs = [drift_of(github) for _ in range(2)]
    (issue,) = github.state["issues"]

    assert (["failure", "failure"], True, []) == (
        [job.result for job in jobs], "The check failed, and nothing was compared." in issue["body"],
        comments_on_issues(github),
    )  # fmt: skip


def test_issue_of_somebody_else_is_left_alone(github: GitHub, repo: Repository, reconciler: InProcess) -> None:
    """Everybody can write the hidden line; only an issue of the workflow's own user is updated or closed."""
    marker = "<!-- reconciler:drift-issue production -->"
    user = {"type": "Bot", "login": "somebody[bot]"}
    github.holds("issues", [{"number": 7, "state": "open", "body": marker, "pull_request": None, "user": user}])
    somebody_writes(repo, reconciler, "by hand\n")
    drift_of(github)

    assert [marker, True] == [github.state["issues"][0]["body"], len(github.state["issues"]) == 2]


def test_source_that_is_not_set(github: GitHub, repo: Repository, plane: ControlPlane) -> None:
    """No job installs or runs anything before somebody has written what to install; each says where to write it."""
    github.repository.git("switch", "--quiet", "main")
    action = repo.folder / ".github/actions/setup-reconciler/action.yml"
    action.write_text(action.read_text().replace(f'"{ROOT}"', '""'))
    repo.git("commit", "--all", "-m", "unset")
    github.main = repo.git("rev-parse", "HEAD")
    run = github.on_pull(PLAN, changed(github, repo))
    told = [job.commands[0] for job in run.jobs.values()]

    assert (["failure", "failure"], False, 0) == (
        [*run.results.values()], (github.home / "pip.log").exists(), len(plane.calls),
    )  # fmt: skip
    assert [True, True] == [
        kind == "error" and "'source' in .github/actions/setup-reconciler/action.yml" in text for kind, text in told
    ]


def test_nothing_is_installed_with_credentials(github: GitHub, repo: Repository) -> None:
    """Pip gets the list with hashes, then the source alone, and sees no credentials of AWS."""
    plan_of(github, changed(github, repo))
    lines = (github.home / "pip.log").read_text().splitlines()
    names = [next(word for word in line.split() if word in {"install", "check"}) for line in lines]

    assert ["install", "install", "check"] == names
    assert ({"--require-hashes", "--no-deps", "--only-binary"} <= set(lines[0].split()), str(ROOT)) == (
        True, lines[1].split()[-1],
    )  # fmt: skip
