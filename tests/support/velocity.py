"""Templates parsed and rendered in one call, with plain Python values for variables."""

from collections.abc import Mapping

import pytest

from reconciler.mapping.java.budget import Budget
from reconciler.mapping.java.values import JavaMap, JsonArray, Value
from reconciler.mapping.rendering import TemplateFault
from reconciler.mapping.velocity.source import TemplateSyntaxError
from reconciler.mapping.velocity.template import RenderedTemplate, parse


def to_java(value: object) -> Value:
    """Return a value of JSON as a template sees it; null is the empty text, as `#set` leaves it."""
    if isinstance(value, Mapping):
        return JavaMap({key: to_java(item) for key, item in value.items()})
    if isinstance(value, list):
        return JsonArray(map(to_java, value))
    assert value is None or isinstance(value, str | int | float)
    return "" if value is None else value


def rendered(template: str, **variables: object) -> RenderedTemplate:
    """Render a template, whatever comes of it."""
    return parse(template).render({name: to_java(value) for name, value in variables.items()}, Budget())


def output(template: str, **variables: object) -> str:
    """Return what a template prints."""
    result = rendered(template, **variables)
    assert result.fault is None
    return result.output


def fault_of(template: str, **variables: object) -> TemplateFault:
    """Return why a template fails."""
    fault = rendered(template, **variables).fault
    assert fault is not None
    return fault


def syntax_error(template: str) -> tuple[str, int, int]:
    """Return why a template does not parse: message, line, column."""
    with pytest.raises(TemplateSyntaxError) as caught:
        parse(template)
    return caught.value.message, caught.value.line, caught.value.column
