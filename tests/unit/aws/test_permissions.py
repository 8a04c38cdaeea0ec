"""Policies out of needs, and the table of operations that they are read off."""

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
EVERYTHING: Mapping[str, Any] = {"by_name": True, "stages": ("prod",), "ensures": True}


class _Named(dict[str, str]):
    """Every name, in braces."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def need(api_id: str, kind: Kind = Kind.REST_API, **more: Any) -> ApiAccess:  # noqa: ANN401 - whatever a need has
    """What runs have to do with an API of the default region."""
    return ApiAccess("aws", "eu-west-1", kind, api_id, **more)


def granted(one: ApiAccess, mode: Mode = Mode.DEPLOY) -> Policy:
    """The policy for one API."""
    return Policy(policy([one], mode))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.kind}-{one.name}")
def test_operations_are_where_boto3_sends_them(operation: Operation) -> None:
    """Verb and path of every operation are those of AWS's own service model."""
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
    }
    action, resource = asked_for(operation.kind, operation.name, named)
    for theirs, ours in braces.items():
        resource = resource.replace(theirs, ours)

    assert (operation.action, operation.resource("aws", "eu-west-1", _Named())) == (action, resource)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("purpose", PermissionGroup)
def test_a_statement_grants_no_pair_that_is_no_operation(purpose: PermissionGroup, kind: Kind) -> None:
    """IAM allows every action of a statement on every resource of it: each such pair is an operation."""
    ours = {
        (operation.action, operation.path)
        for operation in OPERATIONS
        if (operation.purpose, operation.kind) == (purpose, kind)
    }

    assert ours == {(action, path) for action, _ in ours for _, path in ours}


def test_a_call_that_no_policy_knows_cannot_be_made() -> None:
    """UpdateIntegrationResponse of a REST API is never sent, so it is not in the table, so it cannot be sent."""
    place = Destination("123456789012", "eu-west-1", "aws", "https://example.com")
    ref = ResponseRef("a1b2c3", "x1y2z3", MethodKey("/pets", "GET"), "404")

    with pytest.raises(KeyError, match="UpdateIntegrationResponse"):
        integration_response(place, ref, "UpdateIntegrationResponse", CallEffect.SETS)


@pytest.mark.parametrize("mode", Mode)
def test_the_same_needs_give_the_same_policy(mode: Mode) -> None:
    """Statements by Sid, resources and actions in order, nothing twice, whatever the order of the needs."""
    needs = [need("b", stages=("prod", "dev")), need("a", by_name=True), need("c", Kind.WEBSOCKET_API), need("b")]
    document = policy(needs, mode)
    sids = [one["Sid"] for one in document["Statement"]]
    lists = [names for one in document["Statement"] for names in (one["Action"], one["Resource"])]

    assert (document, sorted(set(sids)), [sorted(set(one)) for one in lists]) == (
        policy(reversed(needs), mode),
        sids,
        lists,
    )


@pytest.mark.parametrize("mode", Mode)
def test_sids_are_letters_and_digits(mode: Mode) -> None:
    """IAM takes nothing else."""
    document = policy([need("a", kind, **EVERYTHING) for kind in Kind], mode)

    assert all(one["Sid"].isalnum() and one["Sid"].isascii() for one in document["Statement"])


@given(st.sets(ids, min_size=1), ids, st.sampled_from(Kind))
def test_an_id_allows_nothing_of_another_that_begins_alike(granted_ids: set[str], other: str, kind: Kind) -> None:
    """Whatever can be asked of an API is allowed of those that are granted, and of no other."""
    made = Policy(policy([need(one, kind, **EVERYTHING) for one in granted_ids], Mode.DEPLOY))
    names = {"api": other, "stage": "prod"}
    of_the_api = [
        operation
        for operation in OPERATIONS
        if operation.kind is kind and operation.purpose is not PermissionGroup.LIST
    ]
    allowed = {made.allows((one.action, one.resources("aws", "eu-west-1", names))) for one in of_the_api}

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
def test_what_no_run_asks_for_is_not_allowed(path: str, action: str) -> None:
    """Neighbours of what is granted, secrets among them."""
    one = granted(need("abc", stages=("prod",), ensures=True))

    assert not one.allows((action, f"arn:aws:apigateway:eu-west-1::{path}"))


@pytest.mark.parametrize("ensures", [False, True])
def test_patch_of_integration_responses(*, ensures: bool) -> None:
    """Never sent; with `ensure` it is allowed all the same, as `*` in the ARN of method responses spans slashes."""
    path = "/restapis/abc/resources/x/methods/GET/integration/responses/200"
    one = granted(need("abc", ensures=ensures))

    assert ensures == one.allows(("apigateway:PATCH", f"arn:aws:apigateway:eu-west-1::{path}"))


def test_regions_are_told_apart() -> None:
    """Grants of one region are none in another, nor in another partition."""
    one = granted(ApiAccess("aws-cn", "cn-north-1", Kind.REST_API, "abc"))
    path = "/restapis/abc/resources"

    assert [True, False, False] == [
        one.allows(("apigateway:GET", f"arn:{place}::{path}"))
        for place in ("aws-cn:apigateway:cn-north-1", "aws-cn:apigateway:cn-northwest-1", "aws:apigateway:cn-north-1")
    ]


@pytest.mark.parametrize(
    "region", ["eu-west-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "mx-central-1"]
)
def test_partition_is_that_of_boto3_clients(region: str) -> None:
    """A policy has the partition that calls have."""
    client = boto3.client("apigateway", region_name=region, aws_access_key_id="x", aws_secret_access_key="x")  # noqa: S106

    assert client.meta.partition == partition(region)


@pytest.mark.parametrize("region", ["eu-*", "*", "moon", "", "eu-west-1\n", "${aws:username}"])
def test_what_is_no_region(region: str) -> None:
    """Said, rather than put into an ARN."""
    with pytest.raises(ConfigurationError, match="there is no region"):
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
def test_definitions_are_for_who_compares_stages(mode: Mode, stages: tuple[str, ...], *, is_granted: bool) -> None:
    """`status` and --deploy read them, `drift` and runs without stages do not."""
    sids = [one["Sid"] for one in policy([need("a", stages=stages)], mode)["Statement"]]

    assert is_granted == ("ReadRestDefinitions" in sids)


def test_drift_may_only_read() -> None:
    """Stages included."""
    made = granted(need("a", **EVERYTHING), Mode.DRIFT)

    assert ({"apigateway:GET"}, True) == (
        {action for _, action, _ in made.grants()},
        any(sid == "ReadRestStages" for sid, *_ in made.grants()),
    )
