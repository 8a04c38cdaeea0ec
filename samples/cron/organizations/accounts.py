"""Write a reconciler.yaml with an environment for each account of an AWS organization.

    python accounts.py --role reconciler-read --region eu-west-1 --region us-east-1 --base reconciler.base.yaml

Run it with credentials of the management account, or of an account that may list the organization. Everything but
`environments` comes from the file of --base, word for word; that file is yours. The output is written as a whole, only
when something has changed, and only over a file that this script has written.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3

HEADER = "# Written by accounts.py from the accounts of the organization. To change it, change the file of --base.\n"
BASE = "apiVersion: reconciler/v1\nkind: Config\n"
Account = Mapping[str, str]


def accounts(parents: list[str]) -> list[Account]:
    """Return the active accounts of the organization, or of these units and roots and all units below them."""
    client = boto3.client("organizations")
    every: Iterable[Account] = (account for parent in parents for account in _below(client, parent))
    if not parents:
        every = _pages(client, "list_accounts", "Accounts")
    active = {account["Id"]: account for account in every if account.get("State", account.get("Status")) == "ACTIVE"}
    return [active[name] for name in sorted(active)]


def _below(client: Any, parent: str) -> Iterator[Account]:
    yield from _pages(client, "list_accounts_for_parent", "Accounts", ParentId=parent)
    for unit in _pages(client, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=parent):
        yield from _below(client, unit["Id"])


def _pages(client: Any, operation: str, key: str, **parameters: str) -> Iterator[Account]:
    for page in client.get_paginator(operation).paginate(**parameters):
        yield from page[key]


def names(every: Iterable[Account]) -> dict[str, str]:
    """Return the name of each account's environment by its id: that of the account, with the id where two have it."""
    plain = {account["Id"]: _plain(account["Name"]) for account in every}
    counts = Counter(plain.values())
    return {
        account_id: name if name and name != "all" and counts[name] == 1 else f"{name or 'account'}-{account_id}"
        for account_id, name in plain.items()
    }


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def environments(every: list[Account], role: str, regions: list[str], partition: str) -> str:
    """Return the environments as YAML. Every value is JSON, which is YAML too, so that no name needs other quotes."""
    lines = ["environments:"] if every else ["environments: {}"]
    for account_id, name in sorted(names(every).items(), key=lambda item: item[1]):
        arn = f"arn:{partition}:iam::{account_id}:role/{role}"
        lines += [
            f"  {json.dumps(name)}:",
            f"    regions: {json.dumps(regions)}",
            f"    accountId: {json.dumps(account_id)}",
            f"    assumeRole: {json.dumps(arn)}",
        ]
    return "\n".join(lines) + "\n"


def written(path: Path, text: str) -> bool:
    """Write a file as a whole, and return whether that was needed. Raises SystemExit for a file of somebody else."""
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if before is not None and not before.startswith(HEADER):
        sys.exit(f"error: {path} was not written by this script; move what is yours to a file, and name it with --base")
    if before == text:
        return False
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
    return True


def main() -> None:
    """Write the file that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--role", required=True, help="name (with its path) of the role that reads, in every account")
    parser.add_argument("--region", action="append", required=True, help="region to check; repeatable")
    parser.add_argument("--parent", action="append", default=[], help="only accounts of this unit or root; repeatable")
    parser.add_argument("--skip", action="append", default=[], help="id of an account to leave out; repeatable")
    parser.add_argument("--partition", default="aws", help="aws, aws-cn or aws-us-gov")
    parser.add_argument("--base", type=Path, help="YAML with everything but `environments`")
    parser.add_argument("--out", type=Path, default=Path("reconciler.yaml"))
    options = parser.parse_args()

    base = options.base.read_text(encoding="utf-8").rstrip("\n") + "\n" if options.base else BASE
    if re.search(r"^[\"']?environments[\"']?\s*:", base, re.MULTILINE):
        sys.exit(f"error: {options.base} has `environments`; remove them: they are written from the accounts")
    every = [account for account in accounts(options.parent) if account["Id"] not in options.skip]
    if not every:
        sys.exit("error: there is no active account; check --parent, --skip and the credentials")
    text = HEADER + base + environments(every, options.role, options.region, options.partition)
    state = "written" if written(options.out, text) else "unchanged"
    print(f"{options.out}: {len(every)} accounts, {state}")


if __name__ == "__main__":
    main()
