"""Write the state of APIs as manifests.

Loaded and resolved, the manifests hold exactly what was read: a plan on them is empty. Methods that no manifest can
express are omitted and reported (`export_blockers`). Paths, verbs and statuses are sorted and nothing depends on the
time, so that the same state gives the same bytes. Fields with AWS's default are not written. Pure: files are values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.errors import ReconcilerError
from reconciler.manifest.export_blockers import export_blocker
from reconciler.manifest.shared_sets import Content, SharedSet, SharedSets, User, find_shared_sets
from reconciler.manifest.subject import Difference, Overlay, Subject
from reconciler.manifest.template_files import TemplateFiles
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import LiveIntegration, LiveScope
from reconciler.models.responses import Response
from reconciler.models.targets import Kind
from reconciler.yamlio import emit, parse
from reconciler.yamlio.emit import CommentedNode, Node, PlaceholderText, flow_list, flow_map
from reconciler.yamlio.scalars import is_writable_key

__all__ = ["File", "Layout", "ManifestFile", "Subject", "write"]

SETS_NAME: Final = "response-sets"
"""The file of the sets, without `.yaml`; no manifest may have this name."""

SCHEMA: Final = "../schemas/manifest.schema.json"

_VERSION: Final = "reconciler/v1"

Tree: TypeAlias = dict[str, Node]


@dataclass(frozen=True, slots=True)
class Layout:
    """How to write manifests. `schema`: the JSON Schema for editors, relative to the manifests."""

    schema: str = SCHEMA
    template_files: bool = False
    extract_sets: bool = False


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """The manifest of an API, and how many methods and responses it lists."""

    name: str
    text: str
    subject: Subject
    methods: int
    responses: int


@dataclass(frozen=True, slots=True)
class SetsFile:
    """The file of all response sets."""

    name: str
    text: str
    sets: int


@dataclass(frozen=True, slots=True)
class WrittenTemplate:
    """The file of a mapping template."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SupportFile:
    """A file that goes with manifests, such as a configuration; `words` say what it is."""

    name: str
    text: str
    words: str


File: TypeAlias = ManifestFile | SetsFile | WrittenTemplate | SupportFile


@dataclass(frozen=True, slots=True)
class OmittedMethod:
    """A method that is not listed, because no manifest can express it."""

    subject: Subject
    scope: Scope
    reason: str


@dataclass(frozen=True, slots=True)
class WrittenManifests:
    """The files, with names relative to their folder, and the methods that are in none of them."""

    files: tuple[File, ...]
    omitted: tuple[OmittedMethod, ...]


def write(subjects: Sequence[Subject], layout: Layout) -> WrittenManifests:
    """Return a manifest for each API, its template files, and the sets.

    Raises ReconcilerError for a manifest that would be too large to read back.
    """
    omitted = [
        OmittedMethod(subject, scope, reason)
        for subject in subjects
        for scope, method in subject.contents().items()
        if (reason := export_blocker(scope, method.responses))
    ]
    sharing = _extract_sets(subjects, omitted) if layout.extract_sets else SharedSets()
    files: list[File] = []
    for subject in subjects:
        files += _ManifestBuilder(
            subject, layout, sharing, [method for method in omitted if method.subject is subject]
        ).files()
    if sharing.sets:
        files += _sets(sharing.sets, layout)
    return WrittenManifests(tuple(files), tuple(omitted))


def _extract_sets(subjects: Sequence[Subject], omitted: Sequence[OmittedMethod]) -> SharedSets:
    """Return the shared sets; proxy integrations are excluded, because sets do not apply to them."""
    excluded = {(method.subject.name, method.scope) for method in omitted}
    methods: dict[Kind, dict[User, Content]] = {kind: {} for kind in Kind}
    for subject in subjects:
        kind = subject.live.target.kind
        for scope, method in subject.contents().items():
            if not method.is_proxy and (subject.name, scope) not in excluded:
                methods[kind][subject.name, scope] = method.responses
    return find_shared_sets(methods)


