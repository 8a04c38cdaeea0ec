"""The JSON Schemas that the first lines of exported files name: found near the files, or written along with them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from reconciler.engine.export.export import Exported
from reconciler.engine.schemas import schema_text
from reconciler.manifest.writer import SupportFile

_FOLDER: Final = "schemas"


@dataclass(frozen=True, slots=True)
class SchemaFiles:
    """The schemas for the files of a folder: `names` (relative to it) by kind, and those that do not exist yet."""

    names: dict[str, str]
    missing: tuple[str, ...]

    def added_to(self, exported: Exported) -> Exported:
        """Return an export with the schemas that are missing; one without files stays as it is."""
        if not exported.files:
            return exported
        schemas = (
            SupportFile(self.names[kind], schema_text(kind), f"the JSON Schema of {_WORDS[kind]}, for editors")
            for kind in self.missing
        )
        return replace(exported, files=(*exported.files, *schemas))


_WORDS: Final = {"manifest": "manifests", "config": "the configuration"}


def schema_files(out: Path, kinds: Sequence[str] = ("manifest",)) -> SchemaFiles:
    """Find the nearest copies of schemas in or above a folder; those that are nowhere belong into the folder."""
    found = {kind: _nearest(out, kind) for kind in kinds}
    names = {kind: name or f"{_FOLDER}/{_file(kind)}" for kind, name in found.items()}
    return SchemaFiles(names, tuple(kind for kind, name in found.items() if not name))


def _nearest(out: Path, kind: str) -> str:
    folder = Path(os.path.realpath(out))
    for ancestor in (folder, *folder.parents):
        schema = ancestor / _FOLDER / _file(kind)
        if schema.is_file():
            return Path(os.path.relpath(schema, folder)).as_posix()
    return ""


def _file(kind: str) -> str:
    return f"{kind}.schema.json"
