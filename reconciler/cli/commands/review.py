"""reconciler review."""

from typing import TYPE_CHECKING

import click

from reconciler.cli.options.common import CommonOptions, printing
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import FORMATS, Output, emit, formatting

if TYPE_CHECKING:
    from reconciler.views.formats import View


@click.command("review", cls=Grouped, short_help="Show what a change of the manifests does; offline, from git.")
@click.option("--base", metavar="REV", help="Compare with where head left this git revision; default: the main branch.")
@click.option("--head", metavar="REV", help="What to compare; default: the working tree.")
@formatting(*FORMATS)
@scoping(reading=False)
@printing
def command(
    common: CommonOptions, scope: SelectOptions, outputs: tuple[Output, ...], base: str | None, head: str | None
) -> int:
    """Compare what the manifests want now with what they wanted, response by response, in every environment.

    Asks AWS nothing. Sets, variables, overlays and template files are followed; a mere reformatting shows nothing.
    """
    from reconciler.cli.options.request import request  # noqa: PLC0415 - only what this command needs, when it runs
    from reconciler.engine.review.review import review  # noqa: PLC0415
    from reconciler.engine.review.revisions import open_sides  # noqa: PLC0415
    from reconciler.git.discovery import Near  # noqa: PLC0415
    from reconciler.views.formats import renderings  # noqa: PLC0415

    asked = request(common, scope)
    before, after, said = open_sides(base, head, Near(asked.paths, asked.config))
    found = review(asked, before, after, said)

    def as_text() -> str:
        from reconciler.views.review import review_report  # noqa: PLC0415 - only what this format needs

        return review_report(found.review, found.diagnostics, common.style(), is_compared=found.is_compared)

    def as_json() -> str:
        from reconciler.documents import dumped  # noqa: PLC0415 - only what this format needs
        from reconciler.documents.review import review_document  # noqa: PLC0415

        return dumped(review_document(found.review, found.diagnostics, is_compared=found.is_compared))

    def told() -> "View":
        from reconciler.views.reports import of_review  # noqa: PLC0415 - only what other formats need

        return of_review(found, scope.key)

    return emit(outputs, renderings(as_text, as_json, told), found.exit_code)
