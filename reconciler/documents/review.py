"""The JSON document of a review: its shapes, and how it is built.

Nothing in it depends on when or where the review ran: equal states give equal documents.
"""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from reconciler import __version__
from reconciler.diagnostics import Diagnostic
from reconciler.documents.effects import EffectsDocument, effects_document
from reconciler.documents.parts import (
    FORMAT_VERSION,
    ChangeDocument,
    DiagnosticDocument,
    FormatVersion,
    JsonDocument,
    SourceDocument,
    State,
    changes_of,
    diagnostic_document,
    source_of,
    state_of,
)
from reconciler.effects import ClientEffects
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.review import ConfigurationChange, MethodReview, Move, PlacedReview, ResponseReview, Review, Setting
from reconciler.review import State as Compared


class ComparedDocument(JsonDocument):
    """One of the two states that were compared."""

    revision: str | None = Field(description="As requested; null for the working tree.")
    commit: str | None = Field(description="Null for the working tree.")
    is_fork: bool = Field(description="Whether the commit is the merge base with the revision.")


class ReviewSummary(JsonDocument):
    """Counts of responses; one counts once, in however many environments the same becomes of it."""

    create: int
    update: int
    delete: int
    release: int = Field(description="No longer managed: they stay in AWS as they are.")
    unchanged: int


class MethodDocument(JsonDocument):
    """A method of a REST API, or an integration of a WebSocket API: what does not apply is null."""

    path: str | None
    method: str | None
    route_key: str | None
    integration_id: str | None


class ReviewedResponse(JsonDocument):
    """One response whose desired state differs."""

    address: str
    effect: Literal["create", "update", "delete", "release"]
    note: str
    manifest: str
    method: MethodDocument
    code: str = Field(description="Status code, or integration response key.")
    before: State | None
    after: State | None
    changes: list[ChangeDocument]
    source: SourceDocument | None
    set: str | None = Field(description="The response set that declares it.")


class ReviewedMethod(JsonDocument):
    """A method that is listed from now on, or no more."""

    manifest: str
    method: MethodDocument
    listing: Literal["listed", "released"]
    prune: bool = Field(description="Whether live responses that are not listed are, or were, deleted.")


class MoveDocument(JsonDocument):
    """A selection pattern, "" for what no pattern matches, that selects another status than it did."""

    manifest: str
    method: MethodDocument
    pattern: str
    before: str | None
    after: str | None


class SettingDocument(JsonDocument):
    """A setting of how responses are looked after; `subject` is a method or response, null for the whole API."""

    manifest: str
    subject: str | None
    name: str
    before: str
    after: str


class ReviewedApi(JsonDocument):
    """An API in an environment; those about which nothing changed are left out."""

    environment: str | None
    configuration: str | None
    kind: Literal["RestApi", "WebSocketApi"]
    api: str = Field(description="As the manifests address it in this environment: by id or by name.")
    manifests: list[str]
    is_new: bool = Field(description="No manifest addressed it at base.")
    is_gone: bool = Field(description="No manifest addresses it at head.")
    instead_of: str | None = Field(description="The API that a manifest of the same name addressed at base.")
    responses: list[ReviewedResponse]
    methods: list[ReviewedMethod]
    moves: list[MoveDocument]
    settings: list[SettingDocument]


class ConfigurationDocument(JsonDocument):
    """One value of a configuration that differs."""

    file: str
    environment: str | None
    name: str
    before: str
    after: str


class ReviewDocument(JsonDocument):
    """What `review --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Review"]
    tool_version: str
    base: ComparedDocument
    head: ComparedDocument
    compared: bool = Field(description="False if errors at head prevented the comparison.")
    environments: list[str]
    summary: ReviewSummary
    apis: list[ReviewedApi]
    configuration: list[ConfigurationDocument]
    diagnostics: list[DiagnosticDocument]
    effects: EffectsDocument | None = Field(default=None, description="With --show-effect: what clients get.")


def review_document(
    review: Review,
    diagnostics: Iterable[Diagnostic],
    *,
    is_compared: bool,
    effects: ClientEffects | None = None,
) -> ReviewDocument:
    """Return a review, with the problems of the manifests."""
    counts = review.counts
    return ReviewDocument(
        format_version=FORMAT_VERSION,
        kind="Review",
        tool_version=__version__,
        base=_compared(review.base),
        head=_compared(review.head),
        compared=is_compared,
        environments=list(review.environments),
        summary=ReviewSummary(
            create=counts.create,
            update=counts.update,
            delete=counts.delete,
            release=counts.release,
            unchanged=counts.unchanged,
        ),
        apis=[_api(api) for api in review.changed],
        configuration=[_configuration(change) for change in review.configuration],
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
        effects=effects_document(effects),
    )


def _compared(state: Compared) -> ComparedDocument:
    return ComparedDocument(revision=state.revision, commit=state.commit, is_fork=state.is_fork)


def _api(api: PlacedReview) -> ReviewedApi:
    return ReviewedApi(
        environment=api.place.environment,
        configuration=api.place.file or None,
        kind=api.place.kind.value,
        api=api.place.api,
        manifests=list(api.review.manifests),
        is_new=api.is_new,
        is_gone=api.is_gone,
        instead_of=api.instead_of or None,
        responses=[_response(response) for response in api.review.responses],
        methods=[_listing(method) for method in api.review.methods],
        moves=[_move(move) for move in api.review.moves],
        settings=[_setting(setting) for setting in api.review.settings],
    )


def _response(response: ResponseReview) -> ReviewedResponse:
    change = response.change
    return ReviewedResponse(
        address=response.address,
        effect=response.effect.value,
        note=response.note,
        manifest=response.manifest,
        method=_method(response.key.scope),
        code=response.key.code,
        before=state_of(change.before) if change.before else None,
        after=state_of(change.after) if change.after else None,
        changes=changes_of(change.fields),
        source=source_of(response.source),
        set=response.set or None,
    )


def _method(scope: Scope) -> MethodDocument:
    match scope:
        case MethodKey(path, method):
            return MethodDocument(path=path, method=method, route_key=None, integration_id=None)
        case IntegrationKey(route, identifier):
            return MethodDocument(path=None, method=None, route_key=route or None, integration_id=identifier or None)


def _listing(method: MethodReview) -> ReviewedMethod:
    return ReviewedMethod(
        manifest=method.manifest, method=_method(method.scope), listing=method.listing.value, prune=method.prune
    )


def _move(move: Move) -> MoveDocument:
    return MoveDocument(
        manifest=move.manifest, method=_method(move.scope), pattern=move.pattern, before=move.before, after=move.after
    )


def _setting(setting: Setting) -> SettingDocument:
    return SettingDocument(
        manifest=setting.manifest,
        subject=setting.subject or None,
        name=setting.name,
        before=setting.before,
        after=setting.after,
    )


def _configuration(change: ConfigurationChange) -> ConfigurationDocument:
    return ConfigurationDocument(
        file=change.file, environment=change.environment, name=change.name, before=change.before, after=change.after
    )
