"""What a remedy says to write is written, and validates."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.load.request import Request
from reconciler.engine.validate import Validation, validate
from reconciler.manifest import Disk
from reconciler.mapping import expressions
from reconciler.render.code_spans import code_parts
from reconciler.rules import LintRule
from reconciler.yamlio import emit

HEAD: Final = "apiVersion: reconciler/v1\nmetadata: {{name: shop}}\n"
REST: Final = f"""{HEAD}kind: RestApi
spec:
  api: {{{{name: shop}}}}
  resources:
    /a:
      GET:
        responses:
          200:
"""
VALUE: Final = REST + "            responseParameters:\n              method.response.header.X: {}\n"
KEY: Final = REST + "            responseParameters:\n              {}: \"'1'\"\n"
PATTERN: Final = REST + "            selectionPattern: {}\n"
TYPE: Final = REST + "            responseTemplates: {{{}: '{{}}'}}\n"
FILE: Final = REST + "            responseTemplates: {{application/json: {{file: {}}}}}\n"
FIELD: Final = REST + "            {}: 'x'\n"
TEMPLATE: Final = REST + "            responseTemplates:\n              text/plain: |\n                {}\n"
ALLOW: Final = REST + "            allow: [{}]\n"
WEBSOCKET: Final = f"""{HEAD}kind: WebSocketApi
spec:
  api: {{{{name: chat}}}}
  routes:
    send:
      responses:
        {{}}: {{{{}}}}
"""
ROUTES: Final = f"""{HEAD}kind: WebSocketApi
spec:
  api: {{{{name: chat}}}}
  {{}}
  routes: {{{{send: {{{{responses: {{{{$default: {{{{}}}}}}}}}}}}}}}}
