"""`reconciler review` on real repositories."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from e2e.running import ROOT, InProcess, execute
from support.reviewing import CONFIGURATION, Workshop, response_set, rest, workshop

LIMIT = 65_536
SET = "{500: {selectionPattern: '5..'}}"
LARGER_SET = "{429: {selectionPattern: '429', responseTemplates: {text/plain: '%s'}}, 500: {selectionPattern: '5..'}}"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A repository with a manifest of 80 methods that use a set, in two environments, on a branch of its own."""
    made = workshop(tmp_path / "shop", monkeypatch)
    made.write("reconciler.yaml", CONFIGURATION)
    made.write("manifests/shop.yaml", many(80))
    made.write("sets/errors.yaml", response_set(SET))
    made.commit()
    made.branch()
    return made


def many(methods: int) -> str:
    """A manifest of so many methods, each with a path as long as real ones are."""
    lines = (f"GET /customers/{{customerId}}/orders/{{orderId}}/items-{one}: {{200: {{}}}}" for one in range(methods))
    return rest("\n".join(lines), name="shop", api="shop-${{ vars.stage }}", spec="use: [{set: errors}]")


def rows(text: str) -> list[str]:
    """The responses in the table of a Markdown report."""
    return [line for line in text.splitlines() if line.startswith("| <code>shop&#58; ")]


def test_shared_set_gains_a_status_code(shop: Workshop, reconciler: InProcess) -> None:
    """All 80 responses are shown, in every format, in text with -v, and the comment fits."""
    shop.write("sets/errors.yaml", response_set(LARGER_SET % "slow down"))
    ran = reconciler("review", "-v", "--format", "markdown=r.md", "--format", "json=r.json", "--format", "html=r.html")
    comment, page = ((shop.folder / name).read_text(encoding="utf-8") for name in ("r.md", "r.html"))
    document = json.loads((shop.folder / "r.json").read_text(encoding="utf-8"))

    assert (0, 80, 80, 80, 160, 80, True) == (
        ran.code,
        len(re.findall(r"items-\d+ 429 +create +create$", ran.out, re.MULTILINE)),
        len(rows(comment)),
        document["summary"]["create"],
        sum(len(one["responses"]) for one in document["apis"]),
        page.count('<th scope="row">shop: '),
        len(comment) <= LIMIT,
    )


def test_annotation_of_a_shared_set(shop: Workshop, reconciler: InProcess) -> None:
    """One, at the line of the set that all methods have it from."""
    shop.write("sets/errors.yaml", response_set(LARGER_SET % "slow down"))

    place = "file=sets/errors.yaml,line=4,col=34"

    assert [
        f"::notice {place},title=reconciler%3A review/create::create 429 of 80 methods (dev, prod)",
        "Change: 80 to create; 160 unchanged.",
    ] == reconciler("review", "--format", "github").out.splitlines()


def test_long_templates_in_a_comment(shop: Workshop, reconciler: InProcess) -> None:
    """What is long and the same for 80 methods stands once; what does not fit is left out whole."""
    shop.write("sets/errors.yaml", response_set(LARGER_SET % ("x" * 60_000)))
    comment = reconciler("review", "--format", "markdown").out

    assert (80, True, True) == (len(rows(comment)), len(comment) <= LIMIT, comment.endswith("</sub>\n"))


def test_too_many_rows_for_a_comment(shop: Workshop, reconciler: InProcess) -> None:
    """Then the table is left out, and what the responses have in common still stands there."""
    shop.write("manifests/shop.yaml", many(1000))
    comment = reconciler("review", "--format", "markdown").out

    assert ([], True, True, True) == (
        rows(comment),
        len(comment) <= LIMIT,
        "_Shortened to fit into a comment: no table._" in comment,
        "+ 500  new  set errors" in comment,
    )


def test_nothing_changed(reconciler: InProcess, shop: Workshop) -> None:
    """One line says so; when quiet, none does."""
    shop.write("manifests/shop.yaml", "# a comment\n" + many(80))

    assert ("The manifests declare the same as before: 160 responses unchanged.", "") == (
        reconciler("review").last,
        reconciler("review", "-q").out,
    )


def test_document(shop: Workshop, reconciler: InProcess) -> None:
    """It is what its schema says, and equal states give equal documents."""
    shop.write("sets/errors.yaml", response_set(LARGER_SET % "slow down"))
    shop.write("manifests/shop.yaml", many(70).replace("spec:", "spec:\n  prune: false"))
    text = reconciler("review", "--format", "json").out
    schema = Draft202012Validator(json.loads((ROOT / "schemas/review.schema.json").read_text(encoding="utf-8")))

    assert ([], text) == (
        [error.message for error in schema.iter_errors(json.loads(text))],
        reconciler("review", "--format", "json").out,
    )


