"""What clients get before and after a change: the part of plans and reviews that response tests make."""

from collections.abc import Iterator
from typing import Final

from reconciler.effects import AlikeEffect, ClientEffect, ClientEffects, alike
from reconciler.mapping.answer.changes import AnswerChange
from reconciler.render.remarks import Remark
from reconciler.render.sections import ReportEntry, Section, grouped
from reconciler.render.style import Style, file_line, plural, printable
from reconciler.rules import ResultRule

_TITLE: Final = "What clients get"
_MOST_UNTESTED: Final = 5
_MOST_NAMED: Final = 3
_LONGEST: Final = 120


def effect_sections(effects: ClientEffects | None, style: Style) -> Iterator[Section]:
    """Yield the answers that change, method by method, each once for all environments."""
    if effects is None or not effects.effects:
        return
    groups = grouped(
        sorted(alike(effects.effects), key=lambda item: (item[0].manifest, item[0].scope)),
        lambda item: item[0].address,
        lambda item: _entry(item, style),
        style,
    )
    yield Section(_title(effects, style), groups)


def effect_lines(effects: ClientEffects | None, style: Style) -> Iterator[str]:
    """Yield how many tests show a change, and which changed responses no test selects."""
    if effects is None:
        return
    changing = len(alike(effects.effects))
    if effects.tests:
        breaking = len(alike(effects.breaking))
        parts = [f"{changing:,} of {plural(effects.tests, 'test')} of the changed methods give other answers"]
        parts += [style.paint(f"{breaking:,} may break clients", "error")] if breaking else []
        yield f"Clients: {', '.join(parts)}."
    if effects.untested:
        changed = plural(len(effects.untested), "changed response")
        yield f"{changed} that no test selects: {_some(effects.untested)}."


def _some(addresses: tuple[str, ...]) -> str:
    more = len(addresses) - _MOST_UNTESTED
    named = ", ".join(printable(address) for address in addresses[:_MOST_UNTESTED])
    return f"{named} and {more:,} more" if more > 0 else named


def _title(effects: ClientEffects, style: Style) -> str:
    title = style.paint(_TITLE, "strong")
    return f"{title}  ({style.paint('! may break clients', 'error')})" if effects.breaking else title


def _entry(item: AlikeEffect, style: Style) -> ReportEntry:
    effect, environments = item
    scope = f" ({', '.join(map(printable, environments))})" if environments else ""
    sign = style.paint("!", "error") if effect.breaking else style.paint("~", "update")
    source = style.paint(f"  {file_line(effect.source)}", "faint")
    line = f"{sign} {printable(effect.test)}{scope}{source}"
    details = tuple(_change_line(change, style) for change in effect.changes)
    return ReportEntry(line, details, "breaking" if effect.breaking else "changed answers")


def _change_line(change: AnswerChange, style: Style) -> str:
    """Return one line: what changes, from what to what, and why it breaks."""
    path = printable(change.path)
    if change.before is None:
        text = f"{style.paint('+', 'create')} {path}: {_short(change.after)}"
    elif change.after is None:
        text = f"{style.paint('-', 'delete')} {path}: {_short(change.before)}"
    else:
        text = f"{style.paint('~', 'update')} {path}: {_short(change.before)} -> {_short(change.after)}"
    return (
        f"{style.paint('!', 'error')} {text}  {style.paint(f'({change.breaks})', 'error')}" if change.breaks else text
    )


def _short(value: str | None) -> str:
    text = printable(value or "")
    return f"{text[:_LONGEST]}..." if len(text) > _LONGEST else text or "(empty)"


def effect_remarks(effects: ClientEffects | None) -> Iterator[Remark]:
    """Yield a warning for each answer that may break clients, where its response is written."""
    for effect, environments in alike(effects.breaking if effects else ()):
        scope = f" ({', '.join(environments)})" if environments else ""
        remedy = "check with the clients of the method, or keep the answer as it was"
        at = effect.response or effect.source
        yield Remark("warning", ResultRule.BREAKING, _message(effect, scope), remedy, at, effect.address)


def _message(effect: ClientEffect, scope: str) -> str:
    parts = [f"{change.path} ({change.breaks})" for change in effect.breaking[:_MOST_NAMED]]
    more = len(effect.breaking) - len(parts)
    tail = f" and {more:,} more" if more > 0 else ""
    return f"{effect.address}{scope} may break clients, as test {effect.test!r} shows: {', '.join(parts)}{tail}"
