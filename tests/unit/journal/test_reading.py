"""Runs read back, whole, torn and damaged."""

from pathlib import Path

import pytest

from reconciler.errors import JournalError, UsageError
from reconciler.journal import Beginning, begin, find, recorded
from reconciler.models.targets import Target

TARGET = Target("123456789012", "eu-west-1", "a1b2c3d4e5")
NOW = "2026-01-31T12:00:00Z"
OUTCOME = b'{"line": "outcome", "id": "2", "outcome": "applied", "detail": "", "at": "x"}'
END = b'{"line": "end", "exitCode": 0, "at": "x"}\n'


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """The lines of a run with one outcome."""
    journal = begin(tmp_path, "{}\n", Beginning("apply", "here", 7, NOW), lambda: NOW)
    journal.finished(TARGET, "1", "applied", "")
    journal.close()
    return tmp_path / journal.run / "outcomes.jsonl"


def append(file: Path, content: bytes) -> None:
    """Write more."""
    with file.open("ab") as opened:
        opened.write(content)


@pytest.mark.parametrize("length", [*range(1, len(OUTCOME)), len(OUTCOME)])
def test_a_last_line_that_is_cut_off(lines: Path, length: int) -> None:
    """Wherever it is cut, in front of the end of the line too: it does not count, and that is said."""
    append(lines, OUTCOME[:length])
    found = recorded(lines.parents[1], lines.parent.name)

    assert (["1"], True, None) == ([outcome.id for outcome in found.outcomes], found.is_cut_off, found.end)


@pytest.mark.parametrize("rest", [b"\0\0\0", b"\0\0\0\n", OUTCOME[:10] + b"\n", OUTCOME[:10] + b"\0\0"])
def test_what_a_machine_that_stopped_leaves(lines: Path, rest: bytes) -> None:
    """Blocks of a file that were not yet written are empty."""
    append(lines, rest)
    found = recorded(lines.parents[1], lines.parent.name)

    assert (["1"], True) == ([outcome.id for outcome in found.outcomes], found.is_cut_off)


def test_a_run_that_ended(lines: Path) -> None:
    """Its last line says so."""
    append(lines, OUTCOME + b"\n" + END)
    found = recorded(lines.parents[1], lines.parent.name)

    assert (["1", "2"], False, 0, "apply") == (
        [outcome.id for outcome in found.outcomes],
        found.is_cut_off,
        found.end.exit_code if found.end else None,
        found.begin.command,
    )


@pytest.mark.parametrize(
    ("rest", "line", "says"),
    [
        (b"not JSON\n" + OUTCOME + b"\n", 3, "this is not a line of a journal"),
        (b"[" * 100_000 + b"\n" + OUTCOME + b"\n", 3, "this is not a line of a journal"),
        (b"\xff\xfe\n" + OUTCOME + b"\n", 3, "this is not a line of a journal"),
        (OUTCOME.replace(b"applied", b"done") + b"\n" + OUTCOME + b"\n", 3, "this is not a line of a journal"),
        (b"\n" + OUTCOME + b"\n", 3, "this is not a line of a journal"),
        (END + OUTCOME + b"\n", 3, "lines follow the end of the run"),
        (END + END, 3, "lines follow the end of the run"),
    ],
)
def test_damage_in_the_middle(lines: Path, rest: bytes, line: int, says: str) -> None:
    """It is an error, with its place."""
    append(lines, rest)
    with pytest.raises(JournalError) as failure:
        recorded(lines.parents[1], lines.parent.name)

    assert f"{lines}:{line}: {says}" == failure.value.message


def test_a_second_beginning(lines: Path) -> None:
    """Two runs in one file are none."""
    append(lines, lines.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(JournalError) as failure:
        recorded(lines.parents[1], lines.parent.name)

    assert f"{lines}:3: the run starts a second time" == failure.value.message


@pytest.mark.parametrize("content", [b"", OUTCOME + b"\n", b"{\n"])
def test_without_a_beginning(lines: Path, content: bytes) -> None:
    """Nobody knows what it is."""
    lines.write_bytes(content)

    with pytest.raises(JournalError, match=r"outcomes\.jsonl:1: "):
        recorded(lines.parents[1], lines.parent.name)


def test_the_beginning_of_another_run(lines: Path) -> None:
    """A folder that was renamed is not what it says."""
    lines.parent.rename(lines.parents[1] / "20260131T120000Z-ffffff")

    with pytest.raises(JournalError, match="this is not the start of run 20260131T120000Z-ffffff"):
        recorded(lines.parents[1], "20260131T120000Z-ffffff")


@pytest.mark.parametrize("name", ["plan.json", "outcomes.jsonl"])
def test_a_file_that_is_missing(lines: Path, name: str) -> None:
    """It is said which."""
    (lines.parent / name).unlink()

    with pytest.raises(JournalError, match=f"{name} cannot be read: No such file or directory"):
        recorded(lines.parents[1], lines.parent.name)


def test_a_newer_format_is_told(lines: Path) -> None:
    """Where a line is not understood."""
    lines.write_bytes(lines.read_bytes().replace(b'"1.0"', b'"1.7"') + b'{"line": "new"}\n' + OUTCOME + b"\n")

    message = r"not a line of a journal of format 1\.0; the journal says that its format is 1\.7"
    with pytest.raises(JournalError, match=message):
        recorded(lines.parents[1], lines.parent.name)


@pytest.mark.parametrize("version", ["2.0", "0.9", "1", "", "1.x"])
def test_another_format_is_not_read(lines: Path, version: str) -> None:
    """Though every line is understood: what they mean may be something else."""
    lines.write_bytes(lines.read_bytes().replace(b'"1.0"', f'"{version}"'.encode()))

    with pytest.raises(JournalError, match=rf"outcomes\.jsonl:1: the journal has format '{version}', not 1\.0"):
        recorded(lines.parents[1], lines.parent.name)


def test_a_run_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    """If that is enough to tell it from the others."""
    for name in ("20260131T120000Z-aaaaaa", "20260131T120000Z-aabbbb", "20260201T120000Z-cccccc"):
        (tmp_path / name).mkdir()

    assert ("20260201T120000Z-cccccc", "20260131T120000Z-aaaaaa") == (
        find(tmp_path, "202602"),
        find(tmp_path, "20260131T120000Z-aaa"),
    )
    with pytest.raises(UsageError, match="2 runs start with '202601': 20260131T120000Z-aabbbb, 20260131T120000Z-aaa"):
        find(tmp_path, "202601")
    with pytest.raises(UsageError, match=r"no run '\.\.' in "):
        find(tmp_path, "..")
