"""Random states for hypothesis: methods whose responses AWS would hold, that is, with unique patterns."""

from collections.abc import Mapping

from hypothesis import strategies as st

from reconciler.models.desired import ABSENT, Desired, ManifestRef, MethodResponses, Ownership, Wanted
from reconciler.models.keys import MethodKey, ResponseKey, Scope
from reconciler.models.responses import RestResponse
from reconciler.models.targets import ApiRef

CODES = ("200", "201", "400", "404", "500")
HEADERS = ("X-A", "X-B")
METHODS = (MethodKey("/pets", "GET"), MethodKey("/pets", "POST"), MethodKey("/pets/{id}", "GET"))

_PATTERNS = ("", "4\\d\\d", "404", "5\\d\\d", ".*oops.*")

Content = Mapping[str, RestResponse]


@st.composite
def contents(draw: st.DrawFn) -> dict[str, RestResponse]:
    """One method's responses."""
    codes = draw(st.lists(st.sampled_from(CODES), unique=True))
    patterns = draw(st.permutations(_PATTERNS))
    return {code: draw(_response(pattern)) for code, pattern in zip(codes, patterns, strict=False)}


@st.composite
def _response(draw: st.DrawFn, pattern: str) -> RestResponse:
    headers = draw(st.lists(st.sampled_from(HEADERS), unique=True))
    templates = draw(
        st.dictionaries(st.sampled_from(("application/json", "text/plain")), st.sampled_from(("", "{}", "x\ny")))
    )
    return RestResponse(
        selection_pattern=pattern,
        content_handling=draw(st.sampled_from((None, "CONVERT_TO_TEXT"))),
        response_parameters={f"method.response.header.{name}": "'1'" for name in sorted(headers)},
        response_templates=dict(sorted(templates.items())),
    )


def apis() -> st.SearchStrategy[dict[MethodKey, Content]]:
    """The responses of several methods."""
    return st.dictionaries(st.sampled_from(METHODS), contents(), min_size=1)


def desired_of(
    state: Mapping[MethodKey, Mapping[str, RestResponse | None]],
    *,
    prune: bool = True,
    ensure: bool = False,
    protected: frozenset[ResponseKey] = frozenset(),
    api: str = "petstore",
) -> Desired:
    """What a manifest with these responses resolves to; None is `absent`."""
    responses: dict[ResponseKey, Wanted] = {
        ResponseKey(scope, code): ABSENT if response is None else response
        for scope, content in state.items()
        for code, response in content.items()
    }
    mode: MethodResponses = "ensure" if ensure else "check"
    owns: dict[Scope, Ownership] = {scope: Ownership("petstore", prune=prune, method_responses=mode) for scope in state}
    return Desired((ManifestRef("petstore", ApiRef(name=api)),), owns, responses, protected)
