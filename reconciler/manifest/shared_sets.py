"""Extract repeated responses into response sets.

Every method keeps its responses: those of the sets that it uses, and those that it lists itself. Sets that one method
uses never have a key in common. The same APIs give the same sets with the same names. Pure.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from reconciler.manifest.unique_names import UniqueNames, slug
from reconciler.models.keys import Scope
from reconciler.models.responses import Response
from reconciler.models.targets import Kind

MIN_USERS: Final = 3
"""A response goes into a set if at least this many methods have it."""

_ERROR_PREFIXES: Final = ("4", "5")

User: TypeAlias = tuple[str, Scope]
"""A method or integration, by the id of its API."""

Content: TypeAlias = Mapping[str, Response]


@dataclass(frozen=True, slots=True)
class SharedSet:
    """A set and its responses."""

    name: str
    kind: Kind
    responses: Content


@dataclass(frozen=True, slots=True)
class SharedSets:
    """The sets in the order of their names, and the sets of each user."""

    sets: tuple[SharedSet, ...] = ()
    uses: Mapping[User, tuple[SharedSet, ...]] = field(default_factory=dict)

    def remaining(self, user: User, content: Content) -> Content:
        """Return the responses that the user still has to list itself."""
        shared = {code for used in self.uses.get(user, ()) for code in used.responses}
        return {code: response for code, response in content.items() if code not in shared}


def find_shared_sets(methods: Mapping[Kind, Mapping[User, Content]]) -> SharedSets:
    """Put every response that at least MIN_USERS methods share into a set; one set for those of the same methods.

    A response without fields stays where it is: naming a set would not be shorter.
    """
    names = UniqueNames()
    sets: list[SharedSet] = []
    uses: dict[User, list[SharedSet]] = {}
    for kind, contents in methods.items():
        for users, responses in _repeated_responses(contents).items():
            shared = SharedSet(names.take(_set_name(list(responses))), kind, responses)
            sets.append(shared)
            for user in users:
                uses.setdefault(user, []).append(shared)
    in_order = tuple(sorted(sets, key=lambda shared: shared.name))
    return SharedSets(
        in_order, {user: tuple(sorted(used, key=lambda shared: shared.name)) for user, used in uses.items()}
    )


def _repeated_responses(contents: Mapping[User, Content]) -> dict[tuple[User, ...], dict[str, Response]]:
    users: dict[tuple[str, str], list[User]] = {}
    responses: dict[tuple[str, str], Response] = {}
    for user, content in contents.items():
        for code, response in content.items():
            key = code, json.dumps(response.document())
            users.setdefault(key, []).append(user)
            responses[key] = response
    by_users: dict[tuple[User, ...], dict[str, Response]] = {}
    for (code, text), response in sorted(responses.items(), key=lambda item: item[0]):
        using = users[code, text]
        if len(using) >= MIN_USERS and response.document():
            by_users.setdefault(tuple(using), {})[code] = response
    return by_users


def _set_name(codes: Sequence[str]) -> str:
    """Return a name like `errors-400-404`, or `responses-200` unless all are errors."""
    parts = [slug(code) for code in codes]
    prefix = "errors" if all(part.startswith(_ERROR_PREFIXES) for part in parts) else "responses"
    return slug("-".join([prefix, *parts]))
