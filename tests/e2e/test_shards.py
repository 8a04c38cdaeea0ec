"""A drift run in shards, and the merge of their reports, as commands."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from e2e.running import SAMPLES, InProcess

DRIFT: Final = ("drift", SAMPLES / "petstore", SAMPLES / "chat", SAMPLES / "minimal.yaml")
_TIMES: Final = re.compile(r"\d+(\.\d+)? ?m?s\b|\d+ calls?")


@pytest.mark.usefixtures("sandbox")
def test_shards_merge_to_the_run_in_every_format(
    reconciler: InProcess, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each job of a matrix takes its part from the scheduler's variables; the merge shows what one run shows."""
    whole = reconciler(*DRIFT)
    for index in ("1", "2", "3"):
        monkeypatch.setenv("CI_NODE_INDEX", index)
        monkeypatch.setenv("CI_NODE_TOTAL", "3")
        reconciler(*DRIFT, "--shard", "auto", "--format", f"json={index}.json")
    merged = reconciler("report", "merge", *sorted(folder.glob("*.json")), "--format", "sarif=merged.sarif")

    assert (2, _TIMES.sub("", whole.out)) == (merged.code, _TIMES.sub("", merged.out))
    assert json.loads((folder / "merged.sarif").read_text(encoding="utf-8"))["runs"]


@pytest.mark.usefixtures("sandbox")
def test_a_part_says_which_it_is(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the document, and as text; the variable is as good as the option."""
    monkeypatch.setenv("RECONCILER_SHARD", "2/3")
    text, document = reconciler(*DRIFT), json.loads(reconciler(*DRIFT, "--format", "json").out)

    assert "  shard 2/3: " in text.out
    assert document["shard"] == {"index": 2, "count": 3}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("drift", ".", "--shard", "4/3"), "--shard: there is no shard 4/3; choose from 1/3 to 3/3"),
        (("drift", ".", "--shard", ""), "'' is not a shard; write I/N"),
        (("drift", ".", "--shard", "auto"), "none of JOB_COMPLETION_INDEX"),
        (("report", "merge"), "missing argument 'FILE...'; see reconciler report merge --help"),
        (("report", "split"), "no such command 'split'"),
    ],
)
def test_wrong_usage_is_explained(reconciler: InProcess, arguments: tuple[str, ...], words: str) -> None:
    """Exit 64; a shard that is guessed could leave targets to nobody."""
    ran = reconciler(*arguments)

    assert (64, "") == (ran.code, ran.out)
    assert words in ran.err


def test_files_that_are_no_parts_are_named(reconciler: InProcess, folder: Path) -> None:
    """Exit 1, one message, nothing on stdout."""
    (folder / "half.json").write_text('{"formatVersion": "1.0", "kind": "Dr', encoding="utf-8")
    ran = reconciler("report", "merge", "half.json", "none.json")

    assert (1, "") == (ran.code, ran.out)
    assert ran.err.startswith("error: half.json is not JSON, or is cut off; none.json cannot be read: ")


@pytest.mark.usefixtures("sandbox")
def test_a_merge_keeps_its_parts(reconciler: InProcess, folder: Path) -> None:
    """The report of the run does not replace one of a shard, whatever its name is written like."""
    for index in ("1", "2"):
        reconciler("drift", SAMPLES / "minimal.yaml", "--shard", f"{index}/2", "--format", f"json={index}.json")
    before = (folder / "1.json").read_bytes()
    ran = reconciler("report", "merge", "1.json", "2.json", "--format", f"json={folder / '1.json'}")

    assert (64, before) == (ran.code, (folder / "1.json").read_bytes())
    assert "would overwrite 1.json" in ran.err
