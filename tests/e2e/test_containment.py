"""Nothing that a pull request can write prints what else the machine holds, by any command, in any format."""

from pathlib import Path

import pytest

from e2e.running import InProcess
from support.repositories import Repository, repository

LEAK = "S3CR3T"
CONFIG = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [%s]\n"
MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop}
spec:
  api: {id: a1b2c3d4e5}
  resources:
    /carts:
      GET:
        responses:
          200: {responseTemplates: {application/json: {file: "%s"}}}
"""
COMMANDS = (
    *(("validate", "--format", one) for one in ("text", "json", "github", "sarif", "junit", "markdown", "html")),
    *(("review", "--base", "HEAD~1", "--format", one) for one in ("text", "json", "markdown", "html")),
    ("review", "--base", "HEAD~1", "--head", "HEAD"),
    ("validate", "manifests"),
    ("validate", "--changed-since", "HEAD~1"),
    ("iam-policy", "--region", "eu-west-1"),
)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A checkout with secrets around: a token and a netrc outside, .env, an ignored file, a credential in .git."""
    made = repository(tmp_path / "checkout", monkeypatch)
    (tmp_path / "token.txt").write_text(LEAK, encoding="utf-8")
    (tmp_path / "netrc.yaml").write_text(f"machine x login {LEAK}: y", encoding="utf-8")
    made.write(".gitignore", "ignored.yaml\n")
    made.write("reconciler.yaml", CONFIG % "manifests")
    made.write("manifests/shop.yaml", MANIFEST % "t.vtl")
    made.write("manifests/t.vtl", "{}")
    made.commit()
    made.write(".env", f"TOKEN={LEAK}")
    made.write("ignored.yaml", f"{LEAK}: {LEAK}")
    made.git("config", "http.extraheader", f"AUTHORIZATION: {LEAK}")
    return made


def printed(checkout: Repository, reconciler: InProcess) -> str:
    """All that all commands print of the working tree and of its commit."""
    checkout.git("add", "--all", ":!.env")
    checkout.git("commit", "-m", "the pull request")
    runs = [reconciler(*command) for command in COMMANDS]
    assert all(run.text for run in runs)
    return "".join(run.text for run in runs)


@pytest.mark.parametrize("entry", ["../token.txt", "../netrc.yaml", ".env", "ignored.yaml", ".git/config"])
def test_what_a_configuration_names(checkout: Repository, reconciler: InProcess, entry: str) -> None:
    """A manifest by its path."""
    checkout.write("reconciler.yaml", CONFIG % f"manifests, {entry}")

    assert LEAK not in printed(checkout, reconciler)


@pytest.mark.parametrize("target", ["../../token.txt", "../../netrc.yaml", "../.env", "../ignored.yaml"])
def test_where_a_manifest_leads(checkout: Repository, reconciler: InProcess, target: str) -> None:
    """A manifest that is a link."""
    (checkout.folder / "manifests/link.yaml").symlink_to(target)

    assert LEAK not in printed(checkout, reconciler)


@pytest.mark.parametrize("name", ["../.git/config", "../.env", "../ignored.yaml", "../../token.txt", "link"])
def test_what_a_template_names(checkout: Repository, reconciler: InProcess, name: str) -> None:
    """A template that is a secret."""
    (checkout.folder / "manifests/link").symlink_to("../.env")
    checkout.write("manifests/shop.yaml", MANIFEST % name)

    assert LEAK not in printed(checkout, reconciler)


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize("path", ["../token.txt", "../netrc.yaml", ".env", "ignored.yaml", ".git/config"])
def test_file_that_a_user_names(reconciler: InProcess, path: str) -> None:
    """It is read, for that is the user's own word, and not quoted, for it is no manifest."""
    for one in ("text", "json", "github", "sarif", "junit", "markdown", "html"):
        run = reconciler("validate", path, "--format", one)

        assert (1, False) == (run.code, LEAK in run.text)


def test_template_in_the_repository_is_what_it_was(checkout: Repository, reconciler: InProcess) -> None:
    """What is committed is read and shown."""
    checkout.write("manifests/t.vtl", '{"shown": true}')

    assert "shown" in printed(checkout, reconciler)
