"""Which backends API Gateway accepts for an integration.

Pure checks that raise BadRequestException with AWS's text. Texts and situations: aws-semantics 12.4 (recorded); that
AWS_PROXY also needs a verb is from users' reports.
"""

import re
from typing import Final

from reconciler.sandbox.model.errors import bad_request

_ENDPOINT: Final = re.compile(r"https?://[^\s/]+(?:/\S*)?")
_ARN_PARTS: Final = 6
_ACTIONS: Final = ("path/", "action/")
_PROXY_TARGETS: Final = (("lambda", "path/"), ("firehose", "action/"))
_ONLY_THESE: Final = (
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
)


def check(kind: str, verb: str | None, uri: str | None) -> None:
    """Refuse a type, backend verb or URI of an integration that AWS refuses."""
    if kind == "MOCK":
        return
    if not verb:
        raise bad_request("Enumeration value for HttpMethod must be non-empty")
    if kind.startswith("HTTP"):
        _check_endpoint(uri or "")
    else:
        _check_arn(kind, uri or "")


def _check_endpoint(uri: str) -> None:
    if not _ENDPOINT.fullmatch(uri):
        raise bad_request("Invalid HTTP endpoint specified for URI")


def _check_arn(kind: str, uri: str) -> None:
    """`arn:PARTITION:apigateway:REGION:[SUBDOMAIN.]SERVICE:path|action/...` (API Reference, PutIntegration, `uri`)."""
    parts = uri.split(":", _ARN_PARTS - 1)
    if parts[0] != "arn" or len(parts) != _ARN_PARTS:
        raise bad_request("Invalid ARN specified in the request")
    service, target = parts[4].rpartition(".")[2], parts[5]
    if not target.startswith(_ACTIONS):
        raise bad_request("AWS ARN for integration must contain path or action")
    if kind == "AWS_PROXY" and not any(
        service == name and target.startswith(prefix) for name, prefix in _PROXY_TARGETS
    ):
        raise bad_request(_ONLY_THESE)
