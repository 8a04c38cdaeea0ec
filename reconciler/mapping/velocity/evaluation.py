"""What a rendering works with: its variables, its budget, and how it ends."""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Final, TypeAlias

from reconciler.mapping.java.budget import LONGEST_TEXT, Budget, EvaluationFault, LimitExceeded
from reconciler.mapping.java.values import HostObject, Value
from reconciler.mapping.velocity.tree import Node

MOST_ITERATIONS: Final = 1_000
"""Iterations of one loop in API Gateway; what happens behind them is not known."""

DEEPEST_DEFINITIONS: Final = 100
"""Levels of blocks and values within each other while the blocks of `#define` are rendered."""

Write: TypeAlias = Callable[[str], None]


class TemplateRun:
    """One rendering: its variables, what it may spend, and the branches that it took, by number.

    `room` is how many characters may still be printed, `depth` how deep the blocks of `#define` lie within each other.
    """

    __slots__ = ("budget", "depth", "room", "taken", "variables")

    def __init__(self, variables: Mapping[str, Value], budget: Budget) -> None:
        self.variables: MutableMapping[str, Value] = dict(variables)
        self.budget = budget
        self.taken: set[int] = set()
        self.room = LONGEST_TEXT
        self.depth = 0


def too_long() -> LimitExceeded:
    """Return the fault of an output that leaves no `room`."""
    return LimitExceeded(f"a text grows beyond {LONGEST_TEXT:,} characters")


Evaluate: TypeAlias = Callable[[TemplateRun], Value]
Test: TypeAlias = Callable[[TemplateRun], bool]
Render: TypeAlias = Callable[[TemplateRun, Write], None]


class LocatedFault(Exception):  # noqa: N818 - a fault of the template's
    """A fault, and the node at which it happened."""

    def __init__(self, fault: EvaluationFault, node: Node) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.node = node


class StopRendering(Exception):  # noqa: N818 - control flow, no error
    """`#stop`: nothing more is printed."""


class BreakLoop(Exception):  # noqa: N818 - control flow, no error
    """`#break`: leave the loop or block `scope`, the innermost if None."""

    def __init__(self, scope: HostObject | None = None) -> None:
        super().__init__()
        self.scope = scope
