"""export --format terraform and cloudformation, as typed."""

import json
from pathlib import Path

import pytest

from e2e.running import InProcess

KIND = "aws_api_gateway_integration_response"


@pytest.mark.usefixtures("plane")
def test_the_manifests_are_written_too(reconciler: InProcess, folder: Path) -> None:
    """What the other tool reads goes to stdout; files get the rest."""
    (folder / "stack.yaml").write_text("Resources: {}\n")
    formats = ("--format", "terraform", "--format", "cloudformation=cfn.txt", "--template", "stack.yaml")
    ran = reconciler("export", "--rest-api", "minimal", "--out", "live", *formats)

    assert (0, True, True, True) == (
        ran.code,
        f"  from = {KIND}.REPLACE_minimal_GET_health_200\n" in ran.out,
        "No template declares any of these responses." in (folder / "cfn.txt").read_text(),
        (folder / "live" / "minimal.yaml").is_file(),
    )


@pytest.mark.usefixtures("plane")
def test_a_state_names_the_resources(reconciler: InProcess, folder: Path) -> None:
    """Found by the ids of the live API."""
    before = reconciler("export", "--rest-api", "minimal", "--out", "a", "--format", "terraform").out
    api, resource, verb, status = before.partition("import id ")[2].partition("\n")[0].split("/")
    values = {"rest_api_id": api, "resource_id": resource, "http_method": verb, "status_code": status}
    found = {"address": f"module.m.{KIND}.ok", "mode": "managed", "type": KIND, "values": values}
    (folder / "state.json").write_text(json.dumps({"values": {"root_module": {"resources": [found]}}}))
    ran = reconciler("export", "--rest-api", "minimal", "--out", "b", "--format", "terraform", "--state", "state.json")

    assert (0, True, False) == (ran.code, f"  from = module.m.{KIND}.ok\n" in ran.out, "REPLACE" in ran.out)


@pytest.mark.usefixtures("plane")
@pytest.mark.parametrize("option", ["--state", "--template"])
def test_a_file_that_cannot_be_read_stops_the_export(reconciler: InProcess, folder: Path, option: str) -> None:
    """Before anything is written."""
    (folder / "file").write_text("{")
    name = {"--state": "terraform", "--template": "cloudformation"}[option]
    ran = reconciler("export", "--all", "--out", "live", "--format", name, option, "file")

    assert (1, "", False) == (ran.code, ran.out, (folder / "live").exists())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--all", "--state", "x"),
        ("--all", "--template", "x", "--format", "terraform"),
        ("--all", "--state", "", "--format", "terraform"),
        ("--openapi", "x", "--format", "terraform"),
        ("--all", "--format", "json"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_combined(reconciler: InProcess, arguments: tuple[str, ...]) -> None:
    """A file belongs to its format, and formats to live APIs."""
    assert 64 == reconciler("export", "--out", "live", *arguments).code
