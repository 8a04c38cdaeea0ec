"""Policies, and the table of operations that they are derived from."""

from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.aws.calls import CallEffect, Destination, integration_response
from reconciler.aws.operations import OPERATIONS, Operation, PermissionGroup
from reconciler.aws.permissions import ApiAccess, Mode, policy
from reconciler.aws.regions import partition
from reconciler.errors import ConfigurationError
from reconciler.models.keys import MethodKey
from reconciler.models.targets import Kind, ResponseRef
from support.policies import Policy, asked_for

ids = st.text("ab", min_size=1, max_size=4)
EVERYTHING: Mapping[str, Any] = {"by_name": True, "stages": ("prod",), "ensures": True, "invokes": True}


class _Named(dict[str, str]):
    """Maps every name to itself in braces."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def access(api_id: str, kind: Kind = Kind.REST_API, **more: Any) -> ApiAccess:  # noqa: ANN401 - any field
    """Return the access to an API of the default region."""
    return ApiAccess("aws", "eu-west-1", kind, api_id, **more)


def granted(api: ApiAccess, mode: Mode = Mode.DEPLOY) -> Policy:
    """Return the policy for one API."""
    return Policy(policy([api], mode))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: f"{operation.kind}-{operation.name}")
def test_operations_are_where_boto3_sends_them(operation: Operation) -> None:
    """Verb and path of every operation match AWS's service model."""
    named = _Named(exportType="oas30")
    braces = {
        "{restApiId}": "{api}",
        "{ApiId}": "{api}",
        "{resourceId}": "{resource}",
        "{httpMethod}": "{method}",
        "{statusCode}": "{code}",
        "{stageName}": "{stage}",
        "{StageName}": "{stage}",
        "{deploymentId}": "{deployment}",
        "{DeploymentId}": "{deployment}",
        "{IntegrationId}": "{integration}",
        "{IntegrationResponseId}": "{response}",
        "{RouteId}": "{route}",
    }
    action, resource = asked_for(operation.kind, operation.name, named)
    for theirs, ours in braces.items():
        resource = resource.replace(theirs, ours)

    assert (operation.action, operation.resource("aws", "eu-west-1", _Named())) == (action, resource)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("group", PermissionGroup)
def test_a_statement_grants_only_operations(group: PermissionGroup, kind: Kind) -> None:
    """IAM allows every action of a statement on every one of its resources: each such pair is an operation."""
    ours = {
        (operation.action, operation.path)
        for operation in OPERATIONS
        if (operation.group, operation.kind) == (group, kind)
    }

    assert ours == {(action, path) for action, _ in ours for _, path in ours}


def test_a_call_outside_the_table_cannot_be_made() -> None:
    """UpdateIntegrationResponse of a REST API is not in the table, so it cannot be sent."""
    destination = Destination("123456789012", "eu-west-1", "aws", "https://example.com")
    ref = ResponseRef("a1b2c3", "x1y2z3", MethodKey("/pets", "GET"), "404")

    with pytest.raises(KeyError, match="UpdateIntegrationResponse"):
        integration_response(destination, ref, "UpdateIntegrationResponse", CallEffect.SETS)


@pytest.mark.parametrize("mode", Mode)
def test_the_same_accesses_give_the_same_policy(mode: Mode) -> None:
    """Statements by Sid, resources and actions sorted, nothing twice, whatever the order of the input."""
    accesses = [
        access("b", stages=("prod", "dev")),
        access("a", by_name=True),
        access("c", Kind.WEBSOCKET_API),
        access("b"),
    ]
    document = policy(accesses, mode)
    sids = [statement["Sid"] for statement in document["Statement"]]
    lists = [names for statement in document["Statement"] for names in (statement["Action"], statement["Resource"])]

    assert (document, sorted(set(sids)), [sorted(set(names)) for names in lists]) == (
        policy(reversed(accesses), mode),
        sids,
        lists,
    )


@pytest.mark.parametrize("mode", Mode)
def test_sids_are_letters_and_digits(mode: Mode) -> None:
    """IAM accepts nothing else in a Sid."""
    document = policy([access("a", kind, **EVERYTHING) for kind in Kind], mode)

    assert all(statement["Sid"].isalnum() and statement["Sid"].isascii() for statement in document["Statement"])


@given(st.sets(ids, min_size=1), ids, st.sampled_from(Kind))
def test_an_id_allows_nothing_of_another_with_the_same_prefix(granted_ids: set[str], other: str, kind: Kind) -> None:
    """Every operation is allowed on the granted APIs, and on no other."""
    document = Policy(policy([access(api_id, kind, **EVERYTHING) for api_id in granted_ids], Mode.DEPLOY))
    names = {"api": other, "stage": "prod"}
    operations = [
        operation for operation in OPERATIONS if operation.kind is kind and operation.group is not PermissionGroup.LIST
    ]
    allowed = {
        document.allows((operation.action, operation.resources("aws", "eu-west-1", names))) for operation in operations
    }

    assert {other in granted_ids} == allowed


