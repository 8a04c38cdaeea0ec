"""The JSON documents that commands print, for programs.

    parts                                       what they have in common
    plan, apply, drift, validation, runs,       the shapes of one command's documents, and how they are built
    review, status, coverage, render, select,
    openapi
    answer                                      what a client gets: the members that renderings and tests have in common
    canonical                                   what makes two plans the same work

The shapes *are* the schemas: `schemas/*.schema.json` are printed from them. Names and meanings never change;
`formatVersion` says when a document gains something. The order of keys is stable, and so is everything else but
`createdAt`. Text for people is made in `reconciler.views`.
"""

from reconciler.documents.apply import (
    ApplyDocument,
    OutcomeDocument,
    Rollback,
    RollbackDocument,
    apply_document,
    outcome_counts,
    published_documents,
    rollback_document,
)
from reconciler.documents.drift import DriftDocument, drift_document
from reconciler.documents.parts import FORMAT_VERSION, diagnostic_document, dumped
from reconciler.documents.plan import PlanDocument, RequestDocument, plan_document
from reconciler.documents.runs import DeploymentDocument, OneRunDocument, PrunedRunsDocument, RunDocument, RunsDocument
from reconciler.documents.validation import ValidationDocument, validation_document

__all__ = [
    "FORMAT_VERSION",
    "ApplyDocument",
    "DeploymentDocument",
    "DriftDocument",
    "OneRunDocument",
    "OutcomeDocument",
    "PlanDocument",
    "PrunedRunsDocument",
    "RequestDocument",
    "Rollback",
    "RollbackDocument",
    "RunDocument",
    "RunsDocument",
    "ValidationDocument",
    "apply_document",
    "diagnostic_document",
    "drift_document",
    "dumped",
    "outcome_counts",
    "plan_document",
    "published_documents",
    "rollback_document",
    "validation_document",
]
