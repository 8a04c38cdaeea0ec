"""The recipe for GitLab, run as it stands in `samples/ci/gitlab`.

A small GitLab runs the pipelines of a project; the only way to AWS is the role that a job takes.
"""

import math
from pathlib import Path
from typing import Final

import pytest

from e2e.recipes import is_live, second_api, somebody_writes
from e2e.running import SAMPLES, InProcess
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server
from support.ci.apis import HEALTH, MANIFEST, TESTED, TESTS, VARIABLES, change, recipe
from support.ci.gitlab import SHELLS, GitLab, Job, Request
from support.project import ROOT
from support.repositories import Repository

pytestmark = pytest.mark.recipes

RECIPE: Final = SAMPLES / "ci" / "gitlab"
HOSTILE: Final = "```\n/close\n</details> <script>alert(1)</script> @all\n$(touch owned) `touch owned` $CI_JOB_TOKEN\n"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A project with the recipe and a manifest, all of it on main."""
    return recipe(tmp_path / "repo", RECIPE, monkeypatch)


@pytest.fixture
def gitlab(repo: Repository, sandbox: Server, reconciler: InProcess, tmp_path: Path) -> GitLab:
    """GitLab, with that project and all variables; AWS holds what main says."""
    assert reconciler("apply", repo.folder / MANIFEST, "--yes").code == 0
    sandbox.aws.plane().calls.clear()
    return GitLab(tmp_path / "gitlab", repo, VARIABLES, sandbox.environment_over({}))


def changed(gitlab: GitLab, repo: Repository, text: str = "better\n") -> Request:
    """A merge request that changes a template."""
    change(repo, text)
    return gitlab.request("change")


def plan_of(gitlab: GitLab, request: Request) -> Job:
    """What the job `plan` of a merge request came to."""
    return gitlab.on_request(request, only="plan")["plan"]


def apply_of(gitlab: GitLab, *, commit: str = "") -> Job:
    """What the job `apply` came to, after a push."""
    return gitlab.on_main(commit=commit, only="apply")["apply"]


@pytest.mark.parametrize(("shell", "squash"), [*zip(SHELLS, [False, True], strict=True)], ids=["bash", "sh"])
def test_what_was_reviewed_is_applied(
    gitlab: GitLab, repo: Repository, reconciler: InProcess, shell: str, *, squash: bool
) -> None:
    """From a merge request to AWS, whichever shell the image has."""
    gitlab.shell = shell
    request = changed(gitlab, repo)
    jobs = gitlab.on_request(request)
    gitlab.merge(request, squash=squash)
    after = gitlab.on_main()

    assert (["validate", "test", "review", "plan"], ["validate", "test", "apply"], True) == (
        [*jobs], [*after], is_live(reconciler, repo),
    )  # fmt: skip
    assert {0} == {job.code for job in (*jobs.values(), *after.values())}


def test_note_is_kept_up_to_date(gitlab: GitLab, repo: Repository) -> None:
    """A second push changes the one note, whatever else is said, with the same words even."""
    request = changed(gitlab, repo)
    people = [
        {"id": 900 + n, "request": "1", "author": {"id": 7}, "body": "<!-- reconciler:plan -->"} for n in range(3)
    ]
    gitlab.write({**gitlab.state, "notes": people})
    plan_of(gitlab, request)
    plan_of(gitlab, changed(gitlab, repo, "better still\n"))

    assert (3, ["better still" in note for note in gitlab.notes[3:]]) == (
        gitlab.notes.count("<!-- reconciler:plan -->"), [True],
    )  # fmt: skip


def test_what_jobs_leave(gitlab: GitLab, repo: Repository) -> None:
    """Reports that GitLab shows, the plan, and the journal."""
    request = changed(gitlab, repo)
    jobs = gitlab.on_request(request)
    gitlab.merge(request)
    journal = [name.split("/")[-1] for name in gitlab.on_main()["apply"].artifacts if name.startswith(".reconciler/")]

    assert {
        "validate": ["validate.xml"],
        "test": ["test.xml"],
        "review": ["review.md"],
        "plan": ["plan.json", "plan.md", "plan.xml"],
    } == {name: one.artifacts for name, one in jobs.items()}
    assert "plan.json" in journal


@pytest.mark.parametrize("is_from_fork", [False, True], ids=["own branch", "fork"])
def test_response_test_that_fails(gitlab: GitLab, repo: Repository, *, is_from_fork: bool) -> None:
    """The job that needs no credentials fails, and leaves the JUnit report that the merge request shows."""
    change(repo, TESTS, branch="main", file=TESTED)
    gitlab.main = repo.git("rev-parse", "HEAD")
    change(repo, "better\n")
    job = gitlab.on_request(gitlab.request("change", is_from_fork=is_from_fork), only="test")["test"]

    assert (1, ["test.xml"], True) == (job.code, job.artifacts, "clients hear that the backend is down" in job.log)


def test_response_test_that_passes(gitlab: GitLab, repo: Repository) -> None:
    """A change with its test passes; the review and the note show what clients get before and after."""
    change(repo, TESTS, branch="main", file=TESTED)
    gitlab.main = repo.git("rev-parse", "HEAD")
    change(repo, "better\n")
    change(repo, TESTS.replace("as it was", "better"), file=TESTED)
    jobs = gitlab.on_request(gitlab.request("change"))

    assert ({0}, True, True) == (
        {job.code for job in jobs.values()}, "What clients get" in jobs["review"].log,
        "What clients get" in gitlab.notes[0],
    )  # fmt: skip


def test_second_apply_does_nothing(gitlab: GitLab, repo: Repository, plane: ControlPlane) -> None:
    """A pipeline that is run again finds that all is done."""
    request = changed(gitlab, repo)
    plan_of(gitlab, request)
    gitlab.merge(request)
    apply_of(gitlab)
    plane.calls.clear()
    job = apply_of(gitlab)

    assert (0, [], True) == (job.code, plane.calls.writes(), "Nothing to do." in job.log)


def test_stale_plan_is_refused(gitlab: GitLab, repo: Repository, plane: ControlPlane, reconciler: InProcess) -> None:
    """AWS was changed after the run: exit code 4, nothing is written, and a pipeline by hand leads on."""
    request = changed(gitlab, repo)
    plan_of(gitlab, request)
    somebody_writes(repo, reconciler, "by hand\n")
    plane.calls.clear()
    gitlab.merge(request)
    job = apply_of(gitlab)
    refused = (job.code, plane.calls.writes(), "Run a pipeline by hand" in job.log)
    again = gitlab.on_main("web")

    assert ((4, [], True), ["validate", "test", "plan", "apply"], True) == (
        refused,
        [*again],
        is_live(reconciler, repo),
    )


def test_what_was_taken_back_is_not_applied(gitlab: GitLab, repo: Repository, plane: ControlPlane) -> None:
    """An apply that waited for its turn, or is run again, after a revert: refused, good as its plan is."""
    request = changed(gitlab, repo)
    plan_of(gitlab, request)
    gitlab.merge(request)
    waiting = gitlab.main
    change(repo, "as it was\n", branch="revert")
    gitlab.merge(gitlab.request("revert"))
    plane.calls.clear()
    job = apply_of(gitlab, commit=waiting)

    assert (4, []) == (job.code, plane.calls.writes())


def test_pipeline_for_merged_results(gitlab: GitLab, repo: Repository) -> None:
    """What came to the target since the branch began is no change of the branch: neither in review nor in plan."""
    change(repo, HEALTH.replace("200: {}", "200: {contentHandling: CONVERT_TO_TEXT}"), branch="other", file=MANIFEST)
    other = gitlab.request("other")
    request = changed(gitlab, repo)
    gitlab.merge(other)
    jobs = gitlab.on_merged_result(request)
    texts = [
        (gitlab.home / "artifacts" / str(jobs[job].number) / file).read_text(encoding="utf-8")
        for job, file in (("review", "review.md"), ("plan", "plan.md"))
    ]

    assert [(True, False), (True, True)] == [("503" in text, "CONVERT_TO_TEXT" in text) for text in texts]


def test_push_past_merge_requests(gitlab: GitLab, repo: Repository, plane: ControlPlane) -> None:
    """Nobody has reviewed anything: nothing is applied, and the log says what to do."""
    change(repo, "better\n", branch="main")
    gitlab.main = repo.git("rev-parse", "HEAD")
    job = apply_of(gitlab)

    assert (1, [], True) == (job.code, plane.calls.writes(), "Run a pipeline by hand on main" in job.log)


def test_fork(gitlab: GitLab, repo: Repository, plane: ControlPlane) -> None:
    """Its merge request is checked and reviewed without credentials; its merge applies nothing."""
    change(repo, "from a stranger\n")
    request = gitlab.request("change", is_from_fork=True)
    jobs = gitlab.on_request(request)
    asked = len(plane.calls)
    gitlab.merge(request)
    job = apply_of(gitlab)

    assert ({"validate": 0, "test": 0, "review": 0}, 0, (1, [])) == (
        {name: one.code for name, one in jobs.items()}, asked, (job.code, plane.calls.writes()),
    )  # fmt: skip


def test_merge_train_makes_no_plan(gitlab: GitLab, repo: Repository) -> None:
    """What nobody would see is not planned: the merge finds the plan that was shown."""
    request = changed(gitlab, repo)
    plan_of(gitlab, request)
    train = gitlab.on_request(request, kind="merge_train")
    gitlab.merge(request)

    assert (["validate", "test", "review"], 0) == ([*train], apply_of(gitlab).code)


def test_hostile_template(gitlab: GitLab, repo: Repository, reconciler: InProcess) -> None:
    """The note is the report, byte for byte, and a line that says which commit it is about; nothing in it was run."""
    somebody_writes(repo, reconciler, HOSTILE.replace("owned", "owned-live"))
    request = changed(gitlab, repo, HOSTILE)
    job = plan_of(gitlab, request)
    report = (gitlab.home / "artifacts" / str(job.number) / "plan.md").read_text(encoding="utf-8")
    body, _, origin = gitlab.notes[0].rpartition("<sub>Commit ")

    assert (report, request.head, []) == (
        body,
        origin.partition(",")[0],
        [one.name for one in gitlab.home.rglob("owned*")],
    )


@pytest.mark.parametrize("is_new", [False, True], ids=["changed", "new"])
def test_no_line_is_a_quick_action(gitlab: GitLab, repo: Repository, *, is_new: bool) -> None:
    """GitLab finds them by patterns, to which a fence within a longer one may end it: no line begins with a slash."""
    text = "```\n/close\n```\n/merge\n````\n/approve\n"
    if is_new:
        repo.git("switch", "--quiet", "-c", "change", "main")
        repo.write("manifests/templates/new.vtl", text)
        new = "200: {responseTemplates: {application/json: {file: templates/new.vtl}}}"
        repo.write(MANIFEST, HEALTH.replace("200: {}", new))
        repo.commit(message="change")
        request = gitlab.request("change")
    else:
        request = changed(gitlab, repo, text)
    plan_of(gitlab, request)
    lines = gitlab.notes[0].splitlines()

    assert (True, []) == (any("/merge" in line for line in lines), [line for line in lines if line.startswith("/")])


def test_refused_plan_is_shown(gitlab: GitLab, repo: Repository) -> None:
    """The guard speaks: the job fails with its reasons in the note, and the merge finds no plan."""
    change(repo, HEALTH[: HEALTH.index("          200")].rstrip().removesuffix(":") + ": {}\n", file=MANIFEST)
    request = gitlab.request("change")
    job = plan_of(gitlab, request)
    gitlab.merge(request)

    assert (4, True, 1) == (job.code, "emptyMethod" in gitlab.notes[0], apply_of(gitlab).code)


def test_apply_that_stops(gitlab: GitLab, repo: Repository, plane: ControlPlane, reconciler: InProcess) -> None:
    """Exit code 3 keeps the journal and says what to do; a pipeline by hand does the rest."""
    change(repo, HEALTH.replace("200: {}", "200: {contentHandling: CONVERT_TO_TEXT}"), file=MANIFEST)
    request = changed(gitlab, repo)
    plan_of(gitlab, request)
    gitlab.merge(request)
    denied = faults.access_denied("PUT", "/whatever")
    plane.faults.add(denied, "PutIntegrationResponse", when=lambda one: one["statusCode"] == "503")
    stopped = apply_of(gitlab)
    gitlab.on_main("web")

    assert (3, True, True, True) == (
        stopped.code, "Run a pipeline by hand" in stopped.log,
        any(name.startswith(".reconciler/") for name in stopped.artifacts), is_live(reconciler, repo),
    )  # fmt: skip


def test_merge_request_that_changes_nothing(gitlab: GitLab, repo: Repository) -> None:
    """There is no note; one that is there is updated to say so."""
    change(repo, "hello\n", branch="other", file="README.md")
    plan_of(gitlab, gitlab.request("other"))
    none = gitlab.notes
    plan_of(gitlab, changed(gitlab, repo))
    plan_of(gitlab, changed(gitlab, repo, "as it was\n"))

    assert ([], [True]) == (none, ["No changes" in note for note in gitlab.notes])


def test_source_that_is_not_set(gitlab: GitLab, repo: Repository, plane: ControlPlane) -> None:
    """No job installs or runs anything before somebody has written what to install; the log says where to write it."""
    pipeline = repo.folder / ".gitlab-ci.yml"
    pipeline.write_text(pipeline.read_text().replace(f'"{ROOT}"', '""'))
    repo.git("commit", "--all", "-m", "unset")
    gitlab.main = repo.git("rev-parse", "HEAD")
    job = gitlab.on_main("schedule")["drift"]

    assert (True, True, False, 0) == (
        job.code != 0, "Set RECONCILER_SOURCE in .gitlab-ci.yml" in job.log, (gitlab.home / "pip.log").exists(),
        len(plane.calls),
    )  # fmt: skip


def test_nothing_is_installed_with_tokens(gitlab: GitLab) -> None:
    """Pip gets the list with hashes, then the source alone, and sees none of the job's tokens."""
    gitlab.on_main("schedule")
    lines = (gitlab.home / "pip.log").read_text().splitlines()

    assert [True, True, True] == [
        "--require-hashes" in lines[0], lines[1].endswith(f" {ROOT}"), lines[2].endswith(" check")
    ]  # fmt: skip
    assert 3 == len(lines)


