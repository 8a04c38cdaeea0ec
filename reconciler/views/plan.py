"""plan: what apply would do, and what prevents it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from reconciler.deployments import StagePlan
from reconciler.diagnostics import Location
from reconciler.documents import dumped
from reconciler.engine.plan import Planned
from reconciler.engine.result_documents import document_of_plan
from reconciler.guard import Refusal
from reconciler.line_diff import limited_line_diffs
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.targets import Target
from reconciler.plan import Plan, Summary, TargetPlan, summarise
from reconciler.plan.actions import Action
from reconciler.render.junit import Case, CaseStatus, Suite
from reconciler.render.remarks import Level, Remark
from reconciler.render.sections import Report, section_lines
from reconciler.render.style import Style, plural, printable, strip_marks
from reconciler.rules import ResultRule
from reconciler.views.deploy import due_summary, stage_sections
from reconciler.views.effects import effect_lines, effect_remarks, effect_sections
from reconciler.views.overview import ApiCounts, CountKind, overview_table
from reconciler.views.plan_deferred import deferred_sections
from reconciler.views.plan_entry import action_entry
from reconciler.views.plan_lines import change_sections, plan_lines, revert_sections
from reconciler.views.problems import (
    diagnostic_lines,
    diagnostic_remarks,
    error_lines,
    explain_lines,
    guard_suite,
    manifest_suite,
    refusal_lines,
    refusal_remarks,
    warning_groups,
)
from reconciler.views.targets import protected_environments, site_name, site_notes, suite_name, with_environment
from reconciler.views.view import Renderings, ReportParts, renderings

_MARKED = Style(marked=True)


def plan_view(planned: Planned, key: str, style: Style) -> Renderings:
    """Offer a plan in every format; `key` names the environments that were asked for."""
    return renderings(lambda: plan_text(planned, style), lambda: plan_json(planned), lambda: plan_parts(planned, key))


def plan_text(planned: Planned, style: Style) -> str:
    """Return the actions, what would be deployed, what prevents an apply, and the summary.

    When quiet: errors, refusals and the summary, and "" where there is nothing to do.
    """
    with limited_line_diffs():
        return "\n".join(_text_lines(planned, style))


def _text_lines(planned: Planned, style: Style) -> list[str]:
    plan, verdict = planned.plan, planned.verdict
    lines = [] if style.quiet else list(plan_lines(plan, style, planned.stages))
    for section in () if style.quiet else effect_sections(planned.effects, style):
        lines += [*section_lines(section), ""]
    problems = [diagnostic for diagnostic in planned.diagnostics if diagnostic.is_error or not style.quiet]
    lines.extend(diagnostic_lines(problems, style))
    lines.extend(refusal_lines(verdict.refusals, verdict.waivers, style))
    lines.extend(explain_lines((*problems, *verdict.refusals), style))
    if style.quiet and planned.is_empty and not plan.deferred and not lines:
        return []
    if lines and lines[-1]:
        lines.append("")
    notes = () if style.quiet else effect_lines(planned.effects, style)
    return [*lines, *environment_lines(plan, style), *notes, _summary(planned, style)]


def plan_json(planned: Planned) -> str:
    """Return the plan for programs."""
    return dumped(document_of_plan(planned))


def plan_report(planned: Planned, style: Style) -> Report:
    """Return the plan as a report."""
    plan, verdict = planned.plan, planned.verdict
    overview = overview_table(_KINDS, map(_api_counts, plan.targets))
    return Report(
        verdict=_verdict(planned),
        summary=_summary(planned, style),
        sections=(
            *change_sections(plan, style),
            *deferred_sections(plan, style),
            *stage_sections(plan, planned.stages, style),
            *effect_sections(planned.effects, style),
        ),
        problems=error_lines(planned.diagnostics, style),
        notes=(*(() if overview else environment_lines(plan, style)), *effect_lines(planned.effects, style)),
        overview=overview,
        reverts=tuple(replace(section, intro="") for section in revert_sections(plan, style)),  # the heading says so
        refusals=tuple(refusal_lines(verdict.refusals, verdict.waivers, style)),
        warnings=warning_groups(planned.diagnostics, style),
        is_refused=bool(verdict.refusals),
        rules_to_force=_rules_to_force(verdict.refusals),
        protected=protected_environments(_targets(plan, planned.stages)),
    )


_KINDS: Final = (
    CountKind("create", "+", "create", "to create"),
    CountKind("update", "~", "update", "to update"),
    CountKind("delete", "-", "delete", "to delete"),
    CountKind("extra step", ">", "step", "extra steps"),
    CountKind("deferred", "?", "step", "deferred"),
    CountKind("revert", "!", "warning", "of these revert changes made in AWS"),
)


def _api_counts(target: TargetPlan) -> ApiCounts:
    counts = summarise((target,))
    numbers = {
        "create": counts.create,
        "update": counts.update,
        "delete": counts.delete,
        "extra step": counts.steps,
        "deferred": counts.deferred,
        "revert": counts.reverts,
    }
    return ApiCounts.of(target.target, target.desired.manifests, numbers)


def _rules_to_force(refusals: Sequence[Refusal]) -> tuple[str, ...]:
    """The rules that make the plan pass if all of them are forced; () if that is not enough."""
    if not all(refusal.rule.can_be_forced for refusal in refusals):
        return ()
    return tuple(dict.fromkeys(refusal.rule.value for refusal in refusals))


def _verdict(planned: Planned) -> str:
    if planned.has_errors:
        return "errors"
    if planned.verdict.refusals:
        return "refused"
    if not planned.is_empty:
        return "changes"
    return "deferred" if planned.plan.deferred else "no changes"


def plan_parts(planned: Planned, key: str) -> ReportParts:
    """Return what the formats for other tools are made of."""
    return ReportParts(
        "plan",
        key,
        lambda style: plan_report(planned, style),
        lambda: [
            *problem_remarks(planned),
            *effect_remarks(planned.effects),
            *_action_remarks(planned.plan),
            *deferred_remarks(planned.plan.deferred),
        ],
        lambda: [*problem_suites(planned), *target_suites(planned.plan)],
        is_complete=not planned.has_errors,
        created_at=planned.created_at,
    )


def problem_remarks(planned: Planned) -> Iterator[Remark]:
    """Yield a remark for everything that prevents an apply, and for each warning."""
    yield from diagnostic_remarks(planned.diagnostics)
    yield from refusal_remarks(planned.verdict.refusals, planned.plan)


def _action_remarks(plan: Plan) -> Iterator[Remark]:
    """A remark for each action whose response is in a manifest; reverting a change made in AWS is a warning."""
    for _, target, action in plan.numbered():
        if action.source and not action.step:
            yield _action_remark(target, action, action.source)


def _action_remark(target: TargetPlan, action: Action, source: Location) -> Remark:
    address = with_environment(action.address, target.target)
    message = f"{action.op} {address}: {target.reason(action)}"
    rule = ResultRule.of(f"plan/{action.op}")
    if not target.reverts_live(action):
        return Remark("note", rule, message, "", source, action.address)
    reverts = f"{message}: reverts a change made directly in AWS"
    return Remark("warning", rule, reverts, "if that change was intended, adopt it first", source, action.address)


def deferred_remarks(deferred: Iterable[Deferred], level: Level = "note") -> Iterator[Remark]:
    """Yield a remark for each response that waits until its method exists."""
    for response in deferred:
        message = f"{response.name} is deferred: {response.reason}"
        yield Remark(level, ResultRule.PLAN_DEFERRED, message, "", response.source, response.address)


def problem_suites(planned: Planned) -> list[Suite]:
    """Return the cases of the manifests and of the guard."""
    return [manifest_suite(planned.diagnostics), guard_suite(planned.verdict.refusals, planned.verdict.waivers)]


def target_suites(plan: Plan) -> Iterator[Suite]:
    """Yield a suite for each API: a change passes, and what is deferred is skipped."""
    for target in plan.targets:
        cases = [
            *(_action_case(target, action) for action in target.actions),
            *(deferred_case(deferred, "skipped") for deferred in target.deferred),
            *unchanged_cases(target.desired, target.comparison.unchanged),
        ]
        yield Suite(suite_name(target.target, target.desired.manifests), cases)


def _action_case(target: TargetPlan, action: Action) -> Case:
    return Case(action_name(action), details=action_details(target, action), location=action.source)


def action_name(action: Action) -> str:
    """Return what the test case of an action is called."""
    return f"{action.key} ({action.step})" if action.step else str(action.key)


def action_details(target: TargetPlan, action: Action) -> tuple[str, ...]:
    """Return an action's lines without colours, and without hints that are for a terminal."""
    entry = action_entry(target, action, _MARKED)
    return tuple(map(strip_marks, (entry.line, *entry.details)))


