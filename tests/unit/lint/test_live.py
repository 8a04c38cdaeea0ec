"""What the checks say of desired responses beside a live API."""

import pytest

from reconciler.diagnostics import Diagnostic, Location
from reconciler.lint import check
from reconciler.models.desired import ABSENT, Desired, ManifestRef, MethodResponses, Ownership, Wanted
from reconciler.models.keys import MethodKey, ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveMethod, LiveScope
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import ApiRef, Target

GET = MethodKey("/pets/{petId}", "GET")
LAMBDA = (
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:f/invocations"
)
QUEUE = "arn:aws:apigateway:eu-west-1:sqs:path/123456789012/queue"
DECLARED = {code: MethodResponse() for code in ("200", "400", "404", "500")}


def desired_of(
    responses: dict[str, Wanted], *, scope: MethodKey = GET, method_responses: MethodResponses = "check"
) -> Desired:
    """One listed method with these responses."""
    here = Location("manifests/petstore.yaml", 9, 5)
    return Desired(
        manifests=(ManifestRef("petstore", ApiRef(id="a1b2c3d4e5")),),
        owns={scope: Ownership("petstore", method_responses=method_responses, location=here)},
        responses={ResponseKey(scope, code): wanted for code, wanted in responses.items()},
    )


def api(**verbs: LiveMethod) -> LiveApi:
    """A live API with these methods on one path, beside an empty one."""
    methods: dict[Scope, LiveScope] = {MethodKey(GET.path, verb): method for verb, method in verbs.items()}
    return LiveApi(Target("123456789012", "eu-west-1", "a1b2c3d4e5"), frozenset({"/", "/pets", GET.path}), methods)


def http(declared: dict[str, MethodResponse] | None = None) -> LiveMethod:
    """A method of an HTTP integration."""
    return LiveMethod("r1", "HTTP", "https://example.com", DECLARED if declared is None else declared)


def function() -> LiveMethod:
    """A method of a Lambda integration."""
    return LiveMethod("r1", "AWS", LAMBDA, DECLARED)


def lines(found: tuple[Diagnostic, ...]) -> list[str]:
    """Rule, message and remedy of each."""
    return [f"{one.message} [{one.rule}]; {one.remedy}" for one in found]


def ids(found: tuple[Diagnostic, ...]) -> list[str]:
    """The rules that they name."""
    return [one.rule for one in found]


def test_has_nothing_to_say_of_what_works() -> None:
    """Declared statuses with disjoint patterns pass."""
    desired = desired_of({"200": RestResponse(), "404": RestResponse("404"), "500": RestResponse(r"5\d{2}")})

    assert () == check(desired, api(GET=http()))


def test_an_unknown_path_suggests_the_nearest() -> None:
    """A path that is not on the API is told once, with the one that may be meant."""
    desired = desired_of({"200": RestResponse(), "404": RestResponse("404")}, scope=MethodKey("/pets/{petid}", "GET"))

    assert [
        (
            "GET /pets/{petid}: RestApi a1b2c3d4e5 (account 123456789012, eu-west-1) has no resource at that path "
            "[unknown-path]; did you mean `/pets/{petId}`?"
        )
    ] == lines(check(desired, api(GET=http())))


def test_an_unknown_method_is_told_once() -> None:
    """A method that is not there gives one diagnostic with the methods that are, whatever it lists."""
    desired = desired_of({"200": RestResponse(), "404": RestResponse("404")})

    assert [
        "/pets/{petId} has no method GET, only DELETE, POST [unknown-method]; fix the method, or create it first"
    ] == lines(check(desired, api(POST=http(), DELETE=http())))


def test_get_never_falls_back_to_any() -> None:
    """Where only ANY exists, the way to address it is told."""
    assert [
        (
            "/pets/{petId} has no method GET, only ANY; GET does not fall back to ANY [unknown-method]; "
            "list the responses under ANY"
        )
    ] == lines(check(desired_of({"200": RestResponse()}), api(ANY=http())))


def test_a_resource_without_methods_has_none() -> None:
    """A path that is there without methods is not an unknown path."""
    desired = desired_of({}, scope=MethodKey("/pets", "GET"))

    assert ["/pets has no methods [unknown-method]; fix the method, or create it first"] == lines(
        check(desired, api(GET=http()))
    )


def test_a_method_without_integration_is_told_once() -> None:
    """Without an integration nothing else is worth saying."""
    desired = desired_of({"200": RestResponse(), "404": RestResponse("404")})

    assert ["no-integration"] == ids(check(desired, api(GET=LiveMethod("r1"))))


def test_a_method_level_problem_has_no_address_and_the_methods_place() -> None:
    """It is not softened with any response, and points to where the method is listed."""
    found = check(desired_of({"200": RestResponse()}), api(GET=LiveMethod("r1")))

    assert [("", Location("manifests/petstore.yaml", 9, 5))] == [(one.address, one.location) for one in found]


