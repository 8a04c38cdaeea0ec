"""Parts: reports that other processes wrote are read strictly, and each file that is none is named."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents import FORMAT_VERSION
from reconciler.engine.drift import parts
from reconciler.engine.drift.parts import ReportError, joined, read_parts, understood
from reconciler.fleet.shard import Shard
from reconciler.manifest import Disk
from reconciler.views.drift import drift_json
from support.fleets import NAMES, SITES, Fleet, World

FLEET = Fleet({(name, site): "changed" for name in NAMES for site in SITES})


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a shard."""
    return drift_json(World(FLEET, tmp_path_factory.mktemp("fleet")).drift(Shard(1, 1)))


def refusal(content: str | bytes) -> str:
    """Why the content of a file is refused."""
    with pytest.raises(ReportError) as caught:
        understood(content.encode() if isinstance(content, str) else content, "part.json")
    assert caught.value.remedy
    return caught.value.message


def changed(text: str, *path: str | int, value: object) -> str:
    """The report with another value at a path."""
    document: Any = json.loads(text)
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return json.dumps(document)


@given(st.data())
def test_a_cut_off_part_is_refused(text: str, data: st.DataObject) -> None:
    """Wherever a disk was full or a job was killed."""
    length = data.draw(st.integers(0, len(text) - 1))

    assert refusal(text[:length]) in {"part.json is empty", "part.json is not JSON, or is cut off"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not a drift report"),
        (b"9" * 5_000, "is not a drift report"),
        (b"[]", "is not a drift report"),
        (b"{}", "is not a drift report"),
        (b'{"kind": "Drift", "formatVersion": 1.0}', "has no format version"),
        (b'{"kind": "Plan", "formatVersion": "1.0"}', "is not a drift report: it is of kind Plan"),
        (b'{"kind": "Dr\\u001b[31mift", "formatVersion": "1.0"}', "it is of kind Dr\\x1b[31mift"),
        (b'{"kind": "Drift", "formatVersion": "1.0", "createdAt": NaN}', "is not JSON"),
        (b'{"kind": "Drift", "formatVersion": "1.0"}', "createdAt is no time"),
        (b'{"kind": "Drift", "formatVersion": "1.0", "createdAt": "today"}', "is not a valid drift report"),
        (b'{"kind": "Drift", "formatVersion": "1.0", "createdAt": "2026-01-31"}', "createdAt is no time"),
        (b'{"kind": "Drift", "formatVersion": "1.0", "createdAt": "2026-01-31T00:00:00Z"}', "(see toolVersion)"),
    ],
)
def test_what_is_no_report_is_refused(content: bytes, words: str) -> None:
    """Other JSON, other documents, no JSON at all."""
    assert words in refusal(content)


@pytest.mark.parametrize("version", ["1.1", "2.0", "999999.0"])
def test_a_newer_format_is_refused(text: str, version: str) -> None:
    """What it has gained would be lost."""
    assert refusal(changed(text, "formatVersion", value=version)) == (
        f"part.json has format {version}, but this version reads formats up to {FORMAT_VERSION}"
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("summary", "changed"), 0),
        (("summary", "errors"), 7),
        (("targets", 0, "changed"), 5),
        (("targets", 0, "kind"), "HttpApi"),
        (("targets", 0, "manifests"), []),
        (("targets", 0, "inSync"), -1),
        (("targets", 0, "calls"), 10**30),
        (("targets", 0, "apiId"), "elsewhere"),
        (("targets",), []),
        (("findings",), []),
        (("findings", 0, "fingerprint"), "another"),
        (("findings", 0, "type"), "vanished"),
        (("findings", 0, "subject"), "stage"),
        (("findings", 0, "target"), None),
        (("findings", 0, "unknown"), True),
        (("diagnostics", 0, "rule"), "no-such-rule"),
        (("diagnostics", 0, "severity"), "error"),
        (("run", "seconds"), 1e999),
        (("run",), None),
        (("shard", "index"), "1"),
        (("shard", "index"), 2),
        (("shard", "count"), 2**40),
    ],
)
def test_a_report_that_contradicts_itself_is_refused(text: str, path: tuple[str | int, ...], value: object) -> None:
    """Counts, findings and APIs are checked against each other, so that a forged part merges to no report."""
    message = refusal(changed(text, *path, value=value).replace("Infinity", "1e999"))

    assert message.startswith("part.json is not a valid drift report")


@given(st.data())
def test_no_damage_breaks_the_reader(text: str, data: st.DataObject) -> None:
    """Whatever stands at one place of a report: it is read, or refused with a message."""
    document: Any = json.loads(text)
    holder, key = document, data.draw(st.sampled_from(sorted(document)))
    while isinstance(holder[key], dict | list) and holder[key] and data.draw(st.booleans()):
        holder = holder[key]
        key = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
    holder[key] = data.draw(st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just([]) | st.just({}))

    with suppress(ReportError):
        understood(json.dumps(document).encode(), "part.json")


def test_every_file_that_is_no_part_is_named(text: str, tmp_path: Path) -> None:
    """So that one run of the command says which shards to run again."""
    files = [str(tmp_path / name) for name in ("good.json", "empty.json", "missing.json")]
    Path(files[0]).write_text(text, encoding="utf-8")
    Path(files[1]).touch()
    with pytest.raises(ReportError) as caught:
        read_parts(files, Disk())

    assert caught.value.message == f"{files[1]} is empty; {files[2]} cannot be read: No such file or directory"


def test_a_huge_file_is_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read to its end."""
    monkeypatch.setattr(parts, "MAX_BYTES", len(text) - 1)
    (tmp_path / "huge.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReportError, match="too large"):
        read_parts([str(tmp_path / "huge.json")], Disk())


def test_many_problems_are_counted() -> None:
    """A message has an end."""
    assert joined([f"{number}.json is empty" for number in range(12)]).endswith("; 9.json is empty; and 2 more")
