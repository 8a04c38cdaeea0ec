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
from reconciler.manifest.template_files import TemplateFiles
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveScope
from reconciler.models.responses import Response
from reconciler.models.targets import ApiRef, Kind
from reconciler.yamlio import emit, parse
from reconciler.yamlio.emit import CommentedNode, Node, flow_list, flow_map
from reconciler.yamlio.scalars import is_writable_key

SETS_NAME: Final = "response-sets"
"""The file of the sets, without `.yaml`; no manifest may have this name."""

SCHEMA: Final = "../schemas/manifest.schema.json"

_VERSION: Final = "reconciler/v1"

Tree: TypeAlias = dict[str, Node]


@dataclass(frozen=True, slots=True)
class Subject:
    """An API to write: the name of its manifest and file, its reference in the manifest, and its state.

    `origin` says in the first comment where the state comes from, if it is not the draft.
    """

    name: str
    ref: ApiRef
    live: LiveApi
    origin: str = ""

    @property
    def words(self) -> str:
        """Its kind, name and id, for people."""
        target = self.live.target
        return f"{target.kind.words} {target.api_name or ''} ({target.api_id})"

    def contents(self) -> dict[Scope, LiveScope]:
        """Return the methods that have responses, in order."""
        return {
            scope: method for scope, method in sorted(self.live.methods.items(), key=_scope_order) if method.responses
        }


def _scope_order(item: tuple[Scope, LiveScope]) -> tuple[str, str]:
    scope = item[0]
    return (scope.path, scope.method) if isinstance(scope, MethodKey) else (scope.route, scope.id)


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


File: TypeAlias = ManifestFile | SetsFile | WrittenTemplate


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
    excluded = {(method.subject.live.target.api_id, method.scope) for method in omitted}
    methods: dict[Kind, dict[User, Content]] = {kind: {} for kind in Kind}
    for subject in subjects:
        target = subject.live.target
        for scope, method in subject.contents().items():
            if not method.is_proxy and (target.api_id, scope) not in excluded:
                methods[target.kind][target.api_id, scope] = method.responses
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
        target = self._subject.live.target
        draft = f"The draft of {self._subject.words} in account {target.account_id}, {target.region}, as exported."
        yield self._subject.origin or draft
        for method in self._omitted:
            yield f"Left out: {method.scope}: {method.reason}."

    def _document(self, methods: Mapping[Scope, LiveScope]) -> Tree:
        subject = self._subject
        address = {"id": subject.ref.id} if subject.ref.id else {"name": subject.ref.name or ""}
        kind = subject.live.target.kind
        listing = self._resources(methods) if kind is Kind.REST_API else self._integrations(methods)
        return _document(kind, subject.name, {"api": flow_map(address), **listing})

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
        user = (self._subject.live.target.api_id, scope)
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


def _document(kind: str, name: str, spec: Tree) -> Tree:
    return {"apiVersion": _VERSION, "kind": str(kind), "metadata": flow_map({"name": name}), "spec": spec}


def _responses(responses: Content, parts: tuple[str, ...], templates: TemplateFiles) -> Tree:
    return {code: _response(response, (*parts, code), templates) for code, response in sorted(responses.items())}


def _response(response: Response, parts: tuple[str, ...], templates: TemplateFiles) -> Tree:
    tree: Tree = {}
    for name, value in response.document().items():
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
