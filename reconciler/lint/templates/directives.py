"""Find directives that API Gateway does not run: macros, `#evaluate`, `#parse`, `#include`, and misspelt ones."""

from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.lint.templates.findings import TemplateFinding, found_at
from reconciler.mapping.velocity.tree import Include, Macro, Node, UnknownDirective
from reconciler.rules import LintRule
from reconciler.suggest import close_matches
from reconciler.wording import code, suggestion

_DIRECTIVES: Final = ("set", "if", "elseif", "else", "end", "foreach", "define", "break", "stop")


def dead_directives(nodes: Iterable[Node]) -> Iterator[TemplateFinding]:
    """Yield each of them; `nodes` are in the order of the template."""
    macros: set[str] = set()
    for node in nodes:
        match node:
            case Macro(name=name):
                macros.add(name)
                yield found_at(node, LintRule.NO_MACROS, "API Gateway ignores #macro: a call of it prints as text")
            case Include(name=name):
                message = f"API Gateway answers 500 to #{name}: a template is all that there is"
                yield found_at(node, LintRule.NO_MACROS, message)
            case UnknownDirective(name=name, has_arguments=True):
                yield from _call(node, name, is_macro=name in macros)
            case _:
                pass


def _call(node: UnknownDirective, name: str, *, is_macro: bool) -> Iterator[TemplateFinding]:
    meant = () if is_macro or name == "evaluate" else close_matches(name, _DIRECTIVES)
    if is_macro or name == "evaluate" or meant:
        message = f"{code(f'#{name}(...)')} is no directive of API Gateway, and prints as text"
        yield found_at(node, LintRule.NO_MACROS, message, suggestion([f"#{each}" for each in meant]))
