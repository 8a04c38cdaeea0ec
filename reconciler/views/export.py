"""What an export says of itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from reconciler.engine.export import Exported
from reconciler.manifest.writer import File, ManifestFile, SetsFile, WrittenTemplate
from reconciler.models.targets import Kind
from reconciler.render.style import counted, printable


@dataclass(frozen=True, slots=True)
class ExportText:
    """`written` is for stdout, a line for each file and the `summary`; notes and warnings are for stderr."""

    written: str
    summary: str
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


def file_texts(exported: Exported) -> dict[str, str]:
    """The content of each file by its name."""
    return {file.name: file.text for file in exported.files}


def exported_text(exported: Exported, folder: Path) -> ExportText:
    """The lines about an export whose files were written into this folder."""
    lines = [printable(f"{folder / file.name}: {_about(file)}") for file in exported.files]
    summary = _summary(exported)
    return ExportText("\n".join([*lines, summary]), summary, tuple(_notes(exported)), tuple(_warnings(exported)))


def _about(file: File) -> str:
    match file:
        case ManifestFile():
            scopes = "method" if file.subject.live.target.kind is Kind.REST_API else "integration"
            return f"{file.subject.words}: {counted(file.responses, 'response')} of {counted(file.methods, scopes)}"
        case SetsFile():
            return counted(file.sets, "response set")
        case WrittenTemplate():
            return "a template"
        case _:
            assert_never(file)


def _summary(exported: Exported) -> str:
    manifests = [file for file in exported.files if isinstance(file, ManifestFile)]
    templates = sum(isinstance(file, WrittenTemplate) for file in exported.files)
    responses = sum(manifest.responses for manifest in manifests)
    beside = f" and {counted(templates, 'template file')}" if templates else ""
    return f"Exported {counted(responses, 'response')} in {counted(len(manifests), 'manifest')}{beside}."


def _notes(exported: Exported) -> Iterator[str]:
    for api, reason in exported.passed_over:
        yield printable(f"note: {api.name} ({api.id}) is passed over: {reason}")


def _warnings(exported: Exported) -> Iterator[str]:
    for one in exported.left_out:
        what = f"{one.scope} of {one.subject.words} is left out: {one.reason}"
        yield printable(f"warning: {what}; its live responses stay as they are")
