"""Compile the syntax tree of a template to closures, once; they are called for each rendering.

A block pays for all its nodes when it is entered, so that no node has to count its own step.
"""

from typing import TypeAlias

from reconciler.mapping.java.budget import EvaluationFault
from reconciler.mapping.java.values import Value, text
from reconciler.mapping.rendering import Branch
from reconciler.mapping.velocity.evaluation import (
    BreakLoop,
    Evaluate,
    LocatedFault,
    Render,
    StopRendering,
    TemplateRun,
    Test,
    Write,
    too_long,
)
from reconciler.mapping.velocity.expression_compiler import ExpressionCompiler
from reconciler.mapping.velocity.loops import ForeachLoop, items_of
from reconciler.mapping.velocity.scopes import DefinedBlock, ForeachScope
from reconciler.mapping.velocity.tree import (
    BareWord,
    Break,
    Condition,
    Define,
    Foreach,
    If,
    Include,
    Macro,
    Node,
    Set,
    Statement,
    StatementBlock,
    Stop,
    Text,
    UnknownDirective,
    VariableReference,
)

_Case: TypeAlias = tuple[Test, Render, int, Condition]


def _nothing(_run: TemplateRun, _write: Write) -> None:
    pass


class TemplateCompiler(ExpressionCompiler):
    """Compiles a template; `branches` are all of its branches, which a run takes by their number."""

    def __init__(self) -> None:
        super().__init__()
        self.branches: list[Branch] = []

    def block(self, node: StatementBlock) -> Render:
        """Compile a block."""
        outer_cost, self.cost = self.cost, 1
        self.enter()
        parts = [self._statement(statement) for statement in node.statements]
        self.levels -= 1
        cost, self.cost = self.cost, outer_cost
        size = sum(len(part.text) for part in node.statements if isinstance(part, Text))

        def render(run: TemplateRun, write: Write) -> None:
            budget = run.budget
            budget.steps -= cost
            run.room -= size
            if budget.steps < 0:
                budget.spend(0)
            if run.room < 0:
                raise too_long()
            for part in parts:
                part(run, write)

        return render

    def _branch(self, node: Node, directive: str, *, taken: bool = True) -> int:
        self.branches.append(Branch(node.line, node.column, directive, taken))
        return len(self.branches) - 1

    def _statement(self, node: Statement) -> Render:
        self.cost += 1
        match node:
            case Text():
                return _printing(node.text)
            case VariableReference():
                return self._output(node)
            case Set():
                return self._set(node)
            case If() | Foreach() | Define():
                return self._with_block(node)
            case Break():
                return self._break(node)
            case _:
                return _simple(node)

    def _with_block(self, node: If | Foreach | Define) -> Render:
        match node:
            case If():
                return self._if(node)
            case Foreach():
                return self._foreach(node)
            case Define():
                return self._define(node)

    # Output

    def _output(self, node: VariableReference) -> Render:
        evaluate = self.reference(node)
        if node.is_escaped:
            return _escaped(node, evaluate)
        before = node.before

        def render(run: TemplateRun, write: Write) -> None:
            value = evaluate(run)
            if type(value) is not str:
                shown = _shown(value, node, run, write)
                if shown is None:
                    return
                value = shown
            if before:
                value = before + value
            run.room -= len(value)
            if run.room < 0:
                raise LocatedFault(too_long(), node)
            write(value)

        return render

    # Directives

    def _set(self, node: Set) -> Render:
        evaluate = self.value(node.value)
        assign = self.assignment(node.target)
        if not node.target.accesses and (node.target.is_formal or node.target.is_quiet):
            assign = _assign_nothing

        def render(run: TemplateRun, _write: Write) -> None:
            try:
                value = evaluate(run)
                if value is not None:
                    assign(run, value)
            except EvaluationFault as fault:
                raise LocatedFault(fault, node) from fault

        return render

    def _if(self, node: If) -> Render:
        cases = [self._case(case) for case in node.conditions]
        if node.otherwise is None:
            otherwise: Render = _nothing
            last = self._branch(node, "#if", taken=False)
        else:
            last = self._branch(node.otherwise, "#else")
            otherwise = self.block(node.otherwise.block)

        def render(run: TemplateRun, write: Write) -> None:
            for test, block, number, case in cases:
                try:
                    holds = test(run)
                except EvaluationFault as fault:
                    raise LocatedFault(fault, case) from fault
                if holds:
                    run.taken.add(number)
                    block(run, write)
                    return
            run.taken.add(last)
            otherwise(run, write)

        return render

    def _case(self, node: Condition) -> _Case:
        number = self._branch(node, node.directive)
        return self.condition(node.condition), self.block(node.block), number, node

    def _foreach(self, node: Foreach) -> Render:
        iterable = self.value(node.iterable) if node.iterable else None
        taken = self._branch(node, "#foreach")
        passed = self._branch(node, "#foreach", taken=False)
        loop = ForeachLoop(node.variable, self.block(node.block))
        if node.is_incomplete:
            return _failing("#foreach needs a reference and a list, as in #foreach($item in $list)", node)

        def render(run: TemplateRun, write: Write) -> None:
            try:
                items = items_of(iterable(run), run) if iterable else None
                run.taken.add(taken if items else passed)
                if items:
                    loop.render(run, write, items)
            except EvaluationFault as fault:
                raise LocatedFault(fault, node) from fault

        return render

    def _define(self, node: Define) -> Render:
        outer, self.deepest = self.deepest, self.levels
        block = self.block(node.block)
        levels = self.deepest - self.levels
        self.deepest = max(outer, self.deepest)
        name = node.variable

        def render(run: TemplateRun, _write: Write) -> None:
            run.variables[name] = DefinedBlock(run, block, levels)

        return render

    def _break(self, node: Break) -> Render:
        scope = self.value(node.scope) if node.scope else None

        def render(run: TemplateRun, _write: Write) -> None:
            if scope is None:
                raise BreakLoop
            value = scope(run)
            if not isinstance(value, ForeachScope):
                raise LocatedFault(EvaluationFault("the argument of #break is no scope such as $foreach"), node)
            raise BreakLoop(value)

        return render


