"""Trees to configurations, or every problem of them."""

import copy
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.config.configuration import (
    Configuration,
    Environment,
    Guard,
    IgnoreRule,
    UnmanagedRules,
    parse_configuration,
)
from reconciler.models.targets import Role
from reconciler.yamlio.nodes import SourceMap
from reconciler.yamlio.parse import read

RULES: Final = ("remapped-header", "dropped-header")
HEAD: Final = "apiVersion: reconciler/v1\nkind: Config\n"
EVERYTHING: Final = f"""\
{HEAD}root: ../..
manifests: [manifests/, more/*.yaml]
env: [ORIGIN]
environments:
  dev: {{region: eu-west-1, protected: false, vars: {{stage: dev, n: 5, share: 0.5, on: true}}}}
  prod:
    regions: [eu-west-1, us-east-1]
    profile: prod
    assumeRole: {{arn: "arn:aws:iam::123456789012:role/ci", sessionName: me, externalId: x}}
    accountId: "123456789012"
    apis: {{petstore: a1b2c3d4e5, chat: {{eu-west-1: abc}}}}
guard: {{maxDelete: 30%, maxUpdate: 0.5, from: 10}}
lint: {{remapped-header: off}}
ignore:
  - {{match: "petstore: *", fields: [responseTemplates], reason: why, until: 2027-01-31}}
coverage:
  ignore: [{{match: "legacy-*", reason: retired, until: 2027-01-31}}]
  ignoreMethods: [{{match: "petstore: OPTIONS *"}}]
journal: ../journal
"""


def tree(text: str) -> SourceMap:
    """The one document of a text."""
    (places,) = read(text.encode(), "c.yaml").documents
    return places


def sound(text: str) -> Configuration:
    """A sound configuration."""
    found = parse_configuration(tree(text), RULES)
    assert isinstance(found, Configuration), [str(one) for one in found]
    return found


def problems(text: str) -> list[str]:
    """What is wrong below line 2, file name aside."""
    found = parse_configuration(tree(f"{HEAD}{text}"), RULES)
    return [] if isinstance(found, Configuration) else [str(one).removeprefix("c.yaml:") for one in found]


def environment(text: str) -> Environment:
    """An environment with this content."""
    return sound(f"{HEAD}environments: {{dev: {{{text}}}}}").environments["dev"]


def test_everything() -> None:
    """What a configuration can say is understood."""
    found = sound(EVERYTHING)

    assert (
        Configuration(
            places=found.places,
            manifests=("manifests/", "more/*.yaml"),
            root="../..",
            env=("ORIGIN",),
            environments={
                "dev": Environment("dev", ("eu-west-1",), variables={"stage": "dev", "n": 5, "share": 0.5, "on": True}),
                "prod": Environment(
                    "prod",
                    ("eu-west-1", "us-east-1"),
                    "prod",
                    Role("arn:aws:iam::123456789012:role/ci", "me", "x"),
                    "123456789012",
                    apis={"petstore": "a1b2c3d4e5", "chat": {"eu-west-1": "abc"}},
                ),
            },
            guard=Guard(0.3, 0.5, 10),
            severities={"remapped-header": "off"},
            ignore=(IgnoreRule("petstore: *", ("responseTemplates",), "why", "2027-01-31"),),
            unmanaged=UnmanagedRules(
                (IgnoreRule("legacy-*", (), "retired", "2027-01-31"),), (IgnoreRule("petstore: OPTIONS *"),)
            ),
            journal="../journal",
        )
        == found
    )


def test_nothing() -> None:
    """All of it may be left out: then the folder's own manifests are meant."""
    found = sound(HEAD)

    assert ((".",), {}, Guard()) == (found.manifests, found.environments, found.guard)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("123456789012", "123456789012"), ('"123456789012"', "123456789012"), ("012345678901", "012345678901")],
)
def test_account_id_keeps_its_digits(written: str, expected: str) -> None:
    """With quotes or without, leading zeros included."""
    assert expected == environment(f"accountId: {written}").account_id


def test_role_by_its_arn() -> None:
    """A role needs no more than that; the session is named after this program."""
    expected = Role("arn:aws-cn:iam::123456789012:role/x/y", "reconciler")

    assert expected == environment("assumeRole: 'arn:aws-cn:iam::123456789012:role/x/y'").role


@pytest.mark.parametrize(
    ("written", "expected"), [("0%", 0.0), ("12.5%", 0.125), ("100%", 1.0), ("0", 0.0), ("1", 1.0)]
)
def test_share(written: str, expected: float) -> None:
    """A percentage, or a part of 1."""
    assert expected == sound(f"{HEAD}guard: {{maxDelete: {written}}}").guard.max_delete


