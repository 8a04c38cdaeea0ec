"""APIs as they are, as manifests that declare just that.

Promise: loaded and resolved, what is written here is what was read: a plan on it is empty. What no manifest can say is
left out, method by method, and told (`expressible`). Paths, verbs and statuses are in order and nothing depends on the
time, so that the same state gives the same bytes. Fields that AWS merely has defaults for are not written. Pure: files
are values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.errors import ReconcilerError
from reconciler.manifest.expressible import obstacle
from reconciler.manifest.shared_sets import Content, SharedSet, SharedSets, User, share
from reconciler.manifest.template_files import TemplateFiles
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveScope
from reconciler.models.responses import Response
from reconciler.models.targets import ApiRef, Kind
from reconciler.yamlio import emit, parse
from reconciler.yamlio.emit import Commented, Node, flow_list, flow_map
from reconciler.yamlio.scalars import writable_key

SETS_NAME: Final = "response-sets"
"""The file of the sets, without `.yaml`: no manifest may be named so."""

SCHEMA: Final = "../schemas/manifest.schema.json"

_VERSION: Final = "reconciler/v1"

Tree: TypeAlias = dict[str, Node]


@dataclass(frozen=True, slots=True)
class Subject:
    """An API to be written down: the name of its manifest and file, how the manifest is to address it, its state."""

    name: str
    ref: ApiRef
    live: LiveApi

    @property
    def words(self) -> str:
        """What it is, for people."""
        target = self.live.target
        return f"{target.kind.words} {target.api_name or ''} ({target.api_id})"

    def contents(self) -> dict[Scope, LiveScope]:
        """The methods that have responses, in order."""
        return {scope: method for scope, method in sorted(self.live.methods.items(), key=_order) if method.responses}


def _order(item: tuple[Scope, LiveScope]) -> tuple[str, str]:
    scope = item[0]
    return (scope.path, scope.method) if isinstance(scope, MethodKey) else (scope.route, scope.id)


@dataclass(frozen=True, slots=True)
class Layout:
    """How it is to be written. `schema`: where the JSON Schema is, seen from the manifests; for editors."""

    schema: str = SCHEMA
    template_files: bool = False
    extract_sets: bool = False


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A manifest of an API, and how much it lists."""

    name: str
    text: str
    subject: Subject
    methods: int
    responses: int


@dataclass(frozen=True, slots=True)
class SetsFile:
    """All response sets."""

    name: str
    text: str
    sets: int


@dataclass(frozen=True, slots=True)
class WrittenTemplate:
    """A mapping template."""

    name: str
    text: str


