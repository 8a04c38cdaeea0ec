r"""Find texts in a template that break it, or break the JSON that it makes: `\"`, and apostrophes after escaping."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.lint.templates.findings import TemplateFinding, found_at
from reconciler.mapping.velocity.parser import parse_block
from reconciler.mapping.velocity.source import TemplateSyntaxError
from reconciler.mapping.velocity.tree import Access, Expression, Method, Node, Set, StringLiteral, VariableReference
from reconciler.rules import LintRule

_ESCAPED: Final = '\\"'
_MESSAGE: Final = r"`\"` ends the string: in a template, a backslash does not escape a quote"
_REPAIRS: Final = frozenset({"replaceAll", "replace"})
_LINE_END: Final = re.compile("\n")


def broken_by_quote(text: str, failure: TemplateSyntaxError) -> TemplateFinding | None:
    r"""Return the escaped quote that a template fails to parse for: with `""` instead, it parses, or parses further."""
    offsets = [0, *(match.end() for match in _LINE_END.finditer(text))]
    end = offsets[failure.line] if failure.line < len(offsets) else len(text)
    last = text.rfind(_ESCAPED, 0, end)
    if last < 0:
        return None
    line = text.count("\n", 0, last)
    begin = offsets[line]
    first = text.index(_ESCAPED, begin)
    repaired = text[:begin] + text[begin:end].replace(_ESCAPED, '""') + text[end:]
    try:
        parse_block(repaired)
    except TemplateSyntaxError as later:
        if later.line <= failure.line:
            return None
    return TemplateFinding(LintRule.ESCAPED_QUOTE, _MESSAGE, line + 1, first - begin + 1)


def escaped_quotes(nodes: Iterable[Node]) -> Iterator[TemplateFinding]:
    r"""Yield the strings that go on behind a `\"`, because another quote follows it."""
    for node in nodes:
        if isinstance(node, StringLiteral) and node.is_double_quoted and _ESCAPED in node.text:
            yield found_at(node, LintRule.ESCAPED_QUOTE, _MESSAGE)


def unescaped_apostrophes(nodes: Iterable[Node]) -> Iterator[TemplateFinding]:
    r"""Yield each text that `$util.escapeJavaScript` prints into JSON with `\'`, which JSON does not have."""
    known = list(nodes)
    repaired = {
        node.root for node in known if isinstance(node, VariableReference) and any(map(_is_repair, node.accesses))
    }
    for value in _printed(known, repaired):
        if isinstance(value, VariableReference) and _is_unrepaired(value):
            yield found_at(value, LintRule.UNESCAPED_JSON, r"`$util.escapeJavaScript` makes `\'` of an apostrophe")


def _printed(nodes: Iterable[Node], repaired: set[str]) -> Iterator[Node | Expression]:
    """Yield the references that are printed, and the values of variables that are not repaired later."""
    inner: set[int] = set()
    for node in nodes:
        if isinstance(node, VariableReference):
            if id(node) not in inner:
                yield node
            inner.update(id(argument) for access in node.accesses for argument in _arguments(access))
        elif isinstance(node, Set):
            inner.add(id(node.target))
            if node.target.root in repaired:
                inner.add(id(node.value))


def _arguments(access: Access) -> tuple[Expression, ...]:
    return access.arguments if isinstance(access, Method) else ()


def _is_unrepaired(reference: VariableReference) -> bool:
    match reference:
        case VariableReference(root="util", accesses=(Method(name="escapeJavaScript"), *others)):
            return not any(map(_is_repair, others))
        case _:
            return False


def _is_repair(access: Access) -> bool:
    match access:
        case Method(name=name, arguments=(StringLiteral(text=text), _)):
            return name in _REPAIRS and "'" in text
        case _:
            return False
