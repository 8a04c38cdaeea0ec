"""Digests of state: equal for equal state, regardless of lines, comments and order in the files."""

import hashlib
import json
from collections.abc import Iterable

from reconciler.models.desired import ABSENT, Desired, Ownership
from reconciler.models.keys import Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveScope


def content_digest(content: object) -> str:
    """Return a digest of a value of JSON, regardless of the order of its keys."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def desired_digest(desired: Desired) -> str:
    """Return a digest of what is desired and owned, without its places in files."""
    methods = {
        str(scope): [owner.manifest, owner.prune, owner.method_responses, owner.own, *_ensures_routes(owner)]
        for scope, owner in desired.owns.items()
    }
    responses = {
        str(key): "absent" if wanted is ABSENT else wanted.document() for key, wanted in desired.responses.items()
    }
    owned = {str(key): patterns for key, patterns in desired.owned.items()}
    return content_digest([methods, responses, sorted(map(str, desired.protected)), owned])


def _ensures_routes(owner: Ownership) -> list[str]:
    """Nothing by default, so that digests of earlier versions stay valid."""
    return ["routeResponses"] if owner.route_responses == "ensure" else []


def live_digest(live: LiveApi, listed: Iterable[Scope]) -> str:
    """Return a digest of the listed methods only, so that changes elsewhere on the API do not make a plan stale."""
    methods = {}
    for scope in listed:
        method = live.methods.get(scope)
        methods[str(scope)] = method and [
            method.integration_type,
            _declared(method),
            {code: response.document() for code, response in method.responses.items()},
        ]
    return content_digest(methods)


def _declared(method: LiveScope) -> dict[str, list[str]]:
    if isinstance(method, LiveIntegration):
        return {route: list(state.lacks) for route, state in method.read_routes.items() if state.lacks}
    return {code: sorted(declared.parameters) for code, declared in method.method_responses.items()}
