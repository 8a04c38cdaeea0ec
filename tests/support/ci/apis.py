"""The repository that the recipes are tried on: one manifest, of the sandbox's API `minimal`, and changes of it."""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Final

import pytest

from support.project import ROOT
from support.repositories import Repository, repository

COMMAND: Final = Path(sys.executable).with_name("reconciler")
MANIFEST: Final = "manifests/health.yaml"
TEMPLATE: Final = "manifests/templates/not-well.vtl"
CONFIGURATION: Final = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [manifests/]\n"
VARIABLES: Final = {
    "AWS_REGION": "eu-west-1",
    "RECONCILER_PLAN_ROLE": "arn:aws:iam::123456789012:role/reconciler-plan",
    "RECONCILER_APPLY_ROLE": "arn:aws:iam::123456789012:role/reconciler-apply",
}
HEALTH: Final = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: health}
spec:
  api: {name: minimal}
  resources:
    /health:
      GET:
        responses:
          200: {}
          503:
            selectionPattern: '5\\d\\d'
            responseTemplates:
              text/plain: {file: templates/not-well.vtl}
"""
TESTED: Final = "manifests/health.test.yaml"
TESTS: Final = """\
apiVersion: reconciler/v1
kind: ResponseTest
metadata: {name: health}
spec:
  manifest: health
  tests:
    - name: clients hear that the backend is down
      method: GET /health
      request: {headers: {Accept: text/plain}}
      backend: {status: 503, body: ''}
      expect: {status: 503, body: as it was}
"""
"""A test that what is on main passes."""


def recipe(folder: Path, recipes: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a recipe and the manifest, all of it on main."""
    made = repository(folder, monkeypatch)
    shutil.copytree(recipes, made.folder, dirs_exist_ok=True)
    set_source(made.folder)
    made.write("reconciler.yaml", CONFIGURATION)
    made.write(MANIFEST, HEALTH)
    made.write(TEMPLATE, "as it was\n")
    made.commit(message="begin")
    return made


def set_source(folder: Path, source: str = str(ROOT), index_url: str = "") -> None:
    """Say in a copy of the recipes what is to be installed, where they ask for it; this source tree by default."""
    action = folder / ".github" / "actions" / "setup-reconciler" / "action.yml"
    pipeline = folder / ".gitlab-ci.yml"
    if action.exists():
        _fill(action, r'(  {}:\n(?:.*\n)*?    default: )""', {"source": source, "index-url": index_url})
    if pipeline.exists():
        _fill(pipeline, r'(  {}: )""', {"RECONCILER_SOURCE": source, "RECONCILER_INDEX_URL": index_url})


def _fill(file: Path, pattern: str, values: dict[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for name, value in values.items():
        text, count = re.subn(pattern.format(name), rf'\g<1>"{value}"', text, count=1)
        assert 1 == count
    file.write_text(text, encoding="utf-8")


def change(repo: Repository, text: str, *, branch: str = "change", file: str = TEMPLATE) -> None:
    """A commit on a branch off main, which is made if it is not there."""
    there = branch in repo.git("branch", "--format=%(refname:short)").split()
    repo.git("switch", "--quiet", *([branch] if there else ["-c", branch, "main"]))
    repo.write(file, text)
    repo.commit(message=branch)


def program(folder: Path, name: str) -> None:
    """A program on the path of jobs, which is a module beside this one."""
    folder.mkdir(parents=True, exist_ok=True)
    tests = Path(__file__).parents[2]
    lines = (
        f"#!{sys.executable}",
        "import sys",
        f"sys.path.insert(0, {str(tests)!r})",
        f"from support.ci.{name} import main",
        "sys.exit(main())",
    )
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    (folder / name).chmod(0o755)


def python(folder: Path, log: Path) -> None:
    """The program `python` of jobs, whose pip installs nothing: a virtual environment has the command under test.

    The arguments of each call of pip go to the log, and after them the names of the credentials that it sees.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "python"
    secrets = "AWS_ACCESS_KEY_ID|AWS_SESSION_TOKEN|AWS_ID_TOKEN|AWS_WEB_IDENTITY_TOKEN_FILE|RECONCILER_API_TOKEN"
    file.write_text(
        f"""#!/bin/sh
case "$1 $2" in
  "-m venv") mkdir -p "$4/bin" && ln -s "{file}" "$4/bin/python" && ln -s "{COMMAND}" "$4/bin/reconciler" ;;
  "-m pip")
    shift 2
    echo "$*" >>"{log}"
    env | grep -Eo "^({secrets})=" >>"{log}" || true ;;
  *) exec "{sys.executable}" "$@" ;;
esac
""",
        encoding="utf-8",
    )
    file.chmod(0o755)


def on_a_new_machine() -> dict[str, str]:
    """The environment of a job before it is told anything: nothing leads to AWS, nothing sets `reconciler`."""
    kept = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED")
    return {
        name: value
        for name, value in os.environ.items()
        if name in kept or not name.startswith(("AWS_", "RECONCILER_"))
    }
