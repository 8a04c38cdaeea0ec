"""A drift run over three accounts of a sandbox that throttles: `python tests/benchmarks/fleet_on_sandbox.py`.

The installed command reads 100 REST APIs and 20 WebSocket APIs of ten integrations with half of the quota, twice: all
of them, then with two denied and one deleted. This takes a minute of real time. Each run is checked: what it found, the
calls that it made, the time from its first call to its last one. Exit code 1 if something is not as it should be.

`--small` reads a tenth of that.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reconciler.manifest.writer import Layout, Subject, write
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.ports import IntegrationSelection
from reconciler.sandbox.building import big_api, big_websocket_api
from reconciler.sandbox.gateway import InMemoryReader
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import REGION, ControlPlane
from reconciler.sandbox.server import Server, serve

COMMAND: Final = str(Path(sys.executable).with_name("reconciler"))
ACCOUNTS: Final = ("111111111111", "222222222222", "333333333333")
INTEGRATIONS: Final = 10
DRIFTED_EVERY: Final = 8
"""Every eighth API has a response that differs from its manifest."""

SHARE: Final = 0.5
ALLOWED_RATE: Final = 10 * SHARE
"""Calls per second in one account and region (Developer Guide, quotas)."""

SLACK: Final = 1.2
"""How much longer than at the allowed rate the calls of an account may take."""


@dataclass(frozen=True, slots=True)
class Api:
    """An API of one account."""

    account_id: str
    id: str
    name: str
    kind: Kind

    @property
    def calls(self) -> int:
        """The fewest calls that read it: one page of GetResources; routes, integrations, and each one's responses."""
        return 1 if self.kind is Kind.REST_API else 2 + INTEGRATIONS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the command said, how long it took and its calls took, and the calls that it made in each account."""

    seconds: float
    calling: float
    code: int
    document: Any
    calls: dict[str, list[str]]

    @property
    def found(self) -> set[tuple[str, str]]:
        """The type of each finding, and the API that it is about."""
        return {(finding["type"], finding["address"].partition(":")[0]) for finding in self.document["findings"]}

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding["type"] == "error" for finding in self.document["findings"])


@dataclass
class Proof:
    """The APIs, and the checks that failed."""

    server: Server
    folder: Path
    apis: list[Api] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def plane(self, account_id: str) -> ControlPlane:
        """Return the control plane of an account."""
        return self.server.aws.plane(account_id, REGION)

    def build(self, rest: int, websocket: int) -> None:
        """Build so many APIs, spread over the accounts, with a manifest each."""
        for number in range(rest):
            self._add(Kind.REST_API, f"orders-{number:03}", ACCOUNTS[number % len(ACCOUNTS)])
        for number in range(websocket):
            self._add(Kind.WEBSOCKET_API, f"chat-{number:03}", ACCOUNTS[number % len(ACCOUNTS)])
        environments = "\n".join(
            f"  a{account_id}: {{region: {REGION}, accountId: '{account_id}', "
            f"assumeRole: 'arn:aws:iam::{account_id}:role/reader'}}"
            for account_id in ACCOUNTS
        )
        text = f"apiVersion: reconciler/v1\nkind: Config\nmanifests: [manifests/]\nenvironments:\n{environments}\n"
        (self.folder / "reconciler.yaml").write_text(text, encoding="utf-8")

    def _add(self, kind: Kind, name: str, account_id: str) -> None:
        plane = self.plane(account_id)
        api_id = (
            big_api(plane, 3, 2, 3, name=name)
            if kind is Kind.REST_API
            else big_websocket_api(plane, INTEGRATIONS, 2, name=name)
        )
        target, reader = Target(account_id, REGION, api_id, kind, name), InMemoryReader(plane)
        live = (
            reader.rest_api(target)
            if kind is Kind.REST_API
            else reader.websocket_api(target, IntegrationSelection(everything=True))
        )
        (manifest,) = write([Subject(name, ApiRef(name=name), live)], Layout()).files
        file = self.folder / "manifests" / f"{name}.yaml"
        file.parent.mkdir(exist_ok=True)
        metadata = f"metadata: {{name: {name}, environments: [a{account_id}]}}"
        file.write_text(manifest.text.replace(f"metadata: {{name: {name}}}", metadata), encoding="utf-8")
        self.apis.append(Api(account_id, api_id, name, kind))

    def plant_drift(self) -> set[str]:
        """Change a response of some APIs, and return their names."""
        drifted = self.apis[::DRIFTED_EVERY]
        for api in drifted:
            self._change(api)
        return {api.name for api in drifted}

    def _change(self, api: Api) -> None:
        plane = self.plane(api.account_id)
        if api.kind is Kind.REST_API:
            resources = plane.call("GetResources", restApiId=api.id)["items"]
            resource_id = next(resource["id"] for resource in resources if resource["path"] == "/r0001")
            address = {"restApiId": api.id, "resourceId": resource_id, "httpMethod": "GET", "statusCode": "400"}
            plane.call("PutIntegrationResponse", **address, selectionPattern="4..")
            return
        integration_id = plane.call("GetIntegrations", ApiId=api.id)["Items"][0]["IntegrationId"]
        address = {"ApiId": api.id, "IntegrationId": integration_id}
        response_id = plane.call("GetIntegrationResponses", **address)["Items"][0]["IntegrationResponseId"]
        plane.call(
            "UpdateIntegrationResponse", **address, IntegrationResponseId=response_id, ResponseTemplates={"all": "x"}
        )

    def drift(self) -> Outcome:
        """Run the command against quotas that nobody has used."""
        for account_id in ACCOUNTS:
            self.plane(account_id).calls.clear()
        times: list[float] = []

        def clock() -> float:
            times.append(time.monotonic())
            return times[-1]

        self.server.aws.enforce_quotas(clock)
        times.clear()
        environment = {**self.server.environment_over(os.environ), "RECONCILER_QUOTA_SHARE": f"{SHARE:.0%}"}
        arguments = [COMMAND, "drift", "--config", str(self.folder / "reconciler.yaml"), "--env", "all"]
        started = time.monotonic()
        ran = subprocess.run(
            [*arguments, "--format", "json"], env=environment, capture_output=True, text=True, check=False
        )
        seconds = time.monotonic() - started
        if not ran.stdout:
            sys.exit(ran.stderr)
        calls = {account_id: self.plane(account_id).calls.names() for account_id in ACCOUNTS}
        return Outcome(seconds, times[-1] - times[0], ran.returncode, json.loads(ran.stdout), calls)

    def check(self, what: str, outcome: Outcome, drifted: set[str], broken: Sequence[Api], calls: int) -> None:
        """Compare a run with what it should be, and print it."""
        expected = {("changed", name) for name in drifted} | {("error", api.name) for api in broken}
        self._expect(what, "findings", expected, outcome.found)
        self._expect(what, "errors", len(broken), outcome.errors)
        self._expect(what, "exit code", 1 if broken else 2, outcome.code)
        made = sum(map(len, outcome.calls.values()))
        self._expect(what, "calls (more: some were throttled)", calls, made)
        most = max(map(len, outcome.calls.values()))
        limit = SLACK * most / ALLOWED_RATE
        if outcome.calling > limit:
            self.failures.append(f"{what}: the calls took {outcome.calling:.1f} s, the limit is {limit:.1f} s")
        sys.stdout.write(
            f"{what}: {outcome.calling:.1f} s from the first call to the last (limit {limit:.1f} s), "
            f"{outcome.seconds:.1f} s in all; {made} calls, {most} of them in one account; "
            f"{len(outcome.document['findings'])} findings, {outcome.errors} of them errors\n"
        )

    def _expect(self, what: str, name: str, expected: object, actual: object) -> None:
        if expected != actual:
            self.failures.append(f"{what}: {name}: expected {expected}, not {actual}")

    def deny(self, api: Api) -> None:
        """Let every read of an API be refused."""
        operation, name = ("GetResources", "restApiId") if api.kind is Kind.REST_API else ("GetRoutes", "ApiId")
        denied = faults.access_denied("GET", f"/apis/{api.id}")
        queue = self.plane(api.account_id).faults
        queue.add(denied, operation, times=math.inf, when=lambda asked: asked.get(name) == api.id)

    def delete(self, api: Api) -> None:
        """Delete a REST API."""
        self.plane(api.account_id).call("DeleteRestApi", restApiId=api.id)


def prove(rest: int, websocket: int) -> Iterator[str]:
    """Run everything, and yield what is not as it should be."""
    with tempfile.TemporaryDirectory() as folder, serve(seed=False) as server:
        proof = Proof(server, Path(folder))
        proof.build(rest, websocket)
        drifted = proof.plant_drift()
        listings = {(api.account_id, api.kind) for api in proof.apis}
        calls = sum(api.calls for api in proof.apis) + len(listings)
        proof.check("all of them", proof.drift(), drifted, (), calls)

        gone, *denied = broken = [proof.apis[1], proof.apis[2], proof.apis[rest + 1]]
        for api in denied:
            proof.deny(api)
        proof.delete(gone)
        less = sum(api.calls - (0 if api is gone else 1) for api in broken)
        names = {api.name for api in broken}
        proof.check("two denied, one gone", proof.drift(), drifted - names, broken, calls - less)
        yield from proof.failures


def main(arguments: Sequence[str]) -> int:
    """Print what the runs did and what is wrong with it, and return the exit code."""
    part = 10 if "--small" in arguments else 1
    failures = list(prove(100 // part, 20 // part))
    for failure in failures:
        sys.stdout.write(f"FAILED: {failure}\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
