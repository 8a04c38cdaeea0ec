"""Random fleets in memory for hypothesis: accounts and regions, APIs that differ, are missing or cannot be read."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.request import Request
from reconciler.fleet.choice import ShardChoice
from reconciler.fleet.shard import Shard
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.sandbox.model.faults import access_denied
from support.accounts import OTHER_ACCOUNT, Accounts
from support.apis import Method, make_api
from support.clock import FakeClock
from support.live import DEFAULT, NOT_FOUND
from support.stage import manifest

SITES: Final = (("dev", "", "eu-west-1"), ("dev", "", "us-east-1"), ("prod", "other", "eu-west-1"))
"""Environment, profile and region of every account and region."""

NAMES: Final = ("orders", "petstore", "users")
WANTED: Final = "{200: {}, 404: {selectionPattern: '4..'}}"
LIVE: Final[Mapping[str, Mapping[str, RestResponse] | None]] = {
    "in sync": {"200": DEFAULT, "404": RestResponse(selection_pattern="4..")},
    "missing": {"200": DEFAULT},
    "changed": {"200": DEFAULT, "404": NOT_FOUND},
    "unexpected": {"200": DEFAULT, "404": RestResponse(selection_pattern="4.."), "500": NOT_FOUND},
    "denied": {"200": DEFAULT},
    "gone": None,
}
CONFIG: Final = """
apiVersion: reconciler/v1
kind: Config
environments:
  prod: {{region: eu-west-1, profile: other, accountId: "{account}", apis: {{{ids}}}}}
  dev: {{regions: [us-east-1, eu-west-1]{expired}}}
ignore:
- {{match: "petstore: * 500", reason: known}}
- {{match: "users: * 599", reason: nothing matches it}}
"""


@dataclass(frozen=True)
class Fleet:
    """What AWS holds (API and place -> a key of `LIVE`), and what manifests and configuration say.

    `by_id` are the APIs of prod that the configuration addresses by their ids. `staged` have a stage to compare.
    """

    live: Mapping[tuple[str, tuple[str, str, str]], str]
    by_id: frozenset[str] = frozenset()
    staged: frozenset[str] = frozenset()
    shared: bool = False
    expired: bool = False


FLEETS: Final = st.builds(
    Fleet,
    st.fixed_dictionaries({(name, site): st.sampled_from(sorted(LIVE)) for name in NAMES for site in SITES}),
    st.frozensets(st.sampled_from(NAMES)),
    st.frozensets(st.sampled_from(NAMES)),
    st.booleans(),
    st.booleans(),
)


class World:
    """A fleet as files and AWS in memory."""

    def __init__(self, fleet: Fleet, folder: Path) -> None:
        self.cloud = Accounts()
        self._folder = folder
        ids = {key: self._make(*key, state, fleet) for key, state in fleet.live.items() if LIVE[state] is not None}
        prod = {name: ids.get((name, SITES[-1]), "gone000000") for name in sorted(fleet.by_id)}
        config = CONFIG.format(
            account=OTHER_ACCOUNT,
            ids=", ".join(f"{name}: {api_id}" for name, api_id in prod.items()),
            expired=", profile: expired" if fleet.expired else "",
        )
        (folder / "reconciler.yaml").write_text(config, encoding="utf-8")
        for name in NAMES:
            self._write(name, name, fleet)
        if fleet.shared:
            self._write("second", "orders", fleet)

    def _make(self, name: str, site: tuple[str, str, str], state: str, fleet: Fleet) -> str:
        _, profile, region = site
        plane = self.cloud.plane(region, OTHER_ACCOUNT) if profile else self.cloud.plane(region)
        api_id = make_api(plane, name, {MethodKey("/pets", "GET"): Method(LIVE[state] or {})})
        if name in fleet.staged and state != "missing":
            plane.call("CreateDeployment", restApiId=api_id, stageName="live")
        if state == "denied":
            plane.faults.add(
                access_denied("GET", "/restapis/*"),
                "GetResources",
                times=math.inf,
                when=lambda asked: asked["restApiId"] == api_id,
            )
        return api_id

    def _write(self, name: str, api: str, fleet: Fleet) -> None:
        stages = "deploy: {stages: [live]}" if api in fleet.staged else ""
        path = "/pets" if name == api else "/gone"
        text = manifest(WANTED, name=name, api=f"{{name: {api}}}", path=path, spec=stages)
        (self._folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def drift(self, shard: Shard | None = None, **options: object) -> Drift:
        """Compare the fleet, or a shard of it."""
        request = Request(
            config=str(self._folder / "reconciler.yaml"),
            environments=("all",),
            compares_stages=True,
            choice=ShardChoice(shard) if shard else None,
        )
        request = replace(request, **options)  # type: ignore[arg-type] # fields of a request
        return drift(request, self.cloud, Disk(), FakeClock())

    def parts(self, count: int, **options: object) -> list[Drift]:
        """Compare the fleet in so many shards."""
        return [self.drift(Shard(index, count), **options) for index in range(1, count + 1)]
