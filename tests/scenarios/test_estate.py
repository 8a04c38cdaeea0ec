"""The story of an estate: eighteen APIs in three environments, from empty methods to a drift that is adopted."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.running import InProcess, Ran
from reconciler.cli.main import run
from reconciler.sandbox.model.plane import REGION
from reconciler.sandbox.server import Server, serve
from support import estate
from support.killing import put_back

EVERYWHERE = ("--env", "all")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The APIs of every environment, without integration responses."""
    with serve(seed=False) as served:
        estate.build(served.aws)
        yield served


@pytest.fixture(scope="module")
def applied(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository, once everything in it was applied."""
    folder = tmp_path_factory.mktemp("estate")
    estate.write_manifests(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings_of(server).items():
            patch.setenv(name, value)
        patch.chdir(folder)
        assert run(["apply", *EVERYWHERE, "--yes", "-q"]) == 0
    return folder


def settings_of(server: Server) -> dict[str, str]:
    """The variables that lead to the sandbox."""
    return dict(server.environment_over(os.environ))


@pytest.fixture
def command(
    server: Server, applied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[InProcess]:
    """The command, in a copy of the repository; AWS is afterwards as it was."""
    kept = {name: server.aws.plane(account, REGION).copy() for name, account in estate.ACCOUNTS.items()}
    for name, value in settings_of(server).items():
        monkeypatch.setenv(name, value)
    shutil.copytree(applied, tmp_path / "repository")
    monkeypatch.chdir(tmp_path / "repository")

    def reconciler(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    yield reconciler
    for name, plane in kept.items():
        put_back(estate.plane_of(server.aws, name), plane)


def document(ran: Ran) -> Any:  # noqa: ANN401 - a JSON document
    """What a command printed with `--format json`."""
    return json.loads(ran.out)


def replace_in(file: str, before: str, after: str) -> None:
    """Edit a file of the repository, as a person does: the one place that has this text."""
    text = Path(file).read_text(encoding="utf-8")
    assert text.count(before) == 1
    Path(file).write_text(text.replace(before, after), encoding="utf-8")


def test_what_was_applied_is_in_sync(command: InProcess) -> None:
    """Nothing is left to plan in any environment, however odd the content is, and drift finds nothing."""
    plan = command("plan", *EVERYWHERE, "--detailed-exitcode")
    drift = command("drift", *EVERYWHERE)

    assert (0, 0) == (plan.code, drift.code)


def test_a_line_of_a_set_is_one_change(command: InProcess) -> None:
    """It changes every method of every API that uses the set, in three environments, and is shown once."""
    replace_in("sets/shared.yaml", '{"message": "internal"}', '{"message": "internal error"}')
    changes = document(command("plan", *EVERYWHERE, "--format", "json"))["summary"]["update"]
    shown = {
        name: command(name, *EVERYWHERE, *arguments).out.count("internal error")
        for name, arguments in (("plan", ()), ("drift", ()), ("plan", ("--format", "markdown")))
    }

    assert (184, {1}) == (changes, set(shown.values()))


def test_a_change_in_the_console_is_found_shown_and_adopted(command: InProcess, server: Server) -> None:
    """The drift names it, a plan would revert it, and adopting it leaves nothing to do."""
    estate.change(
        server.aws,
        "prod",
        "orders-prod",
        "GET /orders 404",
        selectionPattern="404",
        responseTemplates={"application/json": '{"message": "no such order"}'},
    )
    found = document(command("drift", *EVERYWHERE, "--format", "json"))["findings"]
    before = command("plan", *EVERYWHERE, "--detailed-exitcode").code
    adopted = command("adopt", "--env", "prod", "--yes").code
    after = command("plan", *EVERYWHERE, "--detailed-exitcode").code

    assert ([("changed", "orders: GET /orders 404", "prod")], 2, 0, 0) == (
        [(finding["type"], finding["address"], finding["target"]["environment"]) for finding in found],
        before,
        adopted,
        after,
    )


def test_an_api_of_one_environment_is_nowhere_else(command: InProcess) -> None:
    """`metadata.environments` limits it."""
    targets = document(command("plan", *EVERYWHERE, "--format", "json"))["targets"]
    environments = {
        name: {target["environment"] for target in targets if name in target["manifests"]}
        for name in ("fraud", "playground", "orders")
    }

    assert {"fraud": {"prod"}, "playground": {"dev"}, "orders": {"dev", "staging", "prod"}} == environments


def test_an_export_of_every_environment_is_in_sync(command: InProcess) -> None:
    """Each API is one manifest, whichever environments have it, and a plan of them changes nothing anywhere."""
    exported = command("export", *EVERYWHERE, "--out", "exported", "--extract-sets")
    names = {file.stem for file in Path("exported").glob("*.yaml")} - {"reconciler", "response-sets"}
    plan = command("plan", "--config", "exported/reconciler.yaml", *EVERYWHERE, "--detailed-exitcode")
    formatted = command("fmt", "exported", "--check")

    assert (0, 0, 0) == (exported.code, plan.code, formatted.code)
    assert {api.name for api in (*estate.REST_APIS, *estate.CHAT_APIS)} - {"legacy"} == names - {"Legacy-API-v1"}
