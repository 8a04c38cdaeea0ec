"""reconciler review."""

import click

from reconciler.cli.options.common import CommonOptions, printing
from reconciler.cli.options.select import SelectOptions, scoping
from reconciler.cli.terminal.help import Grouped
from reconciler.cli.terminal.output import FORMATS, Output, emit, formatting


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
    from reconciler.engine.review.revisions import sides  # noqa: PLC0415
    from reconciler.git.discovery import Near  # noqa: PLC0415
    from reconciler.views.review import review_view  # noqa: PLC0415

    asked = request(common, scope)
    before, after, said = sides(base, head, Near(asked.paths, asked.config))
    result = review(asked, before, after, said)
    return emit(outputs, review_view(result, scope.key, common.style()), result.exit_code)
