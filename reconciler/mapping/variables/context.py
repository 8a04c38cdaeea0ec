"""`$context`: what the call has by itself, and the maps that a template overrides its outcome with.

A template reads any key of it, writes keys of its own, and what it leaves there the response template of the same call
finds again (recorded answers).
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from reconciler.mapping.java.budget import Budget
from reconciler.mapping.java.objects import (
    HiddenMap,
    HostObject,
    JavaEntry,
    JavaIterator,
    JavaKey,
    JavaList,
    JavaMap,
    JsonArray,
    MapView,
    Value,
    value_of,
)
from reconciler.mapping.java.values import text
from reconciler.mapping.rendering import Overrides, TemplateInputs

_TWICE: Final = "the override {} is set twice in one call, to which AWS answers with a 5XX according to its guide"
_OTHER_KEYS: Final = "which keys {} has apart from those that are given"
_OVERRIDES: Final = {"requestOverride": ("path", "header", "querystring"), "responseOverride": ("header",)}
_REPLACED: Final = "what API Gateway does when all of {} in $context is replaced"

ALWAYS_SET: Final = frozenset(
    {
        "accountId", "apiId", "connectedAt", "connectionId", "deploymentId", "domainName", "domainPrefix", "eventType",
        "extendedRequestId", "httpMethod", "identity.sourceIp", "identity.userAgent", "messageDirection", "messageId",
        "path", "protocol", "requestId", "requestTime", "requestTimeEpoch", "resourceId", "resourcePath", "routeKey",
        "stage",
    }
)  # fmt: skip
"""Variables of `$context` that calls have on AWS, whether or not an exchange gives them (Developer Guide)."""

_SCALARS: Final = (str, bool, int, float, Decimal, HostObject, JavaEntry, MapView, JavaIterator)


class ContextMap(HiddenMap):
    """`$context` or its identity: the keys can be listed, but those that are given may be only some of AWS's."""

    __slots__ = ("budget", "name")

    def __init__(self, budget: Budget, name: str) -> None:
        super().__init__()
        self.budget = budget
        self.name = name

    def __iter__(self) -> Iterator[Value | JavaKey]:
        """Iterate over the keys that are known, and note that there are others."""
        self.budget.note_unknown(_OTHER_KEYS.format(self.name))
        return super().__iter__()

    def __len__(self) -> int:
        """Return how many keys are known, and note that there are others."""
        self.budget.note_unknown(_OTHER_KEYS.format(self.name))
        return super().__len__()

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ANN401 - as in dict
        """Return a value; that one is not given which every call has on AWS is noted."""
        if key not in self and (full := f"{self.prefix}{key}") in ALWAYS_SET:
            self.budget.note_assumed(f"$context.{full} is not given, and empty here")
        return super().get(key, default)

    @property
    def prefix(self) -> str:
        """The path to it below `$context`, with a dot at its end; "" for `$context` itself."""
        return "identity." if self.name == "$context.identity" else ""

    def left(self) -> dict[str, object]:
        """Return what a template left in it."""
        return {text(value_of(key), self.budget): self[key] for key in super().__iter__()}


class OverrideMap(HiddenMap):
    """A map of overrides, each of which may be set once in a call."""

    __slots__ = ("budget",)

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self.budget = budget

    def __setitem__(self, key: Value | JavaKey, value: Value) -> None:
        """Set an override; if it is set already, what AWS does is noted as unknown."""
        if key in self:
            why = _REPLACED if isinstance(self[key], OverrideMap) else _TWICE
            self.budget.note_unknown(why.format(text(value_of(key), self.budget)))
        super().__setitem__(key, value)


def make_context(inputs: TemplateInputs, budget: Budget) -> ContextMap:
    """Return a new `$context`, with what is given and what the request template left."""
    context = ContextMap(budget, "$context")
    copies: dict[int, Value] = {}
    for key, value in {**inputs.context, **inputs.state}.items():
        if key not in _OVERRIDES:
            context[key] = _copy(value, copies)
    if isinstance(given_identity := context.get("identity"), JavaMap):
        identity = context["identity"] = ContextMap(budget, "$context.identity")
        identity.update(given_identity)
    for name, parts in _OVERRIDES.items():
        given = inputs.state.get(name, inputs.context.get(name))
        context[name] = _override_map(given, parts, budget, copies)
    return context


def _override_map(given: object, parts: tuple[str, ...], budget: Budget, copies: dict[int, Value]) -> Value:
    """Return the override map with its parts, which hold what is given; what is given instead of a map stays."""
    if given is not None and not isinstance(given, Mapping):
        return _copy(given, copies)
    overrides = OverrideMap(budget)
    members = {**dict.fromkeys(parts), **(given or {})}
    for key, value in members.items():
        is_part = key in parts
        overrides[key] = _override_map(value, (), budget, copies) if is_part else _copy(value, copies)
    return overrides


_Waiting = list[tuple[JavaMap | JavaList, Any]]


def _copy(given: object, copies: dict[int, Value]) -> Value:
    """Return Java's form of a plain value, and a copy of Java's own maps and lists, which may hold each other."""
    waiting: _Waiting = []
    copied = _copy_without_items(given, copies, waiting)
    while waiting:
        container, source = waiting.pop()
        if isinstance(container, JavaMap):
            for key, value in source.items():
                own_key = key if isinstance(source, JavaMap) else str(key)
                container[own_key] = _copy_without_items(value, copies, waiting)
        else:
            container.extend(_copy_without_items(value, copies, waiting) for value in source)
    return copied


def _copy_without_items(given: object, copies: dict[int, Value], waiting: _Waiting) -> Value:
    if given is None or isinstance(given, _SCALARS):
        return given
    if not isinstance(given, Mapping | list | tuple):
        return str(given)
    copied = copies.get(id(given))
    if copied is None:
        container = _empty_like(given)
        copied = copies[id(given)] = container
        waiting.append((container, given))
    return copied


def _empty_like(given: Mapping[Any, object] | Sequence[object]) -> JavaMap | JavaList:
    if isinstance(given, Mapping):
        return HiddenMap() if isinstance(given, HiddenMap) else JavaMap()
    is_literal = isinstance(given, JavaList) and not isinstance(given, JsonArray)
    return JavaList() if is_literal else JsonArray()


def read_overrides(context: ContextMap, budget: Budget) -> Overrides:
    """Return what a template left in `$context.responseOverride`."""
    override = context.get("responseOverride")
    if not isinstance(override, OverrideMap):
        budget.note_unknown(_REPLACED.format("responseOverride"))
    if not isinstance(override, JavaMap):
        return Overrides()
    headers = override.get("header")
    if not isinstance(headers, JavaMap):
        return Overrides(override.get("status"))
    return Overrides(override.get("status"), {text(value_of(name), budget): value for name, value in headers.items()})
