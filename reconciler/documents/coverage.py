"""The JSON document of a coverage report: its shapes, and how it is built."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from pydantic import Field

from reconciler import __version__
from reconciler.diagnostics import Diagnostic
from reconciler.documents.parts import (
    FORMAT_VERSION,
    DiagnosticDocument,
    FormatVersion,
    JsonDocument,
    diagnostic_document,
)
from reconciler.fleet.coverage import (
    ApiCoverage,
    CoverageFailure,
    CoverageTally,
    CoverageThresholds,
    Exemption,
    RegionCoverage,
    UnlistedMethod,
    total,
)
from reconciler.models.keys import IntegrationKey, MethodKey


class TallyDocument(JsonDocument):
    """Counts of APIs or of methods; `total` is `covered` and `uncovered`."""

    total: int
    covered: int
    uncovered: int
    ignored: int = Field(description="What ignore rules leave out; it is not part of `total`.")


class CoverageSummaryDocument(JsonDocument):
    """Counts over all accounts and regions, as far as they could be read."""

    apis: TallyDocument
    methods: TallyDocument | None = Field(description="Null without `--methods`.")
    errors: int
    min_apis: float = Field(description="The least share of APIs with a manifest, from 0 to 1.")
    min_methods: float | None = Field(description="The least share of listed methods; null without `--methods`.")
    enough: bool = Field(description="Whether these shares are reached.")


class RegionCoverageDocument(JsonDocument):
    """The counts of one account and region; kinds of APIs that could not be listed are not among them."""

    environments: list[str]
    account_id: str
    region: str
    kinds: list[Literal["RestApi", "WebSocketApi"]] = Field(description="The kinds of APIs that were listed.")
    apis: TallyDocument
    methods: TallyDocument | None


class UncoveredApiDocument(JsonDocument):
    """An API that no manifest addresses."""

    environments: list[str] = Field(description="The environments that use its account and region.")
    account_id: str
    region: str
    kind: Literal["RestApi", "WebSocketApi"]
    api_id: str
    api_name: str
    stack: str | None = Field(description="The CloudFormation stack that created it.")


class UnlistedMethodDocument(JsonDocument):
    """A method or integration, no proxy, of an API that manifests address; none of them lists it."""

    environments: list[str] = Field(description="The environments whose manifests address the API.")
    account_id: str
    region: str
    kind: Literal["RestApi", "WebSocketApi"]
    api_id: str
    api_name: str
    manifests: list[str]
    address: str
    path: str | None = Field(description="Null for a WebSocket API.")
    method: str | None = Field(description="Null for a WebSocket API.")
    route_key: str | None = Field(description="Null for a REST API, and where no route targets the integration.")
    integration_id: str | None = Field(description="Null for a REST API.")
    integration_type: str


class ExemptionDocument(JsonDocument):
    """The ignore rule by which an API or method is left out."""

    match: str
    reason: str
    until: str | None


class IgnoredApiDocument(UncoveredApiDocument):
    """An API without a manifest that an ignore rule leaves out."""

    rule: ExemptionDocument


class IgnoredMethodDocument(UnlistedMethodDocument):
    """A method that is not listed, which an ignore rule leaves out."""

    rule: ExemptionDocument


class UnreadCoverageDocument(JsonDocument):
    """What could not be listed or read, and why."""

    environments: list[str]
    account_id: str | None = Field(description="Null if there is no connection.")
    region: str | None
    kind: Literal["RestApi", "WebSocketApi"] | None = Field(description="Null if nothing there could be listed.")
    api_id: str | None = Field(description="The API whose methods could not be read; null if APIs are not listed.")
    rule: str
    message: str
    remedy: str


class ApiCoverageDocument(JsonDocument):
    """What `coverage --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Coverage"]
    tool_version: str
    created_at: str
    summary: CoverageSummaryDocument
    account_regions: list[RegionCoverageDocument]
    uncovered: list[UncoveredApiDocument]
    unlisted: list[UnlistedMethodDocument] = Field(description="Empty without `--methods`.")
    ignored: list[IgnoredApiDocument]
    ignored_methods: list[IgnoredMethodDocument]
    unread: list[UnreadCoverageDocument]
    diagnostics: list[DiagnosticDocument]


def coverage_document(  # noqa: PLR0913 - a report has that many parts
    regions: Sequence[RegionCoverage],
    failures: Sequence[CoverageFailure],
    diagnostics: Iterable[Diagnostic],
    created_at: str,
    thresholds: CoverageThresholds,
    *,
    methods: bool,
) -> ApiCoverageDocument:
    """Return a coverage report; `diagnostics` include the failures. `methods`: the methods of APIs were read."""
    problems = [diagnostic_document(diagnostic) for diagnostic in diagnostics]
    unlisted = [(region, api, method) for region, api in _apis(regions) for method in _unlisted(api)]
    return ApiCoverageDocument(
        format_version=FORMAT_VERSION,
        kind="Coverage",
        tool_version=__version__,
        created_at=created_at,
        summary=_summary(
            regions, thresholds, sum(problem.severity == "error" for problem in problems), methods=methods
        ),
        account_regions=[_region(region, methods=methods) for region in regions],
        uncovered=[
            UncoveredApiDocument(**_api(region, api)) for region, api in _apis(regions) if api.state == "uncovered"
        ],
        unlisted=[
            UnlistedMethodDocument(**_method(region, api, method))
            for region, api, method in unlisted
            if not method.exemption
        ],
        ignored=[
            IgnoredApiDocument(**_api(region, api), rule=_rule(api.exemption))
            for region, api in _apis(regions)
            if api.exemption
        ],
        ignored_methods=[
            IgnoredMethodDocument(**_method(region, api, method), rule=_rule(method.exemption))
            for region, api, method in unlisted
            if method.exemption
        ],
        unread=[_unread(failure) for failure in failures],
        diagnostics=problems,
    )


def _apis(regions: Iterable[RegionCoverage]) -> Iterator[tuple[RegionCoverage, ApiCoverage]]:
    return ((region, api) for region in regions for api in region.apis)


def _unlisted(api: ApiCoverage) -> Sequence[UnlistedMethod]:
    return api.methods.unlisted if api.methods else ()


def _summary(
    regions: Sequence[RegionCoverage], thresholds: CoverageThresholds, errors: int, *, methods: bool
) -> CoverageSummaryDocument:
    apis, listed = total(region.counts for region in regions), total(region.method_counts for region in regions)
    return CoverageSummaryDocument(
        apis=_tally(apis),
        methods=_tally(listed) if methods else None,
        errors=errors,
        min_apis=float(thresholds.apis),
        min_methods=float(thresholds.methods) if methods else None,
        enough=thresholds.are_met(apis, listed),
    )


def _tally(tally: CoverageTally) -> TallyDocument:
    return TallyDocument(total=tally.total, covered=tally.covered, uncovered=tally.uncovered, ignored=tally.ignored)


def _region(region: RegionCoverage, *, methods: bool) -> RegionCoverageDocument:
    return RegionCoverageDocument(
        environments=list(region.environments),
        account_id=region.account_id,
        region=region.region,
        kinds=[kind.value for kind in region.kinds],
        apis=_tally(region.counts),
        methods=_tally(region.method_counts) if methods else None,
    )


def _place(region: RegionCoverage, api: ApiCoverage) -> dict[str, Any]:
    return {
        "account_id": region.account_id,
        "region": region.region,
        "kind": api.kind.value,
        "api_id": api.id,
        "api_name": api.name,
    }


def _api(region: RegionCoverage, api: ApiCoverage) -> dict[str, Any]:
    return {**_place(region, api), "environments": list(region.environments), "stack": api.stack or None}


def _method(region: RegionCoverage, api: ApiCoverage, method: UnlistedMethod) -> dict[str, Any]:
    match method.scope:
        case MethodKey(path, verb):
            names = {"path": path, "method": verb, "route_key": None, "integration_id": None}
        case IntegrationKey(route, _):
            names = {"path": None, "method": None, "route_key": route or None, "integration_id": method.resource_id}
    return {
        **_place(region, api),
        **names,
        "environments": list(api.environments),
        "manifests": list(api.manifests),
        "address": f"{api.manifests[0]}: {method.scope}",
        "integration_type": method.integration_type,
    }


def _rule(exemption: Exemption) -> ExemptionDocument:
    return ExemptionDocument(match=exemption.match, reason=exemption.reason, until=exemption.until)


def _unread(failure: CoverageFailure) -> UnreadCoverageDocument:
    return UnreadCoverageDocument(
        environments=list(failure.environments),
        account_id=failure.account_id,
        region=failure.region,
        kind=failure.kind.value if failure.kind else None,
        api_id=failure.api.id if failure.api else None,
        rule=failure.failure.rule.id,
        message=failure.failure.message,
        remedy=failure.failure.remedy,
    )
