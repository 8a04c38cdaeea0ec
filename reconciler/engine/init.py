"""init: the first files of a folder of manifests.

Files are values, by name relative to the folder; nothing is written here. The result is valid: lint rules that a live
API breaks become warnings in the configuration, as lines to be removed once the API is fixed.
"""

from collections.abc import Collection
from typing import Final, Literal, TypeAlias

from reconciler.engine import scaffold
from reconciler.engine.export.export import Exported
from reconciler.engine.export.grades import broken_rules
from reconciler.engine.first_test import first_test
from reconciler.engine.schemas import schema_text
from reconciler.manifest.writer import ManifestFile

CI: TypeAlias = Literal["github", "gitlab"]

MANIFESTS: Final = "manifests"
TESTS_SUFFIX: Final = ".test.yaml"


def scaffold_files(
    exported: Exported | None = None, ci: CI | None = None, there: Collection[str] = ()
) -> dict[str, str]:
    """Configuration, manifests (those of an export, or an example), tests, schemas, editor settings, a CI recipe.

    `exported` has a configuration of its own if it is of an environment, and its manifests are in MANIFESTS then.
    `there`: the names of existing manifests. With manifests of one's own nobody needs the example, whose API is not in
    AWS.
    """
    files = {scaffold.CONFIGURATION: scaffold.text(scaffold.CONFIGURATION) + _grades(exported)}
    if exported:
        files |= _exported_files(exported)
        files |= _first_tests(exported)
    elif scaffold.EXAMPLE in there or all(map(is_test, there)):
        files |= {f"{MANIFESTS}/{name}": scaffold.text(name) for name in (scaffold.EXAMPLE, scaffold.EXAMPLE_TEST)}
    files |= {f"schemas/{name}.schema.json": schema_text(name) for name in ("manifest", "config")}
    files[f".vscode/{scaffold.EDITOR}"] = scaffold.text(scaffold.EDITOR)
    if ci:
        files |= scaffold.recipe(ci)
    return files


def _exported_files(exported: Exported) -> dict[str, str]:
    texts = {file.name: file.text for file in exported.files}
    if scaffold.CONFIGURATION in texts:
        return texts
    return {f"{MANIFESTS}/{name}": text for name, text in texts.items()}


def is_test(name: str) -> bool:
    """Whether a file holds response tests."""
    return name.endswith(TESTS_SUFFIX)


def _first_tests(exported: Exported) -> dict[str, str]:
    """Return a test of each exported API of which anything is known."""
    manifests = [file for file in exported.files if isinstance(file, ManifestFile)]
    tests = {f"{MANIFESTS}/{file.subject.name}{TESTS_SUFFIX}": first_test(file) for file in manifests}
    return {name: text for name, text in tests.items() if text}


def _grades(exported: Exported | None) -> str:
    """Return the end of a configuration under which the exported manifests are valid."""
    subjects = [file.subject for file in exported.files if isinstance(file, ManifestFile)] if exported else []
    rules = broken_rules(subjects)
    if not rules:
        return ""
    lines = ["", "# Problems of the live API: fix each one, then remove its line:", "lint:"]
    return "\n".join([*lines, *(f"  {rule}: warning" for rule in rules), ""])
