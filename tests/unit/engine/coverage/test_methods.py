"""Methods of covered APIs that no manifest lists."""

from fractions import Fraction

import pytest

from reconciler.errors import ExitCode
from reconciler.fleet.coverage import CoverageTally, CoverageThresholds
from reconciler.models.keys import MethodKey
from reconciler.sandbox.model.faults import access_denied
from support.apis import Method
from support.landscape import GET_PETS, Landscape, uncovered, unlisted
from support.websocket import Integration

POST_PETS, GET_ORDERS = MethodKey("/pets", "POST"), MethodKey("/orders", "GET")


def test_a_method_that_is_not_listed_is_uncovered(landscape: Landscape) -> None:
    """Exit 2, though the API has a manifest."""
    landscape.api("pets", {GET_PETS: Method(), POST_PETS: Method(), GET_ORDERS: Method()})
    landscape.write("pets")
    found = landscape.coverage(methods=True)

    assert (ExitCode.DIFFERENCES, CoverageTally(1, 2), ["pets: GET /orders", "pets: POST /pets"]) == (
        found.exit_code,
        found.method_counts,
        unlisted(found),
    )


@pytest.mark.parametrize("type_", ["AWS_PROXY", "HTTP_PROXY", None])
def test_what_has_no_integration_responses_does_not_count(landscape: Landscape, type_: str | None) -> None:
    """A proxy, and a method without an integration."""
    landscape.api("pets", {GET_PETS: Method(), POST_PETS: Method(type=type_)})
    landscape.write("pets")
    found = landscape.coverage(methods=True)

    assert (ExitCode.OK, CoverageTally(1)) == (found.exit_code, found.method_counts)


def test_integrations_of_websocket_apis_count(landscape: Landscape) -> None:
    """By the route that a manifest lists, or by their id; their responses are not read."""
    landscape.chat("chat", Integration(("send",)), Integration(("leave",)), Integration(("p",), type="HTTP_PROXY"))
    landscape.write_chat("chat")
    found = landscape.coverage(methods=True)

    assert (CoverageTally(1, 1), ["chat: leave"]) == (found.method_counts, unlisted(found))
    assert "GetIntegrationResponses" not in landscape.cloud.calls()


def test_manifests_of_one_api_list_methods_together(landscape: Landscape) -> None:
    """Each its own."""
    landscape.api("pets", {GET_PETS: Method(), GET_ORDERS: Method()})
    landscape.write("pets")
    landscape.write("orders", "{name: pets}", resources="/orders: {GET: {responses: {}}}")

    assert [] == unlisted(landscape.coverage(methods=True))


def test_without_methods_no_api_is_read(landscape: Landscape) -> None:
    """The listings are enough."""
    landscape.api("pets", {GET_PETS: Method(), POST_PETS: Method()})
    landscape.write("pets")

    assert ExitCode.OK == landscape.coverage().exit_code
    assert "GetResources" not in landscape.cloud.calls()


def test_uncovered_apis_are_not_read(landscape: Landscape) -> None:
    """All of their methods are without a manifest anyway."""
    landscape.api("orders")
    found = landscape.coverage(methods=True)

    assert (["orders"], CoverageTally()) == (uncovered(found), found.method_counts)


def test_an_api_that_cannot_be_read_is_an_error(landscape: Landscape) -> None:
    """Exit 1; the methods of the others are counted, and it still has a manifest."""
    for name in ("bad", "good"):
        landscape.write(name)
    bad = landscape.api("bad")
    landscape.api("good", {GET_PETS: Method(), POST_PETS: Method()})
    denied = access_denied("GET", f"/restapis/{bad}/resources")
    landscape.plane.faults.add(denied, "GetResources", when=lambda asked: asked["restApiId"] == bad)
    found = landscape.coverage(methods=True)

    assert (ExitCode.FAILED, ["good: POST /pets"], CoverageTally(2)) == (found.exit_code, unlisted(found), found.counts)
    assert f"the methods of RestApi {bad} cannot be read" in found.all_diagnostics[0].message


def test_an_ignore_rule_leaves_methods_out(landscape: Landscape) -> None:
    """With its reason; a rule for APIs does not match them."""
    landscape.configure(
        "coverage:\n  ignore: [{match: 'pets*'}]\n"
        "  ignoreMethods: [{match: 'pets: POST *', reason: why, until: 2099-01-01}]"
    )
    landscape.api("pets", {GET_PETS: Method(), POST_PETS: Method(), GET_ORDERS: Method()})
    landscape.write("pets")
    found = landscape.coverage(methods=True)
    exemptions = [
        (method.exemption.reason, method.exemption.until)
        for region in found.regions
        for api in region.apis
        for method in (api.methods.unlisted if api.methods else ())
        if method.exemption
    ]

    assert (["pets: GET /orders"], [("why", "2099-01-01")]) == (unlisted(found), exemptions)


def test_a_threshold_of_methods(landscape: Landscape) -> None:
    """Apart from that of APIs."""
    landscape.api("pets", {GET_PETS: Method(), POST_PETS: Method()})
    landscape.write("pets")
    enough = CoverageThresholds(methods=Fraction(1, 2))

    assert ExitCode.OK == landscape.coverage(methods=True, thresholds=enough).exit_code
