"""What a configuration says of its manifests, and where it sends them.

Promise: values only. An assignment is the manifests of one configuration in one environment; a site is one account and
region that it leads to. Manifests without a configuration are an assignment too, to wherever boto3 leads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reconciler.config.configuration import Environment, Guard, IgnoreRule
from reconciler.lint import SeverityOverrides
from reconciler.lint.violations import DEFAULT_SEVERITIES
from reconciler.models.desired import Desired, ManifestRef
from reconciler.models.targets import ApiRef, Coordinates
from reconciler.ports import Connection


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """How the targets of an assignment are judged, and what is left alone of them."""

    guard: Guard = field(default_factory=Guard)
    grades: SeverityOverrides = field(default_factory=lambda: DEFAULT_SEVERITIES)
    ignore: tuple[IgnoreRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """Resolved manifests, and what is to become of them. `file` is the configuration's, "" without one.

    `among` are all environments that the configuration has.
    """

    manifests: tuple[Desired, ...]
    file: str = ""
    environment: Environment | None = None
    settings: ProjectSettings = field(default_factory=ProjectSettings)
    among: tuple[str, ...] = ()

    @property
    def name(self) -> str | None:
        """The environment's name."""
        return self.environment.name if self.environment else None

    def __str__(self) -> str:
        return f"environment {self.name} of {self.file}" if self.name else self.file or "no configuration"

    def coordinates(self, given: Coordinates) -> tuple[Coordinates, ...]:
        """Where it leads, a region each; what is `given` on the command line wins."""
        here = self.environment
        regions = (given.region,) if given.region or not here or not here.regions else here.regions
        profile = given.profile or (here.profile if here else None)
        role = given.role or (here.role if here else None)
        return tuple(Coordinates(region, profile, given.endpoint_url, role, self.name) for region in regions)

    def ref(self, desired: Desired, region: str) -> ManifestRef:
        """A manifest, with the API that it is for in a region: what the environment says of it wins."""
        ref = desired.manifests[0]
        said = self.environment.apis.get(ref.name) if self.environment else None
        api_id = said.get(region) if isinstance(said, Mapping) else said
        return replace(ref, api=ApiRef(id=api_id)) if api_id else ref


@dataclass(frozen=True, slots=True)
class AccountRegion:
    """One account and region, with the assignment that led there."""

    assignment: Assignment
    connection: Connection

    def ref(self, desired: Desired) -> ManifestRef:
        """A manifest, with the API that it is for here."""
        return self.assignment.ref(desired, self.connection.region)
