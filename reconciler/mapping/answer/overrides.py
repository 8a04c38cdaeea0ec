"""`$context.responseOverride`: the status and headers that templates set, which are final.

The request template may set them too: its `$context` is handed on to the response template, and counts even if there is
none (recorded answers).
"""

from collections.abc import Mapping
from typing import Final

from reconciler.mapping.answer.quoted import quoted
from reconciler.mapping.exchange import Exchange
from reconciler.mapping.rendering import Overrides, Unknown

_STATUSES: Final = range(100, 600)


def overrides_of_request(exchange: Exchange) -> Overrides:
    """Return the overrides that the request template left behind."""
    override = exchange.state.get("responseOverride")
    if not isinstance(override, Mapping):
        return Overrides()
    headers = override.get("header")
    named = {str(name): value for name, value in headers.items()} if isinstance(headers, Mapping) else {}
    return Overrides(override.get("status"), named)


def combined(request: Overrides, response: Overrides) -> Overrides:
    """Return the overrides of both templates; those of the response template come last."""
    status = request.status if response.status is None else response.status
    return Overrides(status, {**request.headers, **response.headers})


def uncertain(overrides: Overrides, earlier: Overrides, unknown: Unknown) -> Overrides:
    """Return the overrides with `unknown` for those that differ from the earlier ones, and for the status if any does.

    One reason not to know is that a template sets something twice, to which AWS may answer with a 5XX.
    """
    headers = {
        name: value if name in earlier.headers and earlier.headers[name] == value else unknown
        for name, value in overrides.headers.items()
    }
    return Overrides(earlier.status if overrides == earlier else unknown, headers)


def overridden_status(status: int | Unknown, override: object) -> int | Unknown:
    """Return the status after an override. AWS ignores one outside of 100 to 599 (tried on AWS by others)."""
    if override is None or isinstance(override, Unknown):
        return status if override is None else override
    if isinstance(override, int) and not isinstance(override, bool):
        return override if override in _STATUSES else status
    what = f"the text {quoted(override)}" if isinstance(override, str) else "not an integer"
    return Unknown(f"responseOverride.status is {what}, and what AWS does then is not recorded")
