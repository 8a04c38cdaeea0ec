"""The details of a review, manifest by manifest; what is the same in several places appears once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, TypeAlias

from reconciler.diff import FieldChange
from reconciler.models.keys import Scope
from reconciler.models.targets import Kind
from reconciler.plan.reasons import listed
from reconciler.render.sections import Group, ReportEntry, Section
from reconciler.render.style import Style, Tone, file_line, plural, printable
from reconciler.render.values import field_lines, value_text, whole_lines
from reconciler.review import ListingChange, PlacedReview, Review, ReviewEffect
from reconciler.review.alike import Environments, Owner, PlacedBlock, SharedChanges, alike, blocks, of_sets
from reconciler.views.review_configuration import IN_SETTINGS, configuration_sections
from reconciler.views.same import SamePlace, place_entries, same_title

_MOST_NAMED: Final = 4

_Methods: TypeAlias = tuple[tuple[Owner, tuple[Scope, ...]], ...]
"""The methods of several manifests."""

SIGNS: Final[Mapping[ReviewEffect, tuple[str, Tone]]] = {
    ReviewEffect.CREATE: ("+", "create"),
    ReviewEffect.UPDATE: ("~", "update"),
    ReviewEffect.DELETE: ("-", "delete"),
    ReviewEffect.RELEASE: ("=", "step"),
}
_COUNTS_AS: Final[Mapping[ReviewEffect, str]] = {
    ReviewEffect.CREATE: "to create",
    ReviewEffect.UPDATE: "to update",
    ReviewEffect.DELETE: "to delete",
    ReviewEffect.RELEASE: "released",
}

_MEANING: Final[Mapping[tuple[str, str], str]] = {
    ("prune", "true"): "live responses that the manifest does not list will be deleted",
    ("prune", "false"): "live responses that the manifest does not list are kept from now on",
    ("methodResponses", "ensure"): "missing method responses are created from now on",
    ("methodResponses", "check"): "a missing method response is an error from now on",
    ("routeResponses", "ensure"): "one-way routes are made two-way from now on",
    ("routeResponses", "check"): "a one-way route is a warning from now on",
    ("protect", "true"): "a plan that deletes it is refused",
    ("protect", "false"): "a plan may delete it",
}


def review_sections(review: Review, style: Style) -> Iterator[Section]:
    """Yield what sets change in several manifests, then the rest manifest by manifest, then the configurations.

    What is the same on several methods appears once; in a full text, each method has its own.
    """
    is_each = style.full and not style.marked
    changes = blocks(review.changed, each=is_each)
    apis = _by_owner(review.apis)
    shared = {} if is_each else of_sets(changes)
    yield from _sets(shared, apis, style)
    for owner in _owners(review.changed):
        writing = _ManifestWriter(owner, apis[owner], style)
        own = (change for change in changes.get(owner, ()) if replace(change, scopes=()) not in shared)
        groups = (*writing.management(), *writing.responses(own))
        if groups:
            title = style.paint(printable(owner[1]), "strong")
            yield Section(f"{title}  ({printable(_named_apis(apis[owner]))})", groups)
    yield from configuration_sections(review.configuration, style)


def _sets(
    shared: Mapping[PlacedBlock, Mapping[Owner, PlacedBlock]],
    apis: Mapping[Owner, Sequence[PlacedReview]],
    style: Style,
) -> Iterator[Section]:
    """Set by set; changes of the same methods appear together, with the methods below them."""
    by_set: dict[str, dict[_Methods, list[PlacedBlock]]] = {}
    for change, owners in shared.items():
        methods = tuple((owner, own.scopes) for owner, own in owners.items())
        by_set.setdefault(change.set, {}).setdefault(methods, []).append(change)
    for name, by_methods in by_set.items():
        groups = (_set_group(methods, changes, apis, style) for methods, changes in by_methods.items())
        yield Section(f"{style.paint(printable(name), 'strong')}  (ResponseSet)", tuple(groups))


def _set_group(
    methods: _Methods,
    changes: Sequence[PlacedBlock],
    apis: Mapping[Owner, Sequence[PlacedReview]],
    style: Style,
) -> Group:
    """What a set changes on these methods, whose environments are on the lines of the changes."""
    writing = _ManifestWriter(("", ""), [api for owner, _ in methods for api in apis[owner]], style)
    code = f" {changes[0].block.code}" if len(changes) == 1 else ""
    places = [
        SamePlace(manifest, f"{manifest}: {scope}{code}", "", "")
        for (_, manifest), scopes in methods
        for scope in scopes
    ]
    entries = [replace(writing.block(change), number=len(places)) for change in changes]
    what = "change" if len(changes) == 1 else f"{len(changes)} changes"
    title = same_title(what, _what(writing.apis[0].place.kind), places, style)
    return Group(title, (*entries, *place_entries(places, entries[0].counts_as, style, is_counted=False)))


def _owners(apis: Iterable[PlacedReview]) -> dict[Owner, None]:
    """The manifests that have changes."""
    return dict.fromkeys(
        (api.place.file, name)
        for api in apis
        for name in (
            *(method.manifest for method in api.review.methods),
            *(setting.manifest for setting in api.review.settings),
            *(response.manifest for response in api.review.responses),
        )
    )


def _by_owner(apis: Iterable[PlacedReview]) -> dict[Owner, list[PlacedReview]]:
    """The APIs that each manifest is or was for: one in each environment, more where it was for another one."""
    by_owner: dict[Owner, list[PlacedReview]] = {}
    for api in apis:
        for name in api.review.manifests:
            by_owner.setdefault((api.place.file, name), []).append(api)
    return by_owner


def _named_apis(apis: Sequence[PlacedReview]) -> str:
    """Name the APIs: `RestApi name 'petstore-dev' in dev, ...`."""
    by_api: dict[str, list[str]] = {}
    for api in [api for api in apis if not api.is_gone] or apis:
        by_api.setdefault(api.place.api, []).append(api.place.environment or "")
    named = (f"{name} in {listed(names)}" if all(names) else name for name, names in by_api.items())
    return f"{apis[0].place.kind} {', '.join(named)}"


def _what(kind: Kind) -> str:
    return "integration" if kind is Kind.WEBSOCKET_API else "method"


def _several(things: Sequence[object], what: str) -> str:
    """Name the things, and count them where there are many."""
    names = [str(thing) for thing in things]
    if len(names) <= _MOST_NAMED:
        return listed(names)
    more = len(names) - _MOST_NAMED + 1
    return f"{len(names):,} {what}: {', '.join(names[:-more])} and {more:,} more"


@dataclass(frozen=True, slots=True)
class _ManifestWriter:
    """Writes the part of one manifest."""

    owner: Owner
    apis: Sequence[PlacedReview]
    style: Style

    @property
    def _many(self) -> str:
        """What its manifest lists, in the plural."""
        return f"{_what(self.apis[0].place.kind)}s"

    def management(self) -> Iterator[Group]:
        """Yield which methods are managed, and how, as far as that changes."""
        entries = [*self._targets(), *self._listings(), *self._settings()]
        if entries:
            yield Group(self.style.paint("managed methods and settings", "strong"), tuple(entries))

    def responses(self, changes: Iterable[PlacedBlock]) -> Iterator[Group]:
        """Yield what happens to responses, grouped by the methods that share it."""
        entries: dict[tuple[Scope, ...], list[ReportEntry]] = {}
        moves = (
            ((move.pattern, move.before, move.after), move.scope, api.place.environment)
            for api in self.apis
            for move in api.review.moves
            if move.manifest == self.owner[1]
        )
        for move in alike(moves):
            entries.setdefault(move.subjects, []).append(self._move(*move.content, move.environments))
        for change in changes:
            entries.setdefault(change.scopes, []).append(self.block(change))
        for scopes in sorted(entries, key=lambda group: (group[0], len(group))):
            yield Group(self.style.paint(printable(_several(scopes, self._many)), "strong"), tuple(entries[scopes]))

    def _targets(self) -> Iterator[ReportEntry]:
        for api in self.apis:
            if api.instead_of:
                was = f"{api.place.api} instead of {api.instead_of}, whose responses stay unchanged"
                yield self._entry(f"~ targets another API: {was}", "update", (api.place.environment,))

    def _listings(self) -> Iterator[ReportEntry]:
        listings = (
            ((method.listing, method.prune), method.scope, api.place.environment)
            for api in self.apis
            for method in api.review.methods
            if method.manifest == self.owner[1]
        )
        for group in alike(listings):
            listing, prune = group.content
            methods = _several(group.subjects, self._many)
            if listing is ListingChange.RELEASED:
                yield self._entry(f"= released (live unchanged): {methods}", "step", group.environments)
            elif prune:
                yield self._entry(
                    f"+ newly listed ({_MEANING['prune', 'true']}): {methods}", "create", group.environments
                )
            else:
                yield self._entry(
                    f"+ newly listed (other live responses are kept): {methods}", "create", group.environments
                )

    def _settings(self) -> Iterator[ReportEntry]:
        settings = (
            ((setting.name, setting.before, setting.after), setting.subject, api.place.environment)
            for api in self.apis
            for setting in api.review.settings
            if setting.manifest == self.owner[1]
        )
        for group in alike(settings):
            name, before, after = group.content
            subjects = f" of {_several(group.subjects, self._many)}" if any(group.subjects) else ""
            meaning = _MEANING.get((name, after), "")
            text = f"~ {name}{subjects}: {before} -> {after}{f': {meaning}' if meaning else ''}"
            yield self._entry(text, "update", group.environments)

    def _move(self, pattern: str, before: str | None, after: str | None, environments: Environments) -> ReportEntry:
        return self._entry(f"> {_moved(pattern, before, after, self.apis[0].place.kind)}", "step", environments)

    def _entry(self, text: str, tone: Tone, environments: Environments) -> ReportEntry:
        return ReportEntry(f"{self.style.paint(printable(text), tone)}{self._in(environments)}", (), IN_SETTINGS)

    def _in(self, environments: Environments) -> str:
        """The environments; "" for all of them."""
        everywhere = {api.place.environment for api in self.apis}
        return "" if everywhere <= set(environments) else f"  {_only(environments)}"

    def block(self, change: PlacedBlock) -> ReportEntry:
        """Return what happens to responses, with the values."""
        block = change.block
        sign, tone = SIGNS[block.effect]
        from_set = f"set {printable(change.set)}, " if change.set else ""
        origin = from_set + (file_line(change.source) if change.source else "")
        source = self.style.paint(f"  {origin}", "faint") if origin else ""
        code = self.style.paint(f"{sign} {printable(block.code)}", tone)
        line = f"{code}  {_reason(change)}{self._in(change.environments)}{source}"
        return ReportEntry(line, tuple(self._details(change)), _COUNTS_AS[block.effect], len(change.scopes))

    def _details(self, change: PlacedBlock) -> Iterator[str]:
        for part in change.block.parts:
            lines = self._part(change.block.effect, part)
            if part.environments:
                yield f"{_only(part.environments)}:"
                yield from (f"    {line}" for line in lines)
            else:
                yield from lines

    def _part(self, effect: ReviewEffect, part: SharedChanges) -> Iterator[str]:
        if effect is ReviewEffect.UPDATE:
            return chain.from_iterable(field_lines(field, self.style) for field in part.fields)
        if effect is ReviewEffect.CREATE or (effect is ReviewEffect.DELETE and self.style.full):
            return chain.from_iterable(whole_lines(field, self.style) for field in part.fields)
        return iter([_was(part.fields)])


def _only(environments: Environments) -> str:
    return f"in {listed([printable(environment or '') for environment in environments])}"


def _reason(change: PlacedBlock) -> str:
    block = change.block
    match block.effect:
        case ReviewEffect.CREATE:
            return "new"
        case ReviewEffect.UPDATE:
            names = {field.path.partition(".")[0] for part in block.parts for field in part.fields}
            return f"{listed(sorted(names))} changed"
        case ReviewEffect.DELETE:
            return block.note
        case ReviewEffect.RELEASE:
            return f"{block.note}: released (live unchanged)" if block.note else "released (live unchanged)"


def _was(fields: Sequence[FieldChange]) -> str:
    """What is deleted or released, on one line."""
    parts = [_was_field(field) for field in fields if "." not in field.path]
    for prefix, word in (("responseParameters.", "header"), ("responseTemplates.", "template")):
        number = sum(1 for field in fields if field.path.startswith(prefix))
        parts += [plural(number, word)] if number else []
    return f"was {', '.join(parts) or 'empty'}"


def _was_field(field: FieldChange) -> str:
    if field.path == "selectionPattern" and not field.before:
        return "the default response"
    return f"{field.path} {value_text(field.path, field.before)}"


def _moved(pattern: str, before: str | None, after: str | None, kind: Kind) -> str:
    if pattern:
        return f"the pattern {value_text('selectionPattern', pattern)} now selects {after} instead of {before}"
    if kind is Kind.WEBSOCKET_API:
        return "there is now a $default response" if after else "there is no $default response any more"
    if after is None:
        return f"no default response any more (was {before}): results that match no pattern become a 500"
    return f"the default response is now {after} ({f'was {before}' if before else 'there was none'})"
