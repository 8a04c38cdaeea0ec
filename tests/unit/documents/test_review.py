"""A review as a document."""

from reconciler.documents.review import review_document
from reconciler.models.desired import Desired, ManifestRef, Ownership
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import ApiRef, Kind
from reconciler.review import ApiLocation, ConfigurationChange, PlacedReview, Review, State, compare_desired
from support.states import desired_of

GET, POST = MethodKey("/pets", "GET"), MethodKey("/pets", "POST")
STATES = State("main", "0" * 40, is_fork=True), State()


def chat(response: WebSocketResponse) -> Desired:
    """What is wanted of an integration without a route."""
    scope = IntegrationKey(id="abc1234")
    owns: dict[Scope, Ownership] = {scope: Ownership("chat")}
    manifests = (ManifestRef("chat", ApiRef(id="q1w2e3r4t5"), Kind.WEBSOCKET_API),)
    return Desired(manifests, owns, {ResponseKey(scope, "$default"): response})


def test_websocket_response() -> None:
    """It is named by its integration and its key, and has the values before and after."""
    place = ApiLocation("", None, Kind.WEBSOCKET_API, "id q1w2e3r4t5")
    review = compare_desired(chat(WebSocketResponse("a")), chat(WebSocketResponse("b")))
    document = review_document(Review(*STATES, apis=(PlacedReview(place, review),)), (), is_compared=True)
    (response,) = document.model_dump(by_alias=True)["apis"][0]["responses"]

    assert {
        "address": "chat: integration abc1234 $default",
        "effect": "update",
        "note": "",
        "manifest": "chat",
        "method": {"path": None, "method": None, "routeKey": None, "integrationId": "abc1234"},
        "code": "$default",
        "before": {"templateSelectionExpression": "a"},
        "after": {"templateSelectionExpression": "b"},
        "changes": [{"path": "templateSelectionExpression", "before": "a", "after": "b"}],
        "source": None,
        "set": None,
    } == response


def test_everything_beside_responses() -> None:
    """What is listed, what is selected otherwise, settings, configurations, and what was compared."""
    base = desired_of({GET: {"200": RestResponse()}})
    head = desired_of({GET: {"200": RestResponse("2..")}, POST: {}}, prune=False)
    placed = PlacedReview(
        ApiLocation("c.yaml", "dev", Kind.REST_API, "name 'x'"), compare_desired(base, head), is_new=True
    )
    changes = (ConfigurationChange("c.yaml", "dev", "regions", "a", "b"),)
    document = review_document(Review(*STATES, ("dev",), (placed,), changes), (), is_compared=True)
    written = document.model_dump(by_alias=True)
    get = {"path": "/pets", "method": "GET", "routeKey": None, "integrationId": None}
    (api,) = written["apis"]

    assert (
        {"revision": "main", "commit": "0" * 40, "isFork": True},
        {"revision": None, "commit": None, "isFork": False},
        [{"file": "c.yaml", "environment": "dev", "name": "regions", "before": "a", "after": "b"}],
        [{"manifest": "petstore", "method": {**get, "method": "POST"}, "listing": "listed", "prune": False}],
        [{"manifest": "petstore", "method": get, "pattern": "", "before": "200", "after": None}],
        [{"manifest": "petstore", "subject": "GET /pets", "name": "prune", "before": "true", "after": "false"}],
    ) == (
        written["base"],
        written["head"],
        written["configuration"],
        api["methods"],
        api["moves"],
        api["settings"],
    )
