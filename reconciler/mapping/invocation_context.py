"""What is known of a test call by TestInvokeMethod: `$context`, and which of its variables are not known.

The values are those that users' logs of test calls show. What depends on the caller (`identity.userArn` ...) or on the
time is not known.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

STAGE: Final = "test-invoke-stage"

_OVERRIDES: Final = ("requestOverride", "responseOverride")
_VARIABLE: Final = re.compile(r"\bcontext\b((?:\.[A-Za-z]+)*)")


def context_of_call(  # noqa: PLR0913 - the parts of a call
    *, request_id: str, account_id: str, api_id: str, resource_id: str, method: str, resource_path: str
) -> dict[str, object]:
    """Return `$context` of a test call, without what is not known."""
    return {
        "accountId": account_id,
        "apiId": api_id,
        "domainName": "testPrefix.testDomainName",
        "domainPrefix": "testPrefix",
        "httpMethod": method,
        "identity": {
            "apiKey": "test-invoke-api-key",
            "apiKeyId": "test-invoke-api-key-id",
            "sourceIp": "test-invoke-source-ip",
        },
        "protocol": "HTTP/1.1",
        "requestId": request_id,
        "resourceId": resource_id,
        "resourcePath": resource_path,
        "stage": STAGE,
    }


_KNOWN: Final = frozenset(
    {
        *context_of_call(request_id="", account_id="", api_id="", resource_id="", method="", resource_path=""),
        *("identity.apiKey", "identity.apiKeyId", "identity.sourceIp"),
    }
    - {"identity"}
)


def unknown_variables(texts: Iterable[str]) -> Iterator[str]:
    """Yield the variables of `$context` that templates or mapping expressions read, and that are not known.

    `context` itself is one of them: its keys may be listed.
    """
    for text in texts:
        for variable in _VARIABLE.finditer(text):
            name = variable[1].removeprefix(".")
            if not name.startswith(_OVERRIDES) and not _is_known(name):
                yield f"context.{name}" if name else "context"


def _is_known(name: str) -> bool:
    """Whether a variable, or the variable that a method is called on (`requestId.toString`), is known."""
    parts = name.split(".")
    return any(".".join(parts[:length]) in _KNOWN for length in range(1, len(parts) + 1))
