"""For any manifest and live state: after adopting there is no drift, and only what had drifted has changed."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.fmt.fmt import format_files
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.manifest.writer import Layout, Subject, write
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.live import LiveMethod
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import ApiRef
from reconciler.yamlio.spans import Node, spans
from reconciler.yamlio.tree_changes import child
from support.adopting import adopted
from support.apis import Method
from support.exports import rest_api
from support.stage import Stage
from support.states import CODES, HEADERS, Content, apis
from support.websocket import Integration, contents, make_websocket_api

CHAT = "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\nspec:\n  api: {name: chat}\n  routes:\n"
LAYOUTS = st.builds(Layout, template_files=st.booleans(), extract_sets=st.booleans())


@contextmanager
def world() -> Iterator[Stage]:
    """A folder, which is the current one for a while, and an AWS without APIs."""
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Stage(Path(folder))
        finally:
            os.chdir(before)


def exported(state: Mapping[MethodKey, Content], layout: Layout) -> dict[str, str]:
    """The files that declare just this."""
    live = rest_api({scope: LiveMethod("x1", "HTTP", responses=content) for scope, content in state.items() if content})
    return {file.name: file.text for file in write([Subject("petstore", ApiRef(name="petstore"), live)], layout).files}


def put(stage: Stage, files: Mapping[str, str]) -> None:
    """Write files."""
    for name, text in files.items():
        (stage.folder / name).parent.mkdir(exist_ok=True)
        stage.write(text, name)


def response(text: str, key: ResponseKey) -> str | None:
    """The text of a response, as it is written in a manifest."""
    scope = key.scope
    steps = (
        ("spec", "resources", scope.path, scope.method, "responses", key.code) if isinstance(scope, MethodKey) else ()
    )
    node: Node | None = spans(text)[0]
    for step in steps:
        node = child(node, step) if node else None
    return text[node.start : node.end] if node else None


@settings(max_examples=40)
@given(apis(), apis(), LAYOUTS)
def test_drift_is_gone(declared: dict[MethodKey, Content], live: dict[MethodKey, Content], layout: Layout) -> None:
    """Whatever was declared and whatever is live, with templates in files and responses in sets or not.

    Files that were formatted before are so afterwards.
    """
    with world() as stage:
        stage.api("petstore", {key: Method(content, dict.fromkeys(CODES, HEADERS)) for key, content in live.items()})
        put(stage, exported(declared, layout))
        made = adopted(stage, accept_missing=True)

        assert (ExitCode.OK, ExitCode.OK, ()) == (made.exit_code, stage.drift().exit_code, made.proposal.not_adopted)
        assert () == format_files(["."], None, Disk()).changes


@settings(max_examples=40)
@given(apis(), apis())
def test_what_did_not_drift_stays(declared: dict[MethodKey, Content], live: dict[MethodKey, Content]) -> None:
    """The text of every response that is as it is declared is the same afterwards."""
    with world() as stage:
        stage.api("petstore", {key: Method(content, dict.fromkeys(CODES, HEADERS)) for key, content in live.items()})
        put(stage, exported(declared, Layout()))
        before = Path("petstore.yaml").read_text(encoding="utf-8")
        drifted = {finding.key for target in stage.drift().targets for finding in target.findings}
        adopted(stage, accept_missing=True)
        after = Path("petstore.yaml").read_text(encoding="utf-8")
        same = [ResponseKey(scope, code) for scope, content in declared.items() for code in content]
        same = [key for key in same if key not in drifted]

        assert [response(before, key) for key in same] == [response(after, key) for key in same]


@settings(max_examples=40)
@given(st.lists(contents(), min_size=1, max_size=3))
def test_drift_of_websocket_apis_is_gone(live: list[dict[str, WebSocketResponse]]) -> None:
    """From a manifest that has next to nothing, for integrations with routes."""
    with world() as stage:
        make_websocket_api(stage.plane, "chat", [Integration([f"r{number}"], one) for number, one in enumerate(live)])
        routes = [f"    r{number}: {{responses: {{$default: {{}}}}}}\n" for number in range(len(live))]
        stage.write(CHAT + "".join(routes), "chat.yaml")
        made = adopted(stage, accept_missing=True)

        assert (ExitCode.OK, ExitCode.OK) == (made.exit_code, stage.drift().exit_code)


def test_the_default_is_known() -> None:
    """A response without any field is written as an empty map."""
    files = exported({MethodKey("/pets", "GET"): {"200": RestResponse()}}, Layout())

    assert "{}" == response(files["petstore.yaml"], ResponseKey(MethodKey("/pets", "GET"), "200"))
