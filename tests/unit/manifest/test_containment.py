"""What manifests and configurations can have read, and what stays closed."""

import os
from pathlib import Path
from typing import Final

import pytest

from reconciler.config.projects import find_projects
from reconciler.errors import ReconcilerError
from reconciler.git.revision import open_revision
from reconciler.manifest import Disk, DocumentCache
from reconciler.manifest.variables import Variables
from reconciler.ports import Files
from support.repositories import Repository, repository

LEAK: Final = "S3CR3T"
HEAD: Final = "apiVersion: reconciler/v1\nkind: Config\n"
MANIFEST: Final = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop}
spec:
  api: {name: shop}
  resources:
    /carts:
      GET:
        responses:
          200: {responseTemplates: {application/json: {file: "%s"}}}
"""
SECRETS: Final = ("secret.yaml", ".env", ".hidden/x.yaml", "build/x.yaml")
"""The first and the last are ignored by git."""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a manifest, and with secrets that no commit has."""
    made = repository(tmp_path / "repository", monkeypatch)
    made.write("manifests/m.yaml", MANIFEST % "t.vtl")
    made.write("manifests/t.vtl", "x")
    made.write("reconciler.yaml", f"{HEAD}manifests: [manifests]\n")
    made.write(".gitignore", "secret.yaml\nbuild/\n")
    made.commit()
    for name in SECRETS:
        made.write(name, LEAK)
    (tmp_path / "outside.yaml").write_text(LEAK, encoding="utf-8")
    return made


def load_texts(*paths: str, config: str | None = None, files: Files | None = None) -> tuple[list[str], list[str]]:
    """The texts of all templates that were read, and every problem as it is printed."""
    files = files or Disk()
    found = find_projects(paths, config, files, ())
    texts: list[str] = []
    problems = [str(diagnostic) for diagnostic in found.diagnostics]
    for project in found.projects:
        cache = DocumentCache(files, project.root)
        cache.read(project.files)
        cache.read_sets(project.all_files)
        loaded = cache.load(Variables())
        problems += map(str, loaded.diagnostics)
        texts += [text for document in loaded.documents for text in document.templates.values()]
    return texts, problems


def rules(problems: list[str]) -> set[str]:
    """The rules of problems."""
    return {problem.partition("[")[2].partition("]")[0] for problem in problems}


@pytest.mark.parametrize(
    "entry",
    [
        *("../outside.yaml", "../*.yaml", "..", "/etc/hostname", "link.yaml", "linked/x.yaml", "manifests/../.env"),
        *(".env", ".hidden", ".hidden/*.yaml", ".git", ".git/config", ".GIT/config", "secret.yaml", "build/x.yaml"),
        *("*/../../*.yaml", "**/../../*.yaml"),
    ],
)
def test_configuration_names_refused_files(tree: Repository, entry: str) -> None:
    """They are refused at their place in the configuration or at the link, without being quoted."""
    (tree.folder / "link.yaml").symlink_to("../outside.yaml")
    (tree.folder / "linked").symlink_to(".hidden")
    tree.write("reconciler.yaml", f"{HEAD}manifests: ['{entry}']\n")
    _, problems = load_texts()

    assert {"containment"} == rules(problems)
    assert LEAK not in "".join(problems)


LINKS: Final = (
    *("../../outside.yaml", "../.env", "../.hidden/x.yaml", "../secret.yaml", "../build/x.yaml", "../.git/config"),
    *("chain.yaml", "../manifests/../.env"),
)


@pytest.mark.parametrize(
    "path", [(), ("manifests",), ("manifests/*.yaml",), ("manifests/link.yaml",), ("man*/**/*.yaml",)]
)
@pytest.mark.parametrize("target", LINKS)
def test_manifest_that_is_a_link(tree: Repository, path: tuple[str, ...], target: str) -> None:
    """A link is not trusted, whichever PATH finds it; it is reported once."""
    (tree.folder / "manifests/chain.yaml").symlink_to("../secret.yaml")
    (tree.folder / "manifests/link.yaml").symlink_to(target)
    _, problems = load_texts(*path)

    assert {"containment"} == rules(problems)
    assert LEAK not in "".join(problems)
    assert len(problems) == len({problem.partition(": ")[0] for problem in problems})


