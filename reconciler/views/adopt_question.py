"""adopt: one question with the difference that it is about, and the help on the answers."""

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.engine.adopt.choices import AdoptAnswer, AdoptQuestion
from reconciler.engine.adopt.proposal import EditedPlace, TargetFinding
from reconciler.findings import Type
from reconciler.render.style import Style, file_line, plural, printable
from reconciler.views.adopt import hunks
from reconciler.views.drift_lines import SIGNS, finding_lines
from reconciler.views.targets import with_environment

_MOST_PLACES: Final = 20

_WORDS: Final[Mapping[Type, str]] = {
    Type.CHANGED: "changed in AWS",
    Type.MISSING: "missing in AWS; adopting removes it from the manifest",
    Type.UNEXPECTED: "in AWS, not in the manifest; adopting adds it",
}
_ASKS: Final[Mapping[Type, str]] = {
    Type.CHANGED: "Adopt this change",
    Type.MISSING: "Remove this response",
    Type.UNEXPECTED: "Add this response",
}
_HELP: Final[Mapping[AdoptAnswer, str]] = {
    AdoptAnswer.YES: "write what AWS has into the manifest",
    AdoptAnswer.NO: "keep the manifest's version; the next apply overwrites AWS",
    AdoptAnswer.SPLIT: "split: ask about each place, or about each field",
    AdoptAnswer.EDIT: "edit the value in $VISUAL or $EDITOR and write that; the next apply changes AWS to it",
    AdoptAnswer.ALL: "adopt this and everything left of this API",
    AdoptAnswer.NONE: "keep the manifest's version of this and of everything left of this API",
    AdoptAnswer.QUIT: "quit: write what was adopted so far, after confirmation; run the command again to continue",
}


def question_text(question: AdoptQuestion, style: Style) -> str:
    """Return the places of a difference, and where it would be written."""
    finding = question.finding.finding
    sign, tone = SIGNS[finding.type]
    words = f"{_WORDS.get(finding.type, '')}{f' ({finding.note})' if finding.note else ''}"
    title = style.paint(f"{sign} {printable(_address(question.finding))}", tone)
    lines = [f"{style.paint(_progress(question), 'strong')} {title}", printable(words)]
    lines += _other_places(question, style)
    lines += [_place_line(place, style) for place in question.preview.places[:_MOST_PLACES]]
    return "\n".join(lines)


def difference_text(question: AdoptQuestion, style: Style) -> str:
    """Return the change of each file, or the finding's values where no file would change."""
    return "\n".join(_difference(question, style))


def blockers_text(question: AdoptQuestion, style: Style) -> str:
    """Return what cannot be adopted and why, or ""."""
    mark = style.paint("not adoptable:", "warning")
    return "\n".join(f"{mark} {printable(f'{field}: {reason}')}" for field, reason in question.preview.blockers)


def _difference(question: AdoptQuestion, style: Style) -> Iterator[str]:
    rewrites = question.preview.rewrites
    for rewrite in rewrites:
        if len(rewrites) > 1:
            yield style.paint(printable(rewrite.file), "strong")
        yield from hunks(rewrite, style)
    if not rewrites:
        yield from list(finding_lines(question.finding.finding, style))[1:]


def _other_places(question: AdoptQuestion, style: Style) -> Iterator[str]:
    others = question.findings[1:]
    if others:
        yield f"The same change in {plural(len(question.findings), 'place')}:"
        yield from (f"    {printable(_address(other))}" for other in question.findings[:_MOST_PLACES])
        if len(question.findings) > _MOST_PLACES:
            more = f"    ... and {len(question.findings) - _MOST_PLACES} more"
            yield style.paint(more, "faint")


def _place_line(place: EditedPlace, style: Style) -> str:
    parts = [file_line(place.location)]
    parts += [f"set {place.set}"] if place.set else []
    parts += [f"overlay {place.overlay}"] if place.overlay else []
    parts += [f"template {place.template}"] if place.template else []
    return style.paint(printable(", ".join(parts)), "faint")


def _address(finding: TargetFinding) -> str:
    return with_environment(finding.finding.address, finding.state.live.target)


def _progress(question: AdoptQuestion) -> str:
    return f"({question.number}/{question.total})"


def prompt_text(question: AdoptQuestion) -> str:
    """Return the question itself, with its answers."""
    asks = _ASKS.get(question.finding.finding.type, "Adopt this")
    if len(question.findings) > 1:
        asks = f"{asks} in {plural(len(question.findings), 'place')}"
    return f"{_progress(question)} {asks} [{','.join((*question.answers, '?'))}]? "


def help_text(question: AdoptQuestion) -> str:
    """Return what each answer means."""
    return "\n".join([*(f"{answer} - {_HELP[answer]}" for answer in question.answers), "? - print this help"])
