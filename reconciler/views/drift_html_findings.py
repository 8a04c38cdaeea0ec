"""The findings of a drift page: one block for each difference, with every place that has it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, Literal

from reconciler.findings import DECLARED_ABSENT, Type
from reconciler.render.html_diff import lone_value, value_diff
from reconciler.render.html_parts import sentence, tag, text
from reconciler.render.style import file_line, plural
from reconciler.views.drift_ages import day, since
from reconciler.views.drift_facts import written
from reconciler.views.drift_groups import DriftContent, DriftGroup, DriftPlace, Site, writes
from reconciler.views.drift_lines import NAMED_SUBJECTS, SIGNS

MOST_SIZE: Final = 3_000_000
"""How many characters of findings a page shows; the block that exceeds them is the last."""

MOST_BLOCKS: Final = 500
_MOST_PLACES: Final = 400
_MOST_FIELDS: Final = 40
_MOST_OF_BLOCK: Final = 300_000
_MOST_NAMED: Final = 4
_MOST_WRITES: Final = 5
_MOST_UNFOLDED: Final = 20


@dataclass(slots=True)
class FilterIndexes:
    """Numbers for environments and manifests, by which a page filters: no attribute holds a text from outside."""

    environments: dict[str, int] = field(default_factory=dict)
    manifests: dict[str, int] = field(default_factory=dict)

    def environment(self, name: str | None) -> str:
        """Return the number of an environment."""
        return str(self.environments.setdefault(name or "", len(self.environments)))

    def manifest(self, name: str) -> str:
        """Return the number of a manifest."""
        return str(self.manifests.setdefault(name, len(self.manifests)))

    def manifest_of(self, address: str) -> str:
        """Return the number of the manifest that an address begins with, "" if the page has no such manifest."""
        parts = address.split(": ", _MOST_NAMED)
        names = (": ".join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((str(self.manifests[name]) for name in names if name in self.manifests), "")


def finding_blocks(groups: Sequence[DriftGroup], indexes: FilterIndexes, now: str) -> Iterator[str]:
    """Yield the blocks, and a line that counts what is left out."""
    size = 0
    for number, group in enumerate(groups):
        if size > MOST_SIZE or number == MOST_BLOCKS:
            rest = sum(len(each.places) for each in groups[number:])
            yield f'<p class="faint">{plural(rest, "more finding")}: --format json lists them</p>'
            return
        block = _block(group, indexes, now)
        size += len(block)
        yield block


def _block(group: DriftGroup, indexes: FilterIndexes, now: str) -> str:
    content, places = group.content, group.places
    is_lone = len(places) == 1
    parts = (
        f"<h3>{_title(content, places)}</h3>",
        f'<p class="facts">{"".join(_facts(content, places, now))}</p>',
        *_message(content),
        *_values(content),
        *_blames(places),
        "" if is_lone else _places(places, indexes),
    )
    of_api = _numbers(places[0].site, places[0].manifest, indexes) if is_lone else {}
    return tag("article", "".join(parts), class_=f"block {content.type}", data_t=content.type.value, **of_api)


def _numbers(site: Site, manifest: str, indexes: FilterIndexes) -> dict[str, str]:
    return {"data_e": indexes.environment(site.environment), "data_a": indexes.manifest(manifest)}


def _title(content: DriftContent, places: Sequence[DriftPlace]) -> str:
    sign = f'<span class="sign" aria-hidden="true">{SIGNS[content.type][0]}</span> '
    if len(places) == 1:
        return f"{sign}<code>{text(places[0].address)}</code>"
    nouns = {"target": "manifest", "stage": "stage", **NAMED_SUBJECTS, "method": "method"}
    noun = nouns.get(content.subject, "response")
    same = "The same error for" if content.type is Type.ERROR else "The same difference on"
    return f"{sign}{same} {plural(len(places), noun)}"


def _facts(content: DriftContent, places: Sequence[DriftPlace], now: str) -> Iterator[str]:
    kind, _, _ = content.kind.partition(" (")  # the direction is over the values
    yield tag("span", text(kind), class_="badge")
    new = sum(place.age.state == "new" for place in places if place.age)
    if new:
        yield tag("span", "new" if new == len(places) else f"{new:,} new", class_="badge new")
    yield tag("span", text(_named((str(place.site) for place in places), "; ")))
    if len(places) > 1:
        yield tag("span", text(_named((place.manifest for place in places), ", ")))
    seen = sorted({place.age.first_seen for place in places if place.age})
    if seen:
        yield tag("span", f"first seen {text(since(seen[0], now))}", class_="faint")
    if len(places) == 1:
        yield from (tag("span", text(part), class_="faint") for part in _details(places[0]))


def _named(names: Iterable[str], separator: str) -> str:
    every = list(dict.fromkeys(filter(None, names)))
    more = f" and {len(every) - _MOST_NAMED:,} more" if len(every) > _MOST_NAMED else ""
    return separator.join(every[:_MOST_NAMED]) + more


def _details(place: DriftPlace) -> tuple[str, ...]:
    stage = f"stage {place.stage}" if place.stage else ""
    also = f"also on stage {', '.join(place.also_on)}" if place.also_on else ""
    return tuple(filter(None, (stage, also, file_line(place.location) if place.location else "")))


def _message(content: DriftContent) -> Iterator[str]:
    rule = f" [{content.rule}]" if content.rule else ""
    if content.note and content.note != DECLARED_ABSENT:
        yield f"<p>{sentence(content.note + rule)}</p>"
    if content.remedy:
        yield f'<p class="remedy">{sentence(content.remedy)}</p>'


def _values(content: DriftContent) -> Iterator[str]:
    if not content.changes:
        return
    sides = ("manifest", "stage" if content.is_served else "AWS")
    if content.type is Type.CHANGED:
        yield f'<p class="sides"><span class="delete">- {sides[0]}</span> <span class="create">+ {sides[1]}</span></p>'
    size = 0
    for number, change in enumerate(content.changes):
        if size > _MOST_OF_BLOCK or number == _MOST_FIELDS:
            more = plural(len(content.changes) - number, "more field")
            yield f'<p class="faint">{more}: --format json shows them</p>'
            return
        # As the manifest sees it: old is what it says
        if content.type is Type.CHANGED:
            value = value_diff(change.path, change.after, change.before)
        else:
            side: Literal["old", "new"] = "old" if content.type is Type.MISSING else "new"
            value = lone_value(change.path, change.after or change.before or "", side)
        size += len(value)
        yield value


def _blames(places: Sequence[DriftPlace]) -> Iterator[str]:
    """Who changed it: each write once, whichever of the findings it may have caused."""
    latest = writes(places)
    notes = dict.fromkeys(place.blame.note for place in places if place.blame and place.blame.note)
    items = [text(written(change, site.account_id)) for change, site in latest[:_MOST_WRITES]]
    more = len(latest) - _MOST_WRITES
    items += [f"{plural(more, 'earlier write')}: --format json lists them"] if more > 0 else []
    items += [text(f"Blame unknown: {note}") for note in list(notes)[:_MOST_WRITES]]
    if items:
        entries = "".join(f"<li>{item}</li>" for item in items)
        label = '<span class="faint">Writes that may have caused it</span>' if latest else ""
        yield f'<div class="blame">{label}<ul>{entries}</ul></div>'


def _places(places: Sequence[DriftPlace], indexes: FilterIndexes) -> str:
    shown = places[:_MOST_PLACES]
    has_ages = len({place.age for place in places}) > 1
    lists = "".join(_api(members, indexes, has_ages=has_ages) for _, members in groupby(shown, key=_api_of))
    more = len(places) - len(shown)
    rest = f'<p class="faint">{plural(more, "more place")}: --format json lists them</p>' if more else ""
    is_open = " open" if len(places) <= _MOST_UNFOLDED else ""
    return f"<details{is_open}><summary>{plural(len(places), 'place')}</summary>{lists}{rest}</details>"


def _api_of(place: DriftPlace) -> tuple[Site, str]:
    return place.site, place.manifest


def _api(members: Iterable[DriftPlace], indexes: FilterIndexes, *, has_ages: bool) -> str:
    """The places of one API; what they all have in common is in the heading."""
    places = list(members)
    site, manifest = _api_of(places[0])
    common = {_details(place) for place in places}
    heading = f"{manifest} ({site})" if str(site) else manifest
    shared = _faint(common.pop()) if len(common) == 1 else ""
    items = "".join(_item(place, has_age=has_ages, has_details=not shared) for place in places)
    content = f"<h4>{text(heading)}{shared}</h4>{f'<ul>{items}</ul>' if places[0].name else ''}"
    return tag("div", content, class_="places", **_numbers(site, manifest, indexes))


def _item(place: DriftPlace, *, has_age: bool, has_details: bool) -> str:
    is_new = has_age and place.age and place.age.state == "new"
    age = _faint((f"since {day(place.age.first_seen)}",)) if place.age and has_age and not is_new else ""
    badge = ' <span class="badge new">new</span>' if is_new else age
    return f"<li><code>{text(place.name)}</code>{badge}{_faint(_details(place)) if has_details else ''}</li>"


def _faint(parts: Sequence[str]) -> str:
    return f" {tag('span', text(', '.join(parts)), class_='faint')}" if parts else ""