def deferred_case(deferred: Deferred, status: CaseStatus) -> Case:
    """Return the test case of a response that waits for its method."""
    return Case(
        str(deferred.key), status, f"deferred: {deferred.reason}", ResultRule.PLAN_DEFERRED, (), deferred.source
    )


def unchanged_cases(desired: Desired, keys: Iterable[ResponseKey]) -> Iterator[Case]:
    """Yield a passed case for each response that is as desired."""
    return (Case(str(key), location=desired.origin(key)) for key in keys)


def _summary(planned: Planned, style: Style) -> str:
    """The last line."""
    notes = site_notes(_targets(planned.plan, planned.stages))
    return _changes_summary(planned, style) + due_summary(planned.plan, planned.stages, style, notes)


def _targets(plan: Plan, stages: Iterable[StagePlan]) -> Iterator[Target]:
    yield from (target.target for target in plan.targets)
    yield from (stage.target for stage in stages)


def _changes_summary(planned: Planned, style: Style) -> str:
    refused = bool(planned.verdict.refusals)
    if planned.is_empty and planned.has_errors:
        return style.paint("No plan was made. Fix the errors above.", "error")
    if planned.is_empty and refused:
        return style.paint("Plan refused.", "error")
    label = "Plan has errors and cannot be applied" if planned.has_errors else "Plan refused" if refused else ""
    if label:
        return plan_summary(planned.plan.summary, style, label=style.paint(label, "error"), may_run=False)
    return plan_summary(planned.plan.summary, style)


