"""reconciler review, when it runs."""

from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.output import emit
from reconciler.documents import dumped
from reconciler.documents.review import review_document
from reconciler.engine.review.review import review
from reconciler.engine.review.revisions import sides
from reconciler.errors import ExitCode
from reconciler.git.discovery import Near
from reconciler.views.formats import renderings
from reconciler.views.reports import of_review
from reconciler.views.review import review_report


def run(
    display: DisplayOptions, select: SelectOptions, outputs: tuple[Output, ...], base: str | None, head: str | None
) -> ExitCode:
    """Compare two revisions of the manifests and show the result."""
    asked = request(select)
    before, after, comparison = sides(base, head, Near(asked.paths, asked.config))
    result = review(asked, before, after, comparison)
    texts = renderings(
        lambda: review_report(result.review, result.diagnostics, display.style(), is_told=result.is_told),
        lambda: dumped(review_document(result.review, result.diagnostics, is_told=result.is_told)),
        lambda: of_review(result, select.report_key),
    )
    return emit(outputs, texts, result.exit_code)
