"""The live values of a finding as YAML that a user edits, and back. Pure.

The text is a map from fields to values. Its comments are YAML's own, so lines of a template that begin with `#` are
part of the template.
"""

from collections.abc import Mapping
from typing import Final

from reconciler.errors import ReconcilerError
from reconciler.yamlio import emit, parse

_HEAD: Final = (
    "Edit the values and close the editor. A field that you remove gets the live value.",
    "An empty file adopts nothing and asks again.",
)


def editable_text(title: str, values: Mapping[str, str]) -> str:
    """Return the file to edit."""
    comments = (title, *_HEAD)
    return "".join(f"# {emit.escape_unprintable(line)}\n" for line in comments) + emit.dump([dict(values)])


def edited_values(content: bytes, file: str, values: Mapping[str, str]) -> Mapping[str, str] | None:
    """Return the values of an edited file, None if it is empty. Raises ReconcilerError with the place of a mistake."""
    lines = content.removeprefix(b"\xef\xbb\xbf").splitlines()
    if all(not line.strip() or line.lstrip().startswith(b"#") for line in lines):
        return None
    reading = parse.read(content, file)
    if reading.diagnostics:
        problem = reading.diagnostics[0]
        raise ReconcilerError(f"{problem.location}: {problem.message}", problem.remedy)
    places = reading.documents[0]
    if len(reading.documents) > 1 or not isinstance(places.root, dict):
        message = f"{file}: this is not a map from fields to values"
        raise ReconcilerError(message, "write each field as `field: value`")
    for field, value in places.root.items():
        if field not in values:
            message = f"{places.of_key((field,))}: {emit.escape_unprintable(field)} is not a field of this change"
            raise ReconcilerError(message, f"the fields are {', '.join(values)}")
        if not isinstance(value, str):
            message = f"{places.of_value((field,))}: the value must be text"
            raise ReconcilerError(message, "put it in quotes")
    return {field: value.replace("$${{", "${{") for field, value in places.root.items()}
