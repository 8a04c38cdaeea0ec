"""Check the templates of a response: what editors and merges leave behind, and what `templates` finds."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from reconciler.conflict_markers import conflict_line
from reconciler.lint.templates.plain import is_plain
from reconciler.lint.violations import Violation
from reconciler.models.keys import ResponseKey
from reconciler.rules import LintRule

if TYPE_CHECKING:
    from reconciler.lint.templates.findings import TemplateFinding

_MOST_TEXTS: Final = 20_000
_BYTE_ORDER_MARK: Final = "\ufeff"
_JSON: Final = re.compile(r"\s*(?:application/json|\S+\+json)\s*(?:;.*)?", re.IGNORECASE | re.DOTALL)
_BEGINS_AS_JSON: Final = re.compile(r"(?:\s|##.*+\n|#set\(.*+\n)*+(?:\{\s*+[\"}#]|\[\s*+[\[{\]\"#])")


def text_violations(key: ResponseKey, template: str, path: str, headers: Iterable[str] = ()) -> Iterator[Violation]:
    """Yield the violations in the text of a template at `path`, the field with the key of the template.

    `headers` are those that the response sets: with a `Content-Type` of its own, it does not have to give JSON.
    """
    if template.startswith(_BYTE_ORDER_MARK):
        yield Violation(LintRule.TEMPLATE_BOM, key, "the template begins with a byte order mark (U+FEFF)", path)
    line = conflict_line(template)
    if line is not None:
        message = f"unresolved merge conflict in line {line} of the template"
        yield Violation(LintRule.MERGE_CONFLICT, key, message, path)
        return
    has_type = any(header.lower().endswith(".content-type") for header in headers)
    is_json = not has_type and _is_json(path.partition(".")[2], template.removeprefix(_BYTE_ORDER_MARK))
    for found in _findings(template, is_json=is_json):
        inside = found.line, found.column
        yield Violation(found.rule, key, found.message, path, found.remedy, inside, found.reads)


@lru_cache(maxsize=_MOST_TEXTS)
def _findings(template: str, *, is_json: bool) -> "tuple[TemplateFinding, ...]":
    if is_plain(template.removeprefix(_BYTE_ORDER_MARK), is_json=is_json):
        return ()
    from reconciler.lint.templates.check import template_findings  # noqa: PLC0415 - few manifests need the parser

    return template_findings(template, is_json=is_json)


def _is_json(key: str, template: str) -> bool:
    """Whether a template has to give JSON: by its content type; keys of WebSocket APIs are any names."""
    return (_JSON.fullmatch(key) if "/" in key else _BEGINS_AS_JSON.match(template)) is not None
