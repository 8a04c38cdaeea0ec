"""A configuration, manifests that are each of one API, and AWS with several accounts and regions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.engine.coverage.coverage import ManifestCoverage, coverage
from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.request import Request
from reconciler.engine.read.misaddressed import ListingCache
from reconciler.fleet.coverage import CoverageThresholds
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION, ControlPlane
from support.accounts import Accounts
from support.apis import Method, make_api
from support.clock import FakeClock
from support.websocket import Integration, make_websocket_api

GET_PETS = MethodKey("/pets", "GET")
HEAD = "apiVersion: reconciler/v1\n"
ALL = CoverageThresholds()


@dataclass
class Landscape:
    """Nothing is in it at first."""

    folder: Path
    cloud: Accounts = field(default_factory=Accounts)
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def plane(self) -> ControlPlane:
        """The control plane of the default account and region."""
        return self.cloud.plane()

    def configure(self, text: str = "", *, manifests: str = "[manifests]") -> None:
        """Write the configuration."""
        (self.folder / "manifests").mkdir(exist_ok=True)
        content = f"{HEAD}kind: Config\nmanifests: {manifests}\n{text}\n"
        (self.folder / "reconciler.yaml").write_text(content, encoding="utf-8")

    def write(
        self, name: str, api: str = "", *, metadata: str = "", resources: str = "/pets: {GET: {responses: {}}}"
    ) -> str:
        """Write the manifest of a REST API, by default the one of this name; gives its file."""
        return self._write(name, "RestApi", api, metadata, f"resources: {{{resources}}}")

    def write_chat(self, name: str, api: str = "", *, routes: str = "send: {responses: {}}") -> str:
        """Write the manifest of a WebSocket API, by default the one of this name; gives its file."""
        return self._write(name, "WebSocketApi", api, "", f"routes: {{{routes}}}")

    def _write(self, name: str, kind: str, api: str, metadata: str, content: str) -> str:
        (self.folder / "manifests").mkdir(exist_ok=True)
        file = self.folder / "manifests" / f"{name}.yaml"
        labels = f", {metadata}" if metadata else ""
        address = api or f"{{name: {name}}}"
        text = f"{HEAD}kind: {kind}\nmetadata: {{name: {name}{labels}}}\nspec:\n  api: {address}\n  {content}\n"
        file.write_text(text, encoding="utf-8")
        return str(file.relative_to(self.folder))

    def api(
        self,
        name: str,
        methods: Mapping[MethodKey, Method] | None = None,
        *,
        region: str = REGION,
        account_id: str = ACCOUNT_ID,
    ) -> str:
        """Set a REST API up, with one method unless others are given; gives its id."""
        return make_api(self.cloud.plane(region, account_id), name, methods or {GET_PETS: Method()})

    def chat(self, name: str, *integrations: Integration) -> str:
        """Set a WebSocket API up; gives its id."""
        return make_websocket_api(self.plane, name, integrations or [Integration(("send",))])[0]

    def coverage(
        self,
        *environments: str,
        methods: bool = False,
        thresholds: CoverageThresholds = ALL,
        **asked: Any,  # noqa: ANN401 - whatever a request has
    ) -> ManifestCoverage:
        """Run `coverage`."""
        request = Request(environments=environments, **asked)
        return coverage(request, thresholds, self.cloud, Disk(), self.clock, methods=methods)

    def drift(self, *environments: str, cache: ListingCache | None = None, **asked: Any) -> Drift:  # noqa: ANN401
        """Run `drift`."""
        return drift(Request(environments=environments, **asked), self.cloud, Disk(), self.clock, cache=cache)


def uncovered(found: ManifestCoverage) -> list[str]:
    """The names of the APIs without a manifest."""
    return [api.name for region in found.regions for api in region.of_state("uncovered")]


def unlisted(found: ManifestCoverage) -> list[str]:
    """The methods that no manifest lists and no rule ignores, with the manifest."""
    return [
        f"{api.manifests[0]}: {method.scope}"
        for region in found.regions
        for api in region.apis
        for method in (api.methods.unlisted if api.methods else ())
        if not method.exemption
    ]
