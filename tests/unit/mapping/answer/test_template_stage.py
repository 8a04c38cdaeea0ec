"""A response template is rendered with the content of the backend's answer and all that the call has."""

from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import respond
from reconciler.mapping.exchange import ClientRequest, Exchange, HttpResult
from reconciler.mapping.rendering import Unknown
from support.answering import http, templated, why

TOO_MUCH = "#foreach($i in [1..1000])#foreach($j in [1..1000])#foreach($k in [1..1000])x#end#end#end"
TWICE = "#set($context.responseOverride.header.X = 1)#set($context.responseOverride.header.X = 2)"


def test_a_template_sees_the_whole_call() -> None:
    """The backend's body, the client's request, context and stage variables are seen."""
    template = "$input.path('$.a') $input.params('page') $context.requestId $stageVariables.tier $context.own"
    exchange = Exchange(
        HttpResult(200, {}, '{"a": 1}'),
        ClientRequest(query={"page": "2"}, body='{"a": "of the request"}'),
        context={"requestId": "r-1"},
        stage_variables={"tier": "gold"},
        state={"own": "kept"},
    )

    assert "1 2 r-1 gold kept" == respond(templated(template), exchange).body


def test_a_template_over_the_limit_is_unknown() -> None:
    """AWS may render a template that costs more than is allowed here: its answer is unknown, and no error."""
    answer = http(templated(TOO_MUCH))

    assert "the template is not rendered here" in why(answer.body)
    assert isinstance(answer.status, Unknown)
    assert (None, "application/json") == (answer.error, answer.template)


def faulty(before: str) -> Answer:
    """What a client gets of a template with a fault behind `before`."""
    return http(templated(before + "$util.parseJson('{')"), 200, "{}")


def test_a_fault_behind_something_unknown_is_unknown() -> None:
    """A template that fails behind something that no source describes may not come that far on AWS."""
    assert faulty("").error is not None
    assert faulty(TWICE).error is None
    assert "set twice" in why(faulty(TWICE).body)


def test_an_unknown_output_leaves_the_rest_known() -> None:
    """If only the output is not known, status and headers are."""
    answer = http(templated("$input.json('$.a')"), 200, '{"a": null}')

    assert isinstance(answer.body, Unknown)
    assert (200, {"Content-Type": "application/json"}) == (answer.status, answer.headers)
