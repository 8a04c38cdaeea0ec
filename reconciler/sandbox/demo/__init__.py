"""The bookshop and the chat of the guided tour: their manifests, and the APIs as somebody left them."""

from importlib import resources
from typing import Any, Final

from reconciler.sandbox.building import WebSocketBuilder
from reconciler.sandbox.model.plane import ControlPlane

BOOKSHOP: Final = "bookshop.yaml"
BOOKSHOP_TEST: Final = "bookshop.test.yaml"
CHAT: Final = "chat.yaml"

_FUNCTION: Final = (
    "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:{region}:{account}:function:books/invocations"
)

_LIVE: Final[dict[str, dict[str, Any]]] = {
    "200": {"responseTemplates": {"application/json": "$input.json('$.book')"}},
    "404": {
        "selectionPattern": r"\[NotFound\](\n|.)*",
        "responseParameters": {"method.response.header.X-Error-Type": "'NotFound'"},
        "responseTemplates": {"application/json": '{\n  "message": "not found"\n}'},
    },
    "503": {"selectionPattern": ".*timed out.*"},
}


def manifest(name: str) -> bytes:
    """Return the text of a manifest."""
    return resources.files(__name__).joinpath(name).read_bytes()


class Bookshop:
    """The bookshop API on a control plane."""

    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane
        plane.ids.reserve("bookshop01")
        api = plane.call("CreateRestApi", name="bookshop")
        parent = api["rootResourceId"]
        for part in ("books", "{isbn}"):
            parent = plane.call("CreateResource", restApiId=api["id"], parentId=parent, pathPart=part)["id"]
        self._method = {"restApiId": api["id"], "resourceId": parent, "httpMethod": "GET"}
        self._build()
        plane.calls.clear()

    def _build(self) -> None:
        plane, method = self._plane, self._method
        function = _FUNCTION.format(region=plane.region, account=plane.account_id)
        plane.call("PutMethod", **method, authorizationType="NONE")
        for status in ("200", "404", "500", "503"):
            declared = {"method.response.header.X-Error-Type": False}
            plane.call("PutMethodResponse", **method, statusCode=status, responseParameters=declared)
        plane.call("PutIntegration", **method, type="AWS", integrationHttpMethod="POST", uri=function)
        for status, response in _LIVE.items():
            plane.call("PutIntegrationResponse", **method, statusCode=status, **response)

    def edit_by_hand(self) -> None:
        """Make the change that somebody makes in the console at three in the morning."""
        self._edit("500", "replace", "/selectionPattern", ".*")

    def fix_by_hand(self) -> None:
        """Make the change that somebody makes there in daylight, to stay."""
        self._edit("500", "add", "/responseParameters/method.response.header.X-Error-Type", "'Internal'")

    def _edit(self, status: str, operation: str, path: str, value: str) -> None:
        patch = {"op": operation, "path": path, "value": value}
        self._plane.call("UpdateIntegrationResponse", **self._method, statusCode=status, patchOperations=[patch])


def build_chat(plane: ControlPlane) -> None:
    """Build a WebSocket API with a response that has an extra template, which no update can remove."""
    chat = WebSocketBuilder(plane, "chat", "chat000001")
    backend = {"IntegrationType": "HTTP", "IntegrationMethod": "GET", "IntegrationUri": "https://backend.example/"}
    history = chat.integration(backend, "history001")
    chat.route("history", history, two_way=True)
    chat.response(history, "$default", {})
    templates = {"problem": '{"type": "refused"}', "old": '{"error": true}'}
    fields = {"TemplateSelectionExpression": "problem", "ResponseTemplates": templates}
    chat.response(history, r"/4\d\d/", fields)
    plane.calls.clear()
