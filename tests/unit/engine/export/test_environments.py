"""Live APIs of several environments as one folder of manifests, on AWS in memory."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.config.configuration import Environment
from reconciler.engine.export.apis import ApiSelector
from reconciler.engine.export.environments import EnvironmentsRequest, export_environments
from reconciler.engine.export.export import Exported
from reconciler.engine.export.verify import MemoryFiles
from reconciler.engine.load.request import Request
from reconciler.engine.plan import plan
from reconciler.errors import ApiNotFound, ExitCode, ReconcilerError
from reconciler.manifest.writer import Layout, ManifestFile
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import Kind
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION
from support.accounts import OTHER_ACCOUNT, Accounts
from support.apis import Method, make_api
from support.clock import FakeClock
from support.exports import texts
from support.websocket import Integration, make_websocket_api

GET = MethodKey("/orders", "GET")
POST = MethodKey("/orders", "POST")
DEV = Environment("dev", regions=(REGION,))
PROD = Environment("prod", regions=(REGION,), profile="other")
STAGING = Environment("staging", regions=("us-east-1",))
PLACES = {"dev": (REGION, ACCOUNT_ID), "prod": (REGION, OTHER_ACCOUNT), "staging": ("us-east-1", ACCOUNT_ID)}
LAYOUTS = st.builds(Layout, template_files=st.booleans(), extract_sets=st.booleans())
ORIGIN = "method.response.header.Access-Control-Allow-Origin"


class World:
    """Three environments, each in an account and region of its own."""

    def __init__(self, *environments: Environment) -> None:
        self.cloud = Accounts()
        self.environments = environments or (DEV, PROD)

    def rest(self, environment: str, name: str, methods: Mapping[MethodKey, Method]) -> str:
        """Set up a REST API."""
        return make_api(self.cloud.plane(*PLACES[environment]), name, methods)

    def orders(self, *responses: Mapping[str, RestResponse], name: str = "orders-{}") -> None:
        """Set up an API with one method in each environment; these are its responses."""
        for environment, content in zip(self.environments, responses, strict=True):
            self.rest(environment.name, name.format(environment.name), {GET: Method(content)})

    def chat(self, environment: str, name: str, integrations: Sequence[Integration]) -> None:
        """Set up a WebSocket API."""
        make_websocket_api(self.cloud.plane(*PLACES[environment]), name, integrations)

    def export(self, *names: str, layout: Layout | None = None) -> Exported:
        """Export these REST APIs, or everything."""
        named = [ApiSelector(Kind.REST_API, name) for name in names] or None
        request = EnvironmentsRequest(self.environments, named, layout or Layout())
        return export_environments(request, self.cloud, FakeClock())

    def replanned(self, exported: Exported) -> tuple[ExitCode, list[str]]:
        """How a plan of the files ends in every environment, on AWS itself."""
        files = MemoryFiles({file.name: file.text for file in exported.files})
        planned = plan(Request(("reconciler.yaml",), environments=("all",)), self.cloud, files, FakeClock())
        errors = [str(diagnostic) for diagnostic in planned.diagnostics if diagnostic.is_error]
        return planned.exit_code(detailed=True), errors


def manifests(exported: Exported) -> list[str]:
    """The names of the manifests' files."""
    return [file.name for file in exported.files if isinstance(file, ManifestFile)]


def text(exported: Exported, name: str) -> str:
    """The content of a file."""
    return next(file.text for file in exported.files if file.name == name)


def json(body: str) -> RestResponse:
    """A response with this template."""
    return RestResponse(response_templates={"application/json": body})


def spec(exported: Exported, name: str = "orders.yaml") -> str:
    """What is below `spec:` in a manifest, without its indentation."""
    _, _, content = text(exported, name).partition("spec:\n")
    return "".join(line.removeprefix("  ") for line in content.splitlines(keepends=True))


VALUES = (
    "a",
    "b",
    "https://dev.example.com",
    "https://example.com",
    "dev",
    "prod",
    "x-dev-y",
    "x-prod-y",
    "absent",
    "$",
)
SIMILAR = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(("", '{"url": "', "$input.path('", "# ${{ x }}\n", "$", "$${{", "cost: $")),
    st.sampled_from(VALUES),
    st.sampled_from(("", '"}', "')", "\n", " and ")),
    st.sampled_from(("", "1", "22", "prose", "${{ vars.a }}")),
)


