"""The details of a review, manifest by manifest: what is the same in several places is told once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from reconciler.diff import FieldChange
from reconciler.models.keys import Scope
from reconciler.models.targets import Kind
from reconciler.plan.reasons import listed
from reconciler.render.sections import Group, ReportEntry, Section
from reconciler.render.style import Style, Tone, counted, place, printable
from reconciler.render.values import field_lines, shown, whole_lines
from reconciler.review import ConfigurationChange, ListingChange, PlacedReview, Review, ReviewEffect
from reconciler.review.alike import Owner, SharedChanges, Told, Where, alike, blocks, of_sets

_MOST_NAMED: Final = 4

SIGNS: Final[Mapping[ReviewEffect, tuple[str, Tone]]] = {
    ReviewEffect.CREATE: ("+", "create"),
    ReviewEffect.UPDATE: ("~", "update"),
    ReviewEffect.DELETE: ("-", "delete"),
    ReviewEffect.RELEASE: ("=", "step"),
}
_COUNTED: Final[Mapping[ReviewEffect, str]] = {
    ReviewEffect.CREATE: "to create",
    ReviewEffect.UPDATE: "to update",
    ReviewEffect.DELETE: "to delete",
    ReviewEffect.RELEASE: "released",
}
_OF_SETTINGS: Final = "in settings"

_MEANING: Final[Mapping[tuple[str, str], str]] = {
    ("prune", "true"): "live responses that the manifest does not have will be deleted",
    ("prune", "false"): "live responses that the manifest does not have stay from now on",
    ("methodResponses", "ensure"): "missing method responses are made from now on",
    ("methodResponses", "check"): "a missing method response is an error from now on",
    ("protect", "true"): "a plan that deletes it is refused",
    ("protect", "false"): "a plan may delete it",
}


def review_sections(review: Review, style: Style) -> Iterator[Section]:
    """What a set does to several manifests; manifest by manifest, all else; then what configurations say otherwise."""
    told = blocks(review.changed)
    apis = _by_owner(review.apis)
    shared = of_sets(told)
    yield from _sets(shared, apis, style)
    for owner in _owners(review.changed):
        writing = _Writing(owner, apis[owner], style)
        own = (one for one in told.get(owner, ()) if replace(one, scopes=()) not in shared)
        groups = (*writing.looked_after(), *writing.responses(own))
        if groups:
            title = style.paint(printable(owner[1]), "strong")
            yield Section(f"{title}  ({printable(_named_apis(apis[owner]))})", groups)
    yield from _configurations(review.configuration, style)


def _sets(
    shared: Mapping[Told, Mapping[Owner, Told]], apis: Mapping[Owner, Sequence[PlacedReview]], style: Style
) -> Iterator[Section]:
    """Set by set; what a change of one does stands there once, and the table says where."""
    by_set: dict[str, list[Group]] = {}
    for one, owners in shared.items():
        manifests = [manifest for _, manifest in owners]
        number = sum(len(own.scopes) for own in owners.values())
        what = _what(apis[next(iter(owners))][0].place.kind)
        title = f"{counted(number, what)} of {_several(manifests, 'manifests')}"
        writing = _Writing(("", ""), [api for owner in owners for api in apis[owner]], style)
        entry = replace(writing.block(one), number=number)
        by_set.setdefault(one.set, []).append(Group(style.paint(printable(title), "strong"), (entry,)))
    for name, groups in by_set.items():
        yield Section(f"{style.paint(printable(name), 'strong')}  (ResponseSet)", tuple(groups))


def _owners(apis: Iterable[PlacedReview]) -> dict[Owner, None]:
    """The manifests about which there is something to tell."""
    return dict.fromkeys(
        (api.place.file, name)
        for api in apis
        for name in (
            *(found.manifest for found in api.review.methods),
            *(found.manifest for found in api.review.settings),
            *(found.manifest for found in api.review.responses),
        )
    )


def _by_owner(apis: Iterable[PlacedReview]) -> dict[Owner, list[PlacedReview]]:
    """The APIs that each manifest is or was for, one in each environment and more where it was for another."""
    found: dict[Owner, list[PlacedReview]] = {}
    for api in apis:
        for name in api.review.manifests:
            found.setdefault((api.place.file, name), []).append(api)
    return found


def _named_apis(apis: Sequence[PlacedReview]) -> str:
    """Which APIs they are: `RestApi name 'petstore-dev' in dev, ...`."""
    by_api: dict[str, list[str]] = {}
    for one in [one for one in apis if not one.is_gone] or apis:
        by_api.setdefault(one.place.api, []).append(one.place.environment or "")
    named = (f"{api} in {listed(names)}" if all(names) else api for api, names in by_api.items())
    return f"{apis[0].place.kind} {', '.join(named)}"


def _what(kind: Kind) -> str:
    return "integration" if kind is Kind.WEBSOCKET_API else "method"


def _several(things: Sequence[object], what: str) -> str:
    """Things by name, and how many where they are many."""
    names = [str(thing) for thing in things]
    if len(names) <= _MOST_NAMED:
        return listed(names)
    more = len(names) - _MOST_NAMED + 1
    return f"{len(names):,} {what}: {', '.join(names[:-more])} and {more:,} more"


@dataclass(frozen=True, slots=True)
class _Writing:
    """How the part of one manifest is written."""

    owner: Owner
    apis: Sequence[PlacedReview]
    style: Style

    @property
    def _many(self) -> str:
        """What its manifest lists, where that is several."""
        return f"{_what(self.apis[0].place.kind)}s"

    def looked_after(self) -> Iterator[Group]:
        """Which methods are looked after, and how, as far as that changes."""
        entries = [*self._targets(), *self._listings(), *self._settings()]
        if entries:
            yield Group(self.style.paint("what is looked after", "strong"), tuple(entries))

    def responses(self, told: Iterable[Told]) -> Iterator[Group]:
        """What becomes of responses, by the methods that it is the same for."""
        found: dict[tuple[Scope, ...], list[ReportEntry]] = {}
        moves = (
            ((one.pattern, one.before, one.after), one.scope, at.place.environment)
            for at in self.apis
            for one in at.review.moves
            if one.manifest == self.owner[1]
        )
        for move in alike(moves):
            found.setdefault(move.subjects, []).append(self._move(*move.content, move.where))
        for one in told:
            found.setdefault(one.scopes, []).append(self.block(one))
        for scopes in sorted(found, key=lambda one: (one[0], len(one))):
            yield Group(self.style.paint(printable(_several(scopes, self._many)), "strong"), tuple(found[scopes]))

    def _targets(self) -> Iterator[ReportEntry]:
        for api in self.apis:
            if api.instead_of:
                was = f"{api.place.api} instead of {api.instead_of}, whose responses stay as they are"
                yield self._entry(f"~ for another API: {was}", "update", (api.place.environment,))

    def _listings(self) -> Iterator[ReportEntry]:
        listings = (
            ((method.listing, method.prune), method.scope, at.place.environment)
            for at in self.apis
            for method in at.review.methods
            if method.manifest == self.owner[1]
        )
        for found in alike(listings):
            listing, prune = found.content
            methods = _several(found.subjects, self._many)
            if listing is ListingChange.RELEASED:
                yield self._entry(f"= released: live unchanged: {methods}", "step", found.where)
            elif prune:
                yield self._entry(f"+ newly listed: {_MEANING['prune', 'true']}: {methods}", "create", found.where)
            else:
                yield self._entry(f"+ newly listed: other live responses stay: {methods}", "create", found.where)

    def _settings(self) -> Iterator[ReportEntry]:
        settings = (
            ((setting.name, setting.before, setting.after), setting.subject, at.place.environment)
            for at in self.apis
            for setting in at.review.settings
            if setting.manifest == self.owner[1]
        )
        for found in alike(settings):
            name, before, after = found.content
            subjects = f" of {_several(found.subjects, self._many)}" if any(found.subjects) else ""
            meaning = _MEANING.get((name, after), "")
            told = f"~ {name}{subjects}: {before} -> {after}{f': {meaning}' if meaning else ''}"
            yield self._entry(told, "update", found.where)

    def _move(self, pattern: str, before: str | None, after: str | None, where: Where) -> ReportEntry:
        return self._entry(f"> {_moved(pattern, before, after, self.apis[0].place.kind)}", "step", where)

    def _entry(self, text: str, tone: Tone, where: Where) -> ReportEntry:
        return ReportEntry(f"{self.style.paint(printable(text), tone)}{self._in(where)}", (), _OF_SETTINGS)

    def _in(self, where: Where) -> str:
        """Where something is so; nothing for what is so everywhere."""
        everywhere = {api.place.environment for api in self.apis}
        return "" if everywhere <= set(where) else f"  {_only(where)}"

    def block(self, told: Told) -> ReportEntry:
        """What becomes of responses, with the values."""
        block = told.block
        sign, tone = SIGNS[block.effect]
        origin = f"{f'set {printable(told.set)}, ' if told.set else ''}{place(told.source) if told.source else ''}"
        where = self.style.paint(f"  {origin}", "faint") if origin else ""
        line = (
            f"{self.style.paint(f'{sign} {printable(block.code)}', tone)}  {_reason(told)}{self._in(told.where)}{where}"
        )
        return ReportEntry(line, tuple(self._details(told)), _COUNTED[block.effect], len(told.scopes))

    def _details(self, told: Told) -> Iterator[str]:
        for part in told.block.parts:
            lines = self._part(told.block.effect, part)
            if part.where:
                yield f"{_only(part.where)}:"
                yield from (f"    {line}" for line in lines)
            else:
                yield from lines

    def _part(self, effect: ReviewEffect, part: SharedChanges) -> Iterator[str]:
        if effect is ReviewEffect.UPDATE:
            return chain.from_iterable(field_lines(field, self.style) for field in part.fields)
        if effect is ReviewEffect.CREATE or (effect is ReviewEffect.DELETE and self.style.full):
            return chain.from_iterable(whole_lines(field, self.style) for field in part.fields)
        return iter([_was(part.fields)])


def _only(where: Where) -> str:
    return f"in {listed([printable(one or '') for one in where])}"


def _reason(told: Told) -> str:
    match told.block.effect:
        case ReviewEffect.CREATE:
            return "new"
        case ReviewEffect.UPDATE:
            names = {field.path.partition(".")[0] for part in told.block.parts for field in part.fields}
            return f"{listed(sorted(names))} changed"
        case ReviewEffect.DELETE:
            return told.block.note
        case ReviewEffect.RELEASE:
            return f"{told.block.note}: released, live unchanged" if told.block.note else "released: live unchanged"


def _was(fields: Sequence[FieldChange]) -> str:
    """What goes or is released, in a line."""
    lone = [field for field in fields if "." not in field.path]
    held = [
        "the default response"
        if not one.before and one.path == "selectionPattern"
        else f"{one.path} {shown(one.path, one.before)}"
        for one in lone
    ]
    for prefix, word in (("responseParameters.", "header"), ("responseTemplates.", "template")):
        number = sum(1 for field in fields if field.path.startswith(prefix))
        held += [counted(number, word)] if number else []
    return f"was {', '.join(held) or 'empty'}"


def _moved(pattern: str, before: str | None, after: str | None, kind: Kind) -> str:
    if pattern:
        return f"the pattern {shown('selectionPattern', pattern)} selects {after} now, and was {before}'s"
    if kind is Kind.WEBSOCKET_API:
        return "there is a $default response now" if after else "there is no $default response any more"
    if after is None:
        return f"no default response any more (was {before}): what no pattern selects becomes a 500"
    return f"the default response is {after} now, {f'and was {before}' if before else 'there was none'}"


def _configurations(changes: Iterable[ConfigurationChange], style: Style) -> Iterator[Section]:
    by_file: dict[str, list[ConfigurationChange]] = {}
    for change in changes:
        by_file.setdefault(change.file, []).append(change)
    for file, found in by_file.items():
        entries = tuple(
            ReportEntry(
                style.paint(printable(f"~ {one.name}: {one.before or 'none'} -> {one.after or 'none'}"), "update")
                + (f"  in {printable(one.environment)}" if one.environment else ""),
                (),
                _OF_SETTINGS,
            )
            for one in found
        )
        yield Section(style.paint(printable(file), "strong"), (Group(style.paint("configuration", "strong"), entries),))
