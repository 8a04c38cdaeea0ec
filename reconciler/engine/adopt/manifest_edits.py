"""Work out the edits that make manifests declare a response as it is live.

Pure. Each edit is for one path of a document; what cannot be written there is a `Blocker`. A value goes into the
manifest itself: on top of sets as an override (`absent` for what a set has and AWS does not), and into the
environment's overlay if the body serves other environments too, or if the overlay overrides the body. Documents that
others use are not touched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.diff import FieldChange
from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.models.fields import values_by_path
from reconciler.models.responses import Response
from reconciler.resolve.layers import Fields, Layer, merge_layers
from reconciler.yamlio.flow import Content
from reconciler.yamlio.nodes import Path, SourceMap, YamlList, YamlMap

_OVERLAYS: Final = "overlays"


@dataclass(frozen=True, slots=True)
class ManifestEdit:
    """The new content for a path of a document; None removes the path.

    `field` is the field that the edit is for, "" for the whole response. `in_file` is the template file that holds the
    text today.
    """

    places: SourceMap
    path: Path
    content: Content | None
    field: str = ""
    in_file: str | None = None


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a field cannot be adopted, or the whole finding (field "")."""

    field: str
    reason: str


Edits: TypeAlias = Iterator[ManifestEdit | Blocker]


@dataclass(frozen=True, slots=True)
class EditableLayers:
    """The layers of a method's responses, of which the one numbered `top` is edited.

    The path of that layer may not exist yet. The layers below it are sets, or the body and sets.
    """

    layers: tuple[Layer, ...]
    top: int

    @property
    def layer(self) -> Layer:
        """The layer to edit."""
        return self.layers[self.top]

    def below(self, code: str) -> Fields:
        """Return the fields of a response in the lower layers."""
        return merge_layers(self.layers[: self.top], code).fields or {}

    def has_below(self, code: str) -> bool:
        """Return whether the lower layers declare a response."""
        return merge_layers(self.layers[: self.top], code).fields is not None

    def written(self, code: str) -> object:
        """Return what the layer itself says about a response; None for nothing."""
        return node_at(self.layer.places, (*self.layer.at, code))


def node_at(places: SourceMap, path: Path) -> object:
    """Return the node at a path, None if there is none."""
    return places.node(path) if places.has(path) else None


def editable_layers(layers: tuple[Layer, ...], overlay: str | None, *, shared: bool) -> EditableLayers | None:
    """Return the layers with the one to edit; None if the manifest itself has no layer.

    `overlay` is the environment; `shared`: the body serves other environments too.
    """
    own = [number for number, layer in enumerate(layers) if not layer.set]
    if not own:
        return None
    last = own[-1]
    in_overlay = layers[last].at[1] == _OVERLAYS
    if in_overlay or not shared or overlay is None:
        return EditableLayers(layers, last)
    return EditableLayers((*layers, _overlay_layer(layers[last], overlay)), len(layers))


def _overlay_layer(body: Layer, environment: str) -> Layer:
    """Return the layer that an environment's overlay would have for what the body lists."""
    overlay: Path = ("spec", _OVERLAYS, environment)
    steps = body.at[1:]
    if steps[0] == "integrations" and isinstance(steps[1], int):
        known = node_at(body.places, (*overlay, "integrations"))
        # A number of its own for each, after the integrations that the overlay lists already
        steps = ("integrations", (len(known) if isinstance(known, YamlList) else 0) + steps[1], *steps[2:])
    return Layer({}, body.places, (*overlay, *steps), {})


def edits_for_changed(editable: EditableLayers, code: str, changes: Sequence[FieldChange]) -> Edits:
    """Return the edits for a response whose fields differ."""
    written = editable.written(code)
    if written is not None and not isinstance(written, YamlMap):
        yield Blocker("", "it is not written as a map")
        return
    yield from _listed_first(editable)
    names = dict.fromkeys(change.path.partition(".")[0] for change in changes)
    for name in names:
        of_name = [change for change in changes if change.path.partition(".")[0] == name]
        if of_name[0].path == name:
            yield from _text(editable, code, of_name[0])
        else:
            yield from _map(editable, code, name, of_name)


def _text(editable: EditableLayers, code: str, change: FieldChange) -> Edits:
    path = (*editable.layer.at, code, change.path)
    if change.before == ABSENT_WORD:
        yield _literal_absent(change.path)
    elif change.before is None:
        content = ABSENT_WORD if change.path in editable.below(code) else None
        yield ManifestEdit(editable.layer.places, path, content, change.path)
    else:
        yield ManifestEdit(editable.layer.places, path, change.before, change.path)


