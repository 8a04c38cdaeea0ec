"""The names under which clients get response headers: API Gateway renames some and drops others."""

from typing import Final

REMAPPED_PREFIX: Final = "x-amzn-Remapped-"

REMAPPED_HEADERS: Final = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-md5",
        "date",
        "expect",
        "host",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "trailer",
        "upgrade",
        "user-agent",
        "www-authenticate",
    }
)
"""Delivered as `x-amzn-Remapped-NAME` (recorded answers of regional endpoints, HTTP and AWS integrations)."""

DROPPED_HEADERS: Final = frozenset({"transfer-encoding"})
"""Never delivered (the same recorded answers)."""

REMAPPED_BY_HTTP_PROXY: Final = frozenset(
    {"connection", "content-length", "date", "server", "www-authenticate", "x-amzn-requestid"}
)
"""Those of the backend that an HTTP_PROXY integration renames (recorded answers; WWW-Authenticate: reported by users).

What it does with the other ones of `REMAPPED_HEADERS` is not recorded.
"""

REMAPPED_BY_AWS_PROXY: Final = frozenset({"www-authenticate"})
"""Those of the function that an AWS_PROXY integration renames (reported by users); the others are not recorded."""