@pytest.mark.parametrize(
    "name",
    [
        *("../../outside.yaml", "../.env", "../secret.yaml", "../.git/config", "../.GIT/config", "../build/x.yaml"),
        *("link", "linked/x.yaml", "chain", "../manifests/../.env", "a/../../secret.yaml", "../.hidden/../secret.yaml"),
        "../\u200c.git/config",
    ],
)
def test_refused_template(tree: Repository, name: str) -> None:
    """No name and no link reaches files that are outside, hidden, ignored or in `.git`."""
    manifests = tree.folder / "manifests"
    (manifests / "a").mkdir()
    (manifests / "link").symlink_to("../secret.yaml")
    (manifests / "linked").symlink_to("../.hidden")
    (manifests / "chain").symlink_to("link")
    tree.write("manifests/m.yaml", MANIFEST % name)
    texts, problems = load_texts()

    assert (["", {"template-file"}], False) == ([*texts, rules(problems)], LEAK in "".join(problems))


@pytest.mark.parametrize("target", ["../outside.yaml", ".env", "secret.yaml", ".git/config"])
def test_configuration_that_is_a_link(tree: Repository, target: str) -> None:
    """A configuration is checked before anything in it counts, and is not quoted."""
    (tree.folder / "reconciler.yaml").unlink()
    (tree.folder / "reconciler.yaml").symlink_to(target)
    for found in (
        load_texts(),
        load_texts("manifests"),
        load_texts("reconciler.yaml"),
        load_texts(config="reconciler.yaml"),
    ):
        assert {"containment"} == rules(found[1])
        assert LEAK not in "".join(found[1])


@pytest.mark.parametrize("root", ["../../..", "/", ".git", ".hidden", "up", "in"])
def test_refused_root(tree: Repository, root: str) -> None:
    """A root is at most the top of the repository, and never hidden."""
    (tree.folder / "up").symlink_to("../..")
    (tree.folder / "in").symlink_to(".hidden")
    tree.write("reconciler.yaml", f"{HEAD}root: {root}\n")

    assert {"root"} == rules(load_texts()[1])


@pytest.mark.parametrize("path", [".hidden", ".hidden/m.yaml", ".hidden/*.yaml", "build", "build/m.yaml"])
def test_path_of_the_user_is_trusted(tree: Repository, path: str) -> None:
    """It may be hidden or ignored, with the templates next to the manifest."""
    for folder in (".hidden", "build"):
        (tree.folder / folder / "x.yaml").unlink()
        tree.write(f"{folder}/m.yaml", MANIFEST % "t.vtl")
        tree.write(f"{folder}/t.vtl", "mine")

    assert (["mine"], []) == load_texts(path)


def test_path_outside_the_root(tree: Repository) -> None:
    """A user may name any file; without a configuration, its folder is the root."""
    outside = tree.folder.parent / "elsewhere"
    outside.mkdir()
    (outside / "m.yaml").write_text(MANIFEST % "t.vtl", encoding="utf-8")
    (outside / "t.vtl").write_text("mine", encoding="utf-8")

    assert (["mine"], []) == load_texts("../elsewhere")


def test_hidden_neighbour_of_a_hidden_manifest(tree: Repository) -> None:
    """Names that are hidden below a hidden folder are still refused."""
    tree.write(".hidden/m.yaml", MANIFEST % ".env")
    tree.write(".hidden/.env", LEAK)

    assert {"template-file"} == rules(load_texts(".hidden/m.yaml")[1])


def test_tracked_file_is_never_ignored(tree: Repository) -> None:
    """Committed files may be read, whatever .gitignore says."""
    tree.write("build/t.vtl", "tracked")
    tree.git("add", "--force", "build/t.vtl")
    tree.write("manifests/m.yaml", MANIFEST % "../build/t.vtl")

    assert (["tracked"], []) == load_texts()


def test_ignored_files_of_a_configuration_are_counted(tree: Repository) -> None:
    """A folder's other files are read; the ignored ones give a single warning."""
    tree.write("manifests/secret.yaml", LEAK)
    texts, problems = load_texts()

    assert ["x"] == texts
    assert ["skipped 1 file that git ignores"] == [
        problem.partition("`: ")[2].partition(" [")[0] for problem in problems
    ]


def test_link_within_the_root(tree: Repository) -> None:
    """Links that stay inside the root are followed, to files and folders."""
    tree.write("shared/t.vtl", "shared")
    (tree.folder / "manifests/shared").symlink_to("../shared")
    tree.write("manifests/m.yaml", MANIFEST % "shared/t.vtl")

    assert (["shared"], []) == load_texts()


