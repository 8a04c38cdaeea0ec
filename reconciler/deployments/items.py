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
"""How many of the changed values are named in a title."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a deployment would publish.

    `changes` go from what is served to what the draft will be. `code` is "" where it is about a method, `scope` None
    where it is about the API as a whole. A method that is an `update` has other members than those of its integration
    changed. `outside` says why it lies outside of what is planned, "" for within.
    `is_awaited`: it is of a method that the plan waited for, and so within. `is_unseen`: no export tells it, so that it
    is known of only because the plan writes it; `changes` go from what is live then.
    """

    subject: Subject
    op: Op
    address: str
    scope: Scope | None = None
    code: str = ""
    changes: tuple[FieldChange, ...] = ()
    outside: str = ""
    is_awaited: bool = False
    is_unseen: bool = False

    @property
    def title(self) -> str:
        """What it is, in words: `POST /pets integration: responseTransferMode`, `model Pet`."""
        words = {"methodResponse": f"{self.code} (method response)", "response": self.code, "method": "method"}
        name = (
            f"{self.scope} {words.get(self.subject, self.subject)}" if self.scope else self.address.partition(": ")[2]
        )
        paths = [change.path for change in self.changes] if self.op == "update" else []
        more = f" and {len(paths) - _PATHS:,} more" if len(paths) > _PATHS else ""
        return f"{name}: {', '.join(paths[:_PATHS])}{more}" if paths else name

    @property
    def lacks_integration(self) -> bool:
        """Whether it is of a method that will have no integration (`type`)."""
        types = [change.after for change in self.changes if change.path == "type"]
        is_new = self.subject == "method" and self.op == "create"
        return None in types or (is_new and not types) if self.op != "delete" else False


Unseen: TypeAlias = Mapping[ResponseKey, tuple[FieldChange, ...]]
"""What a plan changes of responses though an export of it would be the same."""


def op_of(before: object | None, after: object | None) -> Op:
    """What a deployment does to something that is None where it is not there."""
    return "create" if before is None else "delete" if after is None else "update"