def _map(editable: EditableLayers, code: str, name: str, changes: Sequence[FieldChange]) -> Edits:
    path = (*editable.layer.at, code, name)
    places, written, below = editable.layer.places, node_at(editable.layer.places, path), editable.below(code).get(name)
    below_entries = below if isinstance(below, Mapping) else {}
    entries = {change.path.partition(".")[2]: change.before for change in changes}
    yield from (_literal_absent(f"{name}.{entry}") for entry, live in entries.items() if live == ABSENT_WORD)
    wanted = {entry: live for entry, live in entries.items() if live != ABSENT_WORD}
    if written == ABSENT_WORD:
        # Replacing the word by a map brings back every entry below it: those that are not live become `absent`
        content = {entry: _or_absent(wanted.get(entry)) for entry in {**below_entries, **wanted}}
        yield ManifestEdit(places, path, content, name)
        return
    kept = [entry for entry in written if entry not in wanted] if isinstance(written, YamlMap) else []
    is_needed = any(live is not None or entry in below_entries for entry, live in wanted.items())
    if isinstance(written, YamlMap) and not kept and not is_needed:
        yield ManifestEdit(places, path, None, name)
        return
    for entry, live in wanted.items():
        new = live if live is not None else ABSENT_WORD if entry in below_entries else None
        file = _template_file(written, entry) if live is not None else None
        yield ManifestEdit(places, (*path, entry), new, f"{name}.{entry}", file)


def _or_absent(live: str | None) -> str:
    return ABSENT_WORD if live is None else live


def _template_file(written: object, entry: str) -> str | None:
    """Return the file of a template; None if its text is in the manifest."""
    template = written.get(entry) if isinstance(written, YamlMap) else None
    return str(template["file"]) if isinstance(template, YamlMap) and "file" in template else None


def edits_for_unexpected(editable: EditableLayers, code: str, live: Response) -> Edits:
    """Return the edits for a live response that is not declared."""
    if isinstance(editable.written(code), YamlMap):
        yield Blocker("", "it is declared here, but another entry removes it")
        return
    absent = [path for path, text in values_by_path(live.document()).items() if text == ABSENT_WORD]
    if absent:
        yield _literal_absent(absent[0], whole=True)
        return
    yield from _listed_first(editable)
    content = _overrides(editable.below(code), live.document())
    yield ManifestEdit(editable.layer.places, (*editable.layer.at, code), content)


def _overrides(below: Fields, live: Mapping[str, object]) -> dict[str, Content]:
    """Return the fields that turn those of the lower layers into the live ones."""
    fields: dict[str, Content] = {}
    for name, value in live.items():
        lower = below.get(name)
        if isinstance(value, str):
            if value != lower:
                fields[name] = value
        elif isinstance(value, Mapping):
            lower_entries = lower if isinstance(lower, Mapping) else {}
            entries = {entry: text for entry, text in value.items() if lower_entries.get(entry) != text}
            entries |= {entry: ABSENT_WORD for entry in lower_entries if entry not in value}
            if entries:
                fields[name] = entries
    return {**fields, **{name: ABSENT_WORD for name in below if name not in live}}


def edits_for_missing(editable: EditableLayers, code: str, *, gone: bool) -> Edits:
    """Return the edits for a declared response that is not live. `gone`: its method does not exist either."""
    layer = editable.layer
    if gone and all(other.set or other is layer for other in editable.layers):
        yield ManifestEdit(layer.places, layer.at[:-1], None)
        return
    if not editable.has_below(code):
        yield ManifestEdit(layer.places, (*layer.at, code), None)
        return
    yield from _listed_first(editable)
    yield ManifestEdit(layer.places, (*layer.at, code), ABSENT_WORD)


def _listed_first(editable: EditableLayers) -> Edits:
    """An overlay that does not list an integration by id yet has to get its `id` first."""
    layer = editable.layer
    entry = layer.at[:-1]
    if isinstance(entry[-1], int) and not layer.places.has(entry):
        body = next(other for other in editable.layers if not other.set)
        yield ManifestEdit(layer.places, (*entry, "id"), str(node_at(body.places, (*body.at[:-1], "id"))))


def _literal_absent(field: str, *, whole: bool = False) -> Blocker:
    reason = f'its live value is the text `{ABSENT_WORD}`, which means "not set" in a manifest'
    return Blocker("" if whole else field, f"{field}: {reason}" if whole else reason)
