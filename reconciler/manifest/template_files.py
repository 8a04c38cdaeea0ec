"""Put long templates into files of their own.

Each text is returned either as it is or as a reference to a file that is read back as the same text: the file gets
exactly one extra newline at its end, which the reader removes. Pure: the files are kept as values.
"""

from typing import Final

from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.manifest.templates import MAX_BYTES
from reconciler.manifest.unique_names import UniqueNames, slug
from reconciler.yamlio.emit import Node, PlaceholderText, flow_map

LONG_LINES: Final = 15
LONG_BYTES: Final = 1024
"""Templates with more lines or bytes go into files if `extract_long` is set."""

_DEFAULT_CONTENT_TYPE: Final = "application/json"


class TemplateFiles:
    """The template files of one document, by name relative to it.

    Without `extract_long`, only texts that a manifest cannot hold go into files.
    """

    def __init__(self, folder: str, *, extract_long: bool) -> None:
        self.contents: dict[str, str] = {}
        self._folder = folder
        self._extract_long = extract_long
        self._names = UniqueNames()

    def place(self, text: str, parts: tuple[str, ...], entry: str) -> Node:
        """Return the text of a template, or a reference to its file; `parts` name the response.

        A text with placeholders stays in the manifest: they are not replaced in files.
        """
        if isinstance(text, PlaceholderText):
            return text
        size = len(text.encode())
        is_long = text.count("\n") >= LONG_LINES or size > LONG_BYTES
        if text != ABSENT_WORD and not (self._extract_long and is_long and size < MAX_BYTES):
            return text
        words = (*parts, *([] if entry == _DEFAULT_CONTENT_TYPE else [entry]))
        stem = slug("-".join(filter(None, map(slug, words))), default="template")
        name = f"{self._folder}/{self._names.take(stem)}.vtl"
        self.contents[name] = f"{text}\n"
        return flow_map({"file": name})
