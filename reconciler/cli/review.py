"""reconciler review."""

from typing import Final

import click

from reconciler.cli.options import Common, printing
from reconciler.cli.output import Output, emit, formatting
from reconciler.cli.scoping import Scope, scoping

FORMATS: Final = ("text", "json", "markdown", "html")


@click.command("review", short_help="Show what a change of the manifests does; offline, from git.")
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
    from reconciler.cli.reviews import review_renderings  # noqa: PLC0415
    from reconciler.workflows.review import review  # noqa: PLC0415
    from reconciler.workflows.revisions import sides  # noqa: PLC0415

    asked = request(common, scope)
    before, after, said = sides(base, head, asked.paths[0] if asked.paths else asked.config)
    found = review(asked, before, after, said)
    return emit(outputs, review_renderings(found, scope.key, common.style()), found.exit_code)