def test_root_that_is_reached_by_a_link(tree: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checkout itself may be a link."""
    link = tree.folder.parent / "linked"
    link.symlink_to(tree.folder)
    monkeypatch.chdir(tree.folder.parent)

    assert (["x"], []) == load_texts("linked/manifests")
    assert (["x"], []) == load_texts(config="linked/reconciler.yaml")


def test_mounted_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kubernetes mounts files as links into a folder whose name begins with two dots."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "..2026").mkdir()
    (tmp_path / "..data").symlink_to("..2026")
    for name, text in (("m.yaml", MANIFEST % "t.vtl"), ("t.vtl", "mounted"), ("reconciler.yaml", HEAD)):
        (tmp_path / "..2026" / name).write_text(text, encoding="utf-8")
        (tmp_path / name).symlink_to(f"..data/{name}")

    assert (["mounted"], []) == load_texts()
    assert (["mounted"], []) == load_texts(".")


@pytest.mark.parametrize("name", ["../.env", "../../outside.yaml", "../.git/config", "link", "linked/x.yaml"])
def test_same_rule_in_a_revision(tree: Repository, name: str) -> None:
    """Hidden files and links in a commit are refused too."""
    (tree.folder / "manifests/link").symlink_to("../.env")
    (tree.folder / "manifests/linked").symlink_to("../.hidden")
    tree.write("manifests/m.yaml", MANIFEST % name)
    tree.commit()
    texts, problems = load_texts(files=open_revision("HEAD"))

    assert ([""], {"template-file"}) == (texts, rules(problems))
    assert LEAK not in "".join(problems)


def test_file_in_an_inner_repository(tree: Repository) -> None:
    """The outer repository decides whether an inner one is ignored as a whole."""
    inner = tree.folder / "inner"
    inner.mkdir()
    (inner / ".git").mkdir()
    tree.write("inner/t.vtl", "inner")
    tree.write("manifests/m.yaml", MANIFEST % "../inner/t.vtl")

    assert (["inner"], []) == load_texts()


def test_repository_that_git_does_not_open(tree: Repository) -> None:
    """Nothing is read, because ignored files cannot be told apart."""
    tree.write(".git/config", "[core\n")

    with pytest.raises(ReconcilerError, match="git does not open this one"):
        load_texts("manifests")


def test_without_git(tree: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git nothing counts as ignored; all other rules hold."""
    monkeypatch.setenv("PATH", str(tree.folder))
    tree.write("manifests/m.yaml", MANIFEST % "../secret.yaml")

    assert ([LEAK], []) == load_texts("manifests")


def test_git_is_asked_once(tree: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process answers for all template files of all manifests; without template files, none is started."""
    calls = tree.folder.parent / "calls"
    wrapper = tree.folder.parent / "bin" / "git"
    wrapper.parent.mkdir()
    path = os.environ["PATH"]
    wrapper.write_text(
        f'#!/bin/sh\ncase "$*" in *check-ignore*) echo x >> {calls};; esac\nPATH={path} exec git "$@"\n',
        encoding="utf-8",
    )
    wrapper.chmod(0o755)
    for number in range(9):
        tree.write(f"manifests/m{number}.yaml", (MANIFEST % f"t{number}.vtl").replace("shop", f"shop{number}"))
        tree.write(f"manifests/t{number}.vtl", "x")
    tree.write("plain/m.yaml", MANIFEST.replace('{file: "%s"}', "x"))
    monkeypatch.setenv("PATH", f"{wrapper.parent}:{path}")
    (tree.folder / "reconciler.yaml").unlink()

    assert ([], []) == load_texts("plain")
    assert not calls.exists()
    assert (["x"] * 10, []) == load_texts("manifests")
    assert ["x"] == calls.read_text(encoding="utf-8").split()


def test_suggestions_are_not_hidden(tree: Repository) -> None:
    """A missing manifest or template is never answered with the name of a hidden file."""
    tree.write("manifests/.tt.vtl", "x")
    tree.write("manifests/.tokens.yaml", "x")
    (tree.folder / "manifests/t.vtl").unlink()
    tree.write("manifests/m.yaml", MANIFEST % "tt.vtl")
    problems = [*load_texts("manifests/m.yaml")[1], *load_texts("manifests/tokens.yaml")[1]]

    assert (2, []) == (len(problems), [problem for problem in problems if ".tt.vtl" in problem or ".tokens" in problem])


def test_linked_folder_is_not_walked(tree: Repository) -> None:
    """`**` does not leave the folder where it begins, so that it cannot walk the whole disk."""
    (tree.folder / "manifests/disk").symlink_to("/")

    assert (["x"], []) == load_texts("manifests/**/*.yaml")
