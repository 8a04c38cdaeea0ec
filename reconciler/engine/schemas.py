"""JSON Schemas by name: those in `schemas/`, which `reconciler schema` prints."""

import json
from typing import Final

from pydantic import BaseModel

from reconciler.config import json_schema
from reconciler.documents import (
    ApplyDocument,
    DriftDocument,
    OneRunDocument,
    PlanDocument,
    PrunedRunsDocument,
    RollbackDocument,
    RunsDocument,
    ValidationDocument,
)
from reconciler.documents.coverage import ApiCoverageDocument
from reconciler.documents.explain import ExplanationDocument
from reconciler.documents.notification import NotificationDocument
from reconciler.documents.openapi import OpenApiDocument
from reconciler.documents.render import AnswerDocument, RenderingDocument
from reconciler.documents.review import ReviewDocument
from reconciler.documents.select import SelectionDocument
from reconciler.documents.status import StatusDocument
from reconciler.documents.test_report import TestReportDocument
from reconciler.manifest.schema import json_schema as manifest_schema

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_DOCUMENTS: Final[dict[str, type[BaseModel]]] = {
    "plan": PlanDocument,
    "apply": ApplyDocument,
    "drift": DriftDocument,
    "coverage": ApiCoverageDocument,
    "notification": NotificationDocument,
    "status": StatusDocument,
    "validation": ValidationDocument,
    "review": ReviewDocument,
    "rollback": RollbackDocument,
    "runs": RunsDocument,
    "run": OneRunDocument,
    "pruned-runs": PrunedRunsDocument,
    "answer": AnswerDocument,
    "rendering": RenderingDocument,
    "selection": SelectionDocument,
    "test-report": TestReportDocument,
    "openapi-update": OpenApiDocument,
    "explanation": ExplanationDocument,
}

_FILES: Final = {"manifest": manifest_schema.schema_text, "config": json_schema.schema_text}

NAMES: Final = (*_FILES, *_DOCUMENTS)


def schema_text(name: str) -> str:
    """Return the schema as it is in its file."""
    if name in _FILES:
        return _FILES[name]()
    generated = _DOCUMENTS[name].model_json_schema(mode="serialization")
    return json.dumps({"$schema": _DIALECT, **generated}, indent=2) + "\n"
