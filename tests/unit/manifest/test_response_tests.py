"""Documents with response tests, beside the manifests of a folder."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from reconciler.manifest import Disk, DocumentCache, load
from reconciler.manifest.variables import Variables
from support.response_tests import PASSES, document

Write: TypeAlias = Callable[[str, str | bytes], str]


def cached(*names: str) -> DocumentCache:
    """The documents of files."""
    cache = DocumentCache(Disk(), None)
    cache.read(names)
    return cache


def test_other_commands_skip_them(write: Write, manifest: str) -> None:
    """Loading manifests ignores tests, whatever is wrong with them."""
    write("m.yaml", f"{manifest}---\n{document('{}', 'nonsense')}")
    loaded = load(("m.yaml",), Disk())

    assert (["shop"], ()) == ([each.manifest.metadata.name for each in loaded.documents], loaded.diagnostics)


def test_without_api_version(write: Write) -> None:
    """A document of that kind without `apiVersion` is recognized as ours."""
    write("m.yaml", "kind: ResponseTest\n")

    assert ["missing-key"] == [problem.rule.id for problem in load(("m.yaml",), Disk()).diagnostics]


def test_close_kind(write: Write) -> None:
    """A misspelt kind suggests it."""
    write("m.yaml", "apiVersion: reconciler/v1\nkind: ResponseTests\n")

    assert ["did you mean `ResponseTest`?"] == [problem.remedy for problem in load(("m.yaml",), Disk()).diagnostics]


def test_loaded_for_each_environment(write: Write) -> None:
    """Placeholders take the values of the environment; a document without any is validated once."""
    test = PASSES.replace("404", "'${{ vars.status }}'")
    cache = cached(write("a.yaml", document(test, name="a")), write("b.yaml", document(PASSES, name="b")))
    dev, prod = (cache.tests.load(Variables({"status": status})) for status in (404, 410))

    assert [(404, 404), (410, 404)] == [
        tuple(each.tests.spec.tests[0].expect.status for each in loaded.documents) for loaded in (dev, prod)
    ]
    assert dev.documents[1].tests is prod.documents[1].tests


def test_unset_variable(write: Write) -> None:
    """Offline, an environment variable that is not set leaves its placeholder, with a warning and no other problem."""
    cache = cached(write("a.yaml", document(PASSES.replace("404", "'${{ env.STATUS }}'"))))
    variables = Variables(readable=("STATUS",))
    loaded = cache.tests.load(variables, leave_unset=True)

    assert ["unset-variable"] == [problem.rule.id for problem in loaded.diagnostics]
    assert [frozenset({0})] == [each.unsound for each in loaded.documents]
    assert ["unset-variable"] != [problem.severity for problem in cache.tests.load(variables).diagnostics]


@pytest.mark.parametrize("wanted", [{"shop"}, {"mall"}])
def test_manifests_by_name(write: Write, manifest: str, wanted: set[str]) -> None:
    """Only the manifests with the wanted names are read from further files, and their sets."""
    response_set = (
        "apiVersion: reconciler/v1\nkind: ResponseSet\nmetadata: {name: common}\n"
        "spec: {for: RestApi, responses: {500: {}}}\n"
    )
    write("m.yaml", f"{manifest}---\n{manifest.replace('shop', 'mall')}---\n{response_set}---\nkind: Nonsense\n")
    write("other.yaml", manifest.replace("shop", "kiosk"))
    cache = cached()
    cache.read_manifests(("m.yaml", "other.yaml", "missing.yaml"), wanted)
    cache.read_manifests(("m.yaml",), wanted)
    loaded = cache.load(Variables())

    assert (wanted, {"common"}, ()) == (
        {each.manifest.metadata.name for each in loaded.documents},
        set(loaded.sets),
        loaded.diagnostics,
    )
