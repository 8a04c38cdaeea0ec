"""reconciler review, when it runs."""

from dataclasses import replace

from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.output import emit
from reconciler.engine.review.review import review
from reconciler.engine.review.revisions import open_sides
from reconciler.errors import ExitCode
from reconciler.git.discovery import RepositorySearch
from reconciler.views.review import review_view


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    select: SelectOptions,
    outputs: tuple[Output, ...],
    base: str | None,
    head: str | None,
    show_effect: bool,
) -> ExitCode:
    """Compare two revisions of the manifests and show the result."""
    load_request = replace(request(select), shows_effect=show_effect)
    before, after, comparison = open_sides(base, head, RepositorySearch(load_request.paths, load_request.config))
    result = review(load_request, before, after, comparison)
    return emit(outputs, review_view(result, select.report_key, display.style()), result.exit_code)