@pytest.mark.parametrize(
    "path",
    [
        "/restapis",
        "/restapis/abc",
        "/restapis/abc/stages/production",
        "/restapis/abc/stages/pro",
        "/restapis/abc/stages/prod/sdks/java",
        "/restapis/abc/authorizers",
        "/restapis/abc/resources/x/methods/GET",
        "/apis/abc/routes",
        "/apikeys",
    ],
)
@pytest.mark.parametrize("action", ["apigateway:GET", "apigateway:PUT", "apigateway:PATCH", "apigateway:DELETE"])
def test_what_no_run_needs_is_not_allowed(path: str, action: str) -> None:
    """Resources next to the granted ones, secrets among them, are not allowed."""
    document = granted(access("abc", stages=("prod",), ensures=True))

    assert not document.allows((action, f"arn:aws:apigateway:eu-west-1::{path}"))


@pytest.mark.parametrize("ensures", [False, True])
def test_patch_of_integration_responses(*, ensures: bool) -> None:
    """It is never sent, but allowed with `ensure`, because `*` in the ARN of method responses spans slashes."""
    path = "/restapis/abc/resources/x/methods/GET/integration/responses/200"
    document = granted(access("abc", ensures=ensures))

    assert ensures == document.allows(("apigateway:PATCH", f"arn:aws:apigateway:eu-west-1::{path}"))


def test_a_grant_is_for_one_region() -> None:
    """A grant for one region allows nothing in another, nor in another partition."""
    document = granted(ApiAccess("aws-cn", "cn-north-1", Kind.REST_API, "abc"))
    path = "/restapis/abc/resources"

    assert [True, False, False] == [
        document.allows(("apigateway:GET", f"arn:{region}::{path}"))
        for region in ("aws-cn:apigateway:cn-north-1", "aws-cn:apigateway:cn-northwest-1", "aws:apigateway:cn-north-1")
    ]


@pytest.mark.parametrize(
    "region", ["eu-west-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "mx-central-1"]
)
def test_partition_is_that_of_boto3_clients(region: str) -> None:
    """A policy has the same partition as the calls."""
    client = boto3.client("apigateway", region_name=region, aws_access_key_id="x", aws_secret_access_key="x")  # noqa: S106

    assert client.meta.partition == partition(region)


@pytest.mark.parametrize("region", ["eu-*", "*", "moon", "", "eu-west-1\n", "${aws:username}"])
def test_impossible_region(region: str) -> None:
    """An impossible region is an error, and never part of an ARN."""
    with pytest.raises(ConfigurationError, match="unknown AWS region"):
        partition(region)


@pytest.mark.parametrize(
    ("mode", "stages", "is_granted"),
    [
        (Mode.DRIFT, ("prod",), False),
        (Mode.PLAN, (), False),
        (Mode.DEPLOY, (), False),
        (Mode.PLAN, ("prod",), True),
        (Mode.APPLY, ("prod",), True),
        (Mode.DEPLOY, ("prod",), True),
    ],
)
def test_definitions_are_for_commands_that_compare_stages(
    mode: Mode, stages: tuple[str, ...], *, is_granted: bool
) -> None:
    """`status` and --deploy read them, `drift` and runs without stages do not."""
    sids = [statement["Sid"] for statement in policy([access("a", stages=stages)], mode)["Statement"]]

    assert is_granted == ("ReadRestDefinitions" in sids)


def test_drift_may_only_read() -> None:
    """The policy for drift allows only GET, stages included."""
    document = granted(access("a", **{**EVERYTHING, "invokes": False}), Mode.DRIFT)

    assert ({"apigateway:GET"}, True) == (
        {action for _, action, _ in document.grants()},
        any(sid == "ReadRestStages" for sid, *_ in document.grants()),
    )


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("invokes", [False, True])
def test_methods_are_called_only_where_it_is_asked_for(mode: Mode, *, invokes: bool) -> None:
    """No mode allows TestInvokeMethod by itself, and `invokes` allows it in each."""
    path = "/restapis/abc/resources/x/methods/GET"
    document = granted(access("abc", invokes=invokes), mode)

    assert invokes == document.allows(("apigateway:POST", f"arn:aws:apigateway:eu-west-1::{path}"))


def test_test_calls_allow_no_other_post() -> None:
    """What `test --live` needs creates neither resources nor deployments."""
    document = granted(access("abc", invokes=True), Mode.DRIFT)
    paths = ("/restapis/abc/resources/x", "/restapis/abc/deployments", "/restapis/other/resources/x/methods/GET")

    assert [False] * 3 == [
        document.allows(("apigateway:POST", f"arn:aws:apigateway:eu-west-1::{path}")) for path in paths
    ]


@pytest.mark.parametrize("mode", Mode)
def test_blame_needs_one_action_more(mode: Mode) -> None:
    """IAM knows no resources for it."""
    without, with_blame = (policy([access("a")], mode, blame=blame)["Statement"] for blame in (False, True))
    added = [statement for statement in with_blame if statement not in without]

    assert [("LookUpEvents", ["cloudtrail:LookupEvents"], ["*"])] == [
        (statement["Sid"], statement["Action"], statement["Resource"]) for statement in added
    ]
