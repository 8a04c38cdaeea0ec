"""The script that writes environments for the accounts of an AWS organization, on moto's organizations."""

import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from moto import mock_aws

from e2e.running import SAMPLES, InProcess
from support import plain_yaml

pytestmark = pytest.mark.recipes

SCRIPT: Final = SAMPLES / "cron" / "organizations" / "accounts.py"
NAMES: Final = ("Payments (prod)", "payments prod", "all", "Ünits", "Orders")
OPTIONS: Final = ("--role", "ci/reconciler-read", "--region", "eu-west-1", "--region", "us-east-1")

Script = Callable[..., str]


@pytest.fixture
def organizations(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An organization with these accounts."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("organizations")
        client.create_organization(FeatureSet="ALL")
        for name in NAMES:
            client.create_account(Email=f"{len(name)}@example.com", AccountName=name)
        yield client


@pytest.fixture
def accounts(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Script:
    """Run the script in an empty folder; gives what it prints."""
    assert folder.is_dir()

    def script(*options: str) -> str:
        monkeypatch.setattr(sys, "argv", ["accounts.py", *OPTIONS, *options])
        runpy.run_path(str(SCRIPT), run_name="__main__")
        return capsys.readouterr().out

    return script


def environments() -> dict[str, Any]:
    """Those of the file that was written."""
    found: dict[str, Any] = plain_yaml.document(Path("reconciler.yaml").read_text(encoding="utf-8"))["environments"]
    return found


def ids(client: Any) -> dict[str, str]:  # noqa: ANN401 - a client of boto3
    """The accounts by name."""
    pages = client.get_paginator("list_accounts").paginate()
    return {account["Name"]: account["Id"] for page in pages for account in page["Accounts"]}


def test_every_account_is_an_environment(organizations: Any, accounts: Script) -> None:  # noqa: ANN401
    """With its id, its role and the regions; two of one name, and the name of all, get their ids as well."""
    by_name = ids(organizations)
    printed = accounts()
    written = environments()

    assert printed == f"reconciler.yaml: {len(by_name)} accounts, written\n"
    assert written["orders"] == {
        "regions": ["eu-west-1", "us-east-1"],
        "accountId": by_name["Orders"],
        "assumeRole": f"arn:aws:iam::{by_name['Orders']}:role/ci/reconciler-read",
    }
    expected = {"orders", "nits", f"all-{by_name['all']}"}
    expected |= {f"payments-prod-{by_name[name]}" for name in ("Payments (prod)", "payments prod")}
    assert expected < set(written)


def test_the_output_is_a_configuration(
    organizations: Any,  # noqa: ANN401, ARG001 - the accounts
    accounts: Script,
    reconciler: InProcess,
    folder: Path,
) -> None:
    """With all that the base says."""
    (folder / "base.yaml").write_text(
        "# ours\napiVersion: reconciler/v1\nkind: Config\nmanifests: [apis/]\n", encoding="utf-8"
    )
    (folder / "apis").mkdir()
    (folder / "apis" / "minimal.yaml").write_text((SAMPLES / "minimal.yaml").read_text(encoding="utf-8"))
    accounts("--base", "base.yaml")
    ran = reconciler("validate", "--env", "orders")

    assert (0, True) == (ran.code, "# ours\n" in (folder / "reconciler.yaml").read_text(encoding="utf-8"))


def test_nothing_changes_while_the_accounts_stay(organizations: Any, accounts: Script, folder: Path) -> None:  # noqa: ANN401
    """A job may commit the result."""
    accounts()
    before = (folder / "reconciler.yaml").stat().st_mtime_ns
    printed = accounts()

    assert (True, before) == (printed.endswith("unchanged\n"), (folder / "reconciler.yaml").stat().st_mtime_ns)
    organizations.create_account(Email="new@example.com", AccountName="New")
    assert (accounts().endswith("written\n"), "new" in environments()) == (True, True)


def test_units_and_accounts_are_chosen(organizations: Any, accounts: Script) -> None:  # noqa: ANN401
    """A unit with all units below it, without the accounts to skip and those that are not active."""
    by_name = ids(organizations)
    root = organizations.list_roots()["Roots"][0]["Id"]
    parent = root
    for name, unit in (("Orders", "outer"), ("all", "inner"), ("Ünits", "innermost")):
        parent = organizations.create_organizational_unit(ParentId=parent, Name=unit)["OrganizationalUnit"]["Id"]
        organizations.move_account(AccountId=by_name[name], SourceParentId=root, DestinationParentId=parent)
    outer = organizations.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"][0]["Id"]
    organizations.close_account(AccountId=by_name["Ünits"])
    accounts("--parent", outer, "--skip", by_name["all"])

    assert [*environments()] == ["orders"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "reconciler.yaml was not written by this script"),
        (("--base", "reconciler.yaml"), "reconciler.yaml has `environments`"),
        (("--parent", "ou-none-00000000", "--out", "new.yaml"), None),
    ],
)
def test_what_is_somebody_elses_stays(
    organizations: Any,  # noqa: ANN401, ARG001 - the accounts
    accounts: Script,
    folder: Path,
    options: tuple[str, ...],
    words: str | None,
) -> None:
    """No file of the user is overwritten, no environment of theirs is lost, no error leaves a file behind."""
    text = "apiVersion: reconciler/v1\nkind: Config\nenvironments: {}\n"
    (folder / "reconciler.yaml").write_text(text, encoding="utf-8")
    with pytest.raises((SystemExit, Exception)) as caught:
        accounts(*options)

    assert words is None or words in str(caught.value)
    assert (["reconciler.yaml"], text) == (
        [file.name for file in folder.iterdir()], (folder / "reconciler.yaml").read_text(encoding="utf-8"),
    )  # fmt: skip


def test_no_account_is_an_error(organizations: Any, accounts: Script) -> None:  # noqa: ANN401
    """An empty list would make every check green."""
    skipped = [word for name in ids(organizations).values() for word in ("--skip", name)]
    with pytest.raises(SystemExit, match="there is no active account"):
        accounts(*skipped)
