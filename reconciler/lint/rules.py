r"""The rules of the linter and of the checks against live state, in one table.

Promise: every rule has an id that stays, a severity that users may change, a sentence about what it means and one about
what to do. ERROR is for what AWS refuses and for what can never work, WARNING for the rest.

A rule that is not `silenceable` keeps planning sound: `allow:` and a changed severity have no effect on it. One that is
not `soft` stays an error also for responses that a plan leaves alone.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reconciler.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class LintRule:
    """One rule: `meaning` says what a breach is and does, `remedy` what to do about it."""

    id: str
    severity: Severity
    meaning: str
    remedy: str
    silenceable: bool = True
    soft: bool = True


_table: dict[str, LintRule] = {}


def _row(rule: LintRule) -> LintRule:
    _table[rule.id] = rule
    return rule


def _error(id_: str, meaning: str, remedy: str, *, silenceable: bool = True, soft: bool = True) -> LintRule:
    return _row(LintRule(id_, Severity.ERROR, meaning, remedy, silenceable, soft))


def _warning(id_: str, meaning: str, remedy: str) -> LintRule:
    return _row(LintRule(id_, Severity.WARNING, meaning, remedy))


STATUS_CODE: Final = _error(
    "status-code",
    "AWS takes status codes from 100 to 599 only.",
    "write three digits, the first from 1 to 5",
    silenceable=False,
    soft=False,
)
PARAMETER_KEY: Final = _error(
    "parameter-key",
    "A response parameter sets a header of the method response and nothing else; AWS refuses other keys.",
    "write `method.response.header.NAME`",
)
PARAMETER_VALUE: Final = _error(
    "parameter-value",
    "AWS refuses a mapping that is neither one of its expressions nor static text in single quotes.",
    "write an expression such as `integration.response.header.NAME`, or static text in single quotes, as in `\"'*'\"`",
)
REMAPPED_HEADER: Final = _warning(
    "remapped-header",
    "API Gateway takes the mapping and delivers the header as x-amzn-Remapped-NAME.",
    "use another header, or allow remapped-header if clients read the new name",
)
DROPPED_HEADER: Final = _error(
    "dropped-header",
    "API Gateway takes the mapping and never delivers the header.",
    "take the mapping away",
)
REPEATED_HEADER: Final = _warning(
    "repeated-header",
    "One header is mapped twice, in different case: clients see one name, and which value is not documented.",
    "keep one of them",
)
HEADER_SIZE: Final = _error(
    "header-size",
    "The response's own headers are larger than API Gateway delivers (10,240 bytes of names and values).",
    "shorten the static texts",
)
CONTENT_TYPE: Final = _error(
    "content-type",
    "AWS refuses a template for what is not a content type.",
    "write a content type such as `application/json`",
)
CONTENT_HANDLING: Final = _error(
    "content-handling",
    "AWS knows two content handlings, and the same two content handling strategies.",
    "write CONVERT_TO_TEXT or CONVERT_TO_BINARY, or leave contentHandling out",
)
UNKNOWN_CONTENT_HANDLING: Final = _warning(
    "unknown-content-handling",
    "The content handling is not known here. AWS may have added it since; a plan that would write it is refused.",
    "write CONVERT_TO_TEXT or CONVERT_TO_BINARY, unless AWS itself has this value",
)
BINARY_TEMPLATE: Final = _warning(
    "binary-template",
    "A template on a payload that was converted to binary is answered with 500.",
    "leave the template empty, or do not convert to binary",
)
TEMPLATE_SIZE: Final = _error(
    "template-size",
    "A mapping template may have 300 KB, in a WebSocket API 32,768 characters.",
    "make it smaller",
)
MERGE_CONFLICT: Final = _error(
    "merge-conflict",
    "A template holds the marks of a merge conflict that nobody resolved: clients would get both sides.",
    "keep one side, and take the marks away",
)
TEMPLATE_BOM: Final = _warning(
    "template-bom",
    "A template begins with a byte order mark: clients get it before everything else, and JSON parsers refuse it.",
    "save the file as UTF-8 without a byte order mark",
)
BROKEN_PATTERN: Final = _error(
    "broken-pattern",
    "The pattern is no regular expression that Java compiles: it can never match.",
    "correct the pattern; escape a special character with a backslash",
)
UNVERIFIED_PATTERN: Final = _warning(
    "unverified-pattern",
    "The pattern uses what is not checked here; it may be right.",
    "test it against the API, and allow unverified-pattern then",
)
PATTERN_WHITESPACE: Final = _warning(
    "pattern-whitespace",
    "The pattern begins or ends with white space, which has to match too.",
    "remove the white space",
)
DASH_PATTERN: Final = _error(
    "dash-pattern",
    "AWS has read the pattern - as the default and given back none, which is a difference for ever.",
    "leave selectionPattern out for the default response, or write `'[-]'`",
)
GLOB_PATTERN: Final = _warning(
    "glob-pattern",
    "The pattern is written as a glob, and read as a regular expression that has to match the whole text: `Invalid*` "
    "matches `Invali` and `Invaliddd`, and no `Invalid request`.",
    "write .* for any text",
)
DEFAULT_PATTERN: Final = _error(
    "default-pattern",
    "AWS exports the default response under the key `default`, so this pattern cannot be told from none: what a stage "
    "serves cannot be compared, and an import of the export makes it the default response.",
    "leave selectionPattern out for the default response, or write `'[d]efault'`",
)
DOUBLED_BACKSLASH: Final = _warning(
    "doubled-backslash",
    r"A doubled backslash matches a backslash: \\d is not a digit, so the pattern does not match what it seems to.",
    "write one backslash; YAML needs two in double quotes only",
)
DUPLICATE_PATTERN: Final = _error(
    "duplicate-pattern",
    "A selection pattern, and the place of the default, belong to one response of a method; AWS refuses a second.",
    "give one of them another pattern, or join both conditions under one status with |",
    silenceable=False,
    soft=False,
)
PROTECTED_ABSENT: Final = _error(
    "protected-absent",
    "A response is protected from deletion and declared absent at once.",
    "take away one of the two",
    silenceable=False,
    soft=False,
)
UNKNOWN_RULE: Final = _error(
    "unknown-rule",
    "An allow: names what is no rule, or a rule that keeps planning sound: it silences nothing.",
    "name the rule that stands in brackets in the message",
    silenceable=False,
    soft=False,
)
RESPONSE_KEY: Final = _error(
    "response-key",
    "A response of a WebSocket API is selected by $default or by a regular expression between slashes.",
    "write `$default`, or a regular expression between slashes such as `/404/`",
    silenceable=False,
    soft=False,
)
PARAMETER_SIZE: Final = _error(
    "parameter-size",
    "The value of a response parameter of a WebSocket API may have 512 characters.",
    "make it shorter",
)
WEBSOCKET_PARAMETERS: Final = _warning(
    "websocket-parameters",
    "What becomes of response parameters in a WebSocket API is not documented: its messages have no headers.",
    "remove them, and shape the message with responseTemplates",
)
UNSELECTED_TEMPLATE: Final = _warning(
    "unselected-template",
    "The template selection expression is a static text, so one template is selected always and the others never.",
    "take the template away, or select by a variable such as ${integration.response.statuscode}",
)

UNKNOWN_PATH: Final = _error(
    "unknown-path",
    "The API has no resource of that path.",
    "correct the path, or create the resource first",
    silenceable=False,
    soft=False,
)
UNKNOWN_METHOD: Final = _error(
    "unknown-method",
    "The resource has no such method.",
    "correct the method, or create it first",
    silenceable=False,
    soft=False,
)
NO_INTEGRATION: Final = _error(
    "no-integration",
    "The method has no integration, so AWS refuses integration responses.",
    "set up the integration first",
    silenceable=False,
    soft=False,
)
MISSING_METHOD_RESPONSE: Final = _error(
    "missing-method-response",
    "The method does not declare the status: clients get a 500 instead.",
    "declare it on the method or set methodResponses: ensure",
)
UNDECLARED_HEADER: Final = _error(
    "undeclared-header",
    "The method response does not declare a mapped header: AWS refuses the integration response.",
    "declare it on the method or set methodResponses: ensure",
)
IGNORED_BY_PROXY: Final = _error(
    "ignored-by-proxy",
    "A proxy integration passes the answer on as it is and ignores integration responses.",
    "take the response away, or change the integration to a custom one",
)
STATUS_ON_LAMBDA: Final = _error(
    "status-on-lambda",
    "Patterns of a Lambda integration are matched against the error message, never against a status.",
    r"match the message, as in `'.*\[NotFound\].*'`",
)
SWALLOWS_SUCCESS: Final = _error(
    "swallows-success",
    "A Lambda function that succeeds has the empty error message: a pattern that matches it takes successes too.",
    "write `'.+'` instead of `'.*'`, or leave selectionPattern out for the default response",
)
RESPONSES_WIPED: Final = _warning(
    "responses-wiped",
    "Several listed methods hold none of their responses at once: something replaced their integrations.",
    "if they were there before, another tool or a re-import of an OpenAPI file replaced the integrations; apply puts "
    "the responses back",
)
NEVER_SELECTED: Final = _warning(
    "never-selected",
    "The integration's patterns are matched against the status code, and this one matches none.",
    r"match three digits, as in `'404'` or `'5\d{2}'`",
)
OVERLAPPING_PATTERNS: Final = _warning(
    "overlapping-patterns",
    "Two patterns match one status; which response is selected then is not documented.",
    "make the patterns disjoint",
)
UNKNOWN_ROUTE: Final = _error(
    "unknown-route",
    "The API has no route of that key that leads to an integration.",
    "correct the route key, or create the route first",
    silenceable=False,
    soft=False,
)
UNKNOWN_INTEGRATION: Final = _error(
    "unknown-integration",
    "The API has no integration of that id; every API has its own ids.",
    "correct the id, or create the integration first",
    silenceable=False,
    soft=False,
)
PROXY_INTEGRATION: Final = _error(
    "proxy-integration",
    "A proxy integration of a WebSocket API has no integration responses: the backend's answer goes through whole.",
    "take the responses away, or change the integration to a custom one",
    silenceable=False,
    soft=False,
)
MISSING_DEFAULT: Final = _warning(
    "missing-default",
    "Without a $default response nothing answers what no other key matches, such as a Lambda function's success.",
    "add $default",
)
ONE_WAY_ROUTE: Final = _warning(
    "one-way-route",
    "A route without a $default route response is one-way: whatever its integration responds, clients get nothing.",
    "give the route a $default route response, and set its routeResponseSelectionExpression to $default",
)

RULES: Final = MappingProxyType(_table)
"""Every rule, by id."""