def awkward() -> st.SearchStrategy[str]:
    """Texts that are alike but for values, and texts that YAML has its troubles with."""
    return st.one_of(SIMILAR, texts())


def headers() -> st.SearchStrategy[dict[str, str]]:
    """Header mappings that AWS takes: any text, in single quotes."""
    values = awkward().map(lambda one: f"'{one[:500]}'")
    return st.dictionaries(st.sampled_from((ORIGIN, "method.response.header.x.$b_")), values)


@st.composite
def rest_contents(draw: st.DrawFn) -> dict[str, RestResponse]:
    """Responses that AWS would hold in one method: no two have one pattern."""
    patterns = draw(st.sets(st.sampled_from(("", "404", "5..", "dev", "${{ x }}")), max_size=3))
    types = st.sampled_from(("application/json", "text/plain"))
    handling = st.sampled_from((None, "CONVERT_TO_TEXT"))
    codes = draw(st.permutations(("200", "404", "500")))
    return {
        code: RestResponse(
            pattern, draw(handling), draw(headers()), draw(st.dictionaries(types, awkward(), max_size=2))
        )
        for code, pattern in zip(codes, sorted(patterns), strict=False)
    }


@st.composite
def rest_methods(draw: st.DrawFn) -> dict[MethodKey, Method]:
    """Methods, some of them alike, some of proxies."""
    contents = draw(st.lists(rest_contents(), min_size=1, max_size=3))
    scopes = [MethodKey(path, verb) for path in ("/pets", "/pets/{id}") for verb in ("GET", "OPTIONS", "ANY")]
    chosen = draw(st.dictionaries(st.sampled_from(scopes), st.sampled_from(contents)))
    return {
        scope: Method(content, None, draw(st.sampled_from(("HTTP", "MOCK", "AWS", "HTTP_PROXY"))))
        for scope, content in chosen.items()
    }


@st.composite
def integrations(draw: st.DrawFn) -> list[Integration]:
    """Integrations, some of them alike, that up to two routes lead to."""
    keys = st.sampled_from(("$default", "/4\\d\\d/", "/5../"))
    templates = st.dictionaries(st.sampled_from(("404", "$default")), awkward(), max_size=2)
    response = st.builds(
        WebSocketResponse, st.sampled_from(("", "\\$default", "${{ x }}")), st.none(), st.just({}), templates
    )
    contents = draw(st.lists(st.dictionaries(keys, response, max_size=2), min_size=1, max_size=2))
    routes = draw(st.permutations(("$default", "$connect", "send", "list", "${{ x }}")))
    return [
        Integration(tuple(routes[number:5:4]) if draw(st.booleans()) else (), draw(st.sampled_from(contents)))
        for number in range(draw(st.integers(0, 4)))
    ]


NAMES = st.sampled_from(("pets-{}", "{}/pets", "pets", "pets ({})", "${{{{ x }}}}-{}"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, rest_methods()), min_size=2, max_size=4), LAYOUTS, st.booleans())
def test_plan_of_rest_apis_is_empty_in_every_environment(
    apis: Sequence[tuple[str, Mapping[MethodKey, Method]]], layout: Layout, three: bool
) -> None:
    """Whatever the environments hold, planning what was exported finds no change and no error."""
    world = World(DEV, PROD, STAGING) if three else World()
    for number, (name, methods) in enumerate(apis):
        environment = world.environments[number % len(world.environments)].name
        world.rest(environment, name.format(environment), methods)
    exported = world.export(
        *[name.format(each.name) for name, _ in apis for each in world.environments][:1], layout=layout
    )

    assert (ExitCode.OK, []) == world.replanned(exported)


@settings(max_examples=60, deadline=None)
@given(st.lists(integrations(), min_size=2, max_size=3), LAYOUTS)
def test_plan_of_websocket_apis_is_empty_in_every_environment(
    apis: Sequence[Sequence[Integration]], layout: Layout
) -> None:
    """Whatever the environments hold, planning what was exported finds no change and no error."""
    world = World(*(DEV, PROD, STAGING)[: len(apis)])
    for environment, content in zip(world.environments, apis, strict=True):
        world.chat(environment.name, f"chat-{environment.name}", content)
    selected = [ApiSelector(Kind.WEBSOCKET_API, "chat")]
    exported = export_environments(EnvironmentsRequest(world.environments, selected, layout), world.cloud, FakeClock())

    assert (ExitCode.OK, []) == world.replanned(exported)


