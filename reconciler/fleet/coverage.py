"""Which APIs of an account and region manifests address, and which of their methods manifests list.

HTTP APIs are not counted: integration responses exist for WebSocket APIs only, among those
of version 2 (API Reference, "IntegrationResponses").
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from reconciler.diagnostics import Diagnostic, error
from reconciler.errors import ReconcilerError
from reconciler.models.keys import Scope
from reconciler.models.targets import Kind

CoverageState: TypeAlias = Literal["covered", "uncovered", "ignored"]

ALL: Final = Fraction(1)
"""The share of a threshold that nothing may miss."""


@dataclass(frozen=True, slots=True)
class CoverageTally:
    """How many APIs or methods are covered, uncovered and ignored."""

    covered: int = 0
    uncovered: int = 0
    ignored: int = 0

    def __add__(self, other: "CoverageTally") -> "CoverageTally":
        return CoverageTally(
            self.covered + other.covered, self.uncovered + other.uncovered, self.ignored + other.ignored
        )

    @property
    def total(self) -> int:
        """The number that should be covered; what is ignored does not count."""
        return self.covered + self.uncovered

    @property
    def share(self) -> Fraction:
        """The covered share, from 0 to 1; 1 if there is nothing to cover."""
        return Fraction(self.covered, self.total) if self.total else ALL


NO_TALLY: Final = CoverageTally()


@dataclass(frozen=True, slots=True)
class Exemption:
    """The ignore rule that leaves an API or a method without a manifest: its glob, why, and until which day."""

    match: str
    reason: str = ""
    until: str | None = None


@dataclass(frozen=True, slots=True)
class UnlistedMethod:
    """A method or integration of a covered API that no manifest lists; it is not a proxy.

    `resource_id` is AWS's id of the REST resource or of the WebSocket integration. `exemption` None: it is uncovered.
    """

    scope: Scope
    integration_type: str
    resource_id: str
    exemption: Exemption | None = None


@dataclass(frozen=True, slots=True)
class MethodCoverage:
    """The methods of one API that have integration responses to manage: how many are listed, and the others."""

    listed: int = 0
    unlisted: tuple[UnlistedMethod, ...] = ()

    @property
    def counts(self) -> CoverageTally:
        """The counts."""
        ignored = sum(method.exemption is not None for method in self.unlisted)
        return CoverageTally(self.listed, len(self.unlisted) - ignored, ignored)


@dataclass(frozen=True, slots=True)
class ApiCoverage:
    """An API of a listing, with the names of the manifests that address it, and their environments.

    `exemption`: why an API without a manifest is ignored. `methods` None: they were not read.
    """

    kind: Kind
    id: str
    name: str
    stack: str = ""
    manifests: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    exemption: Exemption | None = None
    methods: MethodCoverage | None = None

    @property
    def state(self) -> CoverageState:
        """Whether manifests address it, or an ignore rule excuses that none does."""
        if self.manifests:
            return "covered"
        return "ignored" if self.exemption else "uncovered"


@dataclass(frozen=True, slots=True)
class RegionCoverage:
    """The APIs of one account and region, sorted by kind, name and id.

    `environments`: those of the run that use the account and region, none without environments. `kinds`: the kinds
    that were listed; nothing is known of the others.
    """

    account_id: str
    region: str
    environments: tuple[str, ...] = ()
    apis: tuple[ApiCoverage, ...] = ()
    kinds: tuple[Kind, ...] = tuple(Kind)

    def of_state(self, state: CoverageState) -> Iterator[ApiCoverage]:
        """Return the APIs in a state."""
        return (api for api in self.apis if api.state == state)

    @property
    def counts(self) -> CoverageTally:
        """The counts of APIs."""
        return self.counts_of(tuple(Kind))

    def counts_of(self, kinds: Collection[Kind]) -> CoverageTally:
        """Return the counts of APIs of these kinds."""
        states = [api.state for api in self.apis if api.kind in kinds]
        return CoverageTally(states.count("covered"), states.count("uncovered"), states.count("ignored"))

    @property
    def method_counts(self) -> CoverageTally:
        """The counts of methods of the covered APIs that were read."""
        return total(api.methods.counts for api in self.apis if api.methods)

    def __str__(self) -> str:
        return place_name(self.account_id, self.region, self.environments)


def place_name(account_id: str | None, region: str | None, environments: Iterable[str]) -> str:
    """Return an account and region, as far as they are known, with the environments that use them."""
    place = ", ".join(filter(None, (f"account {account_id}" if account_id else "", region)))
    names = ", ".join(environments)
    return f"{place or 'AWS'} ({names})" if names else place or "AWS"


def total(counts: Iterable[CoverageTally]) -> CoverageTally:
    """Return the sum of counts."""
    return sum(counts, NO_TALLY)


@dataclass(frozen=True, slots=True)
class CoverageFailure:
    """A part of an account and region that could not be read, and why.

    `account_id` None: no connection was made; `region` None: boto3 would have chosen it. `kind` None: nothing there
    could be listed; with `api`, only the methods of that API could not be read.
    """

    failure: ReconcilerError
    environments: tuple[str, ...] = ()
    account_id: str | None = None
    region: str | None = None
    kind: Kind | None = None
    api: ApiCoverage | None = None

    @property
    def diagnostic(self) -> Diagnostic:
        """The failure as an error."""
        return error(self.failure.rule, f"{self._subject}: {self.failure.message}", self.failure.remedy)

    @property
    def _subject(self) -> str:
        what = f"{self.kind.words if self.kind else 'API'}s cannot be listed"
        if self.api:
            what = f"the methods of {self.api.kind} {self.api.id} cannot be read"
        return f"{place_name(self.account_id, self.region, self.environments)}: {what}"


@dataclass(frozen=True, slots=True)
class CoverageThresholds:
    """The least shares, from 0 to 1, of APIs with a manifest and of listed methods."""

    apis: Fraction = ALL
    methods: Fraction = ALL

    def are_met(self, apis: CoverageTally, methods: CoverageTally) -> bool:
        """Return whether both shares are reached."""
        return apis.share >= self.apis and methods.share >= self.methods


@dataclass(frozen=True, slots=True)
class CoverageCount:
    """How many of the APIs that were listed a manifest addresses; `ignored` are not among them.

    `kinds`: the kinds that were listed in every account and region.
    """

    apis: int
    covered: int
    ignored: int = 0
    kinds: tuple[Kind, ...] = tuple(Kind)
