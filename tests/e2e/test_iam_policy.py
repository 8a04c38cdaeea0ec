"""iam-policy from the command line: what it prints is what the other commands need."""

import json
import os
from pathlib import Path

import pytest

from e2e.running import SAMPLES, InProcess, execute
from reconciler.sandbox.model.faults import LostAnswer
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server
from support.policies import Policy, asked_by
from support.stage import manifest

APIS = (SAMPLES / "petstore", SAMPLES / "chat", SAMPLES / "minimal.yaml")


@pytest.mark.usefixtures("sandbox")
def test_what_the_commands_send_is_allowed(reconciler: InProcess, plane: ControlPlane) -> None:
    """plan, drift, apply and the plan after it ask for nothing beyond the policy, lost answers included."""
    policy = Policy(json.loads(reconciler("iam-policy", *APIS, "--mode", "apply").out))
    plane.calls.clear()
    for operation in ("PutIntegrationResponse", "CreateIntegrationResponse", "DeleteIntegrationResponse"):
        plane.faults.add(LostAnswer(), operation)
    codes = [reconciler(*one, *APIS).code for one in (["plan"], ["drift"], ["apply", "--yes"], ["plan"])]
    asked = {asked_by(call) for call in plane.calls}

    assert ([0, 2, 0, 0], True, []) == (
        codes,
        {"apigateway:GET", "apigateway:PUT", "apigateway:POST", "apigateway:PATCH"} <= {action for action, _ in asked},
        [one for one in asked if not policy.allows(one)],
    )


@pytest.mark.usefixtures("sandbox")
def test_plan_is_the_default_and_reads_only(reconciler: InProcess, plane: ControlPlane) -> None:
    """Without --mode nothing but GET is granted, and what plan, drift and status send is allowed."""
    policy = Policy(json.loads(reconciler("iam-policy", *APIS).out))
    plane.calls.clear()
    reconciler("plan", *APIS)
    reconciler("drift", *APIS)
    reconciler("status", *APIS)
    asked = [asked_by(call) for call in plane.calls]

    assert ({"apigateway:GET"}, [], []) == (
        {action for _, action, _ in policy.grants()},
        [one for one in asked if not policy.allows(one)],
        policy.idle(asked),
    )


def test_installed_command_without_credentials(folder: Path) -> None:
    """Ids and a region suffice: stdout is the policy alone, whole and the same each time."""
    (folder / "a.yaml").write_text(manifest(api="{id: a1b2c3d4e5}"), encoding="utf-8")
    environment = {**os.environ, "AWS_PROFILE": "nosuch"}
    first, second = (
        execute(
            "iam-policy",
            "a.yaml",
            "--mode",
            "drift",
            "--region",
            "us-gov-west-1",
            environment=environment,
            folder=folder,
        )
        for _ in range(2)
    )
    expected = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ReadRestApis",
                "Effect": "Allow",
                "Action": ["apigateway:GET"],
                "Resource": ["arn:aws-us-gov:apigateway:us-gov-west-1::/restapis/a1b2c3d4e5/resources"],
            }
        ],
    }

    assert (0, "", expected, first) == (first.code, first.err, json.loads(first.out), second)


def test_no_manifests(reconciler: InProcess, folder: Path) -> None:
    """An empty folder is a wrong path."""
    ran = reconciler("iam-policy", folder)

    assert (1, "", True) == (ran.code, ran.out, "no manifest was found" in ran.err)


@pytest.mark.usefixtures("folder")
def test_nothing_named(reconciler: InProcess) -> None:
    """Neither a PATH nor a configuration: wrong usage."""
    ran = reconciler("iam-policy")

    assert (64, "", ["no PATH is given, and no reconciler.yaml is in or above this folder"]) == (
        ran.code,
        ran.out,
        ran.failures(),
    )


def test_unknown_environment(reconciler: InProcess) -> None:
    """Wrong usage; those that there are are listed."""
    ran = reconciler("iam-policy", "--config", SAMPLES / "environments" / "reconciler.yaml", "--env", "pord")

    assert (64, "", ["there is no environment 'pord'"]) == (ran.code, ran.out, ran.failures())


