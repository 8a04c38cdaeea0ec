"""The things that a deployment would publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.diff import FieldChange
from reconciler.models.keys import ResponseKey, Scope

Op: TypeAlias = Literal["create", "update", "delete"]
Definition: TypeAlias = Literal["model", "requestValidator", "gatewayResponse"]
Subject: TypeAlias = (
    Literal["response", "methodResponse", "integration", "access", "method", "responses", "api"] | Definition
)


_PATHS: Final = 3
"""How many changed values a title names."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a deployment would publish.

    `changes` go from what the stage serves to the future draft. `code` is "" for a method, `scope` None for the API as
    a whole. An `update` of a method changes members other than those of its integration. `outside` says why the item is
    outside of the plan, "" if it is within. `is_awaited`: the item belongs to a method that the plan waited for, and so
    is within. `is_not_exported`: no export shows the item, which is known only because the plan writes it; its
    `changes` start at the live state.
    """

    subject: Subject
    op: Op
    address: str
    scope: Scope | None = None
    code: str = ""
    changes: tuple[FieldChange, ...] = ()
    outside: str = ""
    is_awaited: bool = False
    is_not_exported: bool = False

    @property
    def title(self) -> str:
        """The item in words: `POST /pets integration: responseTransferMode`, `model Pet`."""
        words = {"methodResponse": f"{self.code} (method response)", "response": self.code, "method": "method"}
        name = (
            f"{self.scope} {words.get(self.subject, self.subject)}" if self.scope else self.address.partition(": ")[2]
        )
        paths = [change.path for change in self.changes] if self.op == "update" else []
        more = f" and {len(paths) - _PATHS:,} more" if len(paths) > _PATHS else ""
        return f"{name}: {', '.join(paths[:_PATHS])}{more}" if paths else name

    @property
    def lacks_integration(self) -> bool:
        """Whether the method of the item will have no integration (`type`)."""
        types = [change.after for change in self.changes if change.path == "type"]
        is_new = self.subject == "method" and self.op == "create"
        return None in types or (is_new and not types) if self.op != "delete" else False


UnexportedChanges: TypeAlias = Mapping[ResponseKey, tuple[FieldChange, ...]]
"""Changes of a plan to responses that an export does not show."""


def op_of(before: object | None, after: object | None) -> Op:
    """Return what a deployment does to something, given as None where it does not exist."""
    return "create" if before is None else "delete" if after is None else "update"
