"""A project as a run sees it: resolved manifests, their settings, and the accounts and regions of their APIs.

Plain values. A `ResolvedProject` is the manifests of one configuration in one environment; an `AccountRegion` is one of
the accounts and regions that it covers. Manifests without a configuration form a project too, for the account and
region that boto3 picks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from reconciler.config.configuration import Environment, Guard, IgnoreRule, UnmanagedRules
from reconciler.lint import SeverityOverrides
from reconciler.lint.violations import DEFAULT_SEVERITIES
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.models.desired import Desired, ManifestRef
from reconciler.models.keys import Scope
from reconciler.models.targets import ApiRef, Coordinates
from reconciler.ports import Connection


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """The limits, severities and ignore rules for the targets of a project.

    `unmanaged`: the APIs and methods that coverage does not count, expired rules included.
    """

    guard: Guard = field(default_factory=Guard)
    severities: SeverityOverrides = field(default_factory=lambda: DEFAULT_SEVERITIES)
    ignore: tuple[IgnoreRule, ...] = ()
    unmanaged: UnmanagedRules = field(default_factory=UnmanagedRules)


@dataclass(frozen=True, slots=True)
class ProjectTests:
    """The response tests of a project in one environment, and what is known of the manifests that they name.

    `listed` has the methods of every manifest, in whatever environment it lists them. `known` are the names of all
    manifests, `faulty` of those with errors. `root` is the folder of the files that tests name, None for that of each
    document.
    """

    documents: tuple[ResponseTestDocument, ...] = ()
    listed: Mapping[str, frozenset[Scope]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    faulty: frozenset[str] = frozenset()
    root: str | None = None

    def of(self, manifest: str) -> Iterator[ResponseTestDocument]:
        """Yield the documents that test a manifest."""
        return (document for document in self.documents if document.tests.spec.manifest == manifest)


NO_TESTS: Final = ProjectTests()


@dataclass(frozen=True, slots=True)
class ResolvedProject:
    """The resolved manifests of one configuration in one environment, with the settings for them.

    `file` is the configuration's, "" without one. `all_environments` names every environment of the configuration.
    `tests` are only loaded if they are asked for.
    """

    manifests: tuple[Desired, ...]
    file: str = ""
    environment: Environment | None = None
    settings: ProjectSettings = field(default_factory=ProjectSettings)
    all_environments: tuple[str, ...] = ()
    tests: ProjectTests = NO_TESTS

    @property
    def name(self) -> str | None:
        """The environment's name."""
        return self.environment.name if self.environment else None

    @property
    def is_protected(self) -> bool:
        """Whether the environment is protected."""
        return bool(self.environment and self.environment.is_protected)

    def __str__(self) -> str:
        return f"environment {self.name} of {self.file}" if self.name else self.file or "no configuration"

    def coordinates(self, overrides: Coordinates) -> tuple[Coordinates, ...]:
        """Return the AWS coordinates of each region; `overrides` (the command line) win."""
        environment = self.environment
        regions = (
            (overrides.region,)
            if overrides.region or not environment or not environment.regions
            else environment.regions
        )
        profile = overrides.profile or (environment.profile if environment else None)
        role = overrides.role or (environment.role if environment else None)
        return tuple(Coordinates(region, profile, overrides.endpoint_url, role, self.name) for region in regions)

    def ref(self, desired: Desired, region: str) -> ManifestRef:
        """Return a manifest with its API in a region; the environment's `apis` win over `spec.api`."""
        ref = desired.manifests[0]
        entry = self.environment.apis.get(ref.name) if self.environment else None
        api_id = entry.get(region) if isinstance(entry, Mapping) else entry
        return replace(ref, api=ApiRef(id=api_id)) if api_id else ref


@dataclass(frozen=True, slots=True)
class AccountRegion:
    """A project in one account and region, with the connection to it."""

    project: ResolvedProject
    connection: Connection

    def ref(self, desired: Desired) -> ManifestRef:
        """Return a manifest with its API in this region."""
        return self.project.ref(desired, self.connection.region)