class _ManifestBuilder:
    """Builds one manifest."""

    def __init__(self, subject: Subject, layout: Layout, sharing: SharedSets, omitted: Sequence[OmittedMethod]) -> None:
        self._subject = subject
        self._layout = layout
        self._sharing = sharing
        self._omitted = omitted
        self._templates = TemplateFiles(f"templates/{subject.name}", extract_long=layout.template_files)

    def files(self) -> Iterator[File]:
        """Yield the manifest and its templates."""
        excluded = {method.scope for method in self._omitted}
        methods = {scope: method for scope, method in self._subject.contents().items() if scope not in excluded}
        text = _text(self._layout, self._comments(), [self._document(methods)], self._subject.words)
        count = sum(len(method.responses) for method in methods.values())
        yield ManifestFile(f"{self._subject.name}.yaml", text, self._subject, len(methods), count)
        yield from _template_files(self._templates)

    def _comments(self) -> Iterator[str]:
        target, variants = self._subject.live.target, self._subject.variants
        if variants:
            yield from variants.origins
        else:
            draft = f"The draft of {self._subject.words} in account {target.account_id}, {target.region}, as exported."
            yield self._subject.origin or draft
        for method in self._omitted:
            yield f"Left out: {method.scope}: {method.reason}."

    def _document(self, methods: Mapping[Scope, LiveScope]) -> Tree:
        subject = self._subject
        address = {"id": subject.ref.id} if subject.ref.id else {"name": subject.ref.name or ""}
        kind = subject.live.target.kind
        listing = self._resources(methods) if kind is Kind.REST_API else self._integrations(methods)
        overlays = self._overlays()
        spec = {"api": flow_map(address), **listing, **({"overlays": overlays} if overlays else {})}
        return _document(kind, subject.name, spec, subject.variants.environments if subject.variants else ())

    def _overlays(self) -> Tree:
        overlays = self._subject.variants.overlays if self._subject.variants else {}
        return {name: self._overlay(name, overlay) for name, overlay in overlays.items() if overlay}

    def _overlay(self, environment: str, overlay: Overlay) -> Tree:
        resources: dict[str, Tree] = {}
        routes: Tree = {}
        by_id: list[Tree] = []
        for scope, differences in overlay.items():
            words = (scope.path, scope.method) if isinstance(scope, MethodKey) else (scope.route or scope.id,)
            node: Tree = {
                "responses": {
                    code: _fields(difference, (*words, code, environment), self._templates)
                    for code, difference in differences.items()
                }
            }
            if isinstance(scope, MethodKey):
                resources.setdefault(scope.path, {})[scope.method] = node
            elif scope.route:
                routes[scope.route] = node
            else:
                by_id.append({"id": scope.id, **node})
        listing: Tree = {"resources": resources, "routes": routes, "integrations": tuple(by_id)}
        return {name: node for name, node in listing.items() if node}

    def _resources(self, methods: Mapping[Scope, LiveScope]) -> Tree:
        paths: dict[str, Tree] = {}
        for scope, method in methods.items():
            if isinstance(scope, MethodKey):
                node = self._listed(scope, method, (scope.path, scope.method))
                comments = [f"{method.integration_type}: ignored at run time."] if method.is_proxy else []
                paths.setdefault(scope.path, {})[scope.method] = CommentedNode(comments, node)
        return {"resources": paths}

    def _integrations(self, methods: Mapping[Scope, LiveScope]) -> Tree:
        """List each integration by its first route that can be a key, else by its id."""
        routes: Tree = {}
        by_id: list[Tree] = []
        for scope, integration in methods.items():
            if not isinstance(integration, LiveIntegration):
                continue
            keys = [route for route in integration.routes if is_writable_key(route)]
            name = (keys or [integration.integration_id])[0]
            node = self._listed(scope, integration, (name,))
            if keys:
                comments = [f"Also the target of {route}." for route in integration.routes if route != name]
                routes[name] = CommentedNode(comments, node)
            else:
                by_id.append({"id": integration.integration_id, **node})
        listing: Tree = {"routes": routes}
        if by_id:
            listing["integrations"] = tuple(by_id)
        return listing

    def _listed(self, scope: Scope, method: LiveScope, parts: tuple[str, ...]) -> Tree:
        user = (self._subject.name, scope)
        sets = self._sharing.uses.get(user, ())
        use: Tree = {"use": flow_list(used.name for used in sets)} if sets else {}
        own = self._sharing.remaining(user, method.responses)
        if use and not own:
            return use
        return {**use, "responses": _responses(own, parts, self._templates)}


def _sets(sets: Sequence[SharedSet], layout: Layout) -> Iterator[File]:
    templates = TemplateFiles(f"templates/{SETS_NAME}", extract_long=layout.template_files)
    documents = [
        _document(
            "ResponseSet",
            shared.name,
            {"for": shared.kind.value, "responses": _responses(shared.responses, (shared.name,), templates)},
        )
        for shared in sets
    ]
    comments = ["Responses that methods share, as exported; a change here changes every method that uses the set."]
    yield SetsFile(f"{SETS_NAME}.yaml", _text(layout, comments, documents, "the response sets"), len(sets))
    yield from _template_files(templates)


def _template_files(templates: TemplateFiles) -> Iterator[File]:
    return (WrittenTemplate(name, text) for name, text in templates.contents.items())


def _document(kind: str, name: str, spec: Tree, environments: Sequence[str] = ()) -> Tree:
    metadata: Node = (
        {"name": name, "environments": flow_list(environments)} if environments else flow_map({"name": name})
    )
    return {"apiVersion": _VERSION, "kind": str(kind), "metadata": metadata, "spec": spec}


def _responses(responses: Content, parts: tuple[str, ...], templates: TemplateFiles) -> Tree:
    return {
        code: _fields(_document_of(response), (*parts, code), templates) for code, response in sorted(responses.items())
    }


def _document_of(response: Response) -> Mapping[str, str | Mapping[str, str]]:
    return {name: value for name, value in response.document().items() if value is not None}


def _fields(fields: Difference, parts: tuple[str, ...], templates: TemplateFiles) -> Node:
    if isinstance(fields, PlaceholderText):
        return fields
    tree: Tree = {}
    for name, value in fields.items():
        if isinstance(value, str):
            tree[name] = value
        elif name == "responseTemplates" and value:
            tree[name] = {entry: templates.place(text, parts, entry) for entry, text in value.items()}
        elif value:
            tree[name] = dict(value)
    return tree


def _text(layout: Layout, comments: Iterator[str] | Sequence[str], documents: Sequence[Tree], words: str) -> str:
    head = [f"# yaml-language-server: $schema={layout.schema}", "#"]
    comment_lines = [f"# {emit.escape_unprintable(comment)}" for comment in comments]
    if sum(map(emit.size, documents)) <= parse.MAX_BYTES:
        text = "\n".join([*head, *comment_lines, emit.dump(documents)])
        if len(text) <= parse.MAX_BYTES // 4 or len(text.encode()) <= parse.MAX_BYTES:
            return text
    message = f"the manifest of {words} would be larger than {parse.MAX_BYTES >> 20} MiB"
    raise ReconcilerError(message, "use --template-files, which puts the templates into files of their own")
