"""The recipe tests run when something that they test has changed, and are reported when they do not."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from e2e.running import ROOT
from support.recipe_tests import TESTED, is_tested
from support.repositories import Repository, repository

pytest_plugins = ("pytester",)

Run = Callable[..., tuple[dict[str, int], str]]

RECIPES: Final = "tests/test_recipes.py"
RECIPE: Final = "samples/ci/recipe.yml"
SENTENCE: Final = "2 recipe tests not selected: nothing they test has changed; pytest --all runs them"


@pytest.fixture
def repo(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A branch off main: two recipe tests, another test, a recipe."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    made = repository(pytester.path, monkeypatch)
    made.write(RECIPES, "import pytest\npytestmark = pytest.mark.recipes\ndef test_a(): pass\ndef test_b(): pass\n")
    made.write("tests/test_other.py", "def test_other(): pass\n")
    made.write(RECIPE, "")
    made.write("README.md", "")
    made.write(".gitignore", "__pycache__/\nignored/\n")
    made.commit()
    made.git("switch", "--quiet", "-c", "change")
    return made


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run pytest there; how many tests came to what, and what it printed."""

    def pytest_there(*arguments: str) -> tuple[dict[str, int], str]:
        options = ("-p", "support.recipe_tests", "-p", "no:cacheprovider", "--strict-markers")
        result = pytester.runpytest_inprocess(*options, *arguments)
        return result.parseoutcomes(), result.stdout.str()

    return pytest_there


@pytest.mark.usefixtures("repo")
@pytest.mark.parametrize("options", [("-n0",), ("-n1",), ("-n0", "-q"), ("-n0", "tests")])
def test_nothing_has_changed(run: Run, options: tuple[str, ...]) -> None:
    """They are left out, whoever runs the tests, and one line says how many and what runs them."""
    outcomes, said = run(*options)

    assert (1, 1) == (outcomes["passed"], said.splitlines().count(SENTENCE))


def committed(repo: Repository) -> None:
    """A commit of the branch."""
    repo.write(RECIPE, "changed")
    repo.commit()


def staged(repo: Repository) -> None:
    """A change of the index."""
    repo.write(RECIPE, "changed")
    repo.git("add", RECIPE)


def edited(repo: Repository) -> None:
    """A change of the working tree."""
    repo.write(RECIPE, "changed")


def created(repo: Repository) -> None:
    """A file that git does not track."""
    repo.write("samples/ci/new.yml", "")


def deleted(repo: Repository) -> None:
    """A file that is gone."""
    (repo.folder / RECIPE).unlink()


def renamed(repo: Repository) -> None:
    """A file that is elsewhere now."""
    repo.git("mv", RECIPE, "elsewhere.yml")


def rewritten(repo: Repository) -> None:
    """The tests themselves."""
    repo.write(RECIPES, (repo.folder / RECIPES).read_text(encoding="utf-8") + "\n")


@pytest.mark.parametrize("change", [committed, staged, edited, created, deleted, renamed, rewritten])
def test_something_has_changed(repo: Repository, run: Run, change: Callable[[Repository], None]) -> None:
    """All of them run, however far the change has come."""
    change(repo)
    outcomes, said = run("-n0")

    assert (3, False) == (outcomes["passed"], "not selected" in said)


def test_something_else_has_changed(repo: Repository, run: Run) -> None:
    """Neither another file nor one that git ignores counts, and nothing that only main has."""
    repo.write("README.md", "changed")
    repo.write("ignored/samples/ci/recipe.yml", "")
    repo.git("switch", "--quiet", "main")
    repo.write("samples/ci/of_main.yml", "")
    repo.git("add", "samples")
    repo.git("commit", "-m", "on main")
    repo.git("switch", "--quiet", "change")
    outcomes, said = run("-n0")

    assert (1, True) == (outcomes["passed"], SENTENCE in said)


@pytest.mark.usefixtures("repo")
@pytest.mark.parametrize("options", [("--all", "-n0"), ("--all", "-n1"), ("-n0", RECIPES, "tests/test_other.py")])
def test_they_are_asked_for(run: Run, options: tuple[str, ...]) -> None:
    """By the option, or by the name of their file."""
    outcomes, said = run(*options)

    assert (3, False) == (outcomes["passed"], "not selected" in said)


def no_main(repo: Repository) -> None:
    """A checkout of one branch, as services make it."""
    repo.git("branch", "-D", "main")


def no_repository(repo: Repository) -> None:
    """Sources that were unpacked."""
    (repo.folder / ".git").rename(repo.folder / "not-git")


def no_common_commit(repo: Repository) -> None:
    """A clone that is too shallow to have the commit at which the branch left main."""
    repo.git("checkout", "--quiet", "--orphan", "alone")
    repo.commit(message="alone")


@pytest.mark.parametrize("lacks", [no_main, no_repository, no_common_commit])
def test_git_cannot_say(repo: Repository, run: Run, lacks: Callable[[Repository], None]) -> None:
    """All of them run."""
    lacks(repo)
    outcomes, _ = run("-n0")

    assert 3 == outcomes["passed"]


def test_git_speaks_of_another_repository(repo: Repository, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree within a repository of something else knows nothing of its own changes."""
    (repo.folder / "within").mkdir()
    (repo.folder / "tests").rename(repo.folder / "within" / "tests")
    (repo.folder / "within" / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    repo.commit()
    repo.git("branch", "--force", "main", "HEAD")
    monkeypatch.chdir(repo.folder / "within")
    outcomes, _ = run("-n0")

    assert 3 == outcomes["passed"]


def test_main_of_the_remote(repo: Repository, run: Run) -> None:
    """It will do where there is no branch main here."""
    repo.git("update-ref", "refs/remotes/origin/main", "main")
    repo.git("branch", "-D", "main")
    before, _ = run("-n0")
    edited(repo)
    after, _ = run("-n0")

    assert (1, 3) == (before["passed"], after["passed"])


@pytest.mark.parametrize("name", TESTED)
def test_what_is_tested_is_there(name: str) -> None:
    """No file or folder that they depend on has moved away from its entry."""
    assert ((ROOT / name).is_dir(), (ROOT / name).exists()) == (name.endswith("/"), True)


def test_every_emulation_is_a_recipe_test() -> None:
    """Whoever emulates a service, or installs this tree, has the mark."""
    uses = re.compile(r"^from support(\.ci[. ]| import offline)", re.MULTILINE)
    texts = {file: file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py")}
    marked = {file.name for file, text in texts.items() if "\npytestmark = pytest.mark.recipes\n" in text}

    assert set() == {file.name for file, text in texts.items() if uses.search(text)} - marked


@pytest.mark.parametrize("name", ["samples/citation.yaml", "schemas", "reconciler/apply/executor.py", "tests/test.py"])
def test_what_is_not_tested(name: str) -> None:
    """A name that only begins alike is another one."""
    assert not is_tested(name, {RECIPES})
