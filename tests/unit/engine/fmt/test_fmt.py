"""Files in canonical layout: which are looked at, and what is said of them."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reconciler
from reconciler.engine.fmt.fmt import FormatResult, format_files
from reconciler.engine.fmt.key_order import key_order
from reconciler.errors import UsageError
from reconciler.manifest import Disk
from reconciler.manifest.writer import Layout, WrittenTemplate
from reconciler.models.live import LiveApi
from reconciler.yamlio import layout, parse
from support.exports import rest_apis, websocket_apis, written

MANIFEST: Final = """\
kind: RestApi
apiVersion: "reconciler/v1"
metadata: {name: pets}
spec:
    resources:
        /pets:
            POST: {responses: {'200': {}}}
            GET: {responses: {'200': {}}}
    api: {id: a1}
"""
FORMATTED: Final = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: pets}
spec:
  api: {id: a1}
  resources:
    /pets:
      POST: {responses: {'200': {}}}
      GET: {responses: {'200': {}}}
"""
PACKAGE: Final = Path(reconciler.__file__).parent
ROOT: Final = PACKAGE.parent
CONFIG: Final = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [ apis ]\n"
LAYOUTS: Final = st.builds(Layout, template_files=st.booleans(), extract_sets=st.booleans())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changes(result: FormatResult) -> dict[str, str]:
    """The new texts of the files that change."""
    return {change.file: change.after.decode() for change in result.changes}


def test_a_manifest(folder: Path) -> None:
    """Known keys get their order; paths, methods and statuses stay in theirs."""
    (folder / "pets.yaml").write_text(MANIFEST)

    assert {"pets.yaml": FORMATTED} == changes(format_files(["pets.yaml"], None, Disk()))


def test_a_formatted_file_is_left_alone(folder: Path) -> None:
    """It is counted."""
    (folder / "pets.yaml").write_text(FORMATTED)

    assert FormatResult(unchanged=1) == format_files(["."], None, Disk())


def test_files_of_the_configuration(folder: Path) -> None:
    """Without a PATH, the configuration and what it names are formatted, and nothing else."""
    (folder / "apis").mkdir()
    for name in ("apis/pets.yaml", "other.yaml"):
        (folder / name).write_text(MANIFEST)
    (folder / "reconciler.yaml").write_text(CONFIG)

    assert {"apis/pets.yaml": FORMATTED, "reconciler.yaml": CONFIG.replace("[ apis ]", "[apis]")} == changes(
        format_files((), None, Disk())
    )


def test_a_configuration_among_its_manifests(folder: Path) -> None:
    """It is formatted once, if it is in a folder that it names."""
    (folder / "reconciler.yaml").write_text(CONFIG.replace("apis", "."))

    assert 1 == len(format_files((), "reconciler.yaml", Disk()).changes)


@pytest.mark.usefixtures("folder")
def test_nothing_to_look_at() -> None:
    """Without a PATH there has to be a configuration."""
    with pytest.raises(UsageError, match="no PATH is given"):
        format_files((), None, Disk())


def test_no_file(folder: Path) -> None:
    """A folder without a file is more likely a wrong path than nothing to do."""
    (folder / "empty").mkdir()

    assert ["no file was found in empty"] == [one.message for one in format_files(["empty"], None, Disk()).diagnostics]


def test_other_programs_files_are_skipped(folder: Path) -> None:
    """A file without our apiVersion is left alone, whether it is YAML or not."""
    (folder / "compose.yaml").write_text("services:\n    web: {}\n")
    (folder / "chart.yaml").write_text("{{ if }}\n")

    assert FormatResult(foreign=("chart.yaml", "compose.yaml")) == format_files(["."], None, Disk())


def test_broken_files_are_reported(folder: Path) -> None:
    """A file that cannot be parsed or read is an error at its place, and the others are formatted."""
    (folder / "a.yaml").write_text(f"{MANIFEST}  bad: [\n")
    (folder / "b.yaml").write_text(MANIFEST)
    (folder / "e.yaml").symlink_to("e.yaml")
    result = format_files(["a.yaml", "b.yaml", "c.yaml", "e.yaml"], None, Disk())

    assert (["b.yaml"], ["a.yaml:10:3", "c.yaml", "e.yaml"], True) == (
        list(changes(result)),
        [str(problem.location) for problem in result.diagnostics],
        result.is_broken,
    )


def test_links_out_of_a_folder_are_refused(folder: Path) -> None:
    """A link in a folder, which may be part of what is under review, leads to no file outside of it."""
    (folder / "inside").mkdir()
    (folder / "outside.yaml").write_text(MANIFEST)
    (folder / "inside" / "link.yaml").symlink_to("../outside.yaml")
    result = format_files(["inside"], None, Disk())

    assert ((), ["inside/link.yaml"]) == (result.changes, [str(problem.location) for problem in result.diagnostics])


def test_a_file_without_another_layout(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If no text in canonical layout means the same, that is said and nothing is changed."""
    (folder / "a.yaml").write_text(MANIFEST)
    monkeypatch.setattr(layout, "arranged_lines", lambda *_: "")
    result = format_files(["a.yaml"], None, Disk())

    assert ((), ["no other layout of this file means the same"]) == (
        result.changes,
        [problem.message for problem in result.diagnostics],
    )


@pytest.mark.parametrize("folder_of_ours", [ROOT / "samples", PACKAGE / "sandbox", PACKAGE / "engine" / "scaffold"])
def test_our_own_files_are_formatted(folder_of_ours: Path) -> None:
    """Samples, the demo and what `init` writes are as everybody's files should be."""
    result = format_files([str(folder_of_ours)], None, Disk())

    assert ((), ()) == (result.changes, result.diagnostics)


@settings(max_examples=60)
@given(st.one_of(rest_apis(), websocket_apis()), LAYOUTS)
def test_exports_are_formatted(live: LiveApi, how: Layout) -> None:
    """What `export` writes has the canonical layout."""
    for file in written(live, how).files:
        if not isinstance(file, WrittenTemplate):
            content = file.text.encode()

            assert content == layout.layout(content, parse.read(content, "").documents, key_order)