File: TypeAlias = ManifestFile | SetsFile | WrittenTemplate


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A method that is not listed, because no manifest can say what it holds."""

    subject: Subject
    scope: Scope
    reason: str


@dataclass(frozen=True, slots=True)
class WrittenManifests:
    """Files by name, relative to the folder that they are for, and what is in none of them."""

    files: tuple[File, ...]
    left_out: tuple[LeftOut, ...]


def write(subjects: Sequence[Subject], layout: Layout) -> WrittenManifests:
    """A manifest for each API, its template files, and the sets. Raises ReconcilerError for one beyond all measure."""
    left_out = [
        LeftOut(subject, scope, reason)
        for subject in subjects
        for scope, method in subject.contents().items()
        if (reason := obstacle(scope, method.responses))
    ]
    sharing = _shared(subjects, left_out) if layout.extract_sets else SharedSets()
    files: list[File] = []
    for subject in subjects:
        files += _Manifest(subject, layout, sharing, [one for one in left_out if one.subject is subject]).files()
    if sharing.sets:
        files += _sets(sharing.sets, layout)
    return WrittenManifests(tuple(files), tuple(left_out))


def _shared(subjects: Sequence[Subject], left_out: Sequence[LeftOut]) -> SharedSets:
    """Without proxy integrations: sets do not apply to these."""
    lost = {(one.subject.live.target.api_id, one.scope) for one in left_out}
    methods: dict[Kind, dict[User, Content]] = {kind: {} for kind in Kind}
    for subject in subjects:
        target = subject.live.target
        for scope, method in subject.contents().items():
            if not method.is_proxy and (target.api_id, scope) not in lost:
                methods[target.kind][target.api_id, scope] = method.responses
    return share(methods)


class _Manifest:
    """One manifest in the making."""

    def __init__(self, subject: Subject, layout: Layout, sharing: SharedSets, left_out: Sequence[LeftOut]) -> None:
        self._subject = subject
        self._layout = layout
        self._sharing = sharing
        self._left_out = left_out
        self._templates = TemplateFiles(f"templates/{subject.name}", every_long=layout.template_files)

    def files(self) -> Iterator[File]:
        """The manifest and its templates."""
        lost = {one.scope for one in self._left_out}
        methods = {scope: method for scope, method in self._subject.contents().items() if scope not in lost}
        text = _text(self._layout, self._comments(), [self._document(methods)], self._subject.words)
        count = sum(len(method.responses) for method in methods.values())
        yield ManifestFile(f"{self._subject.name}.yaml", text, self._subject, len(methods), count)
        yield from _template_files(self._templates)

    def _comments(self) -> Iterator[str]:
        target = self._subject.live.target
        yield f"The draft of {self._subject.words} in account {target.account_id}, {target.region}, as exported."
        for one in self._left_out:
            yield f"Omitted: {one.scope}: {one.reason}."

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
                paths.setdefault(scope.path, {})[scope.method] = Commented(comments, node)
        return {"resources": paths}

    def _integrations(self, methods: Mapping[Scope, LiveScope]) -> Tree:
        """By the first route that leads to an integration, else by its id."""
        routes: Tree = {}
        by_id: list[Tree] = []
        for scope, integration in methods.items():
            if not isinstance(integration, LiveIntegration):
                continue
            keys = [route for route in integration.routes if writable_key(route)]
            name = (keys or [integration.integration_id])[0]
            node = self._listed(scope, integration, (name,))
            if keys:
                comments = [f"Also the target of {route}." for route in integration.routes if route != name]
                routes[name] = Commented(comments, node)
            else:
                by_id.append({"id": integration.integration_id, **node})
        listing: Tree = {"routes": routes}
        if by_id:
            listing["integrations"] = tuple(by_id)
        return listing

    def _listed(self, scope: Scope, method: LiveScope, parts: tuple[str, ...]) -> Tree:
        user = (self._subject.live.target.api_id, scope)
        sets = self._sharing.uses.get(user, ())
        use: Tree = {"use": flow_list(one.name for one in sets)} if sets else {}
        own = self._sharing.own(user, method.responses)
        if use and not own:
            return use
        return {**use, "responses": _responses(own, parts, self._templates)}


def _sets(sets: Sequence[SharedSet], layout: Layout) -> Iterator[File]:
    templates = TemplateFiles(f"templates/{SETS_NAME}", every_long=layout.template_files)
    documents = [
        _document(
            "ResponseSet",
            one.name,
            {"for": one.kind.value, "responses": _responses(one.responses, (one.name,), templates)},
        )
        for one in sets
    ]
    comments = [
        "Responses that several methods share, as exported. A change here changes every method that uses the set."
    ]
    yield SetsFile(f"{SETS_NAME}.yaml", _text(layout, comments, documents, "the response sets"), len(sets))
    yield from _template_files(templates)


def _template_files(templates: TemplateFiles) -> Iterator[File]:
    return (WrittenTemplate(name, text) for name, text in templates.contents.items())


def _document(kind: str, name: str, spec: Tree) -> Tree:
    return {"apiVersion": _VERSION, "kind": str(kind), "metadata": flow_map({"name": name}), "spec": spec}


def _responses(responses: Content, parts: tuple[str, ...], templates: TemplateFiles) -> Tree:
    return {code: _response(one, (*parts, code), templates) for code, one in sorted(responses.items())}


def _response(response: Response, parts: tuple[str, ...], templates: TemplateFiles) -> Tree:
    tree: Tree = {}
    for name, value in response.document().items():
        if isinstance(value, str):
            tree[name] = value
        elif name == "responseTemplates" and value:
            tree[name] = {entry: templates.placed(text, parts, entry) for entry, text in value.items()}
        elif value:
            tree[name] = dict(value)
    return tree


def _text(layout: Layout, comments: Iterator[str] | Sequence[str], documents: Sequence[Tree], words: str) -> str:
    head = [f"# yaml-language-server: $schema={layout.schema}", "#"]
    told = [f"# {emit.harmless(comment)}" for comment in comments]
    if sum(map(emit.size, documents)) <= parse.MAX_BYTES:
        text = "\n".join([*head, *told, emit.written(documents)])
        if len(text) <= parse.MAX_BYTES // 4 or len(text.encode()) <= parse.MAX_BYTES:
            return text
    message = f"the manifest of {words} would be larger than {parse.MAX_BYTES >> 20} MiB"
    raise ReconcilerError(message, "move the templates to files with --template-files")
