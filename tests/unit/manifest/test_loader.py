"""PATHs to sound manifests."""

import gc
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from reconciler.manifest import Disk, LoadedManifests, load

Write: TypeAlias = Callable[[str, str | bytes], str]


def loaded(*paths: str, root: str | None = None) -> LoadedManifests:
    """What the disk holds under these PATHs."""
    return load(paths, Disk(), root)


def names(found: LoadedManifests) -> list[str]:
    """The manifests by name."""
    return [document.manifest.metadata.name for document in found.documents]


def problems(*paths: str) -> list[str]:
    """Everything that is wrong with these PATHs."""
    return [str(found) for found in loaded(*paths).diagnostics]


def test_sound_manifest(write: Write, manifest: str) -> None:
    """A sound manifest gives a document and no problem."""
    found = loaded(write("m.yaml", manifest))

    assert (["shop"], (), ("m.yaml",)) == (names(found), found.diagnostics, found.files_read)


def test_same_file_twice(write: Write, manifest: str, tmp_path: Path) -> None:
    """However a file is reached, it is read once."""
    write("m.yaml", manifest)
    (tmp_path / "link.yaml").symlink_to("m.yaml")

    assert ["shop"] == names(loaded("m.yaml", ".", str(tmp_path / "m.yaml"), "*.yaml"))


def test_broken_file_hides_no_other(write: Write, manifest: str) -> None:
    """A syntax error in one file leaves the others to be read."""
    write("a.yaml", "a: {")
    write("b.yaml", "{")
    write("c.yaml", manifest)
    found = loaded(".")

    assert ["shop"] == names(found)
    assert ["a.yaml", "b.yaml"] == [diagnostic.location.file for diagnostic in found.diagnostics if diagnostic.location]


def test_problems_of_all_documents(write: Write, manifest: str) -> None:
    """A broken document leaves its neighbours in the file as they are."""
    write("m.yaml", f"{manifest}---\nkind: Nonsense\n---\n{manifest.replace('shop', 'mall')}")
    found = loaded("m.yaml")

    assert ["shop", "mall"] == names(found)
    assert ["wrong-kind"] == [diagnostic.rule for diagnostic in found.diagnostics]


def test_missing_file(write: Write, manifest: str) -> None:
    """A file that is not there is a problem, with the nearest name."""
    write("manifests/petstore.yaml", manifest)

    assert [
        "manifests/petstor.yaml: error: there is no such file [missing-file]; did you mean `manifests/petstore.yaml`?"
    ] == problems("manifests/petstor.yaml")


@pytest.mark.usefixtures("write")
@pytest.mark.parametrize("path", [".", "*.yaml"])
def test_nothing_there(path: str) -> None:
    """A folder or glob that holds nothing gives nothing: the caller judges."""
    assert LoadedManifests((), (), ()) == loaded(path)


def test_name_taken(write: Write, manifest: str) -> None:
    """A name belongs to one manifest, across all files; both places are named."""
    write("a.yaml", manifest)
    write("b.yaml", manifest)

    sentence = "`shop` is already the name of another manifest, at a.yaml:3:18 [duplicate-name]"
    assert [f"b.yaml:3:18: error: {sentence}; give each manifest a unique name"] == problems(".")


def test_links_in_a_circle(write: Write, manifest: str, tmp_path: Path) -> None:
    """A link to itself leads nowhere, and stops nothing."""
    write("m.yaml", manifest)
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    found = loaded(".")

    assert ["shop"] == names(found)
    assert ["unreadable-file"] == [diagnostic.rule for diagnostic in found.diagnostics]


def test_link_to_nothing(write: Write, manifest: str, tmp_path: Path) -> None:
    """Its own name is no nearest one."""
    write("m.yaml", manifest)
    (tmp_path / "link.yaml").symlink_to("gone.yaml")

    assert ["link.yaml: error: this is a broken link [missing-file]; fix or remove it"] == problems(".")


def test_directory_in_the_way(write: Write, manifest: str, tmp_path: Path) -> None:
    """A folder whose name ends like a manifest's is a folder."""
    write("m.yaml", manifest)
    (tmp_path / "odd.yaml").mkdir()

    assert [] == problems(".")


def test_garbage_collection_is_back_afterwards(write: Write, manifest: str) -> None:
    """What loading turns off for its time is on again, whatever happened."""
    loaded(write("m.yaml", manifest), "missing.yaml")

    assert gc.isenabled()


def test_import_is_light() -> None:
    """Reading manifests needs neither boto3 nor what the sandbox, the diff and the tests need."""
    script = "import sys, reconciler.manifest; print(*sorted({'boto3', 'moto', 'deepdiff', 'yaml'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "" == run.stdout.strip()
