"""PATHs to files, each under its configuration."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from reconciler.config.projects import FoundProjects, find_projects
from reconciler.manifest import Disk

Write: TypeAlias = Callable[[str, str | bytes], str]

HEAD = "apiVersion: reconciler/v1\nkind: Config\n"


def found(*paths: str, config: str | None = None) -> FoundProjects:
    """What these PATHs mean."""
    return find_projects(paths, config, Disk(), ())


def groups(of: FoundProjects) -> list[tuple[str, tuple[str, ...]]]:
    """The configuration's file ("" for none) and the manifests' of every project."""
    return [(project.configuration.file if project.configuration else "", project.files) for project in of.projects]


def problems(of: FoundProjects) -> list[str]:
    """Everything that is wrong."""
    return [str(diagnostic) for diagnostic in of.diagnostics]


def test_no_configuration_anywhere(write: Write) -> None:
    """Each file is a project by itself then."""
    write("a.yaml", "")

    assert [("", ("a.yaml",))] == groups(found("."))


def test_nearest_configuration_of_each_file(write: Write) -> None:
    """In a monorepo every file belongs to the nearest configuration above it, whatever PATH names it."""
    for name in ("reconciler.yaml", "b/reconciler.yaml", "b/c/reconciler.yaml"):
        write(name, HEAD)
    for name in ("a/m.yaml", "b/m.yaml", "b/c/d/m.yaml"):
        write(name, "")
    expected = {
        "reconciler.yaml": ("a/m.yaml",),
        "b/reconciler.yaml": ("b/m.yaml",),
        "b/c/reconciler.yaml": ("b/c/d/m.yaml",),
    }
    ours = {file: tuple(one for one in files if one.endswith("m.yaml")) for file, files in groups(found("."))}

    assert expected == ours


def test_configuration_above_the_current_folder(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found upwards, and called as one would call it from here."""
    write("reconciler.yaml", f"{HEAD}manifests: [m]\n")
    write("m/a.yaml", "")
    monkeypatch.chdir(tmp_path / "m")

    assert [("../reconciler.yaml", ("../m/a.yaml",))] == groups(found())


def test_no_path_means_what_the_configuration_names(write: Write) -> None:
    """Files, folders and globs, relative to it."""
    write("reconciler.yaml", f"{HEAD}manifests: [one.yaml, folder, 'globs/*.yaml']\n")
    for name in ("one.yaml", "two.yaml", "folder/x/a.yaml", "globs/b.yaml", "globs/c/d.yaml"):
        write(name, "")

    assert [("reconciler.yaml", ("one.yaml", "folder/x/a.yaml", "globs/b.yaml"))] == groups(found())


def test_no_path_and_no_configuration(write: Write) -> None:
    """Nothing is meant."""
    write("a.yaml", "")

    assert FoundProjects() == found()


def test_path_that_is_a_configuration(write: Write) -> None:
    """It means all that it names."""
    write("x/reconciler.yaml", f"{HEAD}manifests: [m]\n")
    write("x/m/a.yaml", "")

    assert [("x/reconciler.yaml", ("x/m/a.yaml",))] == groups(found("./x/reconciler.yaml", "x/m/a.yaml"))


def test_given_configuration_is_for_everything(write: Write) -> None:
    """Nearer configurations do not count then."""
    write("reconciler.yaml", HEAD)
    write("other.yml", HEAD)
    write("a.yaml", "")

    assert [("other.yml", ("a.yaml",))] == groups(found("a.yaml", config="other.yml"))


def test_given_configuration_without_path(write: Write) -> None:
    """Its own manifests are meant, relative to it."""
    write("x/other.yml", f"{HEAD}manifests: [m]\n")
    write("x/m/a.yaml", "")

    assert [("x/other.yml", ("x/m/a.yaml",))] == groups(found(config="x/other.yml"))


def test_missing_configuration(write: Write) -> None:
    """A missing file is a problem, with the closest name."""
    write("other.yml", HEAD)

    assert ["othr.yml: error: there is no such file [missing-file]; did you mean `other.yml`?"] == problems(
        found(config="othr.yml")
    )


def test_broken_configuration(write: Write) -> None:
    """Its manifests are skipped, because its settings are unknown."""
    write("reconciler.yaml", f"{HEAD}rot: x\n")
    write("a.yaml", "")
    broken = found("a.yaml")

    assert (
        (),
        ["reconciler.yaml:3:1: error: `rot` is not a key of this map [unknown-key]; did you mean `root`?"],
    ) == (broken.projects, problems(broken))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("kind: RestApi\n", "reconciler.yaml:1:7: error: this is not a configuration [wrong-kind]"),
        (f"{HEAD}---\n{HEAD}", "reconciler.yaml:4:1: error: the file contains a second configuration"),
        (f"{HEAD}---\nkind: RestApi\n", "reconciler.yaml:4:7: error: this is not a configuration [wrong-kind]"),
        ("", "reconciler.yaml: error: the file contains no document [empty]"),
        ("{", "reconciler.yaml:2:1: error:"),
    ],
)
def test_file_that_is_no_configuration(write: Write, content: str, expected: str) -> None:
    """A file of that name holds one configuration and nothing else."""
    write("reconciler.yaml", content)
    (problem,) = problems(found("."))

    assert problem.startswith(expected)


def test_root_of_templates_is_the_configurations_folder(write: Write) -> None:
    """Unless the configuration sets another one."""
    write("x/reconciler.yaml", HEAD)

    assert ["x"] == [project.root for project in found("x/reconciler.yaml").projects]


@pytest.mark.parametrize("root", ["..", "m", "../x/m"])
def test_root_within_the_repository(write: Write, tmp_path: Path, root: str) -> None:
    """It may be any folder of the git repository."""
    write(".git/HEAD", "")
    write("x/reconciler.yaml", f"{HEAD}root: {root}\n")

    assert [str((tmp_path / "x" / root).resolve())] == [project.root for project in found("x/reconciler.yaml").projects]


@pytest.mark.parametrize("root", ["..", "/", "../../other", "link"])
def test_root_out_of_the_repository(write: Write, tmp_path: Path, root: str) -> None:
    """It does not reach further, by links either."""
    write("x/.git/HEAD", "")
    (tmp_path / "x" / "link").symlink_to("..")
    write("x/reconciler.yaml", f"{HEAD}root: {root}\n")
    refused = f"`{root}` is outside the git repository {tmp_path / 'x'} [root]; name a folder inside it"

    assert [f"x/reconciler.yaml:3:7: error: {refused}"] == problems(found("x/reconciler.yaml"))


def test_root_without_a_repository(write: Write, tmp_path: Path) -> None:
    """Then it reaches no further than the folder that the command runs in."""
    write("x/y/reconciler.yaml", f"{HEAD}root: ../..\n")
    write("z/reconciler.yaml", f"{HEAD}root: ../..\n")

    assert [str(tmp_path)] == [project.root for project in found("x/y/reconciler.yaml").projects]
    assert [
        (
            f"z/reconciler.yaml:3:7: error: `../..` is outside the current folder {tmp_path} [root]; "
            "name a folder inside it"
        )
    ] == (problems(found("z/reconciler.yaml")))
