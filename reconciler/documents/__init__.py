"""Plans, applies, drift reports and validations as JSON documents.

Promise: the models here *are* the documents' schemas (`schemas/*.schema.json` are printed from them). They are written
for programs: names and meanings that stand keep standing, `formatVersion` says when they grow. Key order is stable, and
so is everything else but `createdAt`. `canonical` is what makes two plans the same work. Human text is made elsewhere
(`render`).
"""

from reconciler.documents.build import (
    Rollback,
    apply_document,
    diagnostic_document,
    dumped,
    outcome_counts,
    plan_document,
    published_documents,
    rollback_document,
    validation_document,
)
from reconciler.documents.drift import drift_document
from reconciler.documents.models import (
    FORMAT_VERSION,
    ApplyDocument,
    DeploymentDocument,
    DriftDocument,
    OneRunDocument,
    OutcomeDocument,
    PlanDocument,
    RequestDocument,
    RollbackDocument,
    RunDocument,
    RunsDocument,
    ValidationDocument,
)

__all__ = [
    "FORMAT_VERSION",
    "ApplyDocument",
    "DeploymentDocument",
    "DriftDocument",
    "OneRunDocument",
    "OutcomeDocument",
    "PlanDocument",
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
