"""init: the first files of a folder of manifests.

Files are values, by name relative to the folder; nothing is written here. The result is valid: lint rules that a live
API breaks become warnings in the configuration, as lines to be removed once the API is fixed.
"""

from collections.abc import Collection, Iterable
from typing import Final, Literal, TypeAlias

from reconciler.engine import scaffold
from reconciler.engine.export.export import Exported
from reconciler.engine.first_test import first_test
from reconciler.engine.schemas import schema_text
from reconciler.lint import lint
from reconciler.manifest.writer import ManifestFile, Subject
from reconciler.models.desired import Desired, ManifestRef, Ownership
from reconciler.models.keys import ResponseKey

CI: TypeAlias = Literal["github", "gitlab"]

MANIFESTS: Final = "manifests"
TESTS_SUFFIX: Final = ".test.yaml"


def scaffold_files(
    exported: Exported | None = None, ci: CI | None = None, there: Collection[str] = ()
) -> dict[str, str]:
    """Configuration, manifests (those of an export, or an example), tests, schemas, editor settings, a CI recipe.

    `there`: the names of existing manifests. With manifests of one's own nobody needs the example, whose API is not in
    AWS.
    """
    files = {scaffold.CONFIGURATION: scaffold.text(scaffold.CONFIGURATION) + _grades(exported)}
    if exported:
        files |= {f"{MANIFESTS}/{file.name}": file.text for file in exported.files}
        files |= _first_tests(exported)
    elif scaffold.EXAMPLE in there or all(map(is_test, there)):
        files |= {f"{MANIFESTS}/{name}": scaffold.text(name) for name in (scaffold.EXAMPLE, scaffold.EXAMPLE_TEST)}
    files |= {f"schemas/{name}.schema.json": schema_text(name) for name in ("manifest", "config")}
    files[f".vscode/{scaffold.EDITOR}"] = scaffold.text(scaffold.EDITOR)
    if ci:
        files |= scaffold.recipe(ci)
    return files


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
    rules = sorted({rule for subject in subjects for rule in _broken_rules(subject)})
    if not rules:
        return ""
    lines = ["", "# Problems of the live API: fix each one, then remove its line:", "lint:"]
    return "\n".join([*lines, *(f"  {rule}: warning" for rule in rules), ""])


def _broken_rules(subject: Subject) -> Iterable[str]:
    """Return the rules that an API breaks."""
    contents = subject.contents()
    desired = Desired(
        manifests=(ManifestRef(subject.name, subject.ref, subject.live.target.kind),),
        owns={scope: Ownership(subject.name) for scope in contents},
        responses={
            ResponseKey(scope, code): response
            for scope, method in contents.items()
            for code, response in method.responses.items()
        },
    )
    return (diagnostic.rule for diagnostic in lint(desired) if diagnostic.is_error)
