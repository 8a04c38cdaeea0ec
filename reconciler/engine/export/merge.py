"""Merge the responses of an API in several environments: what they have in common, and what differs where.

What all environments have is common; so is what most of them have, and overlays say that it is absent elsewhere.
Everything else is in the overlays of its environments. A method can be taken out by no overlay, so that one which some
environments lack is in the overlays of the others. Pure.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from reconciler.engine.export.labels import Label
from reconciler.engine.export.unify import Pattern, unify
from reconciler.manifest.subject import ABSENT, Overlay
from reconciler.models.keys import Scope
from reconciler.models.responses import FieldValue
from reconciler.normal import REST_FIELDS, WEBSOCKET_FIELDS
from reconciler.yamlio.emit import PlaceholderText

Document: TypeAlias = Mapping[str, FieldValue]
"""The fields of a response that are set."""

Contents: TypeAlias = Mapping[Scope, Mapping[str, Document]]
"""The responses of an API by method and code."""

Text: TypeAlias = str | Pattern
Fields: TypeAlias = dict[str, Text | dict[str, Text]]

_PARAMETERS: Final = "responseParameters"


@dataclass(slots=True)
class Merged:
    """The common fields of each response, and the differences by environment. Some texts are patterns still."""

    common: dict[Scope, dict[str, Fields]] = field(default_factory=dict)
    overlays: dict[str, dict[Scope, dict[str, Fields | PlaceholderText]]] = field(default_factory=dict)

    def differ(self, environment: str, scope: Scope, code: str) -> Fields:
        """Return the differences of a response in an environment, to be added to."""
        differences = self.overlays.setdefault(environment, {}).setdefault(scope, {}).setdefault(code, {})
        return {} if isinstance(differences, PlaceholderText) else differences


Writer: TypeAlias = Callable[[Pattern], PlaceholderText]
"""Turns a pattern into a text with placeholders."""


Judge: TypeAlias = Callable[[Pattern, str], bool]
"""Says whether a pattern in a field (the name of a parameter, or "") can be written in all environments."""


def merge(contents: Mapping[str, Contents], known: Sequence[Label], judge: Judge) -> Merged:
    """Merge the contents of each environment, with the patterns that `judge` admits."""
    merger = _Merger(tuple(contents), known, judge)
    scopes = sorted({scope for content in contents.values() for scope in content}, key=str)
    for scope in scopes:
        merger.scope(scope, {name: content[scope] for name, content in contents.items() if scope in content})
    return merger.merged


class _Merger:
    """Merges one API."""

    def __init__(self, environments: Sequence[str], known: Sequence[Label], judge: Judge) -> None:
        self.merged = Merged(overlays={name: {} for name in environments})
        self._environments = environments
        self._known = known
        self._judge = judge

    def scope(self, scope: Scope, by_environment: Mapping[str, Mapping[str, Document]]) -> None:
        """Merge the responses of a method in the environments that have it."""
        if len(by_environment) == len(self._environments):
            shared = self._shared_codes(by_environment)
            if shared or not any(by_environment.values()):
                self._common(scope, by_environment, shared)
                return
        for name, responses in by_environment.items():
            self._only_there(name, scope, responses, responses)

    def _shared_codes(self, by_environment: Mapping[str, Mapping[str, Document]]) -> list[str]:
        counts = Counter(code for responses in by_environment.values() for code in responses)
        return sorted(code for code, count in counts.items() if count * 2 > len(by_environment))

    def _common(
        self, scope: Scope, by_environment: Mapping[str, Mapping[str, Document]], shared: Sequence[str]
    ) -> None:
        common = self.merged.common[scope] = {}
        for code in shared:
            having = {name: responses[code] for name, responses in by_environment.items() if code in responses}
            common[code] = self._response(scope, code, having)
            for name in by_environment.keys() - having.keys():
                self.merged.overlays[name].setdefault(scope, {})[code] = ABSENT
        for name, responses in by_environment.items():
            self._only_there(name, scope, responses, [code for code in responses if code not in shared])

    def _only_there(
        self, name: str, scope: Scope, responses: Mapping[str, Document], codes: Sequence[str] | Mapping[str, Document]
    ) -> None:
        for code in codes:
            self.merged.overlays[name].setdefault(scope, {})[code] = {
                entry: value if isinstance(value, str) else {**value}
                for entry, value in responses[code].items()
                if value is not None
            }

    def _response(self, scope: Scope, code: str, having: Mapping[str, Document]) -> Fields:
        """Return the common fields of a response, and note how environments differ from them."""
        common: Fields = {}
        names = {name for document in having.values() for name in document}
        for name in (row.name for row in (*REST_FIELDS, *WEBSOCKET_FIELDS[:2]) if row.name in names):
            values = {environment: document.get(name) for environment, document in having.items()}
            if any(isinstance(value, Mapping) for value in values.values()):
                maps = {
                    environment: value if isinstance(value, Mapping) else {} for environment, value in values.items()
                }
                entries = self._map(scope, code, name, maps)
                if entries:
                    common[name] = entries
            else:
                texts = {environment: value for environment, value in values.items() if isinstance(value, str)}
                shared = _most_common(texts, len(having))
                if shared is not None:
                    common[name] = shared
                for environment in having:
                    if texts.get(environment) != shared:
                        self.merged.differ(environment, scope, code)[name] = texts.get(environment, ABSENT)
        return common

    def _map(self, scope: Scope, code: str, name: str, maps: Mapping[str, Mapping[str, str]]) -> dict[str, Text]:
        common: dict[str, Text] = {}
        for entry in sorted({entry for entries in maps.values() for entry in entries}):
            texts = {environment: entries[entry] for environment, entries in maps.items() if entry in entries}
            shared = self._text(name, entry, texts, len(maps))
            if shared is not None:
                common[entry] = shared
            for environment in maps:
                text = texts.get(environment)
                same = text is not None if isinstance(shared, tuple) else text == shared
                if not same:
                    differences = self.merged.differ(environment, scope, code).setdefault(name, {})
                    if isinstance(differences, dict):
                        differences[entry] = ABSENT if text is None else text
        for environment, entries in maps.items():
            if not entries and len(common) > 1:
                self.merged.differ(environment, scope, code)[name] = ABSENT
        return common

    def _text(self, name: str, entry: str, texts: Mapping[str, str], of: int) -> Text | None:
        """Return what environments have in common: a text, or a pattern of texts that differ in values."""
        if len(set(texts.values())) > 1 and len(texts) * 2 > of:
            pattern = unify(texts, self._known, is_static=name == _PARAMETERS)
            if pattern and self._judge(pattern, entry if name == _PARAMETERS else ""):
                return pattern
        return _most_common(texts, of)


def _most_common(texts: Mapping[str, str], of: int) -> str | None:
    """Return the text of most environments, the first of several; None if as many have none."""
    counts = Counter(texts.values())
    if not counts:
        return None
    text, count = counts.most_common(1)[0]
    return text if count > of - len(texts) else None


def rendered(merged: Merged, write: Writer) -> tuple[dict[Scope, Mapping[str, Document]], dict[str, Overlay]]:
    """Return the common responses and the overlays with all patterns written."""
    common: dict[Scope, Mapping[str, Document]] = {
        scope: {code: _fields(fields, write) for code, fields in responses.items()}
        for scope, responses in merged.common.items()
    }
    overlays: dict[str, Overlay] = {
        name: {
            scope: {
                code: fields if isinstance(fields, PlaceholderText) else _fields(fields, write)
                for code, fields in sorted(differences.items())
            }
            for scope, differences in overlay.items()
        }
        for name, overlay in merged.overlays.items()
    }
    return common, overlays


def _fields(fields: Fields, write: Writer) -> dict[str, str | Mapping[str, str]]:
    return {
        name: _text(value, write)
        if not isinstance(value, dict)
        else {entry: _text(text, write) for entry, text in value.items()}
        for name, value in fields.items()
    }


def _text(text: Text, write: Writer) -> str:
    return text if isinstance(text, str) else write(text)
