"""reconciler review."""

from typing import TYPE_CHECKING

import click

from reconciler.cli.helping import Grouped
from reconciler.cli.options import Common, printing
from reconciler.cli.output import FORMATS, Output, emit, formatting
from reconciler.cli.scoping import Scope, scoping

if TYPE_CHECKING:
    from reconciler.cli.formats import Telling


@click.command("review", cls=Grouped, short_help="Show what a change of the manifests does; offline, from git.")
@click.option("--base", metavar="REV", help="Compare with where head left this git revision; default: the main branch.")
@click.option("--head", metavar="REV", help="What to compare; default: the working tree.")
@formatting(*FORMATS)
@scoping(reading=False)
@printing
def command(common: Common, scope: Scope, outputs: tuple[Output, ...], base: str | None, head: str | None) -> int:
    """Compare what the manifests want now with what they wanted, response by response, in every environment.

    Asks AWS nothing. Sets, variables, overlays and template files are followed; a mere reformatting shows nothing.
    """
    from reconciler.cli.asking import request  # noqa: PLC0415 - only what this command needs, when it runs
    from reconciler.cli.formats import renderings  # noqa: PLC0415
    from reconciler.manifest.discovery import Near  # noqa: PLC0415
    from reconciler.workflows.review import review  # noqa: PLC0415
    from reconciler.workflows.revisions import sides  # noqa: PLC0415

    asked = request(common, scope)
    before, after, said = sides(base, head, Near(asked.paths, asked.config))
    found = review(asked, before, after, said)

    def as_text() -> str:
        from reconciler.render.review import review_report  # noqa: PLC0415 - only what this format needs

        return review_report(found.review, found.diagnostics, common.style(), is_told=found.is_told)

    def as_json() -> str:
        from reconciler.documents import dumped  # noqa: PLC0415 - only what this format needs
        from reconciler.documents.review import review_document  # noqa: PLC0415

        return dumped(review_document(found.review, found.diagnostics, is_told=found.is_told))

    def told() -> "Telling":
        from reconciler.cli.telling import of_review  # noqa: PLC0415 - only what other formats need

        return of_review(found, scope.key)

    return emit(outputs, renderings(as_text, as_json, told), found.exit_code)