@pytest.mark.parametrize(("text", "code"), [("as it was\n", 0), ("by hand\n", 2)])
def test_drift(gitlab: GitLab, repo: Repository, reconciler: InProcess, text: str, code: int) -> None:
    """A scheduled pipeline fails when AWS differs, and only then; document and report are kept in any case."""
    somebody_writes(repo, reconciler, text)
    job = gitlab.on_main("schedule")["drift"]

    assert (code, ["drift.json", "drift.md", "drift.xml"]) == (job.code, job.artifacts)


@pytest.mark.parametrize("shell", SHELLS)
def test_drift_has_one_issue(gitlab: GitLab, repo: Repository, reconciler: InProcess, shell: str) -> None:
    """Opened when AWS differs, updated when it differs in other ways, closed when AWS matches again."""
    gitlab.shell = shell
    seen = []
    for text in ("as it was\n", "by hand\n", "by another hand\n", "as it was\n"):
        somebody_writes(repo, reconciler, text)
        gitlab.on_main("schedule")
        issues = gitlab.state["issues"]
        seen.append([(issue["state"], text.strip() in issue["description"]) for issue in issues])
    notes = [one["body"].partition(",")[0] for one in gitlab.state["issue_notes"]]

    assert ([[], [("opened", True)], [("opened", True)], [("closed", False)]], ["AWS matches the manifests again"]) == (
        [[(state, named and state == "opened") for state, named in issues] for issues in seen], notes,
    )  # fmt: skip