@pytest.mark.parametrize("mode", ["plan", "apply"])
@pytest.mark.usefixtures("sandbox")
def test_api_that_is_not_there(reconciler: InProcess, folder: Path, mode: str) -> None:
    """No policy, not even for the others; the manifest's place is told on stderr."""
    (folder / "a.yaml").write_text(manifest(api="{name: petstor}"), encoding="utf-8")
    ran = reconciler("iam-policy", "a.yaml", SAMPLES / "minimal.yaml", "--mode", mode)

    assert (1, "", [("a.yaml:5:3", "api-not-found")]) == (ran.code, ran.out, ran.problems())


def test_broken_manifest(reconciler: InProcess, folder: Path) -> None:
    """Told as everywhere, but on stderr: stdout is for the policy."""
    (folder / "a.yaml").write_text(manifest(spec="prune: maybe"), encoding="utf-8")
    ran = reconciler("iam-policy", "a.yaml", "--region", "eu-west-1")

    assert (1, "", [("a.yaml:6:10", "wrong-type")]) == (ran.code, ran.out, ran.problems())


def test_hostile_id(reconciler: InProcess, folder: Path) -> None:
    """Nothing of it reaches the policy, and no terminal sequence the terminal."""
    (folder / "a.yaml").write_text(manifest(api='{id: "*\\e[2J"}'), encoding="utf-8")
    ran = reconciler("iam-policy", "a.yaml", "--region", "eu-west-1")

    assert (1, "", [("a.yaml:5:3", "api-id")], False) == (ran.code, ran.out, ran.problems(), "\x1b" in ran.err)


def test_deploy_needs_stages(reconciler: InProcess, folder: Path) -> None:
    """What to declare is said; naming a stage is enough."""
    (folder / "a.yaml").write_text(manifest(api="{id: abc}"), encoding="utf-8")
    command = ("iam-policy", "a.yaml", "--region", "eu-west-1", "--mode", "deploy")
    without, named = reconciler(*command), reconciler(*command, "--stage", "prod")

    assert (1, [("a.yaml:5:3", "no-stages")], 0) == (without.code, without.problems(), named.code)
    assert ("apigateway:PATCH", "arn:aws:apigateway:eu-west-1::/restapis/abc/stages/prod") in [
        (action, resource) for _, action, resource in Policy(json.loads(named.out)).grants()
    ]


def test_too_long_for_a_managed_policy(reconciler: InProcess, folder: Path) -> None:
    """It is printed all the same, and stderr says how to split it; -q does not hide that."""
    for number in range(120):
        name = f"api{number}"
        (folder / f"{name}.yaml").write_text(manifest(name=name, api=f"{{id: {name}}}"), encoding="utf-8")
    ran = reconciler("iam-policy", ".", "--region", "eu-west-1", "-q")
    length = len(json.dumps(json.loads(ran.out), separators=(",", ":")))

    assert (0, f"warning: the policy has {length:,} characters, and IAM accepts 6,144 (without whitespace)") == (
        ran.code,
        ran.err.partition(";")[0],
    )


def test_roles_are_told(reconciler: InProcess, folder: Path) -> None:
    """What the credentials need that assume a role is not in the policy of the role."""
    (folder / "reconciler.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [a.yaml]\nenvironments:\n"
        '  prod: {region: eu-west-1, assumeRole: "arn:aws:iam::123456789012:role/ci"}\n',
        encoding="utf-8",
    )
    (folder / "a.yaml").write_text(manifest(api="{id: abc}"), encoding="utf-8")
    ran, quiet = (reconciler("iam-policy", "--env", "prod", *more) for more in ([], ["-q"]))

    assert (0, "note: the policy is for arn:aws:iam::123456789012:role/ci", "") == (
        ran.code,
        ran.err.partition(";")[0],
        quiet.err,
    )


def test_sandbox_needs_no_more(sandbox: Server, reconciler: InProcess) -> None:
    """The command itself lists APIs where names are to be found, and reads nothing else."""
    sandbox.aws.plane().calls.clear()
    reconciler("iam-policy", *APIS, "--mode", "apply")

    assert {"GetRestApis", "GetApis"} == set(sandbox.aws.plane().calls.names())
