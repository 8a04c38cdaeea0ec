"""Check the references of a template: helpers that API Gateway does not have, and variables that nothing sets."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from reconciler.lint.templates.findings import TemplateFinding, found_at
from reconciler.lint.templates.scope import API_GATEWAY, LOOP, TemplateScope
from reconciler.mapping.velocity.tree import Access, Index, Method, Node, Property, VariableReference
from reconciler.quoting import span
from reconciler.rules import LintRule
from reconciler.wording import code, did_you_mean

_COMPARE: Final = 'compare with the empty text, as in `#if($value == "")`, which null equals too'
_STATUS: Final = "set the status with `#set($context.responseOverride.status = 400)`"
_DEFAULT: Final = 'write `#if($value != "")$value#{else}default#end`'
_NO_EQUIVALENT: Final = "it belongs to AppSync; write what it does with #if, #set and the methods of texts and lists"

_INSTEAD: Final[Mapping[str, str]] = {
    "toJson": "write `$input.json('$.name')` for the JSON of a part of the body",
    "parseJSON": "write `$util.parseJson`",
    "defaultIfNull": _DEFAULT,
    "defaultIfNullOrEmpty": _DEFAULT,
    "defaultIfNullOrBlank": _DEFAULT,
    "isNull": _COMPARE,
    "isNullOrEmpty": _COMPARE,
    "isNullOrBlank": _COMPARE,
    "error": _STATUS,
    "appendError": _STATUS,
    "unauthorized": _STATUS,
    "validate": f"test with #if, and {_STATUS}",
    "qr": "write `#set($ignored = ...)`",
    "quiet": "write `#set($ignored = ...)`",
    "autoId": "write `$context.requestId`",
    "time": "write `$context.requestTimeEpoch`",
    "matches": "write `$text.matches(...)`",
}
"""What to write for a helper of AppSync."""

UTIL_METHODS: Final = frozenset(
    {"escapeJavaScript", "parseJson", "urlEncode", "urlDecode", "base64Encode", "base64Decode"}
)
INPUT_METHODS: Final = frozenset({"json", "path", "params"})
INPUT_PROPERTIES: Final = frozenset({"body"})
"""What `$util` and `$input` have. `mapping.variables` has the same, but takes long to import."""

_OTHER_ROOTS: Final[Mapping[str, str]] = {
    "utils": "write `$util`",
    "utilities": "write `$util`",
    "ctx": "write `$context` for what API Gateway knows of the call, `$input.path('$.name')` for the body",
    "stagevariables": "write `$stageVariables`",
    "stageVariable": "write `$stageVariables`",
    "inputs": "write `$input`",
}
_NULL: Final = "null"
"""`$null` is never set, and commonly stands for null in comparisons."""

_TEXT_BODY: Final = "write `$input.path('$.name')`"


def unknown_helpers(nodes: Iterable[Node], scope: TemplateScope) -> Iterator[TemplateFinding]:
    """Yield each use of something that `$util` and `$input` do not have, or that another service calls differently."""
    for node in nodes:
        if not isinstance(node, VariableReference) or node.is_escaped or scope.has(node.root):
            continue
        problem = _helper_problem(node)
        if problem:
            yield found_at(node, LintRule.UNKNOWN_HELPER, *problem)


def _helper_problem(reference: VariableReference) -> tuple[str, str] | None:
    """Return what is wrong with a reference, and what to write."""
    root = reference.root
    if root in _OTHER_ROOTS:
        return f"API Gateway has no `${root}`", _OTHER_ROOTS[root]
    first = reference.accesses[0] if reference.accesses else None
    if root == "util" and first is not None and not _is_method(first, UTIL_METHODS):
        return _missing("$util", first, UTIL_METHODS)
    if root == "input" and first is not None:
        return _input_problem(first, reference.accesses[1:])
    return None


def _input_problem(first: Access, others: tuple[Access, ...]) -> tuple[str, str] | None:
    if isinstance(first, Property) and first.name in INPUT_PROPERTIES:
        if others and isinstance(others[0], Property | Index):
            return f"`$input.{first.name}` is a text, which has no members", _TEXT_BODY
        return None
    return None if _is_method(first, INPUT_METHODS) else _missing("$input", first, INPUT_METHODS | INPUT_PROPERTIES)


def _is_method(access: Access, methods: frozenset[str]) -> bool:
    return isinstance(access, Method) and access.name in methods


def _missing(owner: str, access: Access, names: Iterable[str]) -> tuple[str, str]:
    known = sorted(names)
    if isinstance(access, Index):
        return f"`{owner}` has no members in brackets", f"it has {', '.join(known)}"
    name = f"{owner}.{access.name}"
    if access.name in known:
        return f"{span(name)} is a method; without parentheses it is nothing", f"write {span(f'{name}(...)')}"
    suggested = did_you_mean(access.name, known, "", lambda known_name: f"{owner}.{known_name}")
    remedy = (
        _INSTEAD.get(access.name) or suggested or (_NO_EQUIVALENT if owner == "$util" else f"it has {', '.join(known)}")
    )
    return f"API Gateway has no {code(name)}", remedy


def undefined_references(nodes: Iterable[Node], scope: TemplateScope) -> Iterator[TemplateFinding]:
    """Yield the first use of each variable that nothing sets."""
    known = {*scope.values, *scope.items, *scope.defined, *API_GATEWAY, *LOOP, *_OTHER_ROOTS, _NULL}
    candidates = sorted(known - {*_OTHER_ROOTS, _NULL})
    for node in nodes:
        if isinstance(node, VariableReference) and node.root not in known and not node.is_escaped:
            known.add(node.root)
            remedy = did_you_mean(node.root, candidates, "", lambda name: f"${name}")
            message = f"nothing sets {code(f'${node.root}')}, which prints as the empty text"
            yield found_at(node, LintRule.UNDEFINED_REFERENCE, message, remedy)
