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
def cache() -> DocumentCache:
    """An empty one, for files below the current folder."""
    return DocumentCache(Disk(), ".")


def test_read_once_for_all_environments(write: Write, manifest: str, cache: DocumentCache) -> None:
    """Placeholders differ between environments, but the file is read once."""
    cache.read([write("m.yaml", manifest.replace("api: {name: shop}", "api: {name: '${{ vars.name }}'}"))])
    write("m.yaml", "{")
    names = [cache.load(Variables({"name": one})).documents[0].manifest.spec.api.name for one in ("a", "b")]

    assert ["a", "b"] == names


def test_document_without_placeholders_is_loaded_once(write: Write, manifest: str, cache: DocumentCache) -> None:
    """It is the same in all environments."""
    cache.read([write("m.yaml", manifest)])
    one, other = (cache.load(Variables({"name": name})).documents[0] for name in ("a", "b"))

    assert one is other


def test_placeholder_in_the_name_of_a_template(write: Write, manifest: str, cache: DocumentCache) -> None:
    """Each environment gets the text of its own file."""
    responses = "200: {responseTemplates: {a/b: {file: '${{ vars.name }}.vtl'}}}"
    cache.read([write("m.yaml", manifest.replace("200: {}", responses))])
    write("a.vtl", "A")
    write("b.vtl", "B")
    texts = [cache.load(Variables({"name": one})).documents[0].templates for one in ("a", "b")]

    assert [{"a.vtl": "A"}, {"b.vtl": "B"}] == texts


def test_undefined_variable_is_reported_alone(write: Write, manifest: str, cache: DocumentCache) -> None:
    """A value that is not known has no other diagnostics."""
    cache.read([write("m.yaml", manifest.replace("spec:\n", "spec:\n  prune: ${{ vars.prune }}\n"))])
    loaded = cache.load(Variables())

    assert ((), ["undefined-variable"]) == (loaded.documents, [diagnostic.rule for diagnostic in loaded.diagnostics])


def test_sets_are_documents_of_their_own(write: Write, manifest: str, cache: DocumentCache) -> None:
    """They may be in the same files as manifests, but are not manifests."""
    write("e.vtl", "E\n")
    cache.read([write("m.yaml", f"{manifest}---\n{SET}")])
    loaded = cache.load(Variables())

    assert ([{"e.vtl": "E"}], 1) == ([one.templates for one in loaded.sets.values()], len(loaded.documents))


def test_only_the_sets_of_other_files(write: Write, manifest: str, cache: DocumentCache) -> None:
    """In files outside the PATHs, manifests are not loaded, and broken files without sets are ignored."""
    write("e.vtl", "E")
    cache.read([write("m.yaml", manifest)])
    others = [write("sets.yaml", f"{SET}---\n{manifest}"), write("broken.yaml", "{"), write("m.yaml", manifest)]
    cache.read_sets([*others, "./m.yaml", "missing.yaml"])
    loaded = cache.load(Variables())

    assert (1, ["errors"], ()) == (len(loaded.documents), list(loaded.sets), loaded.diagnostics)


def test_broken_file_that_may_hold_a_set(write: Write, cache: DocumentCache) -> None:
    """It is reported, because the set would be missing."""
    cache.read_sets([write("sets.yaml", f"{SET}  x: [")])

    assert ["syntax"] == [diagnostic.rule for diagnostic in cache.load(Variables()).diagnostics]


def test_two_sets_with_one_name(write: Write, cache: DocumentCache) -> None:
    """It would be ambiguous: both places are named."""
    write("e.vtl", "E")
    cache.read([write("sets.yaml", f"{SET}---\n{SET}")])
    (problem,) = cache.load(Variables()).diagnostics

    assert (
        "sets.yaml:8:18: error: `errors` is already the name of another response set, at sets.yaml:3:18 "
        "[duplicate-name]; give each response set a unique name"
    ) == str(problem)


def test_configuration_among_manifests(write: Write, manifest: str, cache: DocumentCache) -> None:
    """It is skipped."""
    cache.read([write("reconciler.yaml", CONFIG), write("m.yaml", manifest)])

    assert () == cache.load(Variables()).diagnostics


def test_given_configuration_among_manifests(write: Write) -> None:
    """It is skipped under another name, too, if it is the one in use."""
    cache = DocumentCache(Disk(), ".", config="./other.yaml")
    cache.read([write("other.yaml", CONFIG)])

    assert () == cache.load(Variables()).diagnostics


def test_configuration_that_is_never_found(write: Write, cache: DocumentCache) -> None:
    """Under another name it would have no effect, which is reported."""
    cache.read([write("reconciler.yml", CONFIG)])

    assert ["reconciler.yml:2:7"] == [str(diagnostic.location) for diagnostic in cache.load(Variables()).diagnostics]
