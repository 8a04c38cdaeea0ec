"""Which writes to an API may have caused a finding.

An event names a method by the id of its resource, and a WebSocket response by an id. So a write counts as `EXACT` only
if the finding knows these ids; one to the method, resource or integration around it may have caused the finding as
well, and so may an import, which replaces the whole API.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from reconciler.findings import Finding, Type
from reconciler.fleet.blame import AwsChange
from reconciler.models.keys import MethodKey
from reconciler.models.targets import Kind
from reconciler.models.writes import ApiWrite

MOST: Final = 3
"""How many writes are named for a finding."""


class Precision(enum.IntEnum):
    """How well a write fits a finding, the best first."""

    EXACT = 0
    AROUND = 1
    WHOLE_API = 2


_Events: TypeAlias = Mapping[str, Precision]

_IMPORT: Final[_Events] = {"PutRestApi": Precision.WHOLE_API}
_EXACT, _AROUND = Precision.EXACT, Precision.AROUND

_REST: Final[Mapping[tuple[str, Type], _Events]] = {
    ("response", Type.CHANGED): {
        "PutIntegrationResponse": _EXACT,
        "UpdateIntegrationResponse": _EXACT,
        "PutIntegration": _AROUND,
        **_IMPORT,
    },
    ("response", Type.UNEXPECTED): {"PutIntegrationResponse": _EXACT, **_IMPORT},
    ("response", Type.MISSING): {
        "DeleteIntegrationResponse": _EXACT,
        "PutIntegration": _AROUND,
        "DeleteIntegration": _AROUND,
        "DeleteMethod": _AROUND,
        "DeleteResource": _AROUND,
        **_IMPORT,
    },
    ("methodResponse", Type.CHANGED): {"PutMethodResponse": _EXACT, "UpdateMethodResponse": _EXACT, **_IMPORT},
    ("methodResponse", Type.MISSING): {"DeleteMethodResponse": _EXACT, "DeleteMethod": _AROUND, **_IMPORT},
    ("method", Type.UNEXPECTED): {
        "PutMethod": _EXACT,
        "PutIntegration": _EXACT,
        "PutIntegrationResponse": _EXACT,
        **_IMPORT,
    },
}
_WEBSOCKET: Final[Mapping[tuple[str, Type], _Events]] = {
    ("response", Type.CHANGED): {"CreateIntegrationResponse": _EXACT, "UpdateIntegrationResponse": _EXACT},
    ("response", Type.UNEXPECTED): {"CreateIntegrationResponse": _EXACT, "UpdateIntegrationResponse": _EXACT},
    ("response", Type.MISSING): {
        "DeleteIntegrationResponse": _EXACT,
        "UpdateIntegrationResponse": _EXACT,
        "DeleteIntegration": _AROUND,
        "UpdateRoute": _AROUND,
        "DeleteRoute": _AROUND,
    },
    ("routeResponse", Type.MISSING): {
        "DeleteRouteResponse": _AROUND,
        "UpdateRoute": _AROUND,
        "CreateRoute": _AROUND,
        "DeleteRoute": _AROUND,
    },
    ("method", Type.UNEXPECTED): {"CreateIntegration": _EXACT, "CreateIntegrationResponse": _EXACT},
}
_TABLES: Final = {Kind.REST_API: _REST, Kind.WEBSOCKET_API: _WEBSOCKET}

STAGE_EVENTS: Final = ("CreateDeployment", "UpdateStage")
"""The writes that decide what a stage serves."""

LAG_EVENTS: Final = ("CreateIntegrationResponse", "UpdateIntegrationResponse", "DeleteIntegrationResponse")
"""The writes after which a stage of a WebSocket API serves other responses than the draft has."""

_REPLACING: Final = frozenset(
    f"{verb}{subject}" for verb in ("Put", "Create", "Delete") for subject in ("IntegrationResponse", "MethodResponse")
)
"""Whatever came before one of these, of the same response, is gone."""


def events_of(kind: Kind, finding: Finding) -> tuple[str, ...]:
    """Return the names of the operations that may have caused a finding about a draft."""
    return tuple(_table(kind, finding))


def likely_writes(kind: Kind, finding: Finding, writes: Iterable[ApiWrite]) -> tuple[AwsChange, ...]:
    """Return those writes to its API that may have caused a finding about a draft, the latest first, at most `MOST`."""
    table = _table(kind, finding)
    fitting = [(precision, write) for write in writes if (precision := _precision(finding, write, table)) is not None]
    finest_first = sorted(fitting, key=lambda pair: pair[0])  # of one second: events have no finer times
    latest_first = sorted(finest_first, key=lambda pair: pair[1].at, reverse=True)
    chosen = sorted(_relevant(latest_first), key=lambda pair: pair[0])[:MOST]
    in_time = sorted(chosen, key=lambda pair: pair[1].at, reverse=True)
    return tuple(aws_change(write, _subject(finding, write, precision)) for precision, write in in_time)


def stage_writes(stage: str, writes: Iterable[ApiWrite]) -> tuple[AwsChange, ...]:
    """Return the writes, the latest first, that decided what a stage serves, at most `MOST`."""
    chosen = [write for write in writes if write.event in STAGE_EVENTS and write.stage == stage]
    return tuple(aws_change(write, f"stage {stage}") for write in chosen[:MOST])


def aws_change(write: ApiWrite, subject: str) -> AwsChange:
    """Return a write as reports show it."""
    return AwsChange(write.at, write.who, write.event, write.address, write.agent, subject, write.event_id)


def _table(kind: Kind, finding: Finding) -> _Events:
    return _TABLES[kind].get((finding.subject, finding.type), {})


def _relevant(fitting: Iterable[tuple[Precision, ApiWrite]]) -> Iterator[tuple[Precision, ApiWrite]]:
    """Leave out what a later write undid: coarser writes before finer ones, and all before one that replaces."""
    finest = Precision.WHOLE_API
    for precision, write in fitting:
        if precision > finest:
            continue
        finest = precision
        yield precision, write
        if precision is Precision.EXACT and write.event in _REPLACING:
            return


def _precision(finding: Finding, write: ApiWrite, table: _Events) -> Precision | None:
    precision = table.get(write.event)
    if precision is None or precision is Precision.WHOLE_API:
        return precision
    scope = finding.key.scope
    if isinstance(scope, MethodKey):
        return precision if _fits_method(finding, scope.method, write, precision) else None
    return _integration_precision(finding, finding.resource_id or scope.id, write, precision)


def _fits_method(finding: Finding, method: str, write: ApiWrite, precision: Precision) -> bool:
    if finding.resource_id is None:  # the path or method is gone, and with it the id
        return precision is Precision.AROUND and write.method in {"", method}
    is_same = write.resource_id == finding.resource_id and write.method in {"", method}
    is_about = precision is Precision.AROUND or finding.subject == "method" or write.code == finding.key.code
    return is_same and is_about


def _integration_precision(
    finding: Finding, integration_id: str, write: ApiWrite, precision: Precision
) -> Precision | None:
    if write.integration_id and integration_id and write.integration_id != integration_id:
        return None
    if precision is Precision.AROUND or finding.subject == "method":
        return precision
    if not integration_id:
        return None
    if write.code == finding.key.code:
        return Precision.EXACT
    # An event about a response by its id need not name its key, and an update can change the key
    is_possible = not write.code or (finding.type is Type.MISSING and write.event.startswith("Update"))
    return Precision.AROUND if is_possible else None


def _subject(finding: Finding, write: ApiWrite, precision: Precision) -> str:
    """Return what a write is about, by its name in the manifest as far as that is known, else by its id."""
    if precision is Precision.WHOLE_API:
        return ""
    if precision is Precision.EXACT:
        return finding.name
    if finding.resource_id and finding.resource_id in {write.resource_id, write.integration_id}:
        return str(finding.key.scope)
    if write.resource_id:
        return " ".join(filter(None, (write.method, "of" if write.method else "", f"resource {write.resource_id}")))
    return f"integration {write.integration_id}" if write.integration_id else ""