def test_differing_value_is_one_variable_wherever_it_is() -> None:
    """It has the name of the header; the name of the API gets the environment as a variable."""
    world = World()
    world.orders(
        *(
            {"200": RestResponse("", None, {ORIGIN: f"'{origin}'"}, {"application/json": f'{{"docs": "{origin}/x"}}'})}
            for origin in ("https://dev.example.com", "https://example.com")
        )
    )
    exported = world.export()
    expected = """api: {name: 'orders-${{ vars.environment }}'}
resources:
  /orders:
    GET:
      responses:
        200:
          responseParameters:
            method.response.header.Access-Control-Allow-Origin: "'${{ vars.origin }}'"
          responseTemplates:
            application/json: '{"docs": "${{ vars.origin }}/x"}'
"""

    assert (expected, 1) == (spec(exported), text(exported, "reconciler.yaml").count("'https://example.com'"))


def test_structure_that_differs_is_an_overlay() -> None:
    """What one environment adds is in its overlay only."""
    world = World()
    world.orders({"200": RestResponse(), "404": RestResponse("404")}, {"200": RestResponse()})
    expected = """overlays:
  dev:
    resources:
      /orders:
        GET:
          responses:
            404:
              selectionPattern: '404'
"""

    assert spec(world.export()).endswith(expected)


def test_api_that_an_environment_lacks_names_its_environments() -> None:
    """So that nothing is looked up where it is not."""
    world = World(DEV, PROD, STAGING)
    for name in ("dev", "prod"):
        world.rest(name, f"orders-{name}", {GET: Method({"200": RestResponse()})})

    assert "  environments: [dev, prod]\n" in text(world.export(), "orders.yaml")


def test_two_apis_with_one_base_name_are_separate() -> None:
    """Those whose names are built alike belong together; a note says why."""
    world = World()
    for name in ("dev", "prod"):
        world.rest(name, f"orders-{name}", {GET: Method({"200": RestResponse()})})
        world.rest(name, "orders", {POST: Method({"200": RestResponse()})})
    exported = world.export()

    assert (["orders.yaml", "orders-rest.yaml"], 1, (ExitCode.OK, [])) == (
        sorted(manifests(exported), key=len),
        len(exported.notes),
        world.replanned(exported),
    )


def test_substring_is_no_environment() -> None:
    """`devices-dev` and `devices-prod` are `devices`."""
    world = World()
    world.orders({"200": RestResponse()}, {"200": RestResponse()}, name="devices-{}")

    assert ["devices.yaml"] == manifests(world.export())


def test_regions_that_differ_are_an_error() -> None:
    """A manifest is the same in every region of an environment."""
    world = World(Environment("dev", regions=(REGION, "us-east-1")))
    world.rest("dev", "orders", {GET: Method({"200": RestResponse()})})
    with pytest.raises(ReconcilerError, match="is not in us-east-1"):
        world.export()


def test_regions_that_are_alike_are_one_manifest() -> None:
    """Both regions are in the configuration, and a plan is empty in both."""
    world = World(Environment("dev", regions=(REGION, "us-east-1")))
    for place in ("dev", "staging"):
        world.rest(place, "orders", {GET: Method({"404": RestResponse("404")})})
    exported = world.export()

    assert ("    regions: [eu-west-1, us-east-1]\n" in text(exported, "reconciler.yaml"), (ExitCode.OK, [])) == (
        True,
        world.replanned(exported),
    )


def test_unknown_api_names_the_environments() -> None:
    """The message says where it was looked for."""
    world = World()
    world.orders({"200": RestResponse()}, {"200": RestResponse()})
    with pytest.raises(ApiNotFound, match="in dev, prod"):
        world.export("carts")


def test_environments_that_share_an_account() -> None:
    """The names tell their APIs apart; what has no environment in its name is in the first one, with a note."""
    world = World(DEV, Environment("test", regions=(REGION,)))
    for name in ("orders-dev", "orders-test", "shared"):
        world.rest("dev", name, {GET: Method({"200": RestResponse()})})
    exported = world.export()

    assert (["orders.yaml", "shared.yaml"], 1, (ExitCode.OK, [])) == (
        manifests(exported),
        len(exported.notes),
        world.replanned(exported),
    )
