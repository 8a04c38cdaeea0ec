"""The heading and the places of what is the same in many places, for every report that shows it once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.render.grouping import repeated
from reconciler.render.sections import ReportEntry
from reconciler.render.style import Style, plural, printable

_MOST_PLACES: Final = 5
_MOST_NAMED: Final = 4
_MOST_NOTES: Final = 2


@dataclass(frozen=True, slots=True)
class SamePlace:
    """A response or a method, and where it is.

    `address` names it with its manifest, as in `petstore: GET /pets 404`. `environment` and `stage` are "" where there
    is none. `note` is printable, and what only this place has, such as where it is written.
    """

    manifest: str
    address: str
    environment: str
    region: str
    stage: str = ""
    note: str = ""


def same_title(what: str, noun: str, places: Sequence[SamePlace], style: Style) -> str:
    """Return a heading: `The same change on 16 methods of catalog, orders (48 in dev, staging, prod)`.

    `noun` is what an address names, in the singular. If there is only one address, it is in the heading.
    """
    number = len({place.address for place in places})
    every = _sites(places)
    sites = _listed_sites(every)
    if number == 1 and len(set(every)) > 1:
        return style.paint(printable(f"The same {what} on {places[0].address} ({sites})"), "strong")
    apis = _listed((place.manifest for place in places), ", ")
    total = f"{len(places):,}" if len(places) != number else ""
    where = " in ".join(filter(None, (total, sites)))
    title = f"The same {what} on {plural(number, noun)} of {apis}"
    return style.paint(printable(f"{title} ({where})" if where else title), "strong")


def place_entries(
    places: Sequence[SamePlace], counts_as: str, style: Style, *, is_counted: bool = True
) -> Iterator[ReportEntry]:
    """Yield a line for each address with its environments; only the first ones unless the style is full.

    The environments are left out where all have the same ones, which the heading names. If `is_counted`, the entries
    count for all the places, else for none.
    """
    addresses = repeated((place.address, (site, place)) for site, place in zip(_sites(places), places, strict=True))
    sites = [_listed_sites(site for site, _ in each.places) for each in addresses]
    is_everywhere = len(set(sites)) == 1 and not any(place.stage for place in places)
    most = len(addresses) if style.full or len(addresses) <= _MOST_PLACES + 1 else _MOST_PLACES
    for each, where in zip(addresses[:most], sites, strict=False):
        line = printable(each.content if is_everywhere or not where else f"{each.content} ({where})")
        notes = _listed((place.note for _, place in each.places), ", ", _MOST_NOTES)
        tail = style.paint(f"  {notes}", "faint") if notes else ""
        yield ReportEntry(line + tail, (), counts_as, len(each.places) if is_counted else 0)
    if rest := addresses[most:]:
        hint = "" if style.marked else " (-v shows each)"
        line = style.paint(f"... and {len(rest):,} more{hint}", "faint")
        yield ReportEntry(line, (), counts_as, sum(len(each.places) for each in rest) if is_counted else 0)


def value_entries(lines: Iterable[str], counts_as: str) -> Iterator[ReportEntry]:
    """Yield lines of values as entries that count for nothing; indented lines belong to the one before."""
    values: list[list[str]] = []
    for line in lines:
        if line.startswith("    ") and values:
            values[-1].append(line.removeprefix("    "))
        else:
            values.append([line])
    return (ReportEntry(first, tuple(rest), counts_as, 0) for first, *rest in values)


def some(names: Sequence[str]) -> str:
    """Join names, and count those after the first ones."""
    return _listed(names, ", ")


def _sites(places: Iterable[SamePlace]) -> list[str]:
    """Return where each place is: environment, the region if an environment has several, and stage."""
    every = tuple(places)
    regions: dict[str, set[str]] = {}
    for place in every:
        regions.setdefault(place.environment, set()).add(place.region)
    is_regional = any(len(names) > 1 for names in regions.values())
    return [", ".join(filter(None, _site(place, is_regional=is_regional))) for place in every]


def _site(place: SamePlace, *, is_regional: bool) -> Iterator[str]:
    if place.environment:
        yield place.environment
        yield place.region if is_regional else ""
    yield f"stage {place.stage}" if place.stage else ""


def _listed_sites(sites: Iterable[str]) -> str:
    """Join sites; by semicolons if one has a comma itself."""
    every = list(sites)
    return _listed(every, "; " if any("," in site for site in every) else ", ")


def _listed(names: Iterable[str], separator: str, most: int = _MOST_NAMED) -> str:
    """Join different names, and count those after the first ones."""
    every = list(dict.fromkeys(filter(None, names)))
    more = f" and {len(every) - most:,} more" if len(every) > most else ""
    return separator.join(every[:most]) + more
