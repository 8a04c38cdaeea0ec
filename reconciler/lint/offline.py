"""Check the desired state by itself, without AWS.

`lint` reports every violation at once. Unset fields and responses declared absent are not checked, except for
contradictions.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial
from typing import Final, TypeAlias

from reconciler.diagnostics import Diagnostic, Location
from reconciler.lint.handling import unknown_handling
from reconciler.lint.overlaps import overlap_violations
from reconciler.lint.patterns import pattern_violations
from reconciler.lint.template_texts import text_violations
from reconciler.lint.violations import DEFAULT_SEVERITIES, SeverityOverrides, Violation, diagnose
from reconciler.lint.websocket_offline import websocket_violations
from reconciler.mapping.delivered_headers import DROPPED_HEADERS, REMAPPED_HEADERS, REMAPPED_PREFIX
from reconciler.mapping.expressions import Mistake, Static, read_key, read_value, shown
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.responses import RestResponse
from reconciler.models.views import rest_responses
from reconciler.rules import LintRule
from reconciler.suggest import limited_suggestions
from reconciler.wording import did_you_mean

LARGEST_TEMPLATE: Final = 300 * 1024
"""Bytes. The Developer Guide's quota says 300 KB and not which K: the larger one, so that nothing valid is refused."""

LARGEST_HEADERS: Final = 10_240
"""Bytes of all headers (Developer Guide, quotas)."""

_SILENCEABLE: Final = frozenset(rule.id for rule in LintRule if rule.silenceable)
_STATUS: Final = re.compile("[1-5][0-9]{2}")
# AWS refuses `123` (recorded answers); what else it refuses is unknown, so only a missing type or subtype is reported.
_CONTENT_TYPE: Final = re.compile(r"[^\s/;]+/[^\s/;]+\s*(?:;.*)?")


Bodies: TypeAlias = Callable[[], Sequence[object]]
"""Returns what backends answer, as JSON values; called only if that matters, because they may be in files."""


def no_bodies() -> Sequence[object]:
    """Return what backends answer where nobody knows."""
    return ()


def lint(
    desired: Desired, grades: SeverityOverrides = DEFAULT_SEVERITIES, bodies: Bodies = no_bodies
) -> tuple[Diagnostic, ...]:
    """Return every violation in the desired state of one API, in file order.

    `bodies` are those of the backends in the manifest's tests: what a condition reads there may be a boolean.
    """
    with limited_suggestions():
        found = (violation for violation in _violations(desired) if not _reads_boolean(violation, bodies))
        return diagnose(desired, found, grades)


def _reads_boolean(violation: Violation, bodies: Bodies) -> bool:
    if not violation.reads:
        return False
    from reconciler.lint.templates.paths import has_boolean  # noqa: PLC0415 - by now the parser is imported

    return any(has_boolean(path, body) for body in bodies() for path in violation.reads)


def _violations(desired: Desired) -> Iterator[Violation]:
    for key, wanted in rest_responses(desired):
        if not _STATUS.fullmatch(key.code):
            yield Violation(LintRule.STATUS_CODE, key, f"{key.code} is not a status code")
        if wanted.response_parameters:
            yield from _parameters(key, wanted)
        if wanted.response_templates:
            yield from _templates(key, wanted)
        if wanted.content_handling:
            yield from _content_handling(key, wanted)
        if wanted.selection_pattern:
            yield from _pattern(key, wanted.selection_pattern)
    yield from _duplicates(desired)
    yield from overlap_violations(desired)
    yield from websocket_violations(desired)
    yield from _contradictions(desired)
    yield from _unknown_allowances(desired)


def _parameters(key: ResponseKey, wanted: RestResponse) -> Iterator[Violation]:
    spellings: dict[str, str] = {}
    size = 0
    for parameter, value in wanted.response_parameters.items():
        path = f"responseParameters.{parameter}"
        header, source = read_key(parameter), read_value(value)
        if isinstance(source, Mistake):
            yield Violation(LintRule.PARAMETER_VALUE, key, source.message, path, source.remedy)
        if isinstance(header, Mistake):
            yield Violation(LintRule.PARAMETER_KEY, key, header.message, path, header.remedy)
            continue
        if isinstance(source, Static):
            size += len(header) + _bytes(source.text)
        yield from _delivery(key, path, header)
        first = spellings.setdefault(header.lower(), header)
        if first != header:
            yield Violation(LintRule.REPEATED_HEADER, key, f"header {header} is mapped twice, first as {first}", path)
    if size > LARGEST_HEADERS:
        message = f"the static headers have {size:,} bytes; API Gateway delivers {LARGEST_HEADERS:,} at most"
        yield Violation(LintRule.HEADER_SIZE, key, message, "responseParameters")


