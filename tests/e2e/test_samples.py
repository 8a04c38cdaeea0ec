"""Every sample, as the command and as an editor with the JSON Schema see it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from e2e.running import ROOT, SAMPLES, InProcess
from support import plain_yaml
from support.project import OTHER_FILES

WHOLE = sorted(one for one in SAMPLES.iterdir() if one.name not in {"ci", *OTHER_FILES})  # recipes, not manifests
MANIFESTS = sorted(
    file
    for one in WHOLE
    for file in ([one] if one.is_file() else one.rglob("*.yaml"))
    if file.name != "reconciler.yaml"
)
SEEDED = [one for one in WHOLE if one.name not in {"environments", "sets"}]


def rules_of(schema: str) -> Draft202012Validator:
    """A schema that editors use."""
    rules: Any = json.loads((ROOT / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(rules)


def manifest_rules() -> Draft202012Validator:
    """The schema of manifests."""
    return rules_of("manifest")


def as_an_editor_reads(text: str) -> list[Any]:
    """The documents as plain values, with text for keys, as JSON has it."""
    documents: list[Any] = json.loads(json.dumps(plain_yaml.documents(text), default=str))
    return documents


def shortcomings(text: str, schema: str = "manifest") -> list[str]:
    """What a schema has against the documents."""
    rules = rules_of(schema)
    return [error.message for content in as_an_editor_reads(text) for error in rules.iter_errors(content)]


@pytest.mark.parametrize("sample", WHOLE, ids=lambda path: path.name)
def test_sample_is_valid(reconciler: InProcess, sample: Path) -> None:
    """`validate` has nothing to say about it, not even a warning."""
    ran = reconciler("validate", sample, "-q")

    assert (0, "") == (ran.code, ran.text)


@pytest.mark.parametrize("sample", ["petstore", "chat", "sets", "environments"])
def test_sample_passes_its_tests(reconciler: InProcess, sample: str) -> None:
    """The response tests of a sample are found and pass."""
    ran = reconciler("test", SAMPLES / sample)

    assert (0, True) == (ran.code, ran.last.startswith("Passed: "))


@pytest.mark.parametrize(("option", "code"), [((), 1), (("--allow-no-tests",), 0)])
def test_sample_without_tests(reconciler: InProcess, option: tuple[str, ...], code: int) -> None:
    """No test is an error, because the path is probably wrong, unless that is allowed."""
    ran = reconciler("test", SAMPLES / "minimal.yaml", *option)

    assert code == ran.code
    assert (ran.text == "No response test was found.\n") is (code == 0)


def test_petstore_tests_nearly_all_responses(reconciler: InProcess) -> None:
    """A reader sees tests of at least 9 of 10 responses."""
    document = json.loads(reconciler("test", SAMPLES / "petstore", "--format", "json").out)
    responses = document["coverage"]["responses"]

    assert responses["selected"] >= 0.9 * responses["total"]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.name)
def test_sample_fits_the_schema(manifest: Path) -> None:
    """An independent JSON Schema validator agrees."""
    assert [] == shortcomings(manifest.read_text(encoding="utf-8"))


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.name)
def test_sample_says_where_its_schema_is(manifest: Path) -> None:
    """The first line leads editors to the schema in this repository."""
    said = manifest.read_text(encoding="utf-8").splitlines()[0].removeprefix("# yaml-language-server: $schema=")

    assert ROOT / "schemas" / "manifest.schema.json" == (manifest.parent / said).resolve()


@pytest.mark.parametrize("status", ["999", "99", "abc", "600"])
def test_schema_refuses_what_is_no_status(status: str) -> None:
    """A map by status takes status codes only."""
    (content,) = as_an_editor_reads((SAMPLES / "minimal.yaml").read_text(encoding="utf-8"))
    content["spec"]["resources"]["/health"]["GET"]["responses"][status] = {}

    assert not manifest_rules().is_valid(content)


def test_petstore_is_worth_a_look() -> None:
    """It has at least 3 resources, 6 methods, 15 responses, and templates in files."""
    (content,) = as_an_editor_reads((SAMPLES / "petstore" / "petstore.yaml").read_text(encoding="utf-8"))
    resources = content["spec"]["resources"]
    methods = [method for resource in resources.values() for method in resource.values()]
    responses = [response for one in methods for response in one["responses"].values()]
    files = [one for one in responses if {"file"} <= set(one.get("responseTemplates", {}).get("application/json", {}))]

    assert (True, True, True, True) == (len(resources) >= 3, len(methods) >= 6, len(responses) >= 15, bool(files))


@pytest.mark.usefixtures("sandbox")
def test_sandbox_holds_apis_for_all_samples(reconciler: InProcess) -> None:
    """The samples that it has APIs for can be applied to a fresh sandbox at once, and then nothing is left to do."""
    applied = reconciler("apply", *SEEDED, "--yes")

    assert (0, 0) == (applied.code, reconciler("drift", *SEEDED).code)
