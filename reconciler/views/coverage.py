"""coverage: which APIs of the accounts and regions have a manifest, and which methods no manifest lists."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from reconciler.documents import dumped
from reconciler.documents.coverage import coverage_document
from reconciler.engine.coverage.coverage import ManifestCoverage
from reconciler.fleet.coverage import (
    ApiCoverage,
    Exemption,
    MethodCoverage,
    RegionCoverage,
    UnlistedMethod,
    place_name,
)
from reconciler.invocation import Invocation, command_line
from reconciler.models.targets import Kind
from reconciler.render.junit import Case, CaseStatus, Suite
from reconciler.render.remarks import Level, Remark
from reconciler.render.sections import Group, Report, ReportEntry, Section, section_lines
from reconciler.render.style import Style, Tone, plural, printable
from reconciler.rules import ResultRule
from reconciler.views.coverage_metrics import coverage_metrics
from reconciler.views.coverage_tally import tally_text
from reconciler.views.problems import (
    diagnostic_lines,
    diagnostic_remarks,
    error_lines,
    explain_lines,
    manifest_suite,
    warning_groups,
)
from reconciler.views.run_metrics import EarlierMetrics
from reconciler.views.view import Renderings, ReportParts, renderings

_MOST_IN_A_COMMAND: Final = 10
"""APIs in a suggested command."""

_EXPORT: Final = {Kind.REST_API: "--rest-api", Kind.WEBSOCKET_API: "--websocket-api"}


def coverage_view(
    coverage: ManifestCoverage,
    key: str,
    style: Style,
    invocation: Invocation,
    earlier: Callable[[], EarlierMetrics] = EarlierMetrics,
) -> Renderings:
    """Offer a coverage report in every format; `key` names the environments that were asked for.

    `earlier` returns the metrics of the file that the run replaces.
    """
    formats = renderings(
        lambda: coverage_text(coverage, style, invocation),
        lambda: coverage_json(coverage),
        lambda: coverage_parts(coverage, key, invocation),
    )
    return formats.adding(prometheus=lambda: coverage_metrics(coverage, key, earlier()))


def coverage_text(coverage: ManifestCoverage, style: Style, invocation: Invocation | None = None) -> str:
    """Return what has no manifest, the problems, the counts of each account and region, and the summary.

    When quiet: errors and the summary, and "" when the coverage is enough.
    """
    problems = [diagnostic for diagnostic in coverage.all_diagnostics if diagnostic.is_error or not style.quiet]
    if style.quiet and not problems and coverage.is_enough:
        return ""
    lines: list[str] = []
    for section in _sections(coverage, style) if not style.quiet else ():
        lines.extend((*section_lines(section), ""))
    lines.extend(diagnostic_lines(problems, style))
    lines.extend(explain_lines(problems, style))
    if lines and lines[-1]:
        lines.append("")
    notes = () if style.quiet else _notes(coverage, style, invocation or Invocation())
    return "\n".join([*lines, *notes, coverage_summary(coverage, style)])


def coverage_json(coverage: ManifestCoverage) -> str:
    """Return the coverage report for programs."""
    return dumped(
        coverage_document(
            coverage.regions,
            coverage.failures,
            coverage.all_diagnostics,
            coverage.created_at,
            coverage.thresholds,
            methods=coverage.has_methods,
        )
    )


def coverage_parts(coverage: ManifestCoverage, key: str, invocation: Invocation) -> ReportParts:
    """Return what the formats for other tools are made of."""
    return ReportParts(
        "coverage",
        key,
        lambda style: _report(coverage, style, invocation),
        lambda: [*diagnostic_remarks(coverage.all_diagnostics), *_remarks(coverage)],
        lambda: [manifest_suite(coverage.all_diagnostics), *_suites(coverage)],
        is_complete=coverage.is_complete,
        created_at=coverage.created_at,
    )


def _report(coverage: ManifestCoverage, style: Style, invocation: Invocation) -> Report:
    verdict = _verdict(coverage).lower()
    return Report(
        verdict=verdict if coverage.is_complete else f"{verdict}; errors",
        summary=coverage_summary(coverage, style),
        sections=tuple(_sections(coverage, style)),
        problems=error_lines(coverage.all_diagnostics, style),
        warnings=warning_groups(coverage.all_diagnostics, style),
        notes=tuple(line.strip() for line in _notes(coverage, style, invocation)),
    )


def _verdict(coverage: ManifestCoverage) -> str:
    if not coverage.is_enough:
        return "Not covered"
    if not coverage.is_complete:
        return "Covered as far as could be read" if coverage.counts.total else "Unknown"
    return "Covered" if not (coverage.counts.uncovered or coverage.method_counts.uncovered) else "Covered as required"


def coverage_summary(coverage: ManifestCoverage, style: Style) -> str:
    """Return the last line. "Covered" is claimed only when everything could be read."""
    tone: Tone = (
        "good" if coverage.is_enough and coverage.is_complete else "warning" if coverage.is_enough else "update"
    )
    methods = coverage.method_counts if coverage.has_methods else None
    counts = tally_text(coverage.counts, methods, coverage.thresholds)
    errors = sum(diagnostic.is_error for diagnostic in coverage.all_diagnostics)
    tail = f"; {plural(errors, 'error')}, so not everything could be read" if errors else ""
    return f"{style.paint(_verdict(coverage), tone)}: {counts}{style.paint(tail, 'error') if tail else ''}."


def _notes(coverage: ManifestCoverage, style: Style, invocation: Invocation) -> Iterator[str]:
    """Yield the counts of each account and region, if there are several, and how to write the missing manifests."""
    for region in coverage.regions if len(coverage.regions) > 1 else ():
        counts = tally_text(region.counts, region.method_counts if coverage.has_methods else None)
        tone: Tone = "update" if region.counts.uncovered or region.method_counts.uncovered else "good"
        yield f"  {printable(str(region))}: {style.paint(counts, tone)}"
    for region in coverage.regions:
        missing = list(region.of_state("uncovered"))
        if missing:
            command = printable(_export(region, missing, invocation))
            yield f"To write manifests of {_named(missing)} in {printable(str(region))}: {command}"


def _named(missing: Sequence[ApiCoverage]) -> str:
    return "these APIs" if len(missing) <= _MOST_IN_A_COMMAND else f"the first {_MOST_IN_A_COMMAND} of these APIs"


def _export(region: RegionCoverage, missing: Sequence[ApiCoverage], invocation: Invocation) -> str:
    apis = [word for api in missing[:_MOST_IN_A_COMMAND] for word in (_EXPORT[api.kind], api.id)]
    aws = [("--profile", invocation.profile), ("--endpoint-url", invocation.endpoint_url)]
    typed = [word for option, value in aws if value for word in (option, value)]
    return command_line("export", *apis, "--out", "manifests", "--region", region.region, *typed)


def _sections(coverage: ManifestCoverage, style: Style) -> Iterator[Section]:
    """Yield what has no manifest, and what is ignored, of each account and region."""
    for region in coverage.regions:
        groups = tuple(_groups(region, style))
        if groups:
            yield Section(style.paint(printable(str(region)), "strong"), groups)


def _groups(region: RegionCoverage, style: Style) -> Iterator[Group]:
    uncovered = tuple(_api_entry(region, api, style) for api in region.of_state("uncovered"))
    if uncovered:
        yield Group(style.paint("APIs without a manifest", "strong"), uncovered)
    for api in region.apis:
        unlisted = [method for method in _unlisted(api) if not method.exemption]
        if unlisted:
            title = f"{', '.join(api.manifests)}: methods that no manifest lists"
            entries = tuple(_method_entry(region, api, method, style) for method in unlisted)
            yield Group(style.paint(printable(title), "strong"), entries)
    ignored = tuple(_ignored(region))
    if ignored:
        yield Group(style.paint("Ignored", "strong"), ignored)


def _unlisted(api: ApiCoverage) -> Sequence[UnlistedMethod]:
    return api.methods.unlisted if api.methods else ()


def _api_entry(region: RegionCoverage, api: ApiCoverage, style: Style) -> ReportEntry:
    stack = (f"created by the CloudFormation stack {printable(api.stack)}",) if api.stack else ()
    return ReportEntry(style.paint(f"+ {_api_name(region, api)}", "create"), stack, "without a manifest")


def _api_name(region: RegionCoverage, api: ApiCoverage) -> str:
    place = place_name(region.account_id, region.region, region.environments)
    return printable(f"{api.kind} {api.id} {api.name!r}, {place}")


def _method_entry(region: RegionCoverage, api: ApiCoverage, method: UnlistedMethod, style: Style) -> ReportEntry:
    line = style.paint(f"+ {_method_name(region, api, method)}", "create")
    return ReportEntry(f"{line}  {style.paint(printable(method.integration_type), 'faint')}", (), "not listed")


def _method_name(region: RegionCoverage, api: ApiCoverage, method: UnlistedMethod) -> str:
    where = ", ".join((*api.environments, region.region))
    return printable(f"{api.manifests[0]}: {method.scope} ({where})")


def _ignored(region: RegionCoverage) -> Iterator[ReportEntry]:
    """Yield an entry for each API and method that an ignore rule leaves out, with its reason."""
    for api in region.apis:
        if api.exemption:
            yield ReportEntry(f"{_api_name(region, api)}: {_why(api.exemption)}", (), "ignored")
        for method in _unlisted(api):
            if method.exemption:
                yield ReportEntry(f"{_method_name(region, api, method)}: {_why(method.exemption)}", (), "ignored")


def _why(exemption: Exemption) -> str:
    until = f", until {exemption.until}" if exemption.until else ""
    return printable(f"{exemption.reason or 'no reason given'} (rule {exemption.match!r}{until})")


def _remarks(coverage: ManifestCoverage) -> Iterator[Remark]:
    """Yield a remark for each API without a manifest and each method that is not listed."""
    level: Level = "note" if coverage.is_enough else "warning"
    for region in coverage.regions:
        for api in region.of_state("uncovered"):
            name = _api_name(region, api)
            yield Remark(level, ResultRule.COVERAGE_UNCOVERED, f"{name} has no manifest", identity=name)
        for api in region.apis:
            for method in _unlisted(api):
                if not method.exemption:
                    name = _method_name(region, api, method)
                    message = f"{name} is listed by no manifest"
                    yield Remark(level, ResultRule.COVERAGE_UNLISTED, message, identity=name)


def _suites(coverage: ManifestCoverage) -> Iterator[Suite]:
    """Yield a suite for each account and region, with a case for each API and for each method that is not listed."""
    missing: CaseStatus = "skipped" if coverage.is_enough else "failed"
    for region in coverage.regions:
        cases = [case for api in region.apis for case in _cases(region, api, missing)]
        yield Suite(str(region), cases)


def _cases(region: RegionCoverage, api: ApiCoverage, missing: CaseStatus) -> Iterator[Case]:
    name = _api_name(region, api)
    match api.state:
        case "covered":
            yield Case(name)
        case "ignored":
            yield Case(name, "skipped", _why(api.exemption or Exemption("")))
        case "uncovered":
            yield Case(name, missing, "no manifest addresses this API", ResultRule.COVERAGE_UNCOVERED)
    for method in (api.methods or MethodCoverage()).unlisted:
        case_name = _method_name(region, api, method)
        if method.exemption:
            yield Case(case_name, "skipped", _why(method.exemption))
        else:
            yield Case(case_name, missing, "no manifest lists this method", ResultRule.COVERAGE_UNLISTED)
