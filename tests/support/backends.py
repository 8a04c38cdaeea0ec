"""Integrations by the kind of their backend, under AWS's names."""

from collections.abc import Mapping
from typing import Any, Final

MOCK: Final[Mapping[str, Any]] = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
HTTP: Final[Mapping[str, Any]] = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "https://backend.example/"}
LAMBDA: Final[Mapping[str, Any]] = {
    "type": "AWS",
    "integrationHttpMethod": "POST",
    "uri": "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:eu-west-1:123456789012:function:pets/invocations",
}
