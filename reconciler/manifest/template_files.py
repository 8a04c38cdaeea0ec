"""Templates that are better off in files of their own.

Promise: of each text either the text itself is given or a reference to a file that is read back as this text: exactly
one newline is added at its end, which the reader takes away again. Pure: the files are kept as values.
"""

from typing import Final

from reconciler.manifest.names import Names, slug
from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.manifest.templates import MAX_BYTES
from reconciler.yamlio.emit import Node, flow_map

LONG_LINES: Final = 15
LONG_BYTES: Final = 1024
"""Templates of more lines or bytes go into files, if that is wanted."""

_USUAL: Final = "application/json"


class TemplateFiles:
    """The template files of one document, by name relative to it.

    `every_long` False: only texts go into files that cannot be written otherwise.
    """

    def __init__(self, folder: str, *, every_long: bool) -> None:
        self.contents: dict[str, str] = {}
        self._folder = folder
        self._every_long = every_long
        self._names = Names()

    def placed(self, text: str, parts: tuple[str, ...], entry: str) -> Node:
        """The text of a response's entry, or where it is; `parts` is what the response is named after."""
        size = len(text.encode())
        long = text.count("\n") >= LONG_LINES or size > LONG_BYTES
        if text != ABSENT_WORD and not (self._every_long and long and size < MAX_BYTES):
            return text
        words = (*parts, *([] if entry == _USUAL else [entry]))
        stem = slug("-".join(filter(None, map(slug, words))), otherwise="template")
        name = f"{self._folder}/{self._names.take(stem)}.vtl"
        self.contents[name] = f"{text}\n"
        return flow_map({"file": name})