def test_from_a_subfolder(shop: Workshop, reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """It works from any folder of the repository, and places are relative to it."""
    shop.write("sets/errors.yaml", response_set(LARGER_SET % "slow down"))
    monkeypatch.chdir("manifests")
    ran = reconciler("review", "--env", "dev")

    assert (True, True) == ("Change: 80 to create" in ran.out, "../sets/errors.yaml:4" in ran.out)


def test_asks_aws_nothing(shop: Workshop) -> None:
    """It needs neither credentials nor a region, as in a pull request from a fork."""
    shop.write("sets/errors.yaml", response_set(LARGER_SET % "slow down"))
    ran = execute("review", "--base", "main", folder=shop.folder)

    assert (0, "Change: 80 to create; 160 unchanged.") == (ran.code, ran.last)


def test_errors_at_head(shop: Workshop, reconciler: InProcess) -> None:
    """Exit code 1, and the place."""
    shop.write("manifests/a.yaml", rest("GET /a: {5000: {}}", name="a"))
    ran = reconciler("review")

    assert (1, "No review was made. Fix the errors above.", [("manifests/a.yaml:7:28", "status-code")]) == (
        ran.code,
        ran.last,
        ran.problems(),
    )


def fails(ran_code: int, err: str) -> tuple[int, str]:
    """Exit code and message of a command that could not begin."""
    return ran_code, err.strip()


def test_no_repository(tmp_path: Path, reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said that there is none."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    ran = reconciler("review")

    assert (
        64,
        (
            "error: review needs a git repository, but there is none here; "
            "run the command inside a repository, or pass a PATH inside one"
        ),
    ) == fails(ran.code, ran.err)


@pytest.mark.parametrize("option", ["--base", "--head"])
@pytest.mark.usefixtures("shop")
def test_no_such_revision(option: str, reconciler: InProcess) -> None:
    """It is named."""
    ran = reconciler("review", option, "v1.0")

    assert (
        64,
        "error: git does not know the revision 'v1.0'; check the name; if the branch was not fetched: git fetch",
    ) == fails(ran.code, ran.err)


def test_shallow_clone(shop: Workshop, tmp_path: Path, reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said which fetch helps, and that one does."""
    shop.repository.git("commit", "--allow-empty", "-m", "topic")
    clone = tmp_path / "clone"
    shop.repository.git("clone", "--depth=1", "--branch=topic", f"file://{shop.folder}", str(clone))
    monkeypatch.chdir(clone)
    ran = reconciler("review", "--base", "origin/main")
    shop.repository.git("-C", str(clone), "fetch", "origin", "main:refs/remotes/origin/main")
    shop.repository.git("-C", str(clone), "fetch", "--unshallow")

    why = "git does not know the revision 'origin/main'; check the name; this clone is shallow"
    how = "git fetch --unshallow, or git fetch origin main; in a checkout action, fetch-depth: 0"

    assert (64, f"error: {why}: {how}", 0) == (
        *fails(ran.code, ran.err),
        reconciler("review", "--base", "origin/main").code,
    )


def test_environment_that_does_not_exist(shop: Workshop, reconciler: InProcess) -> None:
    """At head it is wrong usage; at base alone it is new."""
    text = (shop.folder / "reconciler.yaml").read_text(encoding="utf-8")
    shop.write("reconciler.yaml", f"{text}  test: {{vars: {{stage: test}}}}\n")
    known, unknown = reconciler("review", "--env", "test"), reconciler("review", "--env", "tset")

    assert (0, "Change: 160 to create; 0 unchanged.", 64) == (known.code, known.last, unknown.code)


_HOSTILE = (
    "```",
    "`````",
    "</details>",
    "<script>alert(1)</script>",
    "@someone",
    "::error::x",
    "##[error]x",
    "\x1b[31mred",
    "-->",
    "| a | b |",
    "#123",
)


def _is_command(line: str) -> bool:
    return line.lstrip().startswith("::") or "##[" in line


@pytest.mark.parametrize("format_", ["text", "markdown", "html", "json", "github", "sarif", "junit"])
def test_hostile_templates(format_: str, shop: Workshop, reconciler: InProcess) -> None:
    """Templates that try to leave their block are in it, and nothing else of the report is otherwise."""
    text = "\n".join(_HOSTILE)
    template = f"{{200: {{responseTemplates: {{application/json: {json.dumps('one')}}}}}}}"
    shop.write("manifests/a.yaml", rest(f"GET /a: {template}", name="a"))
    shop.commit()
    shop.repository.git("branch", "-f", "main")

    def told(lines: str) -> str:
        shop.write(
            "manifests/a.yaml", rest(f"GET /a: {template.replace(json.dumps('one'), json.dumps(lines))}", name="a")
        )
        return reconciler("review", "--format", format_, "-v").out

    hostile, harmless = told(text), told("\n".join("x" for _ in _HOSTILE))
    lines = "\\n" if format_ in {"json", "sarif"} else "\n"
    ours = "::notice " if format_ == "github" else "no line"
    shows_values = format_ in {"text", "markdown", "html", "json"}

    assert (shows_values, len(harmless.split(lines)), [], "\x1b" in hostile) == (
        "alert(1)" in hostile,
        len(hostile.split(lines)),
        [line for line in hostile.splitlines() if _is_command(line) and not line.startswith(ours)],
        False,
    )
