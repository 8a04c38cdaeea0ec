"""Integration responses and method responses, in normal form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

FieldValue: TypeAlias = str | Mapping[str, str] | None

EMPTY: Final[Mapping[str, str]] = MappingProxyType({})


def _empty() -> Mapping[str, str]:
    return EMPTY


@dataclass(frozen=True, slots=True)
class RestResponse:
    """An integration response of a REST API.

    `selection_pattern` "" is the default response. A template "" means that the body passes through unmapped; a
    content type without an entry is another thing (at run time AWS treats the two differently). Maps are
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
        """The fields that are set, under AWS's own names: what plans and digests show."""
        return {
            name: value if isinstance(value, str) else dict(value) for name, value in self.fields().items() if value
        }


@dataclass(frozen=True, slots=True)
class MethodResponse:
    """What a method declares for a status: the full names (`method.response.header.X`) that may be mapped."""

    parameters: frozenset[str] = frozenset()
