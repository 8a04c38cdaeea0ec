"""export --openapi, as typed."""

from pathlib import Path

import pytest

from e2e.running import InProcess

GOOD = "/pets: {get: {x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}}"
BAD = ", put: {x-amazon-apigateway-integration: {type: mock, responses: {default: {}}}}"


def write(folder: Path, paths: str, title: str = "pets") -> None:
    """Put a definition into `api.yaml`."""
    (folder / "api.yaml").write_text(f"openapi: 3.0.1\ninfo: {{title: {title}}}\npaths: {{{paths}}}}}\n")


def test_the_result_is_valid(reconciler: InProcess, folder: Path) -> None:
    """A definition becomes a manifest that `validate` accepts."""
    write(folder, GOOD)
    ran = reconciler("export", "--openapi", "api.yaml", "--out", "out")

    lines = [
        "out/pets.yaml: REST API pets (api.yaml): 1 response of 1 method",
        "out/schemas/manifest.schema.json: the JSON Schema of manifests, for editors",
        "Exported 1 response in 1 manifest.",
    ]

    assert (0, lines, 0) == (
        ran.code,
        ran.out.splitlines(),
        reconciler("validate", "out").code,
    )


def test_the_rest_is_written(reconciler: InProcess, folder: Path) -> None:
    """A method that cannot be expressed costs the exit code, not the others."""
    write(folder, GOOD + BAD)
    ran = reconciler("export", "--openapi", "api.yaml", "--out", "out", "-q")

    assert (1, "Exported 1 response in 1 manifest.\n", True) == (ran.code, ran.out, "api.yaml:3:" in ran.err)


def test_nothing_is_overwritten(reconciler: InProcess, folder: Path) -> None:
    """Without --force."""
    write(folder, GOOD)
    codes = [
        reconciler("export", "--openapi", "api.yaml", "--out", "out", *force).code for force in ((), (), ("--force",))
    ]

    assert [0, 1, 0] == codes


def test_parameters_have_values(reconciler: InProcess, folder: Path) -> None:
    """Those of the command line; the last one counts."""
    write(folder, GOOD, "!Sub '${Stage}-pets'")
    ran = reconciler(
        "export", "--openapi", "api.yaml", "--out", "out", "--parameter", "Stage=a", "--parameter", "Stage=b"
    )

    assert (0, True) == (ran.code, (folder / "out" / "b-pets.yaml").is_file())


def test_a_file_without_definitions(reconciler: InProcess, folder: Path) -> None:
    """Nothing is written."""
    (folder / "api.yaml").write_text("a: 1\n")
    ran = reconciler("export", "--openapi", "api.yaml", "--out", "out")

    assert (1, "", False) == (ran.code, ran.out, (folder / "out").exists())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--openapi", "api.yaml", "--all"),
        ("--openapi", "", "--out", "out"),
        ("--all", "--parameter", "a=b"),
        ("--openapi", "api.yaml", "--parameter", "a"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_combined(reconciler: InProcess, arguments: tuple[str, ...]) -> None:
    """Definitions are no live APIs, and parameters belong to templates."""
    assert 64 == reconciler("export", "--out", "out", *arguments).code
