"""The JSON Schema of configurations agrees with the loader."""

import copy
import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.config.configuration import Configuration, parse_configuration
from reconciler.config.json_schema import schema_text
from reconciler.rules import LintRule
from reconciler.yamlio.nodes import SourceMap
from reconciler.yamlio.parse import read
from support.project import SAMPLES, SCHEMAS

SCHEMA: Final = Draft202012Validator(json.loads(schema_text()))
EVERYTHING: Final = b"""\
apiVersion: reconciler/v1
kind: Config
root: ../..
manifests: [manifests/]
env: [ORIGIN]
environments:
  dev: {region: eu-west-1, vars: {stage: dev, n: 5, share: 0.5, on: true}, accountId: 123456789012}
  prod:
    regions: [eu-west-1, us-east-1]
    profile: prod
    assumeRole: {arn: "arn:aws:iam::123456789012:role/ci", sessionName: me, externalId: x}
    accountId: "012345678901"
    apis: {petstore: a1b2c3d4e5, chat: {eu-west-1: abc}}
  qa: {assumeRole: "arn:aws:iam::123456789012:role/ci"}
guard: {maxDelete: 30%, maxUpdate: 0.5, from: 10}
lint: {remapped-header: off}
ignore:
  - {match: "petstore: *", fields: [responseTemplates], reason: why, until: 2027-01-31}
journal: ../journal
"""


def tree() -> SourceMap:
    """A configuration with everything in it."""
    (places,) = read(EVERYTHING, "reconciler.yaml").documents
    return places


def _everywhere(node: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for step, value in below for found in _everywhere(value, (*path, step)))]


_PATHS = _everywhere(tree().root)[1:]
_JUNK: list[object] = [None, True, 5, 1.5, -1, "x", "", "1e1%", "150%", {}, {"x": {}}, [], [None], [5], {"arn": 3}]


def test_sound_configuration_fits() -> None:
    """What the loader takes the schema takes."""
    assert [] == [error.message for error in SCHEMA.iter_errors(tree().root)]


@given(st.sampled_from(_PATHS), st.sampled_from(_JUNK))
def test_what_the_schema_refuses_the_loader_refuses(path: tuple[Any, ...], junk: object) -> None:
    """An editor shows no error in what would be understood."""
    places = tree()
    around: Any = places.node(path[:-1])
    around[path[-1]] = copy.deepcopy(junk)

    assert SCHEMA.is_valid(places.root) or not isinstance(
        parse_configuration(places, ("remapped-header",)), Configuration
    )


def test_schema_refuses_unknown_keys() -> None:
    """At any place."""
    content: Any = tree().root
    for around in (content, content["environments"]["dev"], content["guard"], content["ignore"][0]):
        around["unknown"] = 1

    assert 4 == len([error for error in SCHEMA.iter_errors(content) if error.validator == "additionalProperties"])


def test_schema_in_the_repository_is_fresh() -> None:
    """`schemas/config.schema.json` is what `reconciler schema config` prints."""
    file = SCHEMAS / "config.schema.json"

    assert schema_text() == file.read_text(encoding="utf-8")


def test_sample_fits() -> None:
    """The sample's configuration is what an editor would accept."""
    file = SAMPLES / "environments" / "reconciler.yaml"
    (places,) = read(file.read_bytes(), "reconciler.yaml").documents

    assert [] == [error.message for error in SCHEMA.iter_errors(places.root)]


@pytest.mark.parametrize("rule", LintRule)
def test_lint_takes_the_rules_that_can_be_silenced(rule: LintRule) -> None:
    """Editors offer them, with their meanings; the loader refuses the others."""
    content: Any = tree().root
    content["lint"] = {rule.id: "warning"}

    assert rule.silenceable == SCHEMA.is_valid(content)
