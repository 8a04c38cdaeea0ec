"""test --live: how AWS's answers differ from the offline ones, and why."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from reconciler.engine.response_tests.compare import Difference
from reconciler.engine.response_tests.live_causes import Cause, LiveDifference
from reconciler.engine.response_tests.live_result import LiveOutcome, LiveResult
from reconciler.engine.response_tests.results import ResponseTestResult
from reconciler.models.targets import Target
from reconciler.render.style import Style, Tone, plural, printable
from reconciler.render.values import difference_lines, is_short
from reconciler.views.response_differences import difference_report, value_lines, value_text

if TYPE_CHECKING:
    from reconciler.engine.response_tests.live import LivePlan

_TONES: Final[dict[LiveOutcome, Tone]] = {
    "passed": "good",
    "failed": "error",
    "unknown": "warning",
    "skipped": "faint",
}


_GRAVEST_FIRST: Final[tuple[Cause, ...]] = ("reconciler", "draft", "backend", "unknown", "context")


def live_notice(plan: "LivePlan") -> Iterator[str]:
    """Yield, before anything is called, which APIs get how many calls."""
    for target, count in plan.counts.items():
        yield f"Sending {plural(count, 'test call')} to the real backends of {printable(_api(target))}."


def live_counts(results: Iterable[ResponseTestResult], style: Style) -> str:
    """Return how many tests passed live, as in `; live: 2 passed, 1 skipped`; "" without live results."""
    numbers: Counter[LiveOutcome] = Counter(live.outcome for result in results for live in result.live)
    parts = [style.paint(f"{numbers[word]:,} {word}", tone) for word, tone in _TONES.items() if numbers[word]]
    return f"; live: {', '.join(parts)}" if parts else ""


def live_details(result: ResponseTestResult, style: Style) -> Iterator[str]:
    """Yield what AWS answers differently in each region; in full, also of tests that passed or were skipped."""
    for live in result.live:
        if live.outcome in {"failed", "unknown"} or style.full:
            yield f"{style.paint(f'live {live.outcome}', _TONES[live.outcome])}{printable(_place(live))}"
            yield from (f"    {line}" for line in _lines(live, style))


def _place(live: LiveResult) -> str:
    where = f" in {_api(live.target)}" if live.target else ""
    return f"{where}: {live.why}" if live.why else where


def _api(target: Target) -> str:
    name = f" ({target.api_name})" if target.api_name else ""
    environment = f", environment {target.environment}" if target.environment else ""
    return f"REST API {target.api_id}{name}, account {target.account_id}, {target.region}{environment}"


def _lines(live: LiveResult, style: Style) -> Iterator[str]:
    for (cause, why), differences in _by_cause(live.differences).items():
        yield f"{style.paint(cause, 'strong')}: {printable(why)}"
        for difference in differences:
            yield from (f"    {line}" for line in _difference(difference, style))
    for unexpected in _unexplained(live):
        yield from difference_report(unexpected, style)
    for what, why in live.comparison.unknown:
        yield f"{printable(what)} is unknown: {printable(why)}"


def _by_cause(differences: Iterable[LiveDifference]) -> dict[tuple[str, str], list[LiveDifference]]:
    """Group differences by cause and reason, the gravest cause first."""
    grouped: dict[tuple[str, str], list[LiveDifference]] = {}
    for difference in sorted(differences, key=lambda difference: _GRAVEST_FIRST.index(difference.cause)):
        grouped.setdefault((difference.cause, difference.why), []).append(difference)
    return grouped


def _unexplained(live: LiveResult) -> Iterator[Difference]:
    """Yield what the test does not expect although AWS and the offline pipeline agree."""
    explained = {difference.path.lower() for difference in live.differences}
    return (difference for difference in live.comparison.differences if difference.path.lower() not in explained)


def _difference(difference: LiveDifference, style: Style) -> Iterator[str]:
    title = style.paint(printable(difference.path), "strong")
    offline, live = (value_text(value, difference.path) for value in (difference.offline, difference.live))
    if is_short(offline) and is_short(live):
        yield f"{title}: offline {printable(offline)}, AWS {printable(live)}"
    else:
        yield f"{title} ({style.paint('- offline', 'delete')}, {style.paint('+ AWS', 'create')}):"
        before, after = value_lines(difference.offline), value_lines(difference.live)
        yield from (f"    {line}" for line in difference_lines(before, after, style))
    if difference.cause == "reconciler" and difference.replayed != difference.offline:
        replayed = printable(value_text(difference.replayed, difference.path))
        yield f"    reconciler gives {replayed} for what the backend answered"


def live_briefs(result: ResponseTestResult) -> Iterator[str]:
    """Yield what is wrong in AWS, each in one line, a long body as a word."""
    for live in result.live:
        if live.outcome in {"failed", "unknown"}:
            causes = dict.fromkeys(difference.cause for difference in live.differences)
            paths = dict.fromkeys(
                (*(each.path for each in live.differences), *(each.path for each in _unexplained(live)))
            )
            what = live.why or f"{', '.join(paths)} ({', '.join(causes) or 'as offline'})"
            yield f"live {live.outcome}: {what}"
