"""Live states with awkward texts, and what is read back of files that were written about them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePath

from hypothesis import strategies as st

from reconciler.manifest import load
from reconciler.manifest.writer import File, Layout, Subject, WrittenManifests, write
from reconciler.models.desired import ABSENT
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod
from reconciler.models.responses import Response, RestResponse, WebSocketResponse
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.resolve import resolve

_BLANKS = (
    " ",
    "\t",
    "\n",
    "\n\n\n",
    "a\n",
    "a\n\n",
    "\na",
    " a\n b\n",
    "\ta\nb",
    "a \nb\t\n",
    "a\n  ",
    "a\r\nb\r\n",
    "a\rb",
)
_MARKS = (
    "# a",
    "a # b",
    "a: b",
    ": ",
    "- a",
    "? a",
    "---",
    "--- a\n",
    "...",
    "%YAML",
    "&a",
    "*a",
    "!x",
    "|",
    ">",
    "@a",
    "`a`",
)
_QUOTES = "'", '"', "\\", "'\"\\", "'*'", "{a", "[a", "}", "{}", ",", "a\n---\nb", "a\n...\nb\n"
_WORDS = "null", "~", "true", "on", "12", "0x1", "1e3", ".inf", "<<", "=", "2026-01-31", "12:30", "absent"
_PLACEHOLDERS = "${{ x }}", "$${{", "$$${{", "a${{\nb"
_CHARACTERS = "😀", "e\u0301", "\u200d", "\0", "\x1b[31m", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "\u202e"
_LONG = "x" * 2000, "line\n" * 20, '#set($x = 1)\n{\n\t"a": $x \n}\n', "long\r\n  line\r\n" * 10

FORMAT_WORDS = (
    *("default", "$default", "absent", "statusCode", "responses", "selectionPattern", "parameters", "get", "ANY"),
    *("x-amazon-apigateway-integration", "x-amazon-apigateway-any-method", "#/components/schemas/Empty", "$ref"),
    *("{file: a.vtl}", "file: a.vtl", "{set: a}", "$text", '{"$text": "sha256:0"}', "${{ vars.a }}", "[state 0.0.0]"),
    *("/", "//", "200", "pets: GET /pets 404", "* *", "@pets", "!absent", "<<"),
)
"""Words that mean something in a format that a value is read back from."""

AWKWARD = ("", *FORMAT_WORDS, *_BLANKS, *_MARKS, *_QUOTES, *_WORDS, *_PLACEHOLDERS, *_CHARACTERS, *_LONG)
KEYS = tuple(text for text in AWKWARD if text and "${{" not in text)


def texts() -> st.SearchStrategy[str]:
    """Texts that YAML has its troubles with, and pieces of them put together; without lone surrogates."""
    anything = st.text(st.characters(codec="utf-8"), max_size=20)
    pieces = st.lists(st.sampled_from(AWKWARD), max_size=4).map("".join)
    return st.one_of(st.sampled_from(AWKWARD), pieces, anything)


@st.composite
def rest_responses(draw: st.DrawFn) -> RestResponse:
    """A response of a REST API, in normal form; header values and patterns are texts like all others here."""
    maps = st.dictionaries(st.sampled_from(("application/json", "text/plain", *KEYS)), texts(), max_size=2)
    return RestResponse(
        selection_pattern=draw(texts()),
        content_handling=draw(st.sampled_from((None, "CONVERT_TO_TEXT"))),
        response_parameters=in_order(draw(maps)),
        response_templates=in_order(draw(maps)),
    )


@st.composite
def websocket_responses(draw: st.DrawFn) -> WebSocketResponse:
    """A response of a WebSocket API, in normal form."""
    maps = st.dictionaries(st.sampled_from(("404", "true", *KEYS)), texts(), max_size=2)
    return WebSocketResponse(
        template_selection_expression=draw(texts()),
        content_handling_strategy=draw(st.sampled_from((None, "CONVERT_TO_BINARY"))),
        response_parameters=in_order(draw(maps)),
        response_templates=in_order(draw(maps)),
    )


def in_order(entries: Mapping[str, str]) -> dict[str, str]:
    """As the normal form has maps."""
    return dict(sorted(entries.items()))


@st.composite
def rest_apis(draw: st.DrawFn) -> LiveApi:
    """A REST API, of which several methods may have the same responses."""
    common = draw(st.lists(rest_responses(), min_size=1, max_size=3))
    contents = st.dictionaries(st.sampled_from(("200", "404", "500")), st.sampled_from(common), min_size=1)
    scopes = st.sampled_from(
        [MethodKey(path, verb) for path in ("/", "/pets", "/pets/{id}") for verb in ("GET", "ANY")]
    )
    methods = draw(st.dictionaries(scopes, contents, min_size=3))
    kinds = st.sampled_from(("HTTP", "HTTP", "HTTP", "AWS_PROXY"))
    return rest_api({scope: LiveMethod("x1", draw(kinds), responses=content) for scope, content in methods.items()})


def rest_api(methods: Mapping[Scope, LiveMethod]) -> LiveApi:
    """An API that holds these methods."""
    target = Target("123456789012", "eu-west-1", "a1b2c3d4e5", Kind.REST_API, "pets")
    return LiveApi(target, frozenset(scope.path for scope in methods if isinstance(scope, MethodKey)), dict(methods))


@st.composite
def websocket_apis(draw: st.DrawFn) -> LiveApi:
    """A WebSocket API with integrations that no, one or two routes lead to."""
    common = draw(st.lists(websocket_responses(), min_size=1, max_size=3))
    codes = st.sampled_from(("$default", "/4\\d\\d/", "/.*'#: \".*/"))
    contents = st.dictionaries(codes, st.sampled_from(common), min_size=1)
    routes = draw(st.lists(st.sampled_from(("$default", "send", *KEYS, "${{ x }}")), unique=True, max_size=6))
    integrations = [
        LiveIntegration(f"i{number}", "HTTP", routes=tuple(sorted(routes[number::4])), responses=content)
        for number, content in enumerate(draw(st.lists(contents, min_size=4, max_size=4)))
    ]
    return websocket_api(integrations)


def websocket_api(integrations: Sequence[LiveIntegration]) -> LiveApi:
    """An API that holds these integrations."""
    target = Target("123456789012", "eu-west-1", "w1b2c3d4e5", Kind.WEBSOCKET_API, "chat")
    return LiveApi(
        target,
        frozenset(),
        {
            IntegrationKey(next(iter(integration.routes), ""), integration.integration_id): integration
            for integration in integrations
        },
        {route: integration.integration_id for integration in integrations for route in integration.routes},
    )


class Folder:
    """`ports.Files` over the files of an export."""

    def __init__(self, files: Iterable[File]) -> None:
        self._contents = {file.name: file.text.encode() for file in files}

    def expand(self, path: str) -> Sequence[str]:
        """All manifests."""
        return sorted(name for name in self._contents if name.endswith(".yaml") or name == path)

    def start(self, path: str) -> str:  # noqa: ARG002 - the port's signature
        """The folder of them all."""
        return "."

    def read(self, file: str, at_most: int) -> bytes:
        """One file."""
        if file not in self._contents:
            raise FileNotFoundError(file)
        return self._contents[file][:at_most]

    def real(self, file: str) -> str:
        """Nothing is linked here."""
        return f"/exported/{file}"

    def names(self, folder: str) -> Sequence[str]:
        """The files of a folder."""
        return [PurePath(name).name for name in self._contents if str(PurePath(name).parent) == folder]

    def ignored(self, files: Mapping[str, str]) -> Collection[str]:  # noqa: ARG002 - the port's signature
        """Nothing is."""
        return ()


State = dict[Scope, dict[str, Response]]


def written(live: LiveApi, layout: Layout) -> WrittenManifests:
    """An export of one API."""
    return write([Subject("exported", ApiRef(id=live.target.api_id), live)], layout)


def held(live: LiveApi, export: WrittenManifests) -> State:
    """The responses that there are, by scope, without what was left out."""
    lost = {one.scope for one in export.omitted}
    return {scope: dict(one.responses) for scope, one in live.methods.items() if one.responses and scope not in lost}


def read_back(live: LiveApi, export: WrittenManifests) -> State | tuple[str, ...]:
    """The responses that the files declare, by the scopes of the live state, or what is wrong with the files."""
    loaded = load(["."], Folder(export.files))
    resolved = [resolve(document, loaded.sets) for document in loaded.documents]
    problems = [*loaded.diagnostics, *(found for _, diagnostics in resolved for found in diagnostics)]
    if problems:
        return tuple(map(str, problems))
    found: State = {}
    for desired, _ in resolved:
        scopes = {scope: _bound(live, scope) for scope in desired.owns}
        found |= {scope: {} for scope in scopes.values()}
        for key, wanted in desired.responses.items():
            if wanted is not ABSENT:
                found[scopes[key.scope]][key.code] = wanted
    return found


def _bound(live: LiveApi, scope: Scope) -> Scope:
    """The scope that a manifest means."""
    if isinstance(scope, MethodKey):
        return scope
    ids = {scope.id} if scope.id else {live.routes[scope.route]}
    return next(method for method in live.methods if isinstance(method, IntegrationKey) and method.id in ids)