def plan_summary(summary: Summary, style: Style, *, label: str = "Plan", may_run: bool = True) -> str:
    """Return the counts of a plan: `Plan: 1 to create, 0 to update, 0 to delete. 5 unchanged.`."""
    rest = _remaining(summary) + (f" {summary.deferred:,} deferred." if summary.deferred else "")
    if summary.changes or summary.steps:
        return f"{label}: {_changes(summary, style)}. {rest}"
    if not may_run:
        return f"{label}. {rest}"
    nothing = style.paint("Nothing to write yet.", "step") if summary.deferred else style.paint("No changes.", "good")
    return f"{nothing} {rest}"


def _changes(summary: Summary, style: Style) -> str:
    parts = [
        style.paint(f"{summary.create:,} to create", "create" if summary.create else "faint"),
        style.paint(f"{summary.update:,} to update", "update" if summary.update else "faint"),
        style.paint(f"{summary.delete:,} to delete", "delete" if summary.delete else "faint"),
    ]
    steps = f" ({plural(summary.steps, 'extra step')})" if summary.steps else ""
    return f"{', '.join(parts)}{steps}{_reverts(summary, style)}"


def _reverts(summary: Summary, style: Style) -> str:
    if not summary.reverts:
        return ""
    reverts = "1 reverts a change" if summary.reverts == 1 else f"{summary.reverts:,} revert changes"
    return f", of which {style.paint(f'{reverts} made directly in AWS', 'warning')}"


def environment_lines(plan: Plan, style: Style) -> Iterator[str]:
    """Yield the counts of each environment and region, where a plan covers several; also those without changes."""
    groups: dict[str, list[TargetPlan]] = {}
    for target in plan.targets:
        groups.setdefault(site_name(target.target), []).append(target)
    for name, targets in groups.items() if len(groups) > 1 else ():
        summary = summarise(targets)
        parts = [_changes(summary, style)] if summary.changes or summary.steps else []
        parts += [f"{summary.deferred:,} deferred"] if summary.deferred else []
        yield f"  {printable(name)}: {', '.join(parts) or style.paint('no changes', 'good')}"


def _remaining(summary: Summary) -> str:
    text = f"{summary.unchanged:,} unchanged"
    if summary.unselected:
        text += f", {summary.unselected:,} not selected"
    if summary.ignored:
        text += f", {summary.ignored:,} ignored"
    if summary.unmanaged:
        text += f", {summary.unmanaged:,} in no manifest"
    if summary.unmanaged_methods:
        text += f" ({_unmanaged_methods(summary)})"
    return f"{text}."


def _unmanaged_methods(summary: Summary) -> str:
    integrations = summary.unmanaged_integrations
    methods = summary.unmanaged_methods - integrations
    parts = [plural(methods, "method")] if methods else []
    parts += [plural(integrations, "integration")] if integrations else []
    return f"{' and '.join(parts)} that no manifest lists"
