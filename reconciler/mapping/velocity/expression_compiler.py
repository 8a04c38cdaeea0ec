"""Compile expressions and references to closures.

Each node becomes a function of the run. A node has a value, and as a condition it holds or not: in Velocity only
references, `true`, `!` and comparisons can hold; a literal, an interpolated string and a sum never do.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from reconciler.mapping.java import operators
from reconciler.mapping.java.access import (
    assign_index,
    assign_property,
    call_method,
    read_index,
    read_property,
)
from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.values import JavaList, JavaMap, Value, truth
from reconciler.mapping.velocity.evaluation import Evaluate, LocatedFault, Render, TemplateRun, Test
from reconciler.mapping.velocity.scopes import collected
from reconciler.mapping.velocity.tree import (
    Access,
    BareWord,
    Binary,
    Boolean,
    Expression,
    Index,
    ListLiteral,
    MapLiteral,
    Method,
    Not,
    Number,
    Property,
    Range,
    StatementBlock,
    StringLiteral,
    Text,
    VariableReference,
)

Step: TypeAlias = Callable[[TemplateRun, Value], Value]
Assign: TypeAlias = Callable[[TemplateRun, Value], None]
_Operation: TypeAlias = Callable[[Value, Value, Budget], Value]


def _not_equal(left: Value, right: Value, budget: Budget) -> bool:
    return not operators.equal(left, right, budget)


_ARITHMETIC: Final[Mapping[str, _Operation]] = {
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "%": operators.modulo,
}
_COMPARISONS: Final[Mapping[str, _Operation]] = {
    "==": operators.equal,
    "!=": _not_equal,
    "<": operators.less,
    "<=": operators.less_or_equal,
    ">": operators.greater,
    ">=": operators.greater_or_equal,
}
_OPERATIONS: Final[Mapping[str, _Operation]] = {**_ARITHMETIC, **_COMPARISONS}


def constant(value: Value) -> Evaluate:
    """Return a function that gives `value`."""
    return lambda _run: value


def _never(_run: TemplateRun) -> bool:
    return False


class ExpressionCompiler:
    """Compiles expressions; `cost` counts their nodes, `deepest` is how deep blocks and values were so far."""

    def __init__(self) -> None:
        self.cost = 0
        self.levels = 0
        self.deepest = 0

    def enter(self) -> None:
        """Go a level deeper."""
        self.levels += 1
        self.deepest = max(self.deepest, self.levels)

    def block(self, node: StatementBlock) -> Render:
        """Compile a block, as within an interpolated string."""
        raise NotImplementedError

    # Values

    def value(self, node: Expression) -> Evaluate:
        """Compile `node` to a function that gives its value."""
        self.cost += 1
        self.enter()
        evaluate = self._value(node)
        self.levels -= 1
        return evaluate

    def _value(self, node: Expression) -> Evaluate:
        match node:
            case VariableReference():
                return self.reference(node)
            case StringLiteral():
                return self._string(node)
            case Number() | Boolean():
                return constant(node.value)
            case BareWord():
                return constant(None)
            case Binary() | Not():
                return self._operator(node)
            case _:
                return self._collection(node)

    def _string(self, node: StringLiteral) -> Evaluate:
        content = node.content
        if content is None:
            return constant(node.text)
        if all(isinstance(part, Text) for part in content.statements):
            text = "".join(part.text for part in content.statements if isinstance(part, Text))
            return constant(text[:-1] if node.is_cut else text)
        render = self.block(content)
        if node.is_cut:
            return lambda run: collected(run, render)[:-1]
        return lambda run: collected(run, render)

    def _collection(self, node: ListLiteral | MapLiteral | Range) -> Evaluate:
        match node:
            case ListLiteral():
                return self._list(node)
            case MapLiteral():
                return self._map(node)
            case Range():
                return self._range(node)

    def _list(self, node: ListLiteral) -> Evaluate:
        items = [self.value(item) for item in node.items]

        def evaluate(run: TemplateRun) -> Value:
            run.budget.reserve_items(len(items))
            return JavaList([item(run) for item in items])

        return evaluate

    def _map(self, node: MapLiteral) -> Evaluate:
        entries = [(self.value(entry.key), self.value(entry.value)) for entry in node.entries]

        def evaluate(run: TemplateRun) -> Value:
            built = JavaMap()
            for key, value in entries:
                assign_index(built, key(run), value(run), run.budget)
            return built

        return evaluate

    def _range(self, node: Range) -> Evaluate:
        low = self.value(node.low)
        high = self.value(node.high)
        return lambda run: operators.java_range(low(run), high(run), run.budget)

    # Operators. A chain such as `a + b + c` is a deep tree to the left; it is evaluated in a loop.

    def _operator(self, node: Binary | Not) -> Evaluate:
        if isinstance(node, Not) or node.operator in {"&&", "||"}:
            return self.condition(node)
        return self._binary(node)

    def _binary(self, node: Binary) -> Evaluate:
        first, chain = self._chain(node)
        if len(chain) == 1:
            return self._operation(first, chain[0])
        start = self.value(first)
        steps = [(_OPERATIONS[part.operator], self.value(part.right)) for part in chain]

        def evaluate(run: TemplateRun) -> Value:
            value = start(run)
            for operation, right in steps:
                value = operation(value, right(run), run.budget)
            return value

        return evaluate

    def _operation(self, left_node: Expression, node: Binary) -> Evaluate:
        operation = _OPERATIONS[node.operator]
        left = self.value(left_node)
        right = self.value(node.right)
        return lambda run: operation(left(run), right(run), run.budget)

    def _chain(self, node: Binary) -> tuple[Expression, list[Binary]]:
        chain: list[Binary] = []
        first: Expression = node
        while isinstance(first, Binary) and (first is node or first.operator in _OPERATIONS):
            chain.append(first)
            first = first.left
        return first, chain[::-1]

    # Conditions

    def condition(self, node: Expression) -> Test:
        """Compile `node` to a function that says whether it holds."""
        self.cost += 1
        match node:
            case VariableReference():
                value = self.reference(node)
                return lambda run: truth(value(run))
            case Boolean():
                holds = node.value
                return lambda _run: holds
            case Not():
                operand = self.condition(node.operand)
                return lambda run: not operand(run)
            case Binary() if node.operator in {"&&", "||"}:
                return self._logical(node)
            case Binary() if node.operator in _COMPARISONS:
                compared = self._binary(node)
                return lambda run: compared(run) is True
            case _:
                return _never

    def _logical(self, node: Binary) -> Test:
        tests: list[Test] = []
        is_and = node.operator == "&&"
        first: Expression = node
        while isinstance(first, Binary) and first.operator == node.operator:
            tests.append(self.condition(first.right))
            first = first.left
        tests.append(self.condition(first))
        tests.reverse()
        if is_and:
            return lambda run: all(test(run) for test in tests)
        return lambda run: any(test(run) for test in tests)

    # References

    def reference(self, node: VariableReference) -> Evaluate:
        """Compile a reference to a function that gives its value, "" where there is none (recorded answers)."""
        root = node.root
        if node.is_broken:
            return constant("")
        if not node.accesses:

            def evaluate_root(run: TemplateRun) -> Value:
                value = run.variables.get(root)
                return "" if value is None else value

            return evaluate_root

        steps = [self._access(access) for access in node.accesses]

        def evaluate(run: TemplateRun) -> Value:
            value = run.variables.get(root)
            try:
                for step in steps:
                    if value is None:
                        return ""
                    value = step(run, value)
            except EvaluationFault as fault:
                raise LocatedFault(fault, node) from fault
            return "" if value is None else value

        return evaluate

    def _access(self, access: Access) -> Step:
        self.cost += 1
        match access:
            case Property(name=name):
                return lambda run, value: read_property(value, name, run.budget)
            case Index():
                index = self.value(access.index)
                return lambda run, value: read_index(value, index(run), run.budget)
            case Method():
                return self._method(access)

    def _method(self, access: Method) -> Step:
        name = access.name
        arguments = [self.value(argument) for argument in access.arguments]
        if not arguments:
            return lambda run, value: call_method(value, name, (), run.budget)
        return lambda run, value: call_method(value, name, [argument(run) for argument in arguments], run.budget)

    def assignment(self, node: VariableReference) -> Assign:
        """Compile the target of a `#set`; where the reference leads nowhere, nothing is set."""
        root = node.root
        if not node.accesses:

            def assign_variable(run: TemplateRun, value: Value) -> None:
                run.variables[root] = value

            return assign_variable

        steps = [self._access(access) for access in node.accesses[:-1]]
        assign = self._last(node.accesses[-1])

        def assign_member(run: TemplateRun, value: Value) -> None:
            owner = run.variables.get(root)
            for step in steps:
                if owner is None:
                    return
                owner = step(run, owner)
            if owner is not None:
                assign(run, owner, value)

        return assign_member

    def _last(self, access: Access) -> Callable[[TemplateRun, Value, Value], object]:
        if isinstance(access, Index):
            index = self.value(access.index)
            return lambda run, owner, value: assign_index(owner, index(run), value, run.budget)
        name = access.name
        return lambda run, owner, value: assign_property(owner, name, value, run.budget)
