"""Fields by path: the values of a document, patterns of `own` and ignore rules, and responses made of two sides.

A field is named by its path, `selectionPattern` or `responseTemplates.application/json`. `*` in a pattern is
any text, dots included; a pattern that fits a field's name fits its whole map. Pure.
"""

from collections.abc import Callable, Iterable, Mapping

from reconciler.globs import text_fits
from reconciler.models.responses import FieldValue, Response, RestResponse, WebSocketResponse


def values_by_path(document: Mapping[str, FieldValue]) -> dict[str, str]:
    """Return the texts of a document by path: `name`, or `name.key` for an entry of a map."""
    values: dict[str, str] = {}
    for name, value in document.items():
        if isinstance(value, str):
            values[name] = value
        elif isinstance(value, Mapping):
            values.update({f"{name}.{key}": text for key, text in value.items()})
    return values


def fits(patterns: Iterable[str], path: str) -> bool:
    """Whether one of the patterns matches this field."""
    name = path.partition(".")[0]
    return any(text_fits(pattern, path) or text_fits(pattern, name) for pattern in patterns)


def carried(wanted: Response, live: Response, leaves: Callable[[str], bool]) -> Response:
    """Return the desired response with the live values of the fields that are left alone; both of one kind."""
    match wanted, live:
        case RestResponse(), RestResponse():
            return RestResponse(
                live.selection_pattern if leaves("selectionPattern") else wanted.selection_pattern,
                live.content_handling if leaves("contentHandling") else wanted.content_handling,
                _entries("responseParameters", wanted.response_parameters, live.response_parameters, leaves),
                _entries("responseTemplates", wanted.response_templates, live.response_templates, leaves),
            )
        case WebSocketResponse(), WebSocketResponse():
            return WebSocketResponse(
                live.template_selection_expression
                if leaves("templateSelectionExpression")
                else wanted.template_selection_expression,
                live.content_handling_strategy
                if leaves("contentHandlingStrategy")
                else wanted.content_handling_strategy,
                _entries("responseParameters", wanted.response_parameters, live.response_parameters, leaves),
                _entries("responseTemplates", wanted.response_templates, live.response_templates, leaves),
            )
        case _:
            raise TypeError(f"{wanted} and {live} are of two kinds")


def _entries(
    name: str, wanted: Mapping[str, str], live: Mapping[str, str], leaves: Callable[[str], bool]
) -> dict[str, str]:
    """Merge the desired entries with the live ones that are left alone, sorted by key."""
    kept = {key: value for key, value in wanted.items() if not leaves(f"{name}.{key}")}
    left = {key: value for key, value in live.items() if leaves(f"{name}.{key}")}
    return dict(sorted((kept | left).items()))
