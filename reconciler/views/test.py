"""test: what clients would get that tests do not expect, and what cannot be known."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from reconciler.engine.response_tests.compare import Outcome
from reconciler.engine.response_tests.results import ResponseTestResult
from reconciler.engine.response_tests.run import ResponseTestRun
from reconciler.errors import ExitCode
from reconciler.mapping.answer.answer import AnswerError
from reconciler.models.keys import ResponseKey
from reconciler.render.remarks import Remark
from reconciler.render.sections import Report, ReportEntry, Section, grouped, section_lines
from reconciler.render.style import Style, Tone, file_line, plural, printable
from reconciler.rules import ResultRule
from reconciler.views.live_tests import live_briefs, live_counts, live_details
from reconciler.views.problems import (
    diagnostic_lines,
    diagnostic_remarks,
    error_lines,
    explain_lines,
    manifest_suite,
    warning_groups,
)
from reconciler.views.response_coverage import coverage_sections
from reconciler.views.response_differences import difference_report, headline
from reconciler.views.view import Renderings, ReportParts, renderings

if TYPE_CHECKING:
    from reconciler.render.junit import Case, Suite

_TONES: Final[dict[Outcome, Tone]] = {"passed": "good", "failed": "error", "unknown": "warning"}
_PLAIN: Final = Style()
_BODY: Final = "body"

Results = Sequence[ResponseTestResult]
"""The results of one test that are alike in several environments."""


def response_tests_view(run: ResponseTestRun, key: str, style: Style) -> Renderings:
    """Offer the results of tests in every format; `key` names the environments that were asked for."""
    return renderings(
        lambda: response_tests_text(run, style),
        lambda: response_tests_json(run),
        lambda: response_tests_parts(run, key),
    )


def response_tests_text(run: ResponseTestRun, style: Style) -> str:
    """Return the tests that have not passed, what is not covered, the problems and the summary.

    When quiet: errors and the summary, and "" if all have passed.
    """
    if style.quiet and run.exit_code is ExitCode.OK:
        return ""
    blocks: list[list[str]] = []
    if not style.quiet:
        blocks += ([*section_lines(section)] for section in _coverage(run, style))
        blocks += ([*section_lines(replace(section, title=line))] for section, line in _documents(run, style))
    problems = [diagnostic for diagnostic in run.diagnostics if diagnostic.is_error or not style.quiet]
    explained = [*diagnostic_lines(problems, style), *explain_lines(problems, style)]
    blocks += [[*explained, *_written_lines(run), _summary(run, style)]]
    return "\n".join(_spaced(blocks))


def _spaced(blocks: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of all blocks, with an empty line around each block of several lines."""
    for number, block in enumerate(blocks):
        if number and (len(block) > 1 or len(blocks[number - 1]) > 1):
            yield ""
        yield from block


def response_tests_json(run: ResponseTestRun) -> str:
    """Return the results for programs."""
    from reconciler.documents.parts import dumped  # noqa: PLC0415 - only JSON needs it
    from reconciler.engine.response_tests.document import document_of_run  # noqa: PLC0415

    return dumped(document_of_run(run))


def response_tests_report(run: ResponseTestRun, style: Style) -> Report:
    """Return the results as a report."""
    documents = tuple(_documents(run, style))
    return Report(
        verdict="passed" if run.exit_code is ExitCode.OK else "failed",
        summary=_summary(run, style),
        sections=(*(section for section, _ in documents if section.groups), *_coverage(run, style)),
        problems=error_lines(run.diagnostics, style),
        warnings=warning_groups(run.diagnostics, style),
        notes=(*(line for _, line in documents), *_written_lines(run)),
    )


def response_tests_parts(run: ResponseTestRun, key: str) -> ReportParts:
    """Return what the formats for other tools are made of."""
    return ReportParts(
        "test",
        key,
        lambda style: response_tests_report(run, style),
        lambda: [*_remarks(run), *diagnostic_remarks(run.diagnostics)],
        lambda: [*_suites(run), manifest_suite(run.diagnostics)],
        is_complete=not run.not_run,
    )


def _documents(run: ResponseTestRun, style: Style) -> Iterator[tuple[Section, str]]:
    """Yield the tests of each document that have not passed (in full, all), and a line with its name and counts."""
    for (file, name), members in groupby(run.results, key=_document):
        results = list(members)
        shown = [
            alike for alike in _alike(results) if alike[0].outcome != "passed" or (style.full and not style.marked)
        ]
        groups = grouped(shown, lambda alike: str(alike[0].ready.test.scope), lambda alike: _entry(alike, style), style)
        title = f"{style.paint(printable(name), 'strong')} ({printable(file)})"
        yield Section(title, groups), f"{title}: {_counts(results, style)}{live_counts(results, style)}"


def _document(result: ResponseTestResult) -> tuple[str, str]:
    document = result.ready.source.document
    return document.places.file, document.name


def _counts(results: Results, style: Style) -> str:
    numbers: Counter[Outcome] = Counter(result.comparison.result for result in results)
    return ", ".join(style.paint(f"{numbers[word]:,} {word}", tone) for word, tone in _TONES.items() if numbers[word])


def _alike(results: Results) -> Iterator[Results]:
    """Yield the results of each test, those together that are alike in several environments."""
    for _, members in groupby(results, key=lambda result: result.ready.source.location):
        alike: list[list[ResponseTestResult]] = []
        for result in members:
            same = next((others for others in alike if _is_alike(others[0], result)), None)
            if same is None:
                alike.append([result])
            else:
                same.append(result)
        yield from alike


def _is_alike(one: ResponseTestResult, other: ResponseTestResult) -> bool:
    return one.comparison == other.comparison and one.answer.error == other.answer.error and one.live == other.live


