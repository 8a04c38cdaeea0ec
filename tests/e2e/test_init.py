"""The command `init`."""

import shutil
from pathlib import Path

import pytest

from e2e.running import SAMPLES, InProcess

FILES = [
    ".vscode/settings.json",
    "manifests/example.test.yaml",
    "manifests/example.yaml",
    "reconciler.yaml",
    "schemas/config.schema.json",
    "schemas/manifest.schema.json",
]

SUMMARY = "Wrote 6 files. Next: reconciler validate manifests"


def names(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_what_it_writes_validates(reconciler: InProcess, folder: Path) -> None:
    """Without any AWS, and without a warning."""
    made = reconciler("init")

    assert (0, FILES, (0, "")) == (
        made.code,
        names(folder),
        (reconciler("validate").code, reconciler("validate", "-q").text),
    )


def test_folder_is_made(reconciler: InProcess, folder: Path) -> None:
    """DIR need not be there."""
    reconciler("init", "a/b")

    assert FILES == names(folder / "a" / "b")


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_ci_is_the_recipe(reconciler: InProcess, folder: Path, ci: str) -> None:
    """What `--ci` writes is what stands in `samples/ci`, byte for byte, where the service looks for it."""
    reconciler("init", "--ci", ci)
    recipe = SAMPLES / "ci" / ci
    written = {name: (folder / name).read_bytes() for name in names(folder) if name not in FILES}

    assert {name: (recipe / name).read_bytes() for name in names(recipe)} == written


@pytest.mark.parametrize("file", [*FILES, ".gitlab-ci.yml"])
def test_nothing_is_replaced(reconciler: InProcess, folder: Path, file: str) -> None:
    """One file in the way, and none is written; it is named."""
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text("mine")
    ran = reconciler("init", "--ci", "gitlab")

    assert (1, [file], [f"{file} already exists"]) == (ran.code, names(folder), ran.failures())


def test_dependabot_of_the_repository_is_kept(reconciler: InProcess, folder: Path) -> None:
    """A repository may have its own: the recipe is written without, and a warning says what to add to it."""
    (folder / ".github").mkdir()
    (folder / ".github" / "dependabot.yml").write_text("version: 2\n")
    ran = reconciler("init", "--ci", "github")

    assert (0, "version: 2\n", True) == (
        ran.code, (folder / ".github" / "dependabot.yml").read_text(),
        "warning: .github/dependabot.yml exists" in ran.err,
    )  # fmt: skip
    assert (folder / ".github" / "workflows" / "reconciler-plan.yml").exists()


def test_a_link_to_nowhere_is_not_replaced(reconciler: InProcess, folder: Path) -> None:
    """Somebody put it there."""
    (folder / "reconciler.yaml").symlink_to("elsewhere.yaml")

    assert (1, []) == (reconciler("init").code, names(folder))


def test_output_names_every_file(reconciler: InProcess, folder: Path) -> None:
    """And what to do next."""
    lines = reconciler("init").out.splitlines()

    next_steps = [SUMMARY, "Then run the tests: reconciler test manifests"]
    assert (names(folder), next_steps) == (sorted(lines[:-2]), lines[-2:])


def test_no_example_beside_manifests_that_are_there(reconciler: InProcess, folder: Path) -> None:
    """Its API is not in AWS, so that it would only be in the way of a plan."""
    reconciler("init")
    (folder / "manifests" / "example.yaml").rename(folder / "manifests" / "mine.yml")
    (folder / "manifests" / "example.test.yaml").unlink()
    (folder / "reconciler.yaml").unlink()
    shutil.rmtree(folder / "schemas")
    shutil.rmtree(folder / ".vscode")
    made = reconciler("init")

    assert (0, [FILES[0], "manifests/mine.yml", *FILES[3:]]) == (made.code, names(folder))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("ci", "file"), [("github", ".github/actions/setup-reconciler/action.yml"), ("gitlab", ".gitlab-ci.yml")]
)
def test_ci_has_to_be_set_up(reconciler: InProcess, ci: str, file: str) -> None:
    """No recipe works as it is written: the last line says what is missing, and in which file."""
    last = reconciler("init", "--ci", ci).out.splitlines()[-1]

    assert (True, True) == (last.startswith("Before the recipe runs: "), file in last)


def test_ci_below_the_top_of_a_repository(reconciler: InProcess, folder: Path) -> None:
    """Neither service looks there; a repository of its own has its own top."""
    (folder / ".git").mkdir()
    (folder / "own" / ".git").mkdir(parents=True)
    warned = [reconciler("init", place, "--ci", "github").err.splitlines() for place in ("below/it", "own", ".")]

    sentence = "warning: the CI recipe works only at the top of the repository, which is"
    advice = "move the files there, or run init there"
    assert [[f"{sentence} {folder.resolve()}; {advice}"], [], []] == warned


@pytest.mark.usefixtures("folder")
def test_quiet_is_the_summary(reconciler: InProcess) -> None:
    """One line, with the next step."""
    assert [SUMMARY] == reconciler("init", "-q").text.splitlines()


@pytest.mark.parametrize(
    "arguments",
    [("--rest-api", "a", "--websocket-api", "b"), ("--rest-api", ""), ("--ci", "jenkins"), ("file",), ("a", "b")],
    ids=" ".join,
)
def test_wrong_usage(reconciler: InProcess, folder: Path, arguments: tuple[str, ...]) -> None:
    """Nothing is written then."""
    (folder / "file").write_text("")
    ran = reconciler("init", *arguments)

    assert (64, 1, ["file"]) == (ran.code, len(ran.failures()), names(folder))


@pytest.mark.usefixtures("sandbox")
def test_live_websocket_api(reconciler: InProcess, folder: Path) -> None:
    """Its manifest takes the place of the example, and all of it validates."""
    reconciler("init", "--websocket-api", "chat")

    assert ((folder / "manifests" / "chat.yaml").is_file(), 0) == (True, reconciler("validate").code)


@pytest.mark.usefixtures("folder")
def test_example_passes_its_tests(reconciler: InProcess) -> None:
    """The tests of the example pass as they are written, and cover all of it."""
    reconciler("init")

    assert (0, "Passed: 2 tests. Coverage: 100%.") == ((ran := reconciler("test")).code, ran.last)


@pytest.mark.usefixtures("sandbox", "folder")
@pytest.mark.parametrize(("kind", "api"), [("rest", "minimal"), ("rest", "petstore"), ("websocket", "chat")])
def test_live_api_passes_its_test(reconciler: InProcess, kind: str, api: str) -> None:
    """The test of a live API passes as it is written, right after init."""
    reconciler("apply", SAMPLES / "petstore", SAMPLES / "chat", SAMPLES / "minimal.yaml", "--yes")
    reconciler("init", f"--{kind}-api", api)
    ran = reconciler("test")

    assert (0, "Passed: 1 test") == (ran.code, ran.last.partition(".")[0])


@pytest.mark.usefixtures("sandbox")
def test_unknown_live_api_leaves_nothing(reconciler: InProcess, folder: Path) -> None:
    """First AWS is asked, then files are written."""
    assert (1, []) == (reconciler("init", "--rest-api", "nope").code, names(folder))
