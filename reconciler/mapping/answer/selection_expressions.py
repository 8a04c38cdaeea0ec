r"""Evaluate the template selection expressions of WebSocket APIs.

Static text with variables, `${request.body.path}` or `$request.body.path`, which are replaced once; `\$` stands for a
dollar sign (Developer Guide, "WebSocket selection expressions").
"""

import re
from typing import Final

from reconciler.mapping.answer.backends import IntegrationAnswer
from reconciler.mapping.answer.body_paths import value_at
from reconciler.mapping.answer.gateway_errors import GatewayFailure
from reconciler.mapping.answer.quoted import quoted
from reconciler.mapping.exchange import Exchange
from reconciler.mapping.java.budget import Budget
from reconciler.mapping.rendering import Unknown

_PART: Final = re.compile(r"\\\$|\$\{(?P<braced>[^}]*)\}|\$(?P<bare>[\w.\[\]-]*)|[^\\$]+|\\")
_VARIABLE: Final = re.compile(
    r"request\.body\.(?P<path>.+)|(?P<status>integration\.response\.statuscode)"
    r"|integration\.response\.(?P<origin>header|multivalueheader)\.(?P<name>.+)"
)


def evaluate(expression: str, exchange: Exchange, answer: IntegrationAnswer) -> str | Unknown:
    """Return the key that an expression produces."""
    key = ""
    for part in _PART.finditer(expression):
        variable = part["braced"] if part["braced"] is not None else part["bare"]
        text = _static(part[0]) if variable is None else _value(variable, exchange, answer)
        if isinstance(text, Unknown):
            return text
        key += text
    return key


def _static(text: str) -> str:
    return "$" if text == r"\$" else text


def _value(variable: str, exchange: Exchange, answer: IntegrationAnswer) -> str | Unknown:
    match = _VARIABLE.fullmatch(variable)
    if match is None:
        hint = r" (the key $default is written \$default)" if variable == "default" else ""
        return Unknown(f"templateSelectionExpression has the undocumented variable {quoted(variable)}{hint}")
    if match["status"]:
        return str(answer.status)
    if match["path"]:
        value = _from_request(match["path"], exchange)
    else:
        value = answer.header(match["name"], joined=match["origin"] == "multivalueheader")
    return Unknown(f"{variable} has no value, and what AWS does then is not documented") if value is None else value


def _from_request(path: str, exchange: Exchange) -> str | Unknown | None:
    try:
        return value_at(exchange.request.body, path, Budget())
    except GatewayFailure:
        return Unknown("which template AWS chooses for a request body that is not JSON is not documented")
