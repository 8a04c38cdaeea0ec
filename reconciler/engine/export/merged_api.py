"""One manifest for an API in several environments."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from reconciler.config.configuration import Environment
from reconciler.engine.export.alignment import Aligned, align
from reconciler.engine.export.groups import ApiGroup, LocatedApi
from reconciler.engine.export.labels import Label
from reconciler.engine.export.merge import Contents, Document, merge, rendered
from reconciler.engine.export.unify import Pattern, ValueSlot, name_pattern
from reconciler.engine.export.variables import VariableTable
from reconciler.errors import ReconcilerError
from reconciler.manifest.export_blockers import export_blocker
from reconciler.manifest.subject import Overlay, Subject, Variants
from reconciler.manifest.writer import OmittedMethod
from reconciler.models.keys import IntegrationKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod, LiveScope
from reconciler.models.targets import ApiRef
from reconciler.normal import rest_response, websocket_response
from reconciler.yamlio.emit import PlaceholderText

Read: TypeAlias = tuple[LocatedApi, LiveApi]
"""An API of an environment in a region, as it was read."""


@dataclass(frozen=True, slots=True)
class MergedApi:
    """A manifest to write. `ids`: those of the API by environment and region, where its name does not find it.

    `members` are the APIs one by one.
    """

    subject: Subject
    ids: Mapping[str, Mapping[str, str]]
    omitted: tuple[OmittedMethod, ...]
    members: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class ExportMerging:
    """What the APIs of an export have in common: the environments, what these are called, the variables."""

    environments: Sequence[Environment]
    known: Sequence[Label]
    table: VariableTable

    def merge(
        self, name: str, found: ApiGroup, by_environment: Mapping[str, Sequence[Read]]
    ) -> Callable[[], MergedApi]:
        """Merge an API; the result makes the manifest once the variables have names.

        Raises ReconcilerError if the regions of an environment differ.
        """
        merging = _ApiMerging(name, found, by_environment, self.table)
        merging.check_regions(self.environments)
        merging.prepare(self.known)
        return lambda: merging.made([environment.name for environment in self.environments], self.known)


@dataclass(slots=True)
class _ApiMerging:
    name: str
    found: ApiGroup
    by_environment: Mapping[str, Sequence[Read]]
    table: VariableTable
    aligned: Aligned = field(default_factory=lambda: Aligned({}))
    api_name: Pattern = ()
    omitted: list[OmittedMethod] = field(default_factory=list)

    def check_regions(self, environments: Sequence[Environment]) -> None:
        """Refuse an API that differs between the regions of an environment, which no manifest can express."""
        for environment in environments:
            reads = self.by_environment.get(environment.name, ())
            if reads and len(reads) < len(environment.regions):
                missing = {*environment.regions} - {located.site.connection.region for located, _ in reads}
                raise self._regions_differ(environment.name, f"is not in {', '.join(sorted(missing))}")
            sites = {located.site.connection.region: _expressible(live) for located, live in reads}
            contents = [_contents(methods) for methods in align(sites, pairs=False).methods.values()]
            if any(content != contents[0] for content in contents):
                raise self._regions_differ(environment.name, f"differs between {' and '.join(sites)}")

    def _regions_differ(self, environment: str, how: str) -> ReconcilerError:
        words = f"{self.found.kind.words} {self.found.base} of environment {environment}"
        message = f"{words} {how}: a manifest is the same in every region"
        return ReconcilerError(message, "export one region at a time with --region, each into a folder of its own")

    def prepare(self, known: Sequence[Label]) -> None:
        """Align and merge, and note all values that differ."""
        for reads in self.by_environment.values():
            for subject in self._members(reads[:1]):
                self.omitted += _omitted(subject)
        pairs = all(len(reads) == 1 for reads in self.by_environment.values())
        methods = {name: _expressible(reads[0][1]) for name, reads in self.by_environment.items()}
        self.aligned = align(methods, pairs=pairs)
        merge(self._contents(), known, self._note)
        for pattern in self.aligned.ids.values():
            self.table.add(pattern, "", self.name)
        self.api_name = self.table.add(self._api_name(), "name", self.name)

    def _contents(self) -> dict[str, Contents]:
        return {name: _contents(of_environment) for name, of_environment in self.aligned.methods.items()}

    def _note(self, pattern: Pattern, field: str) -> bool:
        """Note a pattern that has a value in every environment; others are written if there are variables for them."""
        is_complete = all(
            dict(piece.values).keys() >= self.by_environment.keys() for piece in pattern if isinstance(piece, ValueSlot)
        )
        if is_complete:
            self.table.add(pattern, field, self.name)
        return is_complete

    def _api_name(self) -> Pattern:
        """Return the name of the API, as a pattern if it differs between environments."""
        names = {name: reads[0][0].api.summary.name for name, reads in self.by_environment.items() if _is_named(reads)}
        shapes = [self.found.shapes[name] for name in names]
        if not names:
            return ()
        if not self._is_named():
            return (next(iter(names.values())),)
        if shapes[0].label and all(shape == shapes[0] for shape in shapes):
            pattern = name_pattern(shapes[0])
            if all(_spelled(pattern, environment) == name for environment, name in names.items()):
                return pattern
        if len(set(names.values())) == 1:
            return (next(iter(names.values())),)
        return (ValueSlot(tuple(names.items()), "apiName: "),)

    def made(self, order: Sequence[str], known: Sequence[Label]) -> MergedApi:
        """Make the manifest."""
        environments = self.by_environment.keys()
        merged = merge(self._contents(), known, lambda pattern, _: self.table.covers(pattern, environments))
        common, overlays = rendered(merged, self._text)
        keys = {key: IntegrationKey("", self._text(pattern)) for key, pattern in self.aligned.ids.items()}
        methods: dict[Scope, LiveScope] = {}
        for scope, responses in common.items():
            key = keys.get(scope, scope)
            methods[key] = self._method(scope, key, responses)
        target = replace(self._first().target, api_id=self.name, api_name=self.found.base)
        live = LiveApi(target, frozenset(), methods)
        subject = Subject(self.name, self._ref(), live, variants=self._variants(order, overlays, keys))
        members = tuple(member for reads in self.by_environment.values() for member in self._members(reads[:1]))
        return MergedApi(subject, self._ids(), tuple(self.omitted), members)

    def _text(self, pattern: Pattern) -> PlaceholderText:
        return self.table.text(pattern, self.by_environment.keys())

    def _first(self) -> LiveApi:
        return next(live for reads in self.by_environment.values() for _, live in reads)

    def _method(self, scope: Scope, key: Scope, responses: Mapping[str, Document]) -> LiveScope:
        """Return the common part of a method; it is a proxy if any environment has it as one."""
        of_all = [methods[scope] for methods in self.aligned.methods.values() if scope in methods]
        first = next((method for method in of_all if method.is_proxy), of_all[0])
        if isinstance(first, LiveMethod):
            return replace(first, responses={code: rest_response(raw) for code, raw in responses.items()})
        routes = set.intersection(*({*each.routes} for each in of_all if isinstance(each, LiveIntegration)))
        route = key.route if isinstance(key, IntegrationKey) else ""
        return replace(
            first,
            integration_id=key.id if isinstance(key, IntegrationKey) else "",
            routes=(route, *sorted(routes - {route})) if route else (),
            responses={code: websocket_response(raw) for code, raw in responses.items()},
        )

    def _ref(self) -> ApiRef:
        if not self.api_name:
            return ApiRef(id=self._first().target.api_id)
        only = self.api_name[0]
        return ApiRef(name=only if self.api_name == (only,) and isinstance(only, str) else self._text(self.api_name))

    def _is_named(self) -> bool:
        return all(map(_is_named, self.by_environment.values()))

    def _ids(self) -> dict[str, dict[str, str]]:
        """Return the ids of the API by environment and region, if its name does not find it everywhere."""
        if self._is_named():
            return {}
        return {
            name: {located.site.connection.region: located.api.summary.id for located, _ in reads}
            for name, reads in self.by_environment.items()
        }

    def _variants(self, order: Sequence[str], overlays: Mapping[str, Overlay], keys: Mapping[Scope, Scope]) -> Variants:
        names = tuple(self.by_environment)
        return Variants(
            words=f"{self.found.kind.words} {self.found.base or self.name} in {', '.join(names)}",
            origins=tuple(self._origins()),
            environments=() if list(names) == list(order) else names,
            overlays={
                name: {keys.get(scope, scope): codes for scope, codes in overlay.items()}
                for name, overlay in overlays.items()
            },
        )

    def _origins(self) -> Iterator[str]:
        count = sum(map(len, self.by_environment.values()))
        yield f"The draft{'s of these APIs' if count > 1 else ' of this API'}, as exported:"
        for name, reads in self.by_environment.items():
            for located, live in reads:
                target, summary = live.target, located.api.summary
                yield f"  {name}: {summary.name} ({summary.id}), account {target.account_id}, {target.region}"
        for omission in self.omitted:
            yield f"Left out: {omission.scope} of {omission.subject.live.target.api_name}: {omission.reason}."

    def _members(self, reads: Sequence[Read]) -> Iterator[Subject]:
        return (Subject(self.name, ApiRef(id=located.api.summary.id), live) for located, live in reads)


def _spelled(pattern: Pattern, environment: str) -> str:
    return "".join(piece if isinstance(piece, str) else dict(piece.values)[environment] for piece in pattern)


def _is_named(reads: Sequence[Read]) -> bool:
    """Whether one name finds the API in all regions of an environment."""
    return (
        all(located.api.is_named for located, _ in reads)
        and len({located.api.summary.name for located, _ in reads}) == 1
    )


def _expressible(live: LiveApi) -> dict[Scope, LiveScope]:
    """Return the methods that have responses, and that a manifest can express."""
    return {
        scope: method
        for scope, method in live.methods.items()
        if method.responses and not export_blocker(scope, method.responses)
    }


def _omitted(subject: Subject) -> Iterator[OmittedMethod]:
    for scope, method in subject.contents().items():
        reason = export_blocker(scope, method.responses)
        if reason:
            yield OmittedMethod(subject, scope, reason)


def _contents(methods: Mapping[Scope, LiveScope]) -> Contents:
    return {
        scope: {code: response.document() for code, response in method.responses.items()}
        for scope, method in methods.items()
    }
