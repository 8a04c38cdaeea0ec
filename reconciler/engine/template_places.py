"""Where the text of a template is: in a file of its own, or in a manifest."""

from pathlib import PurePath

from reconciler.diagnostics import Location
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.resolve.origins import layers_of
from reconciler.yamlio.nodes import YamlMap


def template_file(desired: Desired, key: ResponseKey, entry: str) -> str | None:
    """Return the file of a response template, None for one that is written in a manifest or response set."""
    for layer in reversed(layers_of(desired.origins, key.scope)):
        path = (*layer.at, key.code, "responseTemplates", entry)
        if layer.places.has(path):
            node = layer.places.node(path)
            file = node.get("file") if isinstance(node, YamlMap) else None
            return str(PurePath(layer.places.file).parent / file) if isinstance(file, str) else None
    return None


def template_place(desired: Desired, key: ResponseKey, entry: str, line: int = 0, column: int = 0) -> Location | None:
    """Return the place of a template, or with `line` and `column` (from 1) a place within it.

    For a template in a manifest it is always where that begins.
    """
    file = template_file(desired, key, entry)
    return Location(file, line, column) if file else desired.origin(key, f"responseTemplates.{entry}")
