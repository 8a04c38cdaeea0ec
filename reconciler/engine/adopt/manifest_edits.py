"""What has to stand in the manifests for a response to be declared as it is live.

Promise: pure. `wishes` says it place by place, and names what cannot be said. A value goes into the manifest itself:
over what sets say as an override (`absent` for what they have and AWS has not), and into the environment's overlay
where the body is for others too, or where the overlay has the last word. What others read as well is not touched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.diff import FieldChange
from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.models.fields import values_by_path
from reconciler.models.responses import Response
from reconciler.resolve.layers import Fields, Layer, merged
from reconciler.yamlio.flow import Content
from reconciler.yamlio.nodes import Path, SourceMap, YamlList, YamlMap

_OVERLAYS: Final = "overlays"
_TEMPLATES: Final = "responseTemplates"


@dataclass(frozen=True, slots=True)
class ManifestEdit:
    """What is to stand at a path of a document; None: nothing.

    `field` is the field that it is about, "" for the whole response. `in_file` is the template file that is there now.
    """

    places: SourceMap
    path: Path
    content: Content | None
    field: str = ""
    in_file: str | None = None


@dataclass(frozen=True, slots=True)
class Blocker:
    """What cannot be adopted of a finding: the field, "" for all of it, and why."""

    field: str
    reason: str


Wishes: TypeAlias = Iterator[ManifestEdit | Blocker]


@dataclass(frozen=True, slots=True)
class EditableLayers:
    """The layers that make the responses of a method, of which the one numbered `top` is written to.

    Its place may not be there yet. `below` it are sets, or the body and sets.
    """

    layers: tuple[Layer, ...]
    top: int

    @property
    def layer(self) -> Layer:
        """The layer that is written to."""
        return self.layers[self.top]

    def below(self, code: str) -> Fields:
        """What the lower layers say of a response."""
        return merged(self.layers[: self.top], code).fields or {}

    def has_below(self, code: str) -> bool:
        """Whether the lower layers want the response to be there."""
        return merged(self.layers[: self.top], code).fields is not None

    def written(self, code: str) -> object:
        """What the layer itself says of a response; None for nothing."""
        return there(self.layer.places, (*self.layer.at, code))


def there(places: SourceMap, path: Path) -> object:
    """What is at a path, None for nothing."""
    return places.node(path) if places.has(path) else None


def stack(layers: tuple[Layer, ...], overlay: str | None, *, shared: bool) -> EditableLayers | None:
    """The layers with the one that a finding is written to; None if the manifest itself has none.

    `overlay` is the environment; `shared`: the body is for other environments too.
    """
    own = [number for number, layer in enumerate(layers) if not layer.set]
    if not own:
        return None
    last = own[-1]
    in_overlay = layers[last].at[1] == _OVERLAYS
    if in_overlay or not shared or overlay is None:
        return EditableLayers(layers, last)
    return EditableLayers((*layers, _overlay_over(layers[last], overlay)), len(layers))


def _overlay_over(body: Layer, environment: str) -> Layer:
    """The layer that the overlay of an environment would have for what the body lists."""
    around: Path = ("spec", _OVERLAYS, environment)
    steps = body.at[1:]
    if steps[0] == "integrations" and isinstance(steps[1], int):
        known = there(body.places, (*around, "integrations"))
        # A number of its own for each, behind those that are there
        steps = ("integrations", (len(known) if isinstance(known, YamlList) else 0) + steps[1], *steps[2:])
    return Layer({}, body.places, (*around, *steps), {})


def of_changed(stack: EditableLayers, code: str, changes: Sequence[FieldChange]) -> Wishes:
    """For a response whose fields differ."""
    written = stack.written(code)
    if written is not None and not isinstance(written, YamlMap):
        yield Blocker("", "it is not written as a map")
        return
    yield from _listed_first(stack)
    names = dict.fromkeys(change.path.partition(".")[0] for change in changes)
    for name in names:
        ours = [change for change in changes if change.path.partition(".")[0] == name]
        if ours[0].path == name:
            yield from _text(stack, code, ours[0])
        else:
            yield from _map(stack, code, name, ours)


def _text(stack: EditableLayers, code: str, change: FieldChange) -> Wishes:
    path = (*stack.layer.at, code, change.path)
    if change.before == ABSENT_WORD:
        yield _unsayable(change.path)
    elif change.before is None:
        content = ABSENT_WORD if change.path in stack.below(code) else None
        yield ManifestEdit(stack.layer.places, path, content, change.path)
    else:
        yield ManifestEdit(stack.layer.places, path, change.before, change.path)


def _map(stack: EditableLayers, code: str, name: str, changes: Sequence[FieldChange]) -> Wishes:
    path = (*stack.layer.at, code, name)
    places, written, below = stack.layer.places, there(stack.layer.places, path), stack.below(code).get(name)
    under = below if isinstance(below, Mapping) else {}
    entries = {change.path.partition(".")[2]: change.before for change in changes}
    yield from (_unsayable(f"{name}.{entry}") for entry, live in entries.items() if live == ABSENT_WORD)
    wanted = {entry: live for entry, live in entries.items() if live != ABSENT_WORD}
    if written == ABSENT_WORD:
        # What the word took away comes back with the map: all of it that is not live has to be taken away by name
        content = {entry: _none(wanted.get(entry)) for entry in {**under, **wanted}}
        yield ManifestEdit(places, path, content, name)
        return
    kept = [entry for entry in written if entry not in wanted] if isinstance(written, YamlMap) else []
    if (
        isinstance(written, YamlMap)
        and not kept
        and not any(live is not None or one in under for one, live in wanted.items())
    ):
        yield ManifestEdit(places, path, None, name)
        return
    for entry, live in wanted.items():
        content_now = live if live is not None else ABSENT_WORD if entry in under else None
        file = _file(written, entry) if live is not None else None
        yield ManifestEdit(places, (*path, entry), content_now, f"{name}.{entry}", file)


def _none(live: str | None) -> str:
    return ABSENT_WORD if live is None else live


def _file(written: object, entry: str) -> str | None:
    """The file that a template is in."""
    template = written.get(entry) if isinstance(written, YamlMap) else None
    return str(template["file"]) if isinstance(template, YamlMap) and "file" in template else None


def of_unexpected(stack: EditableLayers, code: str, live: Response) -> Wishes:
    """For a response that is not declared."""
    if isinstance(stack.written(code), YamlMap):
        yield Blocker("", "it is written here, and something else keeps it away")
        return
    unsayable = [path for path, text in values_by_path(live.document()).items() if text == ABSENT_WORD]
    if unsayable:
        yield _unsayable(unsayable[0], whole=True)
        return
    yield from _listed_first(stack)
    yield ManifestEdit(stack.layer.places, (*stack.layer.at, code), _over(stack.below(code), live.document()))


def _over(below: Fields, live: Mapping[str, object]) -> dict[str, Content]:
    """The fields that make what is live out of what is below."""
    made: dict[str, Content] = {}
    for name, value in live.items():
        under = below.get(name)
        if isinstance(value, str):
            if value != under:
                made[name] = value
        elif isinstance(value, Mapping):
            beneath = under if isinstance(under, Mapping) else {}
            entries = {entry: text for entry, text in value.items() if beneath.get(entry) != text}
            entries |= {entry: ABSENT_WORD for entry in beneath if entry not in value}
            if entries:
                made[name] = entries
    return {**made, **{name: ABSENT_WORD for name in below if name not in live}}


def of_missing(stack: EditableLayers, code: str, *, gone: bool) -> Wishes:
    """For a response that is declared and not live. `gone`: its method is not there either, and no others mean it."""
    layer = stack.layer
    if gone and all(one.set or one is layer for one in stack.layers):
        yield ManifestEdit(layer.places, layer.at[:-1], None)
        return
    if not stack.has_below(code):
        yield ManifestEdit(layer.places, (*layer.at, code), None)
        return
    yield from _listed_first(stack)
    yield ManifestEdit(layer.places, (*layer.at, code), ABSENT_WORD)


def _listed_first(stack: EditableLayers) -> Wishes:
    """An integration by id says which one it is; in an overlay that does not list it yet, that comes first."""
    layer = stack.layer
    around = layer.at[:-1]
    if isinstance(around[-1], int) and not layer.places.has(around):
        body = next(one for one in stack.layers if not one.set)
        yield ManifestEdit(layer.places, (*around, "id"), str(there(body.places, (*body.at[:-1], "id"))))


def _unsayable(field: str, *, whole: bool = False) -> Blocker:
    reason = f"its live value is the word `{ABSENT_WORD}`, which would mean that it is not set"
    return Blocker("" if whole else field, f"{field}: {reason}" if whole else reason)
