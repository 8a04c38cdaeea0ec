"""Recognise what a stage of a WebSocket API serves, by a fingerprint in the description of its deployment.

AWS has no call that shows it. So each deployment that is made here ends its description with three short digests of the
draft at that time: of what the manifests list, of the listed responses, and of everything else that was read (routes,
integrations, unlisted responses).

Pure. Equal fingerprints mean equal state as far as it is read: the responses of unlisted integrations never are. A
description is foreign text: without a fingerprint at its end, or with one of another listing, nothing is known.
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
_FINGERPRINT: Final = re.compile(
    rf"\[state ([0-9a-f]{{{_LENGTH}}})\.([0-9a-f]{{{_LENGTH}}})\.([0-9a-f]{{{_LENGTH}}})\]$", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Digests of the listing, of the listed responses, and of everything else that was read."""

    listing: str
    responses: str
    others: str

    def __str__(self) -> str:
        return f"[state {self.listing}.{self.responses}.{self.others}]"


def fingerprint(draft: LiveApi, declared: Desired) -> Fingerprint:
    """Return the fingerprint of a deployment of this draft."""
    listed: list[list[str]] = []
    others: list[list[str]] = []
    for key, path, text in _values(draft):
        (listed if _is_listed(declared, key, path) else others).append([_name(key), path, text])
    integrations = {
        integration.integration_id: [
            integration.integration_type,
            integration.integration_uri,
            sorted(integration.two_way_routes.difference(integration.read_routes)),
        ]
        for integration in live_integrations(draft).values()
    }
    # Routes that the manifests keep two-way change with the listed responses
    listed += [
        [integration.integration_id, f"route {key}", " ".join(route.lacks)]
        for integration in live_integrations(draft).values()
        for key, route in integration.read_routes.items()
    ]
    return Fingerprint(
        _digest(_listing(declared)), _digest(listed), _digest([dict(draft.routes), integrations, others])
    )


def found_in(description: str) -> Fingerprint | None:
    """Return the fingerprint at the end of a description."""
    match = _FINGERPRINT.search(description)
    return Fingerprint(*match.groups()) if match else None


def _values(draft: LiveApi) -> Iterator[tuple[ResponseKey, str, str]]:
    """Yield every field of every response that was read; the response itself has the path ""."""
    for scope, integration in sorted(live_integrations(draft).items(), key=lambda item: item[1].integration_id):
        for code, response in sorted(integration.responses.items(), key=lambda item: item[0]):
            yield ResponseKey(scope, code), "", ""
            for path, text in values_by_path(response.document()).items():
                yield ResponseKey(scope, code), path, text


def _is_listed(declared: Desired, key: ResponseKey, path: str) -> bool:
    owner = declared.owns.get(key.scope)
    if owner is None:
        return False
    if key not in declared.responses:
        return owner.prune and key not in declared.ignored
    return declared.owns_field(key, path) if path else True


def _listing(declared: Desired) -> object:
    """Return what decides who owns a value: equal for manifests that list the same, whatever values they want."""
    integrations = {
        integration.id: [
            declared.owns[integration].prune,
            sorted(declared.owns[integration].own or ()),
            *(["routes"] if declared.owns[integration].route_responses == "ensure" else []),
        ]
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