@pytest.mark.parametrize("written", ["refuse", "allow"])
def test_what_becomes_of_reverting_plans(written: str) -> None:
    """One of two words; without it, the default applies."""
    found = [sound(f"{HEAD}guard: {text}").guard.reverts_live for text in (f"{{revertsLive: {written}}}", "{from: 1}")]

    assert [written, None] == found


VALUE = "write a value, or remove the key"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rot: x", "3:1: error: `rot` is not a key of this map [unknown-key]; did you mean `root`?"),
        (
            "guard: {maxDelet: 1}",
            "3:9: error: `maxDelet` is not a key of this map [unknown-key]; did you mean `maxDelete`?",
        ),
        ("root: ", f"3:1: error: `root` must be text, not null [wrong-type]; {VALUE}"),
        ("manifests: x", "3:12: error: `manifests` must be a list, not the text 'x' [wrong-type]; write [one, two]"),
        ("manifests: []", f"3:12: error: `manifests` is empty [wrong-value]; {VALUE}"),
        (
            "env: [AWS_SECRET_ACCESS_KEY]",
            (
                "3:7: error: `AWS_SECRET_ACCESS_KEY` may hold credentials: AWS_*, GITHUB_*, "
                "ACTIONS_* are never read [env]; "
                "pass the value in a variable of another name"
            ),
        ),
        (
            "env: [github_token]",
            (
                "3:7: error: `github_token` may hold credentials: AWS_*, GITHUB_*, ACTIONS_* are never read [env]; "
                "pass the value in a variable of another name"
            ),
        ),
        (
            "env: [A B]",
            (
                "3:7: error: `A B` is not a variable name [name]; use letters, digits, `_` "
                "and `-`; do not begin with a digit"
            ),
        ),
        (
            "environments: {all: {}}",
            "3:16: error: no environment can be named `all`: `--env all` selects every environment [name]; rename it",
        ),
        ("environments: {dev: }", f"3:16: error: `dev` must be a map, not null [wrong-type]; {VALUE}"),
        (
            "environments: {dev: {region: a, regions: [b]}}",
            "3:21: error: `region` and `regions` cannot be used together [wrong-value]; keep one of them",
        ),
        (
            "environments: {dev: {regions: [b, b]}}",
            "3:21: error: `regions` lists a region twice [wrong-value]; list each region once",
        ),
        (
            "environments: {dev: {accountId: 123}}",
            "3:33: error: `123` is not an account id [account-id]; write 12 digits",
        ),
        (
            'environments: {dev: {protected: "yes"}}',
            (
                "3:33: error: `protected` must be true or false, not the text 'yes' [wrong-type]; "
                "write true or false, without quotes"
            ),
        ),
        (
            "environments: {dev: {accountId: true}}",
            "3:33: error: `accountId` must be text, not true [wrong-type]; put it in quotes to make it text",
        ),
        (
            "environments: {dev: {assumeRole: ci}}",
            (
                "3:34: error: `ci` is not the ARN of a role [wrong-value]; write it as in "
                "arn:aws:iam::123456789012:role/ci"
            ),
        ),
        (
            "environments: {dev: {assumeRole: }}",
            f"3:22: error: `assumeRole` must be a map, not null [wrong-type]; {VALUE}",
        ),
        (
            "environments: {dev: {vars: {a: [x]}}}",
            "3:32: error: a variable must be text, a number, true or false [wrong-type]; write one of these",
        ),
        (
            "environments: {dev: {vars: {a: }}}",
            "3:29: error: a variable must be text, a number, true or false [wrong-type]; write one of these",
        ),
        (
            "environments: {dev: {apis: {a: 5}}}",
            (
                "3:32: error: `a` must be the id of an API, or ids by region, not the number 5 "
                "[wrong-type]; write one or "
                "the other"
            ),
        ),
        (
            "environments: {dev: {profile: '${{ vars.x }}'}}",
            (
                "3:31: error: a configuration cannot contain placeholders [placeholder]; write the "
                "value itself; only manifests may use `${{ vars.NAME }}` and `${{ env.NAME }}`"
            ),
        ),
        (
            "guard: {maxDelete: 30}",
            "3:20: error: a share is a percentage, or a number from 0 to 1 [wrong-value]; write 30% or 0.3",
        ),
        (
            "guard: {revertsLive: true}",
            ("3:22: error: `revertsLive` must be refuse or allow, not true [wrong-value]; write refuse or allow"),
        ),
        ("guard: {from: -1}", "3:15: error: `from` must be 0 or more, not the number -1 [wrong-value]; fix it"),
        (
            "lint: {remaped-header: off}",
            (
                "3:8: error: `remaped-header` is not a lint rule with a severity [unknown-rule]; "
                "did you mean `remapped-header`?"
            ),
        ),
        (
            "lint: {remapped-header: no}",
            (
                "3:25: error: `remapped-header` must be off or warning or error, not the text 'no' [wrong-value]; "
                "write off or warning or error"
            ),
        ),
        ("coverage: {ignore: [{reason: x}]}", "3:21: error: `match` is missing [missing-key]; add it"),
        (
            "coverage: {ignor: []}",
            "3:12: error: `ignor` is not a key of this map [unknown-key]; did you mean `ignore`?",
        ),
        ("ignore: [{reason: x}]", "3:10: error: `match` is missing [missing-key]; add it"),
        (
            "ignore: [{match: x, until: 2027-13-31}]",
            "3:28: error: `2027-13-31` is not a date [wrong-value]; write it as in 2027-01-31",
        ),
        (
            "ignore: [{match: x, until: }]",
            f"3:21: error: `until` must be text, not null [wrong-type]; {VALUE}",
        ),
    ],
)
def test_problem(text: str, expected: str) -> None:
    """The message says what is wrong, where, and what to do."""
    assert [expected] == problems(text)


