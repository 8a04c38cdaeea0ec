"""What is known of what a stage of a WebSocket API serves.

AWS has no call that shows it. So each deployment that is made here carries, at the end of its description, three short
digests of what was read of the draft then: of what counts as listed, of the listed responses, and of everything else
that was read (routes, integrations, responses that no manifest lists).

Promise: pure. Equal marks mean equal state as far as it is read: of integrations that no manifest lists, the responses
never are. A description is foreign text: what does not end in a mark, or in one of another listing, says nothing.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.models.desired import Desired
from reconciler.models.fields import values_by_path
from reconciler.models.keys import IntegrationKey, ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.views import listed_integrations, live_integrations

_LENGTH: Final = 12
_MARK: Final = re.compile(
    rf"\[state ([0-9a-f]{{{_LENGTH}}})\.([0-9a-f]{{{_LENGTH}}})\.([0-9a-f]{{{_LENGTH}}})\]$", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Digests of what is listed, of the listed responses, and of all else that was read."""

    listing: str
    responses: str
    others: str

    def __str__(self) -> str:
        return f"[state {self.listing}.{self.responses}.{self.others}]"


def fingerprint(draft: LiveApi, declared: Desired) -> Fingerprint:
    """The mark of a deployment of this draft."""
    ours: list[list[str]] = []
    others: list[list[str]] = []
    for key, path, text in _values(draft):
        (ours if _is_ours(declared, key, path) else others).append([_name(key), path, text])
    integrations = {
        integration.integration_id: [
            integration.integration_type,
            integration.integration_uri,
            sorted(integration.two_way_routes),
        ]
        for integration in live_integrations(draft).values()
    }
    return Fingerprint(_digest(_listing(declared)), _digest(ours), _digest([dict(draft.routes), integrations, others]))


def found_in(description: str) -> Fingerprint | None:
    """The mark at the end of a description."""
    match = _MARK.search(description)
    return Fingerprint(*match.groups()) if match else None


def _values(draft: LiveApi) -> Iterator[tuple[ResponseKey, str, str]]:
    """Every response that was read with every field of it; the response itself has the path ""."""
    for scope, integration in sorted(live_integrations(draft).items(), key=lambda item: item[1].integration_id):
        for code, response in sorted(integration.responses.items(), key=lambda item: item[0]):
            yield ResponseKey(scope, code), "", ""
            for path, text in values_by_path(response.document()).items():
                yield ResponseKey(scope, code), path, text


def _is_ours(declared: Desired, key: ResponseKey, path: str) -> bool:
    owner = declared.owns.get(key.scope)
    if owner is None:
        return False
    if key not in declared.responses:
        return owner.prune and key not in declared.left
    return declared.owns_field(key, path) if path else True


def _listing(declared: Desired) -> object:
    """What decides whose a value is: the same of two manifests that differ in what they want, not in what they list."""
    integrations = {
        integration.id: [declared.owns[integration].prune, sorted(declared.owns[integration].own or ())]
        for integration in listed_integrations(declared)
    }
    owned = {_name(key): sorted(patterns) for key, patterns in declared.owned.items()}
    singly = sorted(_name(key) for key in declared.responses if not declared.owns[key.scope].prune)
    return [integrations, owned, singly]


def _name(key: ResponseKey) -> str:
    return f"{key.scope.id if isinstance(key.scope, IntegrationKey) else key.scope} {key.code}"


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