def test_unreadable_api_hides_no_drift(
    gitlab: GitLab, repo: Repository, plane: ControlPlane, reconciler: InProcess
) -> None:
    """The issue reports the drift; an API that cannot be read any more is a note, and the issue stays open."""
    other = second_api(repo, plane, reconciler)
    gitlab.main = repo.git("rev-parse", "main")
    somebody_writes(repo, reconciler, "by hand\n")
    gitlab.on_main("schedule")
    denied = faults.access_denied("GET", "/restapis")
    plane.faults.add(denied, "GetResources", times=math.inf, when=lambda one: one["restApiId"] == other.id)
    job = gitlab.on_main("schedule")["drift"]
    somebody_writes(repo, reconciler, "as it was\n")
    gitlab.on_main("schedule")
    (issue,) = gitlab.state["issues"]
    notes = [one["body"].partition(" [")[0] for one in gitlab.state["issue_notes"]]

    assert (1, "opened", "AWS could not be compared with the manifests") == (job.code, issue["state"], issue["title"])
    assert [
        "The findings changed: Differences: 1. Could not be read: 1.",
        "The findings changed: Differences: 0. Could not be read: 1.",
    ] == notes


def test_check_that_fails_is_an_issue(gitlab: GitLab, repo: Repository) -> None:
    """With a configuration that cannot be read nothing is compared: the issue says why."""
    change(repo, "kind: Nonsense\n", branch="main", file="reconciler.yaml")
    gitlab.main = repo.git("rev-parse", "main")
    job = gitlab.on_main("schedule")["drift"]
    (issue,) = gitlab.state["issues"]

    assert (1, "AWS could not be compared with the manifests", True) == (
        job.code, issue["title"], "reconciler.yaml" in issue["description"],
    )  # fmt: skip


def test_no_token_on_a_command_line(gitlab: GitLab, repo: Repository) -> None:
    """Everybody on a machine can read command lines: no address and no option of a call has the token."""
    plan_of(gitlab, changed(gitlab, repo))
    gitlab.on_main("schedule")
    state = gitlab.state

    assert (True, []) == (len(state["calls"]) > 3, [one for one in state["calls"] if state["token"] in str(one)])
