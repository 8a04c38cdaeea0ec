"""What a PATH means on disk."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePath

import pytest

from reconciler.manifest import Disk


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with manifests here and there."""
    for name in ("b.yaml", "a.yml", "sub/c.yaml", ".hidden.yaml", ".git/d.yaml", "notes.txt", "sub/e.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".", ["a.yml", "b.yaml", "sub/c.yaml"]),
        ("sub", ["sub/c.yaml"]),
        ("sub/", ["sub/c.yaml"]),
        ("*.yaml", ["b.yaml"]),
        ("**/*.yaml", ["b.yaml", "sub/c.yaml"]),
        ("*", ["a.yml", "b.yaml"]),
        ("none-*.yaml", []),
        ("notes.txt", ["notes.txt"]),
        (".hidden.yaml", [".hidden.yaml"]),
        ("./b.yaml", ["b.yaml"]),
        ("missing.yaml", ["missing.yaml"]),
    ],
)
def test_expand(path: str, expected: list[str]) -> None:
    """A folder stands for its visible manifests, a glob for its matches, anything else for one file."""
    assert expected == list(Disk().expand(path))


def test_absolute_path_below_the_current_folder(folder: Path) -> None:
    """It is shown by its relative name."""
    assert ["sub/c.yaml"] == list(Disk().expand(str(folder / "sub")))


def test_absolute_path_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps its absolute name."""
    monkeypatch.chdir(folder / "sub")

    assert [str(folder / "b.yaml")] == list(Disk().expand(str(folder / "b.yaml")))


def test_file_whose_name_looks_like_a_glob(folder: Path) -> None:
    """A file of exactly that name takes precedence over the pattern."""
    (folder / "x[1].yaml").write_text("x", encoding="utf-8")

    assert ["x[1].yaml"] == list(Disk().expand("x[1].yaml"))


def test_linked_folder_is_not_entered(folder: Path) -> None:
    """A link to a parent folder does not cause a cycle."""
    (folder / "sub" / "up").symlink_to(folder)

    assert ["sub/c.yaml"] == list(Disk().expand("sub"))


def test_pipe_is_not_read(folder: Path) -> None:
    """Only regular files are read, because others may never end."""
    os.mkfifo(folder / "pipe.yaml")

    with pytest.raises(OSError, match="not a regular file"):
        Disk().read("pipe.yaml", 10)


def test_read_at_most(folder: Path) -> None:
    """At most the requested bytes are read."""
    (folder / "long.yaml").write_text("0123456789", encoding="utf-8")

    assert b"0123" == Disk().read("long.yaml", 4)


def test_names_of_a_missing_folder() -> None:
    """A folder that does not exist has no names."""
    assert [] == list(Disk().names("/nowhere/at/all"))


class _Counting(Disk):
    """A disk that counts how many folders are looked into."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def entries(self, folder: PurePath) -> Iterable[str]:
        """As the disk has it."""
        self.looks += 1
        return super().entries(folder)


@pytest.mark.parametrize("glob", ["**/**/**/**/**/**/**/*.yaml", "**/d/**/d/**/d/**/d/**/d/*.yaml"])
def test_glob_of_many_stars_in_deep_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, glob: str) -> None:
    """A folder is read once for each part of a glob, not once for each way of matching it."""
    monkeypatch.chdir(tmp_path)
    bottom = tmp_path.joinpath(*["d"] * 60)
    bottom.mkdir(parents=True)
    (bottom / "a.yaml").write_text("x", encoding="utf-8")
    disk = _Counting()

    assert [str(bottom.relative_to(tmp_path) / "a.yaml")] == list(disk.expand(glob))
    assert 2 * 61 * len(glob.split("/")) >= disk.looks


def test_glob_where_each_folder_is_linked_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty folders with two links each to the next have a billion names, and are read once each."""
    monkeypatch.chdir(tmp_path)
    for number in range(31):
        (tmp_path / f"d{number}").mkdir()
    for number in range(30):
        for name in ("x", "y"):
            (tmp_path / f"d{number}" / name).symlink_to(f"../d{number + 1}")
    (tmp_path / "d30" / "a.yaml").write_text("x", encoding="utf-8")
    disk = _Counting()

    assert {str(tmp_path / "d30/a.yaml")} == {disk.real(name) for name in disk.expand("**/*.yaml")}
    assert 100 >= disk.looks


def test_folder_deeper_than_calls_may_nest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders may be nested to any depth."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("x", encoding="utf-8")
    depth = 1_200
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    try:
        os.chdir(tmp_path)
        found = list(Disk().expand("."))
    finally:  # shutil.rmtree, with which pytest cleans up, nests calls as well
        subprocess.run(["/bin/rm", "-rf", "d"], cwd=tmp_path, check=True)

    assert ["a.yaml"] == found
