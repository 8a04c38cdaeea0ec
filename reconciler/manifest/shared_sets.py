"""Extract repeated responses into response sets.

Every method keeps its responses: those of the sets that it uses, and those that it lists itself. Sets that one method
uses never have a key in common. The same APIs give the same sets with the same names. Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from reconciler.manifest.set_names import is_cors, is_success, set_name
from reconciler.manifest.unique_names import UniqueNames
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.responses import Response
from reconciler.models.targets import Kind
from reconciler.quoting import escaped
from reconciler.yamlio.emit import PlaceholderText

MIN_USERS: Final = 3
"""A response goes into a set if at least this many methods have it."""

User: TypeAlias = tuple[str, Scope]
"""A method or integration, by the name of its manifest."""

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

    A success stays with its method, which it is about, unless it answers a CORS preflight. A response without fields
    stays, too: naming a set would not be shorter. The set with the most users gets the plainest name.
    """
    names = UniqueNames()
    sets: list[SharedSet] = []
    uses: dict[User, list[SharedSet]] = {}
    for kind, contents in methods.items():
        by_users = _repeated_responses(contents)
        for users, responses in sorted(by_users.items(), key=lambda item: -len(item[0])):
            shared = SharedSet(set_name(responses, names), kind, responses)
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
            if not _belongs_to_method(user, code, response):
                key = code, _identity(response)
                users.setdefault(key, []).append(user)
                responses[key] = response
    by_users: dict[tuple[User, ...], dict[str, Response]] = {}
    for (code, text), response in sorted(responses.items(), key=lambda item: item[0]):
        using = users[code, text]
        if len(using) >= MIN_USERS:
            by_users.setdefault(tuple(using), {})[code] = response
    return by_users


def _belongs_to_method(user: User, code: str, response: Response) -> bool:
    if not response.document():
        return True
    scope = user[1]
    is_preflight = isinstance(scope, MethodKey) and scope.method == "OPTIONS" and is_cors(response)
    return is_success(code) and not is_preflight


def _identity(response: Response) -> str:
    """Return a text that responses share if they are written alike: a placeholder is not the same text escaped."""
    return json.dumps(
        {
            name: _written(value)
            if isinstance(value, str)
            else {entry: _written(text) for entry, text in value.items()}
            for name, value in response.document().items()
            if value is not None
        }
    )


def _written(text: str) -> str:
    return text if isinstance(text, PlaceholderText) else escaped(text)
