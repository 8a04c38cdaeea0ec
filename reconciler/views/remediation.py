"""What a drift run did about the drift, as lines of its report."""

from collections.abc import Iterator

from reconciler.fleet.remediation import Remediation
from reconciler.render.style import Style, plural, printable
from reconciler.views.targets import site_name


def remediation_lines(remediation: Remediation | None, style: Style) -> Iterator[str]:
    """Yield what was restored, how to undo it, and what was not written and why."""
    if remediation is None:
        return
    if remediation.written:
        wrote = f"wrote {plural(remediation.written, 'response')}, run {printable(remediation.run)}"
        apis = f"{plural(len(remediation.restored), 'API')} matching the manifests again"
        yield f"{style.paint('Remediated', 'good')}: {wrote}; {apis}. To undo it: {printable(remediation.undo)}"
    for refusal in remediation.refusals:
        yield f"{style.paint('Not remediated', 'error')}: {printable(refusal)}"
    for left in remediation.left:
        subject = f"{', '.join(left.manifests)} ({site_name(left.target)})"
        yield f"{style.paint('Not remediated', 'warning')}: {printable(subject)}: {printable(left.reason)}"
