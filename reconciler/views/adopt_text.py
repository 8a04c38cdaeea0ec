"""What an adopt says of itself."""

from collections.abc import Iterator

from reconciler.diagnostics import Diagnostic, error
from reconciler.engine.adopt.adopt import Adopted
from reconciler.engine.adopt.proposal import Left
from reconciler.render.style import Style
from reconciler.rules import RunRule
from reconciler.views.adopt import AdoptText, LeftText, adopt_report
from reconciler.views.plan import site_name


def adopt_text(made: Adopted, style: Style) -> str:
    """What became of the findings."""
    proposal = made.proposal
    left = [
        LeftText(one.found.finding.address, one.field, one.reason, one.by_choice, _site(one)) for one in proposal.left
    ]
    text = AdoptText(len(proposal.adopted), len(proposal.rewrites), left, made.written)
    return adopt_report(text, tuple(_problems(made)), style)


def _site(one: Left) -> str:
    target = one.found.read.live.target
    return site_name(target) if target.environment else ""


def _problems(made: Adopted) -> Iterator[Diagnostic]:
    yield from made.diagnostics
    yield from (one.diagnostic for one in made.unread)
    if made.failure:
        yield error(RunRule.NOT_WRITTEN, made.failure.message, made.failure.remedy)
