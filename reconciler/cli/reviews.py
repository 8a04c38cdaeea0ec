"""A review in the formats that the command offers."""

from collections.abc import Callable, Mapping

from reconciler.render.review import review_report
from reconciler.render.style import Style
from reconciler.workflows.review import Reviewed


def review_renderings(found: Reviewed, style: Style) -> Mapping[str, Callable[[], str]]:
    """Each of them, when it is asked for."""
    return {
        "text": lambda: review_report(found.review, found.diagnostics, style, is_told=found.is_told),
    }
