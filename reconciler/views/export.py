"""export and init: which files were written, and what was left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from reconciler.engine.export.export import Exported
from reconciler.manifest.writer import File, ManifestFile, SetsFile, WrittenTemplate
from reconciler.models.targets import Kind
from reconciler.render.style import plural, printable


@dataclass(frozen=True, slots=True)
class ExportText:
    """`files` is for stdout, a line for each file and the `summary`; notes and warnings are for stderr."""

    files: str
    summary: str
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


def file_texts(exported: Exported) -> dict[str, str]:
    """Return the content of each file by its name."""
    return {file.name: file.text for file in exported.files}


def export_text(exported: Exported, folder: Path) -> ExportText:
    """Return the lines about an export whose files were written into this folder."""
    lines = [printable(f"{folder / file.name}: {_content(file)}") for file in exported.files]
    summary = _summary(exported)
    return ExportText("\n".join([*lines, summary]), summary, tuple(_notes(exported)), tuple(_warnings(exported)))


def _content(file: File) -> str:
    match file:
        case ManifestFile():
            scopes = "method" if file.subject.live.target.kind is Kind.REST_API else "integration"
            return f"{file.subject.words}: {plural(file.responses, 'response')} of {plural(file.methods, scopes)}"
        case SetsFile():
            return plural(file.sets, "response set")
        case WrittenTemplate():
            return "a template"
        case _:
            assert_never(file)


def _summary(exported: Exported) -> str:
    manifests = [file for file in exported.files if isinstance(file, ManifestFile)]
    templates = sum(isinstance(file, WrittenTemplate) for file in exported.files)
    responses = sum(manifest.responses for manifest in manifests)
    also = f" and {plural(templates, 'template file')}" if templates else ""
    return f"Exported {plural(responses, 'response')} in {plural(len(manifests), 'manifest')}{also}."


def _notes(exported: Exported) -> Iterator[str]:
    for api, reason in exported.passed_over:
        yield printable(f"note: {api.name} ({api.id}) is skipped: {reason}")


def _warnings(exported: Exported) -> Iterator[str]:
    for omission in exported.omitted:
        what = f"{omission.scope} of {omission.subject.words} is left out: {omission.reason}"
        yield printable(f"warning: {what}; its live responses stay unchanged")
