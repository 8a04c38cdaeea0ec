"""export --openapi: OpenAPI definitions -> manifests, offline.

`info.title` is the name by which a manifest finds its API: importing a definition gives the API this name (Developer
Guide, PutRestApi). `basePath` and `servers` have no say. Methods that cannot be read are left out and reported.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic, any_error, error, in_order, limited
from reconciler.engine.call_inputs import InputFile
from reconciler.engine.export.export import Exported
from reconciler.engine.openapi.definitions import Definition, find_definitions, unknown_value
from reconciler.engine.openapi.functions import UnknownValue
from reconciler.engine.openapi.read import DefinedMethod, read
from reconciler.errors import ExitCode
from reconciler.manifest import writer
from reconciler.manifest.export_blockers import export_blocker
from reconciler.manifest.unique_names import UniqueNames, slug
from reconciler.manifest.writer import Layout, Subject
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import LiveApi, LiveMethod, LiveScope
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.rules import InputRule


@dataclass(frozen=True, slots=True)
class OpenApiExport:
    """The manifests of definitions, and the problems of what was left out."""

    exported: Exported
    diagnostics: tuple[Diagnostic, ...]

    @property
    def exit_code(self) -> ExitCode:
        """1 if a method or a definition was left out, else 0."""
        return ExitCode.FAILED if any_error(self.diagnostics) else ExitCode.OK


def export_definitions(files: Sequence[InputFile], values: Mapping[str, str], layout: Layout) -> OpenApiExport:
    """Return a manifest for each definition with responses; `values` are those of a template's parameters.

    Raises ReconcilerError for a manifest that would be too large to read back.
    """
    exporter = _Exporter()
    subjects = [subject for file in files for subject in exporter.subjects(file, values)]
    written = writer.write(subjects, layout)
    problems = in_order(exporter.problems)
    if not subjects and not any_error(problems):
        names = ", ".join(file.name for file in files)
        message = f"no definition with integration responses is in {names}"
        problems = (*problems, error(InputRule.OPENAPI, message, "pass the files that hold the definitions"))
    return OpenApiExport(Exported(written.files, written.omitted), limited(problems))


class _Exporter:
    """Makes subjects of definitions, and collects the problems."""

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []
        self._names = UniqueNames(writer.SETS_NAME)

    def subjects(self, file: InputFile, values: Mapping[str, str]) -> Iterator[Subject]:
        """Yield the subject of each definition of a file."""
        found = find_definitions(file, values)
        self.problems += found.diagnostics
        for definition in found.definitions:
            subject = self._subject(definition)
            if subject:
                yield subject

    def _subject(self, definition: Definition) -> Subject | None:
        result = read(definition)
        self.problems += result.diagnostics
        title = self._title(definition)
        methods = {key: method for key, method in result.methods.items() if self._is_writable(definition, key, method)}
        if not methods or not title:
            return None
        target = Target("", "", definition.words, Kind.REST_API, api_name=title)
        live = LiveApi(target, frozenset(key.path for key in methods), _live(methods))
        name = self._names.take(slug(title, default="api"))
        return Subject(name, ApiRef(name=title), live, origin=f"The definition of {title} in {definition.words}.")

    def _is_writable(self, definition: Definition, key: MethodKey, method: DefinedMethod) -> bool:
        """Whether a method has responses that a manifest can hold; those that it cannot hold are reported."""
        reason = export_blocker(key, method.responses)
        if reason:
            message = f"{key}: no manifest can hold this: {reason}"
            at = definition.at(method.integration)
            self.problems.append(error(InputRule.OPENAPI, message, "correct the document", at))
        return bool(method.responses) and not reason

    def _title(self, definition: Definition) -> str:
        at = definition.at((*definition.path, "info", "title"))
        try:
            title = definition.title
        except UnknownValue as unknown:
            self.problems.append(unknown_value(unknown, at))
            return ""
        if not title:
            message = "the definition has no `info.title`, which is the name of the API"
            self.problems.append(error(InputRule.OPENAPI, message, "add the title", at))
        return title


def _live(methods: Mapping[MethodKey, DefinedMethod]) -> dict[Scope, LiveScope]:
    return {
        key: LiveMethod("", method.integration_type or None, responses=method.responses)
        for key, method in methods.items()
    }