def _entry(alike: Results, style: Style) -> ReportEntry:
    first = alike[0]
    result = first.outcome
    name = printable(f"{first.ready.source.test.name}{_environments(alike)}")
    line = (
        f"{style.paint(result, _TONES[result])}  {name}  {style.paint(file_line(first.ready.source.location), 'faint')}"
    )
    return ReportEntry(line, tuple(_details(first, style)), result, len(alike))


def _environments(alike: Results) -> str:
    names = ", ".join(each.ready.environment for each in alike if each.ready.environment)
    return f" [{names}]" if names else ""


def _details(result: ResponseTestResult, style: Style) -> Iterator[str]:
    """Yield what differs, what is unknown and why it is so; the body last, which may be long."""
    differences = result.comparison.differences
    for difference in differences:
        if difference.path != _BODY:
            yield from difference_report(difference, style)
    for what, why in result.comparison.unknown:
        yield f"{printable(what)} is unknown: {printable(why)}"
    yield from map(printable, _reason_lines(result))
    for difference in differences:
        if difference.path == _BODY:
            yield from difference_report(difference, style)
    yield from live_details(result, style)


def _reason_lines(result: ResponseTestResult) -> Iterator[str]:
    """Yield why another response is selected, and why API Gateway answers with an error of its own."""
    paths = {difference.path for difference in result.comparison.differences}
    selected = next((each for each in result.answer.considered if each.is_selected), None)
    if selected and not paths.isdisjoint({"status", "selected"}):
        yield f"{selected.key} is selected: it {selected.why}"
    error = result.answer.error
    if error and result.comparison.result != "passed":
        place = _place_in_template(result, error) if error.line else ""
        yield f"API Gateway answers with its own error: {error.why}{place}"


def _place_in_template(result: ResponseTestResult, error: AnswerError) -> str:
    answer, ready = result.answer, result.ready
    if isinstance(answer.selected, str) and answer.template is not None:
        key = ResponseKey(ready.test.scope, answer.selected)
        place = ready.desired.place_inside(key, f"responseTemplates.{answer.template}", error.line, error.column)
        if place:
            return f" ({place})"
    return f" (line {error.line}, column {error.column} of the template)"


def _coverage(run: ResponseTestRun, style: Style) -> Iterator[Section]:
    """Yield what the tests do not reach; nothing if only some of the tests were to run."""
    return iter(()) if run.options.only else coverage_sections(run.coverage, style)


def _written_lines(run: ResponseTestRun) -> Iterator[str]:
    """Yield the files that an update has written."""
    if run.options.update:
        yield from (f"Wrote {printable(file)}." for file in run.written)
        if not run.written:
            yield "No file changed."


def _summary(run: ResponseTestRun, style: Style) -> str:
    """The last line: `Passed: 12 tests; they cover 80 % of ...`."""
    is_fine = run.exit_code is ExitCode.OK
    if is_fine and not run.results:
        return "No response test was found."
    verdict = style.paint("Passed", "good") if is_fine else style.paint("Failed", "error")
    counted = plural(len(run.results), "test") if is_fine else _numbers(run)
    percent = run.coverage.percent
    covered = f" Coverage: {percent}%." if percent is not None and not run.options.only else ""
    return f"{verdict}: {counted}{live_counts(run.results, _PLAIN)}.{covered}"


def _numbers(run: ResponseTestRun) -> str:
    numbers: Counter[Outcome] = Counter(result.comparison.result for result in run.results)
    parts = [f"{numbers[word]:,} {word}" for word in _TONES if numbers[word]]
    if run.not_run:
        parts.append(f"{run.not_run:,} not run")
    errors = sum(diagnostic.is_error for diagnostic in run.diagnostics)
    if errors:
        parts.append(plural(errors, "error"))
    return ", ".join(parts)


def _remarks(run: ResponseTestRun) -> Iterator[Remark]:
    """Yield a remark at the line of each test that has not passed."""
    for alike in _alike(run.results):
        first = alike[0]
        if first.outcome == "passed":
            continue
        source = first.ready.source
        rule = ResultRule.TEST_FAILED if first.outcome == "failed" else ResultRule.TEST_UNKNOWN
        message = f"{source.title}{_environments(alike)}: {_headline(first)}"
        yield Remark("error", rule, message, "", source.location, source.title)


def _headline(result: ResponseTestResult) -> str:
    """Return what is wrong in one line, a long body as a word."""
    comparison = result.comparison
    parts = [headline(difference) for difference in comparison.differences]
    parts += [f"{what} is unknown: {why}" for what, why in comparison.unknown]
    parts += _reason_lines(result)
    parts += live_briefs(result)
    return "; ".join(parts)


def _suites(run: ResponseTestRun) -> "Iterator[Suite]":
    """Yield a suite for each document and environment."""
    from reconciler.render.junit import Suite  # noqa: PLC0415 - only JUnit needs it

    suites: dict[str, list[Case]] = {}
    for result in run.results:
        suites.setdefault(_suite(result), []).append(_case(result))
    return (Suite(name, cases) for name, cases in suites.items())


def _suite(result: ResponseTestResult) -> str:
    environment = result.ready.environment
    return f"{result.ready.source.document.name} ({environment})" if environment else result.ready.source.document.name


def _case(result: ResponseTestResult) -> "Case":
    from reconciler.render.junit import Case  # noqa: PLC0415 - only JUnit needs it

    source = result.ready.source
    if result.outcome == "passed":
        return Case(source.test.name, location=source.location)
    rule = ResultRule.TEST_FAILED if result.outcome == "failed" else ResultRule.TEST_UNKNOWN
    return Case(
        source.test.name, "failed", _headline(result), rule, list(_details(result, Style(full=True))), source.location
    )
