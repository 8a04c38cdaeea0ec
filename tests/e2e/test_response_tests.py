"""`reconciler test`, as users run it."""

from pathlib import Path

import pytest

from e2e.running import InProcess
from support.response_tests import FAILS, METHOD, MISSING, PASSES, PETS, document

BAD = {
    "a method that is not listed": (
        f"{{name: t, method: GET /nothing, backend: {MISSING}, expect: {{status: 404}}}}",
        ("t.yaml:7:23", "tested-method"),
    ),
    "a missing golden": (
        f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{body: {{file: nothing.json}}}}}}",
        ("t.yaml:7:124", "test-file"),
    ),
    "no expectation": (f"{{name: t, {METHOD}, backend: {MISSING}}}", ("t.yaml:7:5", "expectation")),
    "two of one name": (PASSES, ("t.yaml:8:12", "duplicate-test")),
    "a body that is no base64": (
        f"{{name: t, {METHOD}, backend: {{status: 200, body: {{base64: '*'}}}}, expect: {{status: 200}}}}",
        ("t.yaml:7:82", "wrong-value"),
    ),
    "a value that is no JSON": (
        f"{{name: t, {METHOD}, backend: {{status: 200, body: {{json: .nan}}}}, expect: {{status: 200}}}}",
        ("t.yaml:7:80", "wrong-value"),
    ),
}


@pytest.fixture
def pets(folder: Path) -> Path:
    """A folder with a manifest, which is the current one."""
    (folder / "pets.yaml").write_text(PETS, encoding="utf-8")
    return folder


def write(folder: Path, *tests: str) -> None:
    """Write a document with tests."""
    (folder / "t.yaml").write_text(document(*tests), encoding="utf-8")


def test_passing(reconciler: InProcess, pets: Path) -> None:
    """Exit 0, and a summary."""
    write(pets, PASSES)
    ran = reconciler("test", ".")

    assert (0, "Passed: 1 test. Coverage: 50%.", "") == (ran.code, ran.last, ran.err)


def test_failing(reconciler: InProcess, pets: Path) -> None:
    """Exit 1, with the test and its line."""
    write(pets, PASSES, FAILS)
    ran = reconciler("test", ".", "-q")

    assert (1, "Failed: 1 passed, 1 failed. Coverage: 50%.") == (ran.code, ran.last)


@pytest.mark.parametrize(("test", "problem"), BAD.values(), ids=BAD.keys())
def test_bad_input(reconciler: InProcess, pets: Path, test: str, problem: tuple[str, str]) -> None:
    """A problem has its place, the exit code is 1, and the other tests run."""
    write(pets, *([PASSES, test] if test == PASSES else [test, PASSES]))
    ran = reconciler("test", ".")

    assert (1, [problem]) == (ran.code, ran.problems())
    assert "1 passed, 1 not run, 1 error" in ran.last


def test_body_that_is_no_json(reconciler: InProcess, pets: Path) -> None:
    """A body that is no JSON, where JSON is expected, fails the test and stops nothing."""
    write(
        pets, f"{{name: t, {METHOD}, backend: {{status: 200, body: '<a/>'}}, expect: {{body: {{json: {{}}}}}}}}", PASSES
    )
    ran = reconciler("test", ".")

    assert (1, True) == (ran.code, 'body: expected {}, got "<a/>"' in ran.out)
    assert "1 passed, 1 failed" in ran.last


def test_manifest_with_errors(reconciler: InProcess, pets: Path) -> None:
    """The errors of the manifest are reported at their places."""
    (pets / "pets.yaml").write_text(PETS.replace("200: {}", "200: {selectionPatern: a}"), encoding="utf-8")
    write(pets, PASSES)
    ran = reconciler("test", ".")

    assert (1, [("pets.yaml:10:17", "unknown-key"), ("t.yaml:5:13", "faulty-manifest")]) == (ran.code, ran.problems())


def test_template_that_does_not_parse(reconciler: InProcess, pets: Path) -> None:
    """It is AWS's 500, as a result."""
    template = "200: {responseTemplates: {application/json: '#if('}}"
    (pets / "pets.yaml").write_text(PETS.replace("200: {}", template), encoding="utf-8")
    write(pets, f"{{name: t, {METHOD}, backend: {{status: 200}}, expect: {{status: 200}}}}", PASSES)
    ran = reconciler("test", ".")

    assert (1, []) == (ran.code, ran.problems())
    assert "status: expected 200, got 500" in ran.out
    assert "1 passed, 1 failed" in ran.last


def test_update(reconciler: InProcess, pets: Path) -> None:
    """The suggested command creates a missing golden."""
    write(pets, f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{body: {{file: golden/a.json}}}}}}")
    before = reconciler("test", "t.yaml")
    assert "to create it: reconciler test t.yaml --update" in before.out

    ran = reconciler("test", "t.yaml", "--update")
    assert (0, True) == (ran.code, "Wrote golden/a.json." in ran.out)
    assert (pets / "golden" / "a.json").exists()


def test_processes(reconciler: InProcess, pets: Path) -> None:
    """However many processes run the tests, the output is the same."""
    write(pets, *(PASSES.replace("passes", f"t{number}") for number in range(600)))

    assert reconciler("test", ".").out == reconciler("test", ".", "--parallelism", "2").out
