"""Find the one method or integration of the manifests that the user names, with the responses that it has.

A method of several environments counts once if its responses are the same in all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, cast

from reconciler.diagnostics import Diagnostic, Location
from reconciler.engine.load.load import load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.errors import ReconcilerError, UsageError
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.ports import Files
from reconciler.wording import code, did_you_mean, shown

ResponsesByCode: TypeAlias = Mapping[str, RestResponse] | Mapping[str, WebSocketResponse]

_MOST_NAMED: Final = 5
"""How many candidates a message names."""

_ANY: Final = "ANY"


@dataclass(frozen=True, slots=True)
class WantedMethod:
    """The method or integration that an option names; `manifest` is the name of the manifest, None for any."""

    scope: Scope
    option: str
    manifest: str | None = None


@dataclass(frozen=True, slots=True)
class ListedMethod:
    """A method or integration of a manifest in `environments`, which are none without a configuration.

    `warnings` are those of the manifests that were read: variables that are not set or not used, and the like.
    """

    desired: Desired
    scope: Scope
    environments: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def manifest(self) -> str:
        """The name of the manifest."""
        return self.desired.manifests[0].name

    @property
    def responses(self) -> ResponsesByCode:
        """The responses by status code or key, without those declared absent."""
        found = {
            key.code: wanted
            for key, wanted in self.desired.responses.items()
            if key.scope == self.scope and wanted is not ABSENT
        }
        return cast("ResponsesByCode", found)  # an API has responses of one kind

    @property
    def address(self) -> str:
        """The name of the method in texts: `petstore: GET /pets`."""
        return self.desired.method_address(self.scope)

    def origin(self, code: str) -> Location | None:
        """Return where a response is written."""
        return self.desired.origin(ResponseKey(self.scope, code))

    def template_place(self, code: str, entry: str, line: int = 1, column: int = 1) -> Location | None:
        """Return where a line and column of a response template is written, as far as that is known."""
        key = ResponseKey(self.scope, code)
        return self.desired.place_inside(key, f"responseTemplates.{entry}", line, column)

    @property
    def place(self) -> Location | None:
        """Where the method is listed."""
        return self.desired.owns[self.scope].location

    @property
    def is_partly_owned(self) -> bool:
        """Whether the API may have fields and responses of this method that the manifest does not declare."""
        return self.desired.owns[self.scope].own is not None or not self.desired.owns[self.scope].prune


class InvalidInput(ReconcilerError):  # noqa: N818 - read as "raise InvalidInput"
    """The files of the user have errors; `diagnostics` has all of them."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = tuple(diagnostics)


def find_method(request: Request, files: Files, wanted: WantedMethod) -> ListedMethod:
    """Load the manifests offline and return the method.

    Raises InvalidInput for manifests with errors, and UsageError if no manifest lists the method, or several do.
    """
    loaded = load_manifests(request, files)
    if loaded.is_broken:
        raise InvalidInput(loaded.broken)
    if loaded.is_empty:
        raise InvalidInput([no_manifests(request)])
    listed = [
        ListedMethod(desired, scope, (project.name,) if project.name else ())
        for project in loaded.projects
        for desired in project.manifests
        for scope in desired.owns
    ]
    if wanted.manifest is not None:
        listed = _of_manifest(listed, wanted.manifest)
    found = _merged(method for method in listed if method.scope == wanted.scope)
    if not found:
        raise _unlisted(wanted, listed)
    if len(found) > 1:
        raise _ambiguous(wanted, found)
    return replace(found[0], warnings=loaded.broken)


def _of_manifest(listed: Sequence[ListedMethod], name: str) -> list[ListedMethod]:
    found = [method for method in listed if method.manifest == name]
    if not found:
        names = sorted({method.manifest for method in listed})
        remedy = did_you_mean(name, names, f"choose from {_some(names)}", shown)
        raise UsageError(f"there is no manifest {shown(name)!r} here", remedy)
    return found


def _merged(listed: Iterable[ListedMethod]) -> list[ListedMethod]:
    """Join the environments of a manifest in which the method has the same responses."""
    merged: list[ListedMethod] = []
    for method in listed:
        for index, known in enumerate(merged):
            if known.manifest == method.manifest and known.responses == method.responses:
                merged[index] = replace(known, environments=known.environments + method.environments)
                break
        else:
            merged.append(method)
    return merged


def _unlisted(wanted: WantedMethod, listed: Sequence[ListedMethod]) -> UsageError:
    name = _typed(wanted.scope)
    names = list(dict.fromkeys(_typed(method.scope) for method in listed if _is_of_kind(method.scope, wanted.scope)))
    remedy = did_you_mean(_with_any(wanted.scope, names), names, _listing(names, wanted.option), str)
    where = f"the manifest {wanted.manifest} does not list" if wanted.manifest else "the manifests do not list"
    return UsageError(f"{where} {code(name)}", remedy)


def _typed(scope: Scope) -> str:
    """Return what a user types to name it."""
    return scope.id if isinstance(scope, IntegrationKey) and scope.id else str(scope)


def _is_of_kind(scope: Scope, other: Scope) -> bool:
    if isinstance(scope, IntegrationKey) and isinstance(other, IntegrationKey):
        return bool(scope.route) == bool(other.route)
    return type(scope) is type(other)


def _with_any(scope: Scope, names: Sequence[str]) -> str:
    """Return the method that answers for all verbs of the same path, if it is listed."""
    any_verb = str(MethodKey(scope.path, _ANY)) if isinstance(scope, MethodKey) else ""
    return any_verb if any_verb in names else _typed(scope)


def _listing(names: Sequence[str], option: str) -> str:
    return f"they list {_some(names)}" if names else f"they list no {option.removeprefix('--')}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(map(code, names[:_MOST_NAMED])) + more


def _ambiguous(wanted: WantedMethod, found: Sequence[ListedMethod]) -> UsageError:
    name = code(_typed(wanted.scope))
    manifests = list(dict.fromkeys(method.manifest for method in found))
    if len(manifests) == 1 and all(method.environments for method in found):
        environments = ", ".join(" and ".join(method.environments) for method in found)
        message = f"the responses of {name} in {manifests[0]} differ between environments: {environments}"
        return UsageError(message, f"add --env {found[0].environments[0]}")
    places = ", ".join(f"{method.manifest} ({method.place})" for method in found[:_MOST_NAMED])
    remedy = f"pass the PATH of one manifest{f', or --manifest {manifests[0]}' if len(manifests) > 1 else ''}"
    return UsageError(f"{len(found):,} manifests list {name}: {places}", remedy)
