"""What an adopt that was quit remembers."""

from pathlib import Path

import pytest

from reconciler.cli.adopt_memory import NAME, AdoptMemory

MARKS = frozenset({"a" * 24, "b" * 24})


def test_marks_are_remembered(tmp_path: Path) -> None:
    """Until there are none to remember; then the file goes."""
    folder = tmp_path / ".reconciler"
    memory = AdoptMemory(folder)
    before = memory.recall()
    memory.remember(MARKS)
    known = memory.recall()
    memory.remember(())

    assert (frozenset(), MARKS, []) == (before, known, list(folder.iterdir()))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"kept": 1}', '{"kept": [1]}', '{"kept": ["short"]}', "[" * 100_000, " " * 1_100_000]
)
def test_a_broken_file_is_ignored(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With a warning that names it: everything is asked about again."""
    (tmp_path / NAME).write_text(content)

    assert frozenset() == AdoptMemory(tmp_path).recall()
    assert capsys.readouterr().err.endswith(f"{NAME} cannot be read, so every finding is asked about again\n")


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A warning says what that means; the manifests have been written all the same."""
    (tmp_path / "file").touch()
    AdoptMemory(tmp_path / "file").remember(MARKS)

    assert capsys.readouterr().err.endswith("cannot be written, so what was kept will be asked about again\n")
