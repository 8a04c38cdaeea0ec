"""Documents read once and understood for each environment."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from reconciler.manifest import Disk, DocumentCache
from reconciler.manifest.variables import Variables

Write: TypeAlias = Callable[[str, str | bytes], str]

SET = """\
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: errors}
spec: {for: RestApi, responses: {500: {responseTemplates: {a/b: {file: e.vtl}}}}}
"""
CONFIG = "apiVersion: reconciler/v1\nkind: Config\n"


@pytest.fixture
def shelf() -> DocumentCache:
    """An empty one, for files below the current folder."""
    return DocumentCache(Disk(), ".")


def test_read_once_for_all_environments(write: Write, manifest: str, shelf: DocumentCache) -> None:
    """What the placeholders stand for differs, the file is not read again."""
    shelf.put([write("m.yaml", manifest.replace("api: {name: shop}", "api: {name: '${{ vars.name }}'}"))])
    write("m.yaml", "{")
    names = [shelf.loaded(Variables({"name": one})).documents[0].manifest.spec.api.name for one in ("a", "b")]

    assert ["a", "b"] == names


def test_document_without_placeholders_is_understood_once(write: Write, manifest: str, shelf: DocumentCache) -> None:
    """It means the same everywhere."""
    shelf.put([write("m.yaml", manifest)])
    one, other = (shelf.loaded(Variables({"name": name})).documents[0] for name in ("a", "b"))

    assert one is other


def test_placeholder_in_the_name_of_a_template(write: Write, manifest: str, shelf: DocumentCache) -> None:
    """Each environment gets the text of its own file."""
    responses = "200: {responseTemplates: {a/b: {file: '${{ vars.name }}.vtl'}}}"
    shelf.put([write("m.yaml", manifest.replace("200: {}", responses))])
    write("a.vtl", "A")
    write("b.vtl", "B")
    texts = [shelf.loaded(Variables({"name": one})).documents[0].templates for one in ("a", "b")]

    assert [{"a.vtl": "A"}, {"b.vtl": "B"}] == texts


def test_undefined_variable_is_told_alone(write: Write, manifest: str, shelf: DocumentCache) -> None:
    """What else is wrong with a value that is not known is not said."""
    shelf.put([write("m.yaml", manifest.replace("spec:\n", "spec:\n  prune: ${{ vars.prune }}\n"))])
    loaded = shelf.loaded(Variables())

    assert ((), ["undefined-variable"]) == (loaded.documents, [diagnostic.rule for diagnostic in loaded.diagnostics])


def test_sets_are_documents_of_their_own(write: Write, manifest: str, shelf: DocumentCache) -> None:
    """They stand beside manifests, and are no manifests."""
    write("e.vtl", "E\n")
    shelf.put([write("m.yaml", f"{manifest}---\n{SET}")])
    loaded = shelf.loaded(Variables())

    assert ([{"e.vtl": "E"}], 1) == ([one.templates for one in loaded.sets.values()], len(loaded.documents))


def test_only_the_sets_of_other_files(write: Write, manifest: str, shelf: DocumentCache) -> None:
    """Of files that are not asked for, manifests are not loaded and broken ones without sets are no matter."""
    write("e.vtl", "E")
    shelf.put([write("m.yaml", manifest)])
    others = [write("sets.yaml", f"{SET}---\n{manifest}"), write("broken.yaml", "{"), write("m.yaml", manifest)]
    shelf.put_sets([*others, "./m.yaml", "missing.yaml"])
    loaded = shelf.loaded(Variables())

    assert (1, ["errors"], ()) == (len(loaded.documents), list(loaded.sets), loaded.diagnostics)


def test_broken_file_that_may_hold_a_set(write: Write, shelf: DocumentCache) -> None:
    """It is told, as the set would be missed."""
    shelf.put_sets([write("sets.yaml", f"{SET}  x: [")])

    assert ["syntax"] == [diagnostic.rule for diagnostic in shelf.loaded(Variables()).diagnostics]


def test_two_sets_of_one_name(write: Write, shelf: DocumentCache) -> None:
    """Nobody would know which is meant: both places are named."""
    write("e.vtl", "E")
    shelf.put([write("sets.yaml", f"{SET}---\n{SET}")])
    (problem,) = shelf.loaded(Variables()).diagnostics

    assert (
        "sets.yaml:8:18: error: another response set is named `errors` already, at sets.yaml:3:18 [duplicate-name]; "
        "give each response set a name of its own"
    ) == str(problem)


def test_configuration_among_manifests(write: Write, manifest: str, shelf: DocumentCache) -> None:
    """It is passed over."""
    shelf.put([write("reconciler.yaml", CONFIG), write("m.yaml", manifest)])

    assert () == shelf.loaded(Variables()).diagnostics


def test_given_configuration_among_manifests(write: Write) -> None:
    """So is one of another name, if it is the one in use."""
    shelf = DocumentCache(Disk(), ".", config="./other.yaml")
    shelf.put([write("other.yaml", CONFIG)])

    assert () == shelf.loaded(Variables()).diagnostics


def test_configuration_that_nobody_finds(write: Write, shelf: DocumentCache) -> None:
    """One of another name would have no effect: it is told."""
    shelf.put([write("reconciler.yml", CONFIG)])

    assert ["reconciler.yml:2:7"] == [str(diagnostic.location) for diagnostic in shelf.loaded(Variables()).diagnostics]
