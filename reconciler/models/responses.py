"""Integration responses and method responses, in normal form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

FieldValue: TypeAlias = str | Mapping[str, str] | None

CONTENT_HANDLINGS: Final = ("CONVERT_TO_BINARY", "CONVERT_TO_TEXT")
"""The values of `contentHandling` and `contentHandlingStrategy` (service models); AWS may add others."""

EMPTY: Final[Mapping[str, str]] = MappingProxyType({})


def _empty() -> Mapping[str, str]:
    return EMPTY


@dataclass(frozen=True, slots=True)
class RestResponse:
    """An integration response of a REST API.

    `selection_pattern` "" is the default response. A template "" passes the body through unmapped, which
    is not the same as no entry for the content type (AWS treats the two differently at run time). Maps are
    sorted by key.
    """

    selection_pattern: str = ""
    content_handling: str | None = None
    response_parameters: Mapping[str, str] = field(default_factory=_empty)
    response_templates: Mapping[str, str] = field(default_factory=_empty)

    def fields(self) -> dict[str, FieldValue]:
        """Every field under AWS's own name, unset ones included."""
        return {
            "selectionPattern": self.selection_pattern,
            "contentHandling": self.content_handling,
            "responseParameters": self.response_parameters,
            "responseTemplates": self.response_templates,
        }

    def document(self) -> dict[str, FieldValue]:
        """The fields that are set, under AWS's own names, as plans and digests show them."""
        return _set_fields(self.fields())


@dataclass(frozen=True, slots=True)
class WebSocketResponse:
    """An integration response of a WebSocket API; its key is not part of it, nor is the id that AWS gives it.

    The keys of `response_templates` are what `template_selection_expression` selects among, not content types. Maps are
    sorted by key.
    """

    template_selection_expression: str = ""
    content_handling_strategy: str | None = None
    response_parameters: Mapping[str, str] = field(default_factory=_empty)
    response_templates: Mapping[str, str] = field(default_factory=_empty)

    def fields(self) -> dict[str, FieldValue]:
        """Every field under AWS's own name, unset ones included."""
        return {
            "templateSelectionExpression": self.template_selection_expression,
            "contentHandlingStrategy": self.content_handling_strategy,
            "responseParameters": self.response_parameters,
            "responseTemplates": self.response_templates,
        }

    def document(self) -> dict[str, FieldValue]:
        """The fields that are set, under AWS's own names."""
        return _set_fields(self.fields())


Response: TypeAlias = RestResponse | WebSocketResponse


def _set_fields(fields: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    return {name: value if isinstance(value, str) else dict(value) for name, value in fields.items() if value}


@dataclass(frozen=True, slots=True)
class MethodResponse:
    """A method's declaration of a status: the full names (`method.response.header.X`) that may be mapped.

    `models` are the names of its models, as one text; manifests do not manage them.
    """

    parameters: frozenset[str] = frozenset()
    models: str = ""
