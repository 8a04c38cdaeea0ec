"""Where runs are journaled, and what is locked for them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from reconciler.engine.journal_location import JournalLocation, locate_journal
from reconciler.engine.load.request import Request
from reconciler.manifest import Disk
from support.stage import manifest

HEAD = "apiVersion: reconciler/v1\nkind: Config\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two configured folders `a` and `b` and one, `c`, without a configuration; the current one is around them."""
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pets.yaml").write_text(manifest(), encoding="utf-8")
    for name in ("a", "b"):
        (tmp_path / name / "reconciler.yaml").write_text(HEAD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(found: JournalLocation, folder: Path) -> tuple[str, list[tuple[str, str]]]:
    """The folder of the runs, and folders and subjects of the locks, as seen from here."""
    locks = [(str(lock.folder.relative_to(folder)), lock.subject) for lock in found.locks]
    return str(found.folder.relative_to(folder)), [
        (where, str(Path(subject).relative_to(folder))) for where, subject in locks
    ]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["a"], ("a/.reconciler/runs", [("a/.reconciler/runs", "a/reconciler.yaml")])),
        (["a/pets.yaml"], ("a/.reconciler/runs", [("a/.reconciler/runs", "a/reconciler.yaml")])),
        (["a/reconciler.yaml"], ("a/.reconciler/runs", [("a/.reconciler/runs", "a/reconciler.yaml")])),
        (["c"], (".reconciler/runs", [(".reconciler/runs", ".")])),
        (
            ["a", "b"],
            (
                ".reconciler/runs",
                [("a/.reconciler/runs", "a/reconciler.yaml"), ("b/.reconciler/runs", "b/reconciler.yaml")],
            ),
        ),
        (
            ["b", "c"],
            (".reconciler/runs", [("b/.reconciler/runs", "b/reconciler.yaml"), (".reconciler/runs", ".")]),
        ),
    ],
)
def test_runs_are_where_their_configuration_is(
    folder: Path, paths: Sequence[str], expected: tuple[str, list[tuple[str, str]]]
) -> None:
    """In the current folder where there is none, or several; each is locked."""
    assert expected == told(locate_journal(Request(paths), Disk(), None), folder)


@pytest.mark.parametrize("config", ["a/reconciler.yaml", "{folder}/a/reconciler.yaml", "b/../a/reconciler.yaml"])
def test_a_configuration_has_one_name(folder: Path, config: str) -> None:
    """However it is reached, it is the same lock."""
    way = Request(config=config.format(folder=folder))

    assert locate_journal(Request(["a"]), Disk(), None) == locate_journal(way, Disk(), None)


def test_a_link_is_what_it_leads_to(folder: Path) -> None:
    """As it is the same configuration."""
    (folder / "d").symlink_to(folder / "a")

    assert locate_journal(Request(["a"]), Disk(), None) == locate_journal(Request(["d/pets.yaml"]), Disk(), None)


@pytest.mark.parametrize("said", ["../all", "{folder}/all"])
def test_a_configuration_names_a_folder(folder: Path, said: str) -> None:
    """Relative to itself, or absolute; several may share one."""
    for name in ("a", "b"):
        text = f"{HEAD}journal: {said.format(folder=folder)}\n"
        (folder / name / "reconciler.yaml").write_text(text, encoding="utf-8")
    found = locate_journal(Request(["a", "b"]), Disk(), None)

    assert (folder / "all", ["a", "b"]) == (
        found.folder,
        [Path(lock.subject).parent.name for lock in found.locks],
    )


def test_what_is_given_wins(folder: Path) -> None:
    """The subjects stay the same."""
    found = locate_journal(Request(["a", "b"]), Disk(), "elsewhere")

    assert (Path("elsewhere"), {Path("elsewhere")}, ["a", "b"]) == (
        found.folder,
        {lock.folder for lock in found.locks},
        [str(Path(lock.subject).parent.relative_to(folder)) for lock in found.locks],
    )


def test_a_broken_configuration_is_told(folder: Path) -> None:
    """Nobody knows what it would say."""
    (folder / "a" / "reconciler.yaml").write_text(f"{HEAD}nonsense: 1\n", encoding="utf-8")

    assert (True, False) == (
        locate_journal(Request(["a"]), Disk(), None).is_broken,
        locate_journal(Request(["b"]), Disk(), None).is_broken,
    )
