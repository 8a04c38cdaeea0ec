"""Responses that repeat, as response sets.

Promise: every method that uses the sets that it is given, and lists what is left of its responses, has the responses
that it had; sets that one method uses never have a key in common. The same APIs give the same sets with the same
names. Pure.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from reconciler.manifest.names import Names, slug
from reconciler.models.keys import Scope
from reconciler.models.responses import Response
from reconciler.models.targets import Kind

FEWEST_USERS: Final = 3
"""From so many methods on a response becomes part of a set."""

_ERRORS: Final = ("4", "5")

User: TypeAlias = tuple[str, Scope]
"""A method or integration, by the id of its API."""

Content: TypeAlias = Mapping[str, Response]


@dataclass(frozen=True, slots=True)
class SharedSet:
    """A set, and what it holds."""

    name: str
    kind: Kind
    responses: Content


@dataclass(frozen=True, slots=True)
class SharedSets:
    """The sets in the order of their names, and which of them a user has."""

    sets: tuple[SharedSet, ...] = ()
    uses: Mapping[User, tuple[SharedSet, ...]] = field(default_factory=dict)

    def own(self, user: User, content: Content) -> Content:
        """What is left for the user itself to list."""
        shared = {code for one in self.uses.get(user, ()) for code in one.responses}
        return {code: response for code, response in content.items() if code not in shared}


def share(methods: Mapping[Kind, Mapping[User, Content]]) -> SharedSets:
    """Put every response that is the same on at least so many methods into a set; what the same methods share, in one.

    A response without a field stays where it is: naming a set is no shorter.
    """
    names = Names()
    sets: list[SharedSet] = []
    uses: dict[User, list[SharedSet]] = {}
    for kind, contents in methods.items():
        for users, responses in _repeated(contents).items():
            one = SharedSet(names.take(_name(list(responses))), kind, responses)
            sets.append(one)
            for user in users:
                uses.setdefault(user, []).append(one)
    in_order = tuple(sorted(sets, key=lambda one: one.name))
    return SharedSets(in_order, {user: tuple(sorted(used, key=lambda one: one.name)) for user, used in uses.items()})


def _repeated(contents: Mapping[User, Content]) -> dict[tuple[User, ...], dict[str, Response]]:
    users: dict[tuple[str, str], list[User]] = {}
    responses: dict[tuple[str, str], Response] = {}
    for user, content in contents.items():
        for code, response in content.items():
            same = code, json.dumps(response.document())
            users.setdefault(same, []).append(user)
            responses[same] = response
    together: dict[tuple[User, ...], dict[str, Response]] = {}
    for (code, text), response in sorted(responses.items(), key=lambda item: item[0]):
        using = users[code, text]
        if len(using) >= FEWEST_USERS and response.document():
            together.setdefault(tuple(using), {})[code] = response
    return together


def _name(codes: Sequence[str]) -> str:
    """As in `errors-400-404`, or `responses-200` where it is not only about errors."""
    parts = [slug(code) for code in codes]
    what = "errors" if all(part.startswith(_ERRORS) for part in parts) else "responses"
    return slug("-".join([what, *parts]))