def _shown(value: Value, node: VariableReference, run: TemplateRun, write: Write) -> str | None:
    """Return what a value prints; None for the block of a `#define`, which has printed itself then."""
    try:
        if not isinstance(value, DefinedBlock):
            return text(value, run.budget)
        if value.render(write):
            return None
    except EvaluationFault as fault:
        raise LocatedFault(fault, node) from fault
    return "" if node.is_quiet else node.text


def _simple(node: UnknownDirective | BareWord | Stop | Include | Macro) -> Render:
    match node:
        case UnknownDirective():
            return _printing(node.text, counts=True)
        case BareWord():
            return _printing(node.word, counts=True)
        case Stop():
            return _stop
        case Include():
            return _failing(f"#{node.name} needs another template, and API Gateway has none", node)
        case Macro():
            return _nothing


def _assign_nothing(_run: TemplateRun, _value: Value) -> None:
    """Velocity sets another variable in `#set(${x} = 1)` and `#set($!x = 1)`, which no reference reads."""


def _printing(printed: str, *, counts: bool = False) -> Render:
    if not counts:
        return lambda _run, write: write(printed)
    size = len(printed)

    def render(run: TemplateRun, write: Write) -> None:
        run.room -= size
        write(printed)

    return render


def _escaped(node: VariableReference, evaluate: Evaluate) -> Render:
    """Velocity evaluates an escaped reference too, and then prints it as it is written."""
    printed = _printing(node.before + node.text, counts=True)

    def render(run: TemplateRun, write: Write) -> None:
        evaluate(run)
        printed(run, write)

    return render


def _stop(_run: TemplateRun, _write: Write) -> None:
    raise StopRendering


def _failing(reason: str, node: Node) -> Render:
    def render(_run: TemplateRun, _write: Write) -> None:
        raise LocatedFault(EvaluationFault(reason), node)

    return render
