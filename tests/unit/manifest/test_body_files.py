"""Files with bodies that response tests name."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from reconciler.manifest import Disk, DocumentCache
from reconciler.manifest.body_files import MAX_BYTES, BodyFiles, content_of, file_names, payload_of
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.manifest.templates import UnusableFile
from reconciler.manifest.variables import Variables
from reconciler.mapping.exchange import Payload
from support.response_tests import METHOD, document

Write: TypeAlias = Callable[[str, str | bytes], str]


def documented(write: Write, *names: str) -> tuple[BodyFiles, ResponseTestDocument]:
    """A document that names files as expected bodies, and its files."""
    tests = (f"{{name: t, {METHOD}, expect: {{body: {{file: {name}}}}}}}" for name in names)
    cache = DocumentCache(Disk(), None)
    cache.read((write("tests/t.yaml", document(*tests)),))
    (loaded,) = cache.tests.load(Variables()).documents
    return BodyFiles((loaded,), Disk(), None), loaded


def read(write: Write, name: str) -> Payload:
    """The body in a file."""
    files, loaded = documented(write, name)
    return files.read(loaded, name)


def test_every_file_is_found(write: Write) -> None:
    """Those of requests, backends and expectations, in the defaults and in tests."""
    test = "{name: t, request: {body: {file: b}}, backend: {body: {file: c}}, expect: {body: {file: d}}}"
    cache = DocumentCache(Disk(), None)
    cache.read((write("t.yaml", document(test, more="defaults: {request: {body: {file: a}}}")),))
    (loaded,) = cache.tests.load(Variables()).documents

    assert ["a", "b", "c", "d"] == list(file_names(loaded))


@pytest.mark.parametrize(
    ("content", "body"),
    [("text\n", "text"), ("text", "text"), ("text\n\n", "text\n"), ("", ""), (b"\xff\n", b"\xff\n"), ("é\n", "é")],
)
def test_bodies(write: Write, content: str | bytes, body: Payload) -> None:
    """One newline at the end of a text is not part of the body; what is not UTF-8 is binary."""
    write("tests/a.txt", content)

    assert body == read(write, "a.txt")


@pytest.mark.parametrize("body", ["", "text", "text\n", b"\xff\n", b"\xff"])
def test_written_bodies(body: Payload) -> None:
    """A body that is written is read as the same."""
    assert body == payload_of(content_of(body))


def test_lone_surrogates() -> None:
    """Half a pair is written as clients get it."""
    assert b"?\n" == content_of("\ud83d")


def test_missing_file(write: Write) -> None:
    """A file that does not exist could be created."""
    with pytest.raises(UnusableFile) as raised:
        read(write, "a.txt")

    assert (True, "the file `a.txt` does not exist") == (raised.value.is_missing, raised.value.message)


@pytest.mark.parametrize("name", ["../a.txt", "/etc/hostname", ".hidden", ".git/a", "link"])
def test_refused_files(write: Write, name: str) -> None:
    """Neither is a file outside the folder read, nor a hidden one; nor may it be written."""
    write("a.txt", "secret")
    files, loaded = documented(write, name)
    with pytest.raises(UnusableFile) as raised:
        files.read(loaded, name)

    assert name == "link" or not raised.value.is_missing


def test_too_large(write: Write) -> None:
    """No body is larger than what API Gateway passes on."""
    write("tests/a.txt", b"a" * (MAX_BYTES + 1))
    with pytest.raises(UnusableFile, match="larger than 10 MiB"):
        read(write, "a.txt")


def test_same_file_twice(write: Write) -> None:
    """A file is read once, however many tests name it."""
    file = write("tests/a.txt", "one")
    files, loaded = documented(write, "a.txt", "a.txt")
    files.read(loaded, "a.txt")
    write(file, "two")

    assert "one" == files.read(loaded, "a.txt")


def test_writable(write: Write) -> None:
    """A file within the folder may be written, one outside may not."""
    files, loaded = documented(write, "new/a.txt", "../a.txt")
    file = files.writable(loaded, "new/a.txt")

    assert (None, "tests/new/a.txt") == (files.writable(loaded, "../a.txt"), file and file.reference.file)