def test_every_problem_at_once() -> None:
    """The first problem does not hide the others."""
    assert 3 == len(problems("rot: x\nguard: {from: x}\nlint: {x: off}\nenv: [AWS_X]"))


def _everywhere(node: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for step, value in below for found in _everywhere(value, (*path, step)))]


_PATHS = _everywhere(tree(EVERYTHING).root)[1:]
_JUNK: list[object] = [None, True, 5, 1.5, -1, "x", "", "all", "${{", {}, {"x": {}}, [], [None], ["x", "x"], {"arn": 3}]


@given(st.sampled_from(_PATHS), st.sampled_from(_JUNK))
def test_junk_anywhere_is_a_problem_with_a_place(path: tuple[Any, ...], junk: object) -> None:
    """Any content gives a configuration, or problems with places and in our words; it never raises."""
    places = tree(EVERYTHING)
    around: Any = places.node(path[:-1])
    around[path[-1]] = copy.deepcopy(junk)
    found = parse_configuration(places, RULES)

    assert isinstance(found, Configuration) or all(
        one.location and one.location.line and "Input should" not in one.message for one in found
    )


def test_variables_of_an_environment() -> None:
    """The environment's own, those of the command line in their place, and the names that others define."""
    found = sound(f"{HEAD}environments: {{dev: {{vars: {{a: x, on: true}}}}, prod: {{vars: {{b: y}}}}}}")
    variables = found.variables("dev", {"on": "false", "new": "5"}, {})

    assert ({"a": "x", "on": False, "new": "5"}, {"a": ["dev"], "on": ["dev"], "b": ["prod"]}) == (
        variables.values,
        variables.elsewhere,
    )


@pytest.mark.parametrize(
    "name",
    [
        *("CI_JOB_TOKEN", "CI_JOB_JWT_V2", "CI_REGISTRY_PASSWORD", "CI_REPOSITORY_URL", "NPM_TOKEN", "gh_token"),
        *("SYSTEM_ACCESSTOKEN", "DOCKER_AUTH_CONFIG", "DB_PASSWORD_FILE", "SECRET", "MY_SECRET_1", "STRIPE_API_KEY"),
        *("PGPASSWORD", "SSHPASS", "MYSQL_PWD", "GH_PAT", "SENTRY_DSN", "DATABASE_URL", "SLACK_WEBHOOK_URL", "NETRC"),
        *("SSH_PRIVATE_KEY", "DEPLOY_KEY", "ENCRYPTION_KEY", "NPM_TOKEN_2", "KUBECONFIG", "LICENSE_KEY"),
        *("RECONCILER_NOTIFY_OPS", "GOOGLE_APPLICATION_CREDENTIALS", "APIKEY"),
    ],
)
def test_environment_variable_that_holds_a_credential(name: str) -> None:
    """A variable with the name of a credential cannot be listed, in upper or lower case."""
    sentence = f"`{name}` may hold credentials, judging by its name, and is never read [env]"

    assert [f"3:7: error: {sentence}; pass the value in a variable of another name"] == problems(f"env: [{name}]")


@pytest.mark.parametrize("name", ["RELEASE", "ORIGIN", "CI_COMMIT_SHA", "CSRF_TOKEN_HEADER", "CACHE_KEY", "TOKENS"])
def test_environment_variable_that_may_be_read(name: str) -> None:
    """Other names can be listed, those of a CI system too."""
    assert [] == problems(f"env: [{name}]")
