"""What the manifests of one API say of a method, given what a definition holds.

Fields that a manifest does not own keep the definition's values, and responses that it does not list are removed unless
it has `prune: false`: as in a plan, with the definition in the place of the live API. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.engine.load.project import ResolvedProject
from reconciler.models.desired import ABSENT, Desired, Ownership
from reconciler.models.fields import carried
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import ApiRef, Kind


@dataclass(frozen=True, slots=True)
class DeclaredMethod:
    """A method that a manifest lists."""

    key: MethodKey
    desired: Desired

    @property
    def ownership(self) -> Ownership:
        """What the manifest manages of it."""
        return self.desired.owns[self.key]

    @property
    def address(self) -> str:
        """Its name in texts."""
        return self.desired.method_address(self.key)

    def has_own_responses(self) -> bool:
        """Whether it has responses that are not only those of sets."""
        keys = {key for key, wanted in self._wanted().items() if wanted is not ABSENT}
        return bool(keys - self.desired.from_sets)

    def responses(self, held: Mapping[str, RestResponse]) -> dict[str, RestResponse]:
        """Return the responses by status, where the definition holds these."""
        wanted = {
            key.code: self._with_held(key, response, held.get(key.code, RestResponse()))
            for key, response in self._wanted().items()
            if isinstance(response, RestResponse)
        }
        if not self.ownership.prune or self.ownership.own is not None:
            listed = {key.code for key in self._wanted()}
            wanted |= {code: response for code, response in held.items() if code not in listed}
        return dict(sorted(wanted.items()))

    def _wanted(self) -> dict[ResponseKey, object]:
        return {key: wanted for key, wanted in self.desired.responses.items() if key.scope == self.key}

    def _with_held(self, key: ResponseKey, wanted: RestResponse, held: RestResponse) -> RestResponse:
        response = carried(wanted, held, lambda path: not self.desired.owns_field(key, path))
        return response if isinstance(response, RestResponse) else wanted


def rest_manifests(projects: Iterable[ResolvedProject]) -> dict[ApiRef, list[Desired]]:
    """Return the manifests of each REST API."""
    apis: dict[ApiRef, list[Desired]] = {}
    for project in projects:
        for desired in project.manifests:
            ref = desired.manifests[0]
            if ref.kind is Kind.REST_API:
                apis.setdefault(ref.api, []).append(desired)
    return apis


def declared_methods(manifests: Sequence[Desired]) -> list[DeclaredMethod]:
    """Return every method that the manifests list, in their order."""
    return [
        DeclaredMethod(scope, desired)
        for desired in manifests
        for scope in desired.owns
        if isinstance(scope, MethodKey)
    ]
