"""Which manifest addresses which API."""

from reconciler.sandbox.model.plane import REGION
from support.landscape import Landscape, uncovered


def test_a_name_of_two_apis_covers_neither(landscape: Landscape) -> None:
    """A plan refuses it as well; the warning names both."""
    ids = [landscape.api("pets"), landscape.api("pets")]
    landscape.write("pets")
    found = landscape.coverage()

    assert ["pets", "pets"] == uncovered(found)
    assert all(api_id in found.diagnostics[0].message for api_id in ids)


def test_an_id_of_the_other_kind_covers_nothing(landscape: Landscape) -> None:
    """The manifest is of a REST API, the id of a WebSocket API."""
    landscape.write("talk", f"{{id: {landscape.chat('chat')}}}")

    assert ["chat"] == uncovered(landscape.coverage())


def test_manifests_of_one_api_are_named_together(landscape: Landscape) -> None:
    """With the environments that they are for."""
    landscape.configure(f"environments: {{dev: {{region: {REGION}}}}}")
    landscape.api("pets")
    landscape.write("pets")
    landscape.write("more", "{name: pets}", resources="/more: {GET: {responses: {}}}")
    (region,) = landscape.coverage("dev").regions

    assert [(("more", "pets"), ("dev",))] == [(api.manifests, api.environments) for api in region.apis]


def test_apis_are_in_the_order_of_kind_and_name(landscape: Landscape) -> None:
    """Whatever order AWS lists them in."""
    for name in ("b", "c", "a"):
        landscape.api(name)
    landscape.chat("a")
    (region,) = landscape.coverage().regions

    assert ["a", "b", "c", "a"] == [api.name for api in region.apis]
