"""The answer of a REST API through one of its integration responses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from reconciler.mapping.answer.agreement import agreement
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.backends import IntegrationAnswer
from reconciler.mapping.answer.content import Content, accepts_binary, converted, is_binary_payload
from reconciler.mapping.answer.gateway_errors import GatewayFailure, gateway_answer
from reconciler.mapping.answer.headers import delivered, mapped_headers, overridden
from reconciler.mapping.answer.overrides import overridden_status
from reconciler.mapping.answer.quoted import quoted
from reconciler.mapping.answer.template_choice import template_by_accept
from reconciler.mapping.answer.template_stage import mapped_body
from reconciler.mapping.exchange import Exchange
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import RestResponse


def rest_answer(status: str, response: RestResponse, exchange: Exchange, answer: IntegrationAnswer) -> Answer:
    """Return the answer through the response for `status`; `selected` and `considered` are for the caller to add."""
    declared = exchange.api.method_responses
    if declared is not None and status not in declared:
        log = f"Output mapping refers to an invalid method response: {status}"
        failure = GatewayFailure(f"the method declares no response {status} ({log})")
        return gateway_answer(failure, exchange, is_websocket=False)
    is_binary, is_accepted = is_binary_payload(answer, exchange), accepts_binary(exchange)
    choice = template_by_accept(response.response_templates, exchange)
    cases = product(_possible(is_binary), _possible(is_accepted), choice.keys)
    applied = _AppliedResponse(_number(status), response, exchange, answer)
    return agreement([applied.respond(*case) for case in cases], _reasons([is_binary, is_accepted], choice.why))


def _number(status: str) -> int | Unknown:
    is_status = re.fullmatch("[1-5][0-9]{2}", status) is not None
    return int(status) if is_status else Unknown(f"AWS accepts no response with status code {quoted(status)}")


def _possible(value: bool | Unknown) -> tuple[bool, ...]:
    return (True, False) if isinstance(value, Unknown) else (value,)


def _reasons(values: Iterable[bool | Unknown], other: str) -> str:
    whys = [value.why for value in values if isinstance(value, Unknown)]
    return "; ".join([*whys, other] if other else whys)


@dataclass(frozen=True, slots=True)
class _AppliedResponse:
    """The selected response, applied to the answer of the backend."""

    status: int | Unknown
    response: RestResponse
    exchange: Exchange
    answer: IntegrationAnswer

    def respond(self, is_binary: bool, is_accepted: bool, template: str | None) -> Answer:
        """Return the answer in a case that may not be known: binary payload and Accept, and the key of the template."""
        text = "" if template is None else self.response.response_templates[template]
        try:
            answer = self._mapped(text, Content(self.answer.body, is_binary), is_accepted=is_accepted)
        except GatewayFailure as failure:
            answer = gateway_answer(failure, self.exchange, is_websocket=False)
        return replace(answer, template=template) if text else answer

    def _mapped(self, text: str, payload: Content, *, is_accepted: bool) -> Answer:
        content = converted(payload, self.response.content_handling, is_accepted=is_accepted)
        mapped = mapped_body(text, content, self.exchange)
        headers = mapped_headers(
            self.response.response_parameters, self.answer, self.exchange, is_binary=payload.is_binary
        )
        return Answer(
            selected=None,
            status=overridden_status(self.status, mapped.overrides.status),
            headers=delivered(overridden(headers, mapped.overrides.headers)),
            body=mapped.body,
            branches=mapped.branches,
            assumed=mapped.assumed,
        )
