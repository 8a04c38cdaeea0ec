"""Reading: a report is read back as the drift that it reports."""

import json

from hypothesis import given, settings

from reconciler.documents.drift import DriftDocument
from reconciler.engine.drift.reading import drift_of
from reconciler.engine.drift.result import Drift
from reconciler.engine.result_documents import document_of_drift
from reconciler.render.style import Style
from reconciler.views.drift import drift_view
from support.drifts import drifts

LOOSE = Style(full=True)


@given(drifts())
def test_the_report_of_what_was_read_is_the_same(drift: Drift) -> None:
    """Whatever a run finds, and whatever is known besides."""
    document = document_of_drift(drift)
    read = DriftDocument.model_validate(json.loads(document.model_dump_json(by_alias=True)), strict=True)

    assert document_of_drift(drift_of(read)) == document


@settings(max_examples=20)
@given(drifts())
def test_every_format_but_junit_is_the_same(drift: Drift) -> None:
    """Text, Markdown, SARIF and the others say the same of what was read; JUnit has no names of what is in sync."""
    views = drift_view(drift, "prod", LOOSE), drift_view(drift_of(document_of_drift(drift)), "prod", LOOSE)

    for name in views[0].keys() - {"junit"}:
        assert views[0][name]() == views[1][name]()
