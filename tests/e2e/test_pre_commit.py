"""The hooks for pre-commit, run by pre-commit itself in a repository that uses them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from e2e.running import ROOT, SAMPLES, Ran, execute
from support import offline, plain_yaml

pytestmark = pytest.mark.recipes

HOOKS: list[dict[str, Any]] = plain_yaml.document((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
TESTS = """\
apiVersion: reconciler/v1
kind: ResponseTest
metadata: {name: minimal}
spec:
  manifest: minimal
  tests:
    - name: the backend is down
      method: GET /health
      backend: {status: 503}
      expect: {status: 503, body: {file: golden.json}}
"""
SOURCES = ("reconciler", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


def git(folder: Path, *arguments: str) -> None:
    """Run git as somebody."""
    somebody = ("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgSign=false")
    subprocess.run(["git", *somebody, *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S607


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This source tree as a repository."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in SOURCES:
        offline.copy(ROOT / name, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "as it is")
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit installs hooks, once for all tests."""
    return tmp_path_factory.mktemp("cache")


class User:
    """A repository that uses the hooks."""

    def __init__(self, folder: Path, hooks: Path, cache: Path) -> None:
        self.folder = folder
        self._cache = cache
        offline.copy(ROOT / "schemas", folder / "schemas")
        (folder / "reconciler.yaml").write_text(
            "apiVersion: reconciler/v1\nkind: Config\nmanifests: [apis]\n", encoding="utf-8"
        )
        (folder / "apis").mkdir()
        self.write("apis/minimal.yaml", (SAMPLES / "minimal.yaml").read_text(encoding="utf-8"))
        done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=hooks, check=True, capture_output=True, text=True)  # noqa: S607
        used = [{"repo": str(hooks), "rev": done.stdout.strip(), "hooks": [{"id": hook["id"]} for hook in HOOKS]}]
        self.write(".pre-commit-config.yaml", json.dumps({"repos": used}))
        git(folder, "init", "-q")
        git(folder, "add", "-A")

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> Ran:
        """Run the hooks, on all files that git knows or on these."""
        environment = {**offline.environment(), "PRE_COMMIT_HOME": str(self._cache), "NO_COLOR": "1"}
        which = arguments or ("--all-files",)
        return execute("run", "--color=never", *which, program=PRE_COMMIT, environment=environment, folder=self.folder)

    def results(self, ran: Ran) -> dict[str, str]:
        """What pre-commit says of each hook."""
        lines = [line for line in ran.out.splitlines() if line.startswith("reconciler ")]
        return {line.partition(".")[0]: line.rpartition(".")[2].rpartition(")")[2] for line in lines}


@pytest.fixture
def user(tmp_path: Path, hooks: Path, cache: Path) -> User:
    """Valid manifests and current schemas."""
    return User(tmp_path, hooks, cache)


def test_good_files_pass(user: User) -> None:
    """Valid manifests and current schemas are committed as they are."""
    ran = user.run()

    names = [f"reconciler {command}" for command in ("validate", "test", "schema", "fmt")]

    assert (0, dict.fromkeys(names, "Passed")) == (ran.code, user.results(ran))


@pytest.mark.parametrize(("body", "result"), [("not well", "Passed"), ("well", "Failed")])
def test_response_tests_run(user: User, body: str, result: str) -> None:
    """A change whose response tests fail is not committed, whichever file it is in."""
    user.write("apis/minimal.test.yaml", TESTS)
    user.write("apis/golden.json", f'{{"message": "{body}"}}')
    git(user.folder, "add", "-A")
    ran = user.run("--files", "apis/golden.json")

    assert (result == "Failed", result) == (bool(ran.code), user.results(ran)["reconciler test"])
    assert ("apis/minimal.test.yaml:7" in ran.out) is (result == "Failed")


def test_a_bad_manifest_is_not_committed(user: User) -> None:
    """The problem is told with its place."""
    text = (SAMPLES / "minimal.yaml").read_text(encoding="utf-8").replace("responses:", "respones:")
    user.write("apis/minimal.yaml", text)
    ran = user.run()

    assert (1, "Failed") == (ran.code, user.results(ran)["reconciler validate"])
    assert "apis/minimal.yaml:" in ran.out


def test_other_yaml_is_none_of_its_business(user: User) -> None:
    """Files that the configuration does not name may be anything."""
    user.write("compose.yaml", "services: {}\n")
    git(user.folder, "add", "-A")

    assert 0 == user.run("--files", "compose.yaml").code


def test_a_manifest_is_formatted(user: User) -> None:
    """The hook writes the file, which pre-commit takes as a failure; then all is well."""
    text = (SAMPLES / "minimal.yaml").read_text(encoding="utf-8")
    user.write("apis/minimal.yaml", text.replace("  ", "    "))
    git(user.folder, "add", "-A")
    first, second = user.run("--files", "apis/minimal.yaml"), user.run()

    assert ("Failed", 0, text) == (
        user.results(first)["reconciler fmt"],
        second.code,
        (user.folder / "apis" / "minimal.yaml").read_text(encoding="utf-8"),
    )


def test_a_bad_template_is_seen_through_the_manifest(user: User) -> None:
    """What is committed is a template; what it breaks is a manifest that is not."""
    text = (SAMPLES / "minimal.yaml").read_text(encoding="utf-8")
    user.write("apis/minimal.yaml", text.replace("200: {}", "200: {responseTemplates: {text/plain: {file: a.vtl}}}"))
    user.write("apis/a.vtl", "x" * (300 * 1024 + 1))
    git(user.folder, "add", "-A")
    ran = user.run("--files", "apis/a.vtl")

    assert (1, "Failed") == (ran.code, user.results(ran)["reconciler validate"])


def test_a_stale_schema_is_renewed(user: User) -> None:
    """The hook writes this version's, which pre-commit takes as a failure; then all is well."""
    user.write("schemas/manifest.schema.json", "{}")
    git(user.folder, "add", "-A")
    first, second = user.run(), user.run()
    renewed = (user.folder / "schemas" / "manifest.schema.json").read_bytes()

    assert ("Failed", 0, (ROOT / "schemas" / "manifest.schema.json").read_bytes()) == (
        user.results(first)["reconciler schema"],
        second.code,
        renewed,
    )


def test_no_copy_of_a_schema(user: User) -> None:
    """A wrong folder is no folder in which all is well."""
    for file in (user.folder / "schemas").iterdir():
        file.unlink()
    ran = user.run()

    assert "Failed" == user.results(ran)["reconciler schema"]
    assert "schemas contains no copy of a schema" in ran.out


def test_name_beside_update(folder: Path) -> None:
    """Wrong usage."""
    ran = execute("schema", "plan", "--update", ".", environment=dict(os.environ), folder=folder)

    assert (64, ["NAME and --update cannot be used together"]) == (ran.code, ran.failures())