def _delivery(key: ResponseKey, path: str, header: str) -> Iterator[Violation]:
    name = header.lower()
    if name in REMAPPED_HEADERS:
        yield Violation(
            LintRule.REMAPPED_HEADER, key, f"clients get header {header} as {REMAPPED_PREFIX}{header}", path
        )
    elif name in DROPPED_HEADERS:
        yield Violation(LintRule.DROPPED_HEADER, key, f"clients never get header {header}", path)


def _templates(key: ResponseKey, wanted: RestResponse) -> Iterator[Violation]:
    for content_type, template in wanted.response_templates.items():
        path = f"responseTemplates.{content_type}"
        if not _is_content_type(content_type):
            yield Violation(LintRule.CONTENT_TYPE, key, f"{shown(content_type)} is not a content type", path)
        # A character has at most 4 bytes, so short templates need not be encoded to be measured
        if 4 * len(template) > LARGEST_TEMPLATE and (size := _bytes(template)) > LARGEST_TEMPLATE:
            message = f"the template has {size:,} bytes; API Gateway accepts {LARGEST_TEMPLATE:,}"
            yield Violation(LintRule.TEMPLATE_SIZE, key, message, path)
        yield from text_violations(key, template, path, wanted.response_parameters)


@lru_cache(maxsize=256)
def _bytes(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))


@cache
def _is_content_type(text: str) -> bool:
    return _CONTENT_TYPE.fullmatch(text) is not None


def _content_handling(key: ResponseKey, wanted: RestResponse) -> Iterator[Violation]:
    yield from unknown_handling(key, wanted)
    if wanted.content_handling == "CONVERT_TO_BINARY" and any(wanted.response_templates.values()):
        message = "a template with CONVERT_TO_BINARY: clients get a 500"
        yield Violation(LintRule.BINARY_TEMPLATE, key, message, "contentHandling")


def _pattern(key: ResponseKey, pattern: str) -> Iterator[Violation]:
    path = "selectionPattern"
    yield from pattern_violations(key, pattern, f"selection pattern {shown(pattern)}", path)
    if pattern == "-":
        yield Violation(LintRule.DASH_PATTERN, key, "AWS does not keep the selection pattern `-`", path)
    if pattern == "default":
        message = "AWS exports the default response with the pattern `default`"
        yield Violation(LintRule.DEFAULT_PATTERN, key, message, path)


def _duplicates(desired: Desired) -> Iterator[Violation]:
    holders: defaultdict[Scope, dict[str, ResponseKey]] = defaultdict(dict)
    places = cache(partial(desired.origin, path="selectionPattern"))
    for key, wanted in rest_responses(desired):
        if not desired.owns_field(key, "selectionPattern"):
            continue  # its owner chooses the pattern
        pattern = wanted.selection_pattern
        first = holders[key.scope].setdefault(pattern, key)
        if first != key:
            yield _duplicate(places(first), first, key, pattern)


def _duplicate(place: Location | None, first: ResponseKey, second: ResponseKey, pattern: str) -> Violation:
    suffix = f" ({place})" if place else ""
    both = f"has the selection pattern {shown(pattern)}" if pattern else "is the default response (no selectionPattern)"
    return Violation(
        LintRule.DUPLICATE_PATTERN, second, f"{second} {both}, as {first.code} already is{suffix}", "selectionPattern"
    )


def _contradictions(desired: Desired) -> Iterator[Violation]:
    for key in desired.protected:
        if desired.responses.get(key) is ABSENT:
            yield Violation(LintRule.PROTECTED_ABSENT, key, f"{key} is protected and declared absent", "protect")


def _unknown_allowances(desired: Desired) -> Iterator[Violation]:
    texts: dict[str, tuple[str, str]] = {}
    for key, allowed in desired.allowed.items():
        for name in sorted(allowed - _SILENCEABLE):
            if name not in texts:
                texts[name] = _unknown_allowance(name)
            message, remedy = texts[name]
            yield Violation(LintRule.UNKNOWN_RULE, key, message, "allow", remedy)


def _unknown_allowance(name: str) -> tuple[str, str]:
    """Return message and remedy."""
    message = f"{name} cannot be silenced" if name in list(LintRule) else f"there is no rule {shown(name)} to allow"
    return message, did_you_mean(name, _SILENCEABLE, "")
