"""Tests in several processes."""

import pytest

from reconciler.engine.response_tests import processes
from reconciler.engine.response_tests.document import document_of_run
from support.response_tests import FAILS, METHOD, MISSING, PASSES, Shelf

IMPOSSIBLE = f"{{name: x, {METHOD}, api: {{integrationType: MOCK}}, backend: {MISSING}, expect: {{status: 404}}}}"


def test_same_document(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many processes run the tests, the document is the same, and so is its order."""
    monkeypatch.setattr(processes, "MIN_TESTS", 2)
    tests = [(PASSES, FAILS)[number % 2].replace("name: ", f"name: t{number} ") for number in range(7)]
    shelf.test(*tests, IMPOSSIBLE)
    alone, together = shelf.run(), shelf.run(processes=3)

    assert (7, document_of_run(alone)) == (len(alone.results), document_of_run(together))


def test_few_tests(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few tests run in this process, where a second one would not pay."""
    monkeypatch.setattr("multiprocessing.get_context", None)
    shelf.test(PASSES, FAILS)

    assert 2 == len(shelf.run(processes=8).results)


def test_without_fork(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where processes cannot be forked, there is one."""
    monkeypatch.setattr(processes, "MIN_TESTS", 1)
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    monkeypatch.setattr("multiprocessing.get_context", None)
    shelf.test(PASSES, FAILS)

    assert 2 == len(shelf.run(processes=2).results)
