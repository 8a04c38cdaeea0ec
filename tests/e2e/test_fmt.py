"""`fmt`: what is written, what is shown, and the exit codes."""

from pathlib import Path
from typing import Final

import pytest

from e2e.running import InProcess

UNTIDY: Final = "kind: RestApi\napiVersion: reconciler/v1\nmetadata: {name: a}\nspec: {api: {id: a1},  resources: {}}\n"
TIDY: Final = "apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {name: a}\nspec: {api: {id: a1}, resources: {}}\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A manifest in the current folder."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "a.yaml"
    file.write_text(UNTIDY)
    return file


def test_fmt_writes(reconciler: InProcess, file: Path) -> None:
    """Changed files are named, and formatted files are counted the next time; permissions stay."""
    file.chmod(0o600)
    first, second = reconciler("fmt", "."), reconciler("fmt", ".")

    assert (0, "formatted: a.yaml\n1 file formatted.\n", 0, "1 file already formatted.\n", TIDY, 0o600) == (
        first.code,
        first.out,
        second.code,
        second.out,
        file.read_text(),
        file.stat().st_mode & 0o777,
    )


def test_check_writes_nothing(reconciler: InProcess, file: Path) -> None:
    """--check exits with 2 and names the files; once they are formatted, with 0."""
    ran = reconciler("fmt", "a.yaml", "--check")
    unchanged = file.read_text()
    file.write_text(TIDY)

    assert (2, "would be formatted: a.yaml\n1 file would be formatted.\n", UNTIDY, 0) == (
        ran.code,
        ran.out,
        unchanged,
        reconciler("fmt", "--check", "a.yaml").code,
    )


def test_diff_writes_nothing(reconciler: InProcess, file: Path) -> None:
    """--diff prints a diff on stdout and the summary on stderr; the exit code is that of --check, if that is given."""
    ran = reconciler("fmt", "a.yaml", "--diff")

    assert (0, "--- a.yaml", "+++ a.yaml (formatted)", UNTIDY, 2) == (
        ran.code,
        *ran.out.splitlines()[:2],
        file.read_text(),
        reconciler("fmt", "a.yaml", "--diff", "--check").code,
    )
    assert {"+apiVersion: reconciler/v1", "-apiVersion: reconciler/v1"} <= set(ran.out.splitlines())
    assert ran.err.endswith("1 file would be formatted.\n")


def test_a_broken_file_is_left_alone(reconciler: InProcess, file: Path) -> None:
    """It is an error with its place, exit code 1; the others are formatted."""
    (file.parent / "b.yaml").write_text("apiVersion: reconciler/v1\nkind: [\n")
    (file.parent / "compose.yaml").write_text("services: {}\n")
    ran = reconciler("fmt", ".")

    assert (1, TIDY) == (ran.code, file.read_text())
    assert ran.out.splitlines()[1].startswith("b.yaml:3:1: error: ")
    assert ran.out.endswith("1 file formatted, 1 file skipped (no apiVersion: reconciler/v1), 1 error.\n")


def test_quiet(reconciler: InProcess, file: Path) -> None:
    """-q prints the summary, and nothing if there is nothing to do."""
    first, second = reconciler("fmt", "-q", str(file)), reconciler("fmt", "-q", str(file), "--diff")

    assert ("1 file formatted.\n", "", "") == (first.out, second.out, second.err)


def test_nothing_to_format(reconciler: InProcess, file: Path) -> None:
    """Without a PATH there has to be a configuration; an empty PATH is wrong usage."""
    file.unlink()

    assert (64, 64) == (reconciler("fmt").code, reconciler("fmt", "").code)