def test_a_missing_method_response_is_an_error() -> None:
    """A status that the method does not declare would be a 500 at run time."""
    assert [
        (
            "method response 404 does not exist: clients would get a 500 [missing-method-response]; "
            "declare it on the method or set methodResponses: ensure"
        )
    ] == lines(check(desired_of({"404": RestResponse("404")}), api(GET=http({}))))


def test_an_undeclared_header_is_an_error() -> None:
    """AWS refuses a mapping to a header that the method response does not declare."""
    wanted = RestResponse("404", response_parameters={"method.response.header.X-Error": "'a'"})

    assert [
        (
            "method response 404 does not declare header X-Error [undeclared-header]; "
            "declare it on the method or set methodResponses: ensure"
        )
    ] == lines(check(desired_of({"404": wanted}), api(GET=http())))


def test_a_header_declared_in_another_case_is_told() -> None:
    """AWS compares header names with their case, which is easily overlooked."""
    wanted = RestResponse("404", response_parameters={"method.response.header.X-Error": "'a'"})
    declared = {"404": MethodResponse(frozenset({"method.response.header.x-error"}))}

    assert [
        "method response 404 does not declare header X-Error, only x-error: header names are case-sensitive here"
    ] == [one.message for one in check(desired_of({"404": wanted}), api(GET=http(declared)))]


def test_a_malformed_key_is_not_an_undeclared_header() -> None:
    """A key that names no header is the linter's to tell."""
    wanted = RestResponse("404", response_parameters={"X-Error": "'a'"})

    assert () == check(desired_of({"404": wanted}), api(GET=http()))


def test_ensured_method_responses_are_no_problem() -> None:
    """Under `methodResponses: ensure` the plan makes what is missing."""
    desired = desired_of({"404": RestResponse("404")}, method_responses="ensure")

    assert () == check(desired, api(GET=http({})))


def test_an_absent_response_needs_nothing() -> None:
    """What is declared absent is not checked."""
    assert () == check(desired_of({"404": ABSENT}), api(GET=http({})))


@pytest.mark.parametrize("kind", ["AWS_PROXY", "HTTP_PROXY"])
def test_a_proxy_ignores_responses(kind: str) -> None:
    """A response on a proxy integration is told to have no effect, and nothing else."""
    live = api(GET=LiveMethod("r1", kind, LAMBDA))

    assert ["ignored-by-proxy"] == ids(check(desired_of({"404": RestResponse("404")}), live))


@pytest.mark.parametrize(
    "pattern",
    [
        "400",
        r"4\d\d",
        r"4\d{2}",
        "5..",
        "[45]..",
        "400|404",
        r"(?:400|5\d{2})",
        "^404$",
        "4[0-9]{2}",
        r"\d{3}",
        "5.{2}",
    ],
)
def test_a_lambda_has_no_status(pattern: str) -> None:
    """A pattern that looks for a status never sees one on a Lambda integration."""
    assert ["status-on-lambda"] == ids(check(desired_of({"400": RestResponse(pattern)}), api(GET=function())))


@pytest.mark.parametrize("pattern", [".*", "(?s).*", "a*", "(error)?", "()"])
def test_the_empty_message_of_success_is_swallowed(pattern: str) -> None:
    """A pattern that matches the empty text takes a Lambda function's successes."""
    assert ["swallows-success"] == ids(check(desired_of({"400": RestResponse(pattern)}), api(GET=function())))


@pytest.mark.parametrize("pattern", ["", ".+", r".*\[NotFound\].*", r"4 \d{2}", r"\p{Digit}*", "((", ".*400.*"])
def test_a_lambda_message_may_be_matched(pattern: str) -> None:
    """The default, patterns of messages, and patterns that are not evaluated pass."""
    assert () == check(desired_of({"400": RestResponse(pattern)}), api(GET=function()))


@pytest.mark.parametrize(("kind", "uri"), [("HTTP", "https://example.com"), ("MOCK", ""), ("AWS", QUEUE)])
def test_a_pattern_without_a_status_is_never_selected(kind: str, uri: str) -> None:
    """Integrations that answer with a status select by it alone."""
    live = api(GET=LiveMethod("r1", kind, uri, DECLARED))

    assert ["never-selected"] == ids(check(desired_of({"404": RestResponse(r".*NotFound.*")}), live))


def test_an_unknown_aws_integration_is_given_the_benefit_of_the_doubt() -> None:
    """Without a URI it is not known what patterns are matched against."""
    live = api(GET=LiveMethod("r1", "AWS", "", DECLARED))

    assert () == check(desired_of({"404": RestResponse(r".*NotFound.*")}), live)
