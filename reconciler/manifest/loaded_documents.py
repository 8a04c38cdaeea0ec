"""Documents as they are in one environment: variables substituted, shape validated, template files read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.diagnostics import Diagnostic, Location, any_error
from reconciler.manifest import templates
from reconciler.manifest.schema.documents import Manifest, ManifestDocument, SetDocument
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.validation import Validated
from reconciler.yamlio.nodes import SourceMap


@dataclass(frozen=True, slots=True)
class LoadedManifests:
    """The valid manifests, the problems of all others, the files that were read, and the sets by name.

    `symbolic` are the places of unresolved placeholders and of errors: any other diagnostic there would not be about
    the real value. `salvaged` are the valid parts of invalid manifests, so that further problems in them are found in
    the same run; a set may be such a part too. `broken_sets` are the names of sets of which nothing could be kept.
    `faulty` are the names of the manifests and sets with any error, that of a template file included.
    """

    documents: tuple[ManifestDocument, ...]
    diagnostics: tuple[Diagnostic, ...]
    files_read: tuple[str, ...]
    sets: Mapping[str, SetDocument] = field(default_factory=dict)
    symbolic: frozenset[Location] = frozenset()
    salvaged: tuple[ManifestDocument, ...] = ()
    broken_sets: frozenset[str] = frozenset()
    faulty: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """A document in one environment, None if nothing of it is valid. It has errors unless `is_valid`."""

    document: ManifestDocument | SetDocument | None
    diagnostics: tuple[Diagnostic, ...]
    files_read: tuple[str, ...] = ()
    symbolic: frozenset[Location] = frozenset()
    is_valid: bool = True


@dataclass(frozen=True, slots=True)
class ValidatedDocument:
    """A document with its variables substituted and its shape validated, before its template files are read.

    Values at `symbolic` places have no diagnostics except `placeholder_problems`.
    """

    validated: Validated
    placeholder_problems: tuple[Diagnostic, ...] = ()
    symbolic: frozenset[Location] = frozenset()

    def with_templates(self, texts: templates.TemplateTexts) -> LoadedDocument:
        """Return the document with the texts of its template files."""
        validated = self.validated
        problems = tuple(
            diagnostic
            for diagnostic in (*validated.diagnostics, *texts.diagnostics)
            if diagnostic.location not in self.symbolic
        )
        if validated.manifest is None:
            return LoadedDocument(None, (*self.placeholder_problems, *problems), (), self.symbolic, is_valid=False)
        document = _document(validated.manifest, validated.places, texts)
        unreadable = (diagnostic.location for diagnostic in texts.diagnostics if diagnostic.location)
        symbolic = self.symbolic.union(validated.doubtful, unreadable)
        is_valid = validated.is_sound and not any_error(self.placeholder_problems)
        diagnostics = (*self.placeholder_problems, *problems)
        return LoadedDocument(document, diagnostics, texts.files_read, symbolic, is_valid)


def _document(
    manifest: Manifest | ResponseSet, places: SourceMap, texts: templates.TemplateTexts
) -> ManifestDocument | SetDocument:
    if isinstance(manifest, ResponseSet):
        return SetDocument(manifest, places, texts.by_name)
    return ManifestDocument(manifest, places, texts.by_name)
