"""Values that AWS adds to its enumerations one day: read, exported as they are, and taken back."""

import pytest

from reconciler.engine.export.export import ApiSelector, ExportRequest, export
from reconciler.engine.load.request import Request
from reconciler.engine.plan import plan
from reconciler.engine.validate import validate
from reconciler.errors import ExitCode
from reconciler.manifest.writer import ManifestFile
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import Kind
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model import responses
from reconciler.sandbox.model.v2 import responses as v2_responses
from support.apis import Method, make_api
from support.clock import FakeClock
from support.exports import Folder
from support.live import GET_PETS
from support.websocket import Integration, make_websocket_api

LATER = "CONVERT_TO_IMAGE"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> InMemoryCloud:
    """An AWS that knows one value more, with an API of each kind that has it."""
    for module in (responses, v2_responses):
        monkeypatch.setattr(module, "CONTENT_HANDLINGS", (*responses.CONTENT_HANDLINGS, LATER))
    cloud = InMemoryCloud()
    make_api(cloud.plane(), "pets", {GET_PETS: Method({"200": RestResponse(content_handling=LATER)})})
    held = {"$default": WebSocketResponse(content_handling_strategy=LATER)}
    make_websocket_api(cloud.plane(), "chat", [Integration(("send",), held)])
    return cloud


@pytest.mark.parametrize(
    "named", [ApiSelector(Kind.REST_API, "pets"), ApiSelector(Kind.WEBSOCKET_API, "chat")], ids=str
)
def test_a_later_value_goes_round(later: InMemoryCloud, named: ApiSelector) -> None:
    """Export writes it, validate warns of it, and the plan is empty."""
    files = Folder(export(ExportRequest([named]), later).files)
    checked = validate(Request((".",)), files)
    planned = plan(Request((".",)), later, files, FakeClock())
    warned = [
        (diagnostic.rule, diagnostic.is_error)
        for diagnostic in checked.diagnostics
        if diagnostic.rule == "unknown-content-handling"
    ]

    assert ([("unknown-content-handling", False)], ExitCode.OK, ExitCode.OK) == (
        warned,
        checked.exit_code,
        planned.exit_code(detailed=True),
    )


def test_a_later_value_is_written_as_it_is(later: InMemoryCloud) -> None:
    """Nothing is made of it."""
    texts = [
        file.text
        for file in export(ExportRequest([ApiSelector(Kind.REST_API, "pets")]), later).files
        if isinstance(file, ManifestFile)
    ]

    assert [True] == [f"contentHandling: {LATER}" in text for text in texts]