"""
SETS: Final = f"""{HEAD}kind: RestApi
spec: {{{{api: {{{{name: shop}}}}, use: [{{}}], resources: {{{{/a: {{{{GET: {{{{responses: {{{{}}}}}}}}}}}}}}}}}}}}
---
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {{{{name: standard-errors}}}}
spec: {{{{for: RestApi, responses: {{{{}}}}}}}}
"""

VALUES: Final = (
    "*",
    '"*"',
    '"it\'s"',
    "",
    "'*",
    "*'",
    "  'x' ",
    " integration.response.body",
    "$context.requestId",
    "${stageVariables.origin}",
    "$stageVariables['origin']",
    "integration.response.headers.X",
    "integration.response.body.$.a.b",
    "integration.response.body.$.a[0]",
    "integration.response.body.",
    "$.error.code",
    "$.error: code",
    "$response.header.X",
    "${integration.response.header.X}",
    "method.response.header.X",
    "back\\slash",
    'it\'s "quoted" \\d',
    "two\nlines",
    "tab\there",
    "a\u202eb",
    "a`b``c`",
    "`",
    "${{",
    "# no comment",
    "yes",
    "a: b",
    "{a}",
    "404",
    "x" * 150,
)
KEYS: Final = (
    "X-Error",
    "header.X-Error",
    "method.response.headers.X",
    "integration.response.header.X",
    "append:header.X",
    "gatewayresponse.header.X",
    "Method.Response.Header.X",
    "method.response.header.",
    "method.request.header.X",
    "header.X Y",
    "yes",
    "404",
)
RESPONSE_KEYS: Final = (
    "//",
    "/",
    "",
    " ",
    "/404/ ",
    " /404/",
    "404",
    "$defalt",
    "$default ",
    "a'b\"c\\d",
    "`",
    "a\nb",
    "yes",
    "a: b",
    "# x",
)


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Validation]:
    """Validate a manifest; there is a template file whose name has a blank and a quote."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "it's body.vtl").write_text("{}\n")

    def validated(text: str) -> Validation:
        (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
        return validate(Request(("a.yaml",)), Disk())

    return validated


def suggestions(remedy: str) -> list[str]:
    """Every piece of code in a remedy."""
    return [part for is_code, part in code_parts(remedy) if is_code]


def errors(found: Validation) -> list[str]:
    """In words."""
    return [str(diagnostic) for diagnostic in found.diagnostics if diagnostic.is_error]


def follow(check: Callable[[str], Validation], manifest: str, wrong: str) -> None:
    """Write each thing that the remedies for a wrong text suggest in its place, and validate."""
    told = [diagnostic for diagnostic in check(manifest.format(wrong)).diagnostics if diagnostic.is_error]
    written = [text for one in told for text in suggestions(one.remedy)]

    assert told
    assert written
    assert {} == {text: found for text in written if (found := errors(check(manifest.format(text))))}


@pytest.mark.parametrize("value", VALUES)
def test_values_of_mappings(check: Callable[[str], Validation], value: str) -> None:
    """Whatever quotes, back-ticks, backslashes or line ends are in them."""
    follow(check, VALUE, emit.inline(value))


@pytest.mark.parametrize("key", KEYS)
def test_keys_of_mappings(check: Callable[[str], Validation], key: str) -> None:
    """The whole name of the header."""
    follow(check, KEY, emit.key(key))


@pytest.mark.parametrize("key", RESPONSE_KEYS)
def test_keys_of_websocket_responses(check: Callable[[str], Validation], key: str) -> None:
    """A blank at an end goes; nothing between two slashes is suggested for nothing."""
    follow(check, WEBSOCKET, emit.key(key))


@pytest.mark.parametrize(
    ("manifest", "wrong"),
    [
        (PATTERN, "'-'"),
        (PATTERN, "default"),
        (FILE, "its body.vtl"),
        (FIELD, "selectionPatern"),
        (ALLOW, "remaped-header"),
        (TYPE, "json"),
        (SETS, "standard-error"),
    ],
)
def test_what_is_near(check: Callable[[str], Validation], manifest: str, wrong: str) -> None:
    """Files, keys, rules, sets and values of patterns."""
    follow(check, manifest, wrong)


PLACES: Final[Mapping[str, str]] = {
    "parameter-key": KEY,
    "parameter-value": VALUE,
    "content-type": TYPE,
    "dash-pattern": PATTERN,
    "default-pattern": PATTERN,
    "response-key": WEBSOCKET,
    "template-syntax": TEMPLATE,
    "always-true": TEMPLATE,
    "escaped-quote": TEMPLATE,
    "unescaped-json": TEMPLATE,
    "overlapping-patterns": PATTERN,
    "unreachable-response": PATTERN,
    "status-on-lambda": PATTERN,
    "swallows-success": PATTERN,
    "never-selected": PATTERN,
    "one-way-route": ROUTES,
}
"""Where what a rule suggests is to be written."""


def test_every_rule_that_suggests_something_is_tried() -> None:
    """A rule of the table with code in its remedy has a place here."""
    assert set(PLACES) == {rule.id for rule in LintRule if suggestions(rule.remedy)}


@pytest.mark.parametrize("rule", PLACES)
def test_what_rules_suggest(check: Callable[[str], Validation], rule: str) -> None:
    """Each piece of code in the remedy of a rule validates where it belongs."""
    manifest = PLACES[rule]

    assert {} == {
        text: found for text in suggestions(LintRule.of(rule).remedy) if (found := errors(check(manifest.format(text))))
    }


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_value(value: str) -> None:
    """What is suggested for any text reads back as a mapping that AWS takes."""
    mistake = expressions.read_value(value)
    for text in suggestions(mistake.remedy) if isinstance(mistake, expressions.Mistake) else ():
        if not text.startswith(("$context", "integration.response.header.NAME")):
            assert not isinstance(expressions.read_value(read_back(text)), expressions.Mistake)


def read_back(text: str) -> str:
    """A value as our reader has it, placeholders' escapes undone."""
    from reconciler.yamlio import parse  # noqa: PLC0415 - here alone

    (document,) = parse.read(f"a: {text}\n".encode(), "a.yaml").documents
    root = document.root
    assert isinstance(root, dict)
    return str(root["a"]).replace("$${{", "${{")
