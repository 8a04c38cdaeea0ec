"""What clients get before and after a change, as JSON: its shapes, and how they are built."""

from pydantic import Field

from reconciler.documents.answer import AnswerMembers, answer_members
from reconciler.documents.parts import JsonDocument, SourceDocument, source_of
from reconciler.effects import ClientEffect, ClientEffects
from reconciler.mapping.answer.changes import AnswerChange


class AnswerChangeDocument(JsonDocument):
    """One value that clients get."""

    path: str = Field(description="`status`, `headers.NAME`, `body`, or within a JSON body `body.items[0].id`.")
    before: str | None = Field(description="Values within a JSON body are JSON; null: there is no such value.")
    after: str | None
    breaking: str | None = Field(description="Why it may break clients; null if it does not have to.")


class EffectDocument(JsonDocument):
    """What the client of one response test gets before and after."""

    test: str = Field(description="The names of the document and of the test.")
    manifest: str
    method: str
    environment: str | None
    breaking: bool = Field(description="Whether any of the changes may break clients.")
    before: AnswerMembers
    after: AnswerMembers
    changes: list[AnswerChangeDocument]
    source: SourceDocument | None = Field(description="Where the test is written.")


class EffectsDocument(JsonDocument):
    """What response tests show of a change."""

    tests: int = Field(description="The tests of the changed methods, each counted once.")
    breaking: int = Field(description="The effects that may break clients.")
    effects: list[EffectDocument] = Field(description="Of the tests whose answer changes.")
    untested: list[str] = Field(description="The changed responses that no test selects.")


def effects_document(effects: ClientEffects | None) -> EffectsDocument | None:
    """Return the effects of a change; None if they were not asked for."""
    if effects is None:
        return None
    return EffectsDocument(
        tests=effects.tests,
        breaking=len(effects.breaking),
        effects=[_effect(effect) for effect in effects.effects],
        untested=list(effects.untested),
    )


def _effect(effect: ClientEffect) -> EffectDocument:
    return EffectDocument(
        test=effect.test,
        manifest=effect.manifest,
        method=str(effect.scope),
        environment=effect.environment,
        breaking=bool(effect.breaking),
        before=AnswerMembers(**answer_members(effect.before)),
        after=AnswerMembers(**answer_members(effect.after)),
        changes=[_change(change) for change in effect.changes],
        source=source_of(effect.source),
    )


def _change(change: AnswerChange) -> AnswerChangeDocument:
    return AnswerChangeDocument(
        path=change.path, before=change.before, after=change.after, breaking=change.breaks or None
    )
