"""There and back: responses written into a definition are read again as the same."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.engine.call_inputs import InputFile
from reconciler.engine.openapi.definitions import find_definitions
from reconciler.engine.openapi.read import read
from reconciler.engine.openapi.rewrite import rewrite
from reconciler.manifest import load
from reconciler.manifest.writer import Layout
from reconciler.models.keys import MethodKey
from reconciler.models.live import LiveMethod
from reconciler.models.responses import RestResponse
from reconciler.resolve import resolve
from reconciler.yamlio import emit
from reconciler.yamlio.foreign import edit_maps
from support.exports import Folder, rest_api, rest_responses, written

KEYS = (MethodKey("/pets", "GET"), MethodKey("/pets/{id}", "ANY"))
VERBS = {"GET": "get", "ANY": "x-amazon-apigateway-any-method"}
MethodContents = dict[str, RestResponse]


def contents() -> st.SearchStrategy[MethodContents]:
    """Responses that one object can hold."""
    several = st.dictionaries(st.sampled_from(("200", "404", "500")), rest_responses(), max_size=3)
    # YAML, and so our reader of JSON too, takes keys of up to 1,024 characters
    return several.map(distinct).filter(lambda each: all(len(json.dumps(key)) < 1000 for key in keys_of(each)))


def distinct(responses: MethodContents) -> MethodContents:
    """Those with a pattern of their own."""
    by_pattern = {
        response.selection_pattern: status
        for status, response in responses.items()
        if response.selection_pattern != "default"
    }
    return {status: responses[status] for status in sorted(by_pattern.values())}


def tree(methods: Mapping[MethodKey, MethodContents]) -> dict[str, Any]:
    """A definition with these methods."""
    paths: dict[str, Any] = {}
    for key, responses in methods.items():
        entries = {
            response.selection_pattern or "default": {
                "statusCode": status,
                **{name: value for name, value in response.document().items() if name != "selectionPattern"},
            }
            for status, response in responses.items()
        }
        integration = {"type": "mock", **({"responses": entries} if entries else {})}
        paths.setdefault(key.path, {})[VERBS[key.method]] = {"x-amazon-apigateway-integration": integration}
    return {"openapi": "3.0.1", "info": {"title": "pets"}, "paths": paths}


def keys_of(responses: MethodContents) -> list[str]:
    """Every key that a document gets for these responses."""
    return [
        key
        for response in responses.values()
        for key in (response.selection_pattern, *response.response_parameters, *response.response_templates)
    ]


def as_yaml(text: str) -> str:
    """The same in blocks, with the placeholders of manifests as plain text."""
    return emit.dump([json.loads(text.replace("${{", "$\ue000{{"))]).replace("\ue000", "")


def read_methods(content: bytes) -> dict[MethodKey, MethodContents]:
    """The responses in a definition."""
    found = find_definitions(InputFile("api", content), {})
    (definition,) = found.definitions
    return {key: dict(method.responses) for key, method in read(definition).methods.items()}


@settings(max_examples=60)
@given(st.lists(contents(), min_size=2, max_size=2), st.lists(contents(), min_size=2, max_size=2), st.booleans())
def test_responses_survive_the_way_there_and_back(
    before: list[MethodContents], after: list[MethodContents], is_json: bool
) -> None:
    """Whatever a definition holds and whatever a manifest says, then it holds what the manifest says."""
    text = json.dumps(tree(dict(zip(KEYS, before, strict=True))), indent=2)
    content = (text if is_json else as_yaml(text)).encode()
    live = rest_api({key: LiveMethod("x1", "MOCK", responses=each) for key, each in zip(KEYS, after, strict=True)})
    export = written(live, Layout())
    loaded = load(["."], Folder(export.files))
    manifests = [resolve(document, loaded.sets)[0] for document in loaded.documents]
    listed = {key for manifest in manifests for key in manifest.owns}

    (definition,) = find_definitions(InputFile("api", content), {}).definitions
    result = rewrite(definition, manifests)
    edited = edit_maps(content, result.edits)

    # A key of several lines keeps its neighbours from being edited: the user is told so
    assume(not edited.rejected or all(key.isprintable() for each in (*before, *after) for key in keys_of(each)))
    assert ([], ()) == (result.problems, edited.rejected)
    assert {
        key: each if key in listed else held for key, each, held in zip(KEYS, after, before, strict=True)
    } == read_methods(edited.content)
