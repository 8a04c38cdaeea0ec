"""Between AWS's shapes and the normal form: one table of what AWS treats as equal.

Promise: `rest_response` gives equal values for answers that mean the same, and is idempotent over
`rest_response(rest_request(r))`; what differs at run time stays different. Pure.

AWS's habits (recorded answers, and the Developer Guide's data mapping reference):

* `selectionPattern` "" is stored and returned as "", not sent it is absent: both are the default response.
* a template value "" is stored as null and comes back as null: passthrough for that content type. A content type that
  is not in the map at all is another thing, so null becomes "", never "no entry".
* `{}` comes back as `{}`, not sent as no key: both are "no mappings", "no templates".
* `contentHandling` is absent when unset; "" clears it in a PATCH.
* `integrationResponses` and `methodResponses` are absent, not empty, when there are none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import LiveMethod, LiveScope
from reconciler.models.responses import EMPTY, FieldValue, MethodResponse, RestResponse

Raw: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Field:
    """One row: AWS's name, ours, the form, and the value that stands for every spelling of "unset"."""

    name: str
    attribute: str
    form: Literal["text", "map"]
    unset: FieldValue


REST_FIELDS: Final = (
    _Field("selectionPattern", "selection_pattern", "text", ""),
    _Field("contentHandling", "content_handling", "text", None),
    _Field("responseParameters", "response_parameters", "map", EMPTY),
    _Field("responseTemplates", "response_templates", "map", EMPTY),
)

HEADER_PREFIX: Final = "method.response.header."


def rest_response(raw: Raw) -> RestResponse:
    """An integration response out of AWS's answer, or out of a manifest's fields, in normal form."""
    return RestResponse(**{row.attribute: _normal(row, raw.get(row.name)) for row in REST_FIELDS})


def _normal(row: _Field, value: Any) -> Any:  # noqa: ANN401 - the outside world's shape
    if not value:
        return row.unset
    if row.form == "text":
        return value
    return {key: value[key] or "" for key in sorted(value)}


def rest_request(response: RestResponse) -> dict[str, FieldValue]:
    """The body of a PutIntegrationResponse that stores exactly this response: unset fields are not sent."""
    return response.document()


def method_response(raw: Raw) -> MethodResponse:
    """A method response's declared parameters. Their boolean flag gates nothing, declaring is what matters."""
    return MethodResponse(frozenset(raw.get("responseParameters") or ()))


def rest_method(resource_id: str, raw: Raw) -> LiveMethod:
    """A Method object, as GetMethod and GetResources with embedded methods give it."""
    integration: Raw = raw.get("methodIntegration") or {}
    return LiveMethod(
        resource_id=resource_id,
        integration_type=integration.get("type"),
        integration_uri=integration.get("uri") or "",
        method_responses={
            code: method_response(one) for code, one in sorted((raw.get("methodResponses") or {}).items())
        },
        responses={
            code: rest_response(one) for code, one in sorted((integration.get("integrationResponses") or {}).items())
        },
    )


def rest_methods(resources: Iterable[Raw]) -> dict[Scope, LiveScope]:
    """Every method of the items of GetResources with embedded methods."""
    return {
        MethodKey(resource["path"], verb): rest_method(resource["id"], raw)
        for resource in resources
        for verb, raw in (resource.get("resourceMethods") or {}).items()
    }
