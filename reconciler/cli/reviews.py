"""A review in the formats that the command offers, each made when it is asked for."""

from collections.abc import Callable, Mapping

from reconciler.render.review import review_parts, review_report
from reconciler.render.sections import Report
from reconciler.render.style import Style
from reconciler.workflows.review import Reviewed


def review_renderings(found: Reviewed, key: str, style: Style) -> Mapping[str, Callable[[], str]]:
    """All of them; `key` is the environments that were asked for."""

    def report(of: Style) -> Report:
        return review_parts(found.review, found.diagnostics, of, is_told=found.is_told)

    def as_json() -> str:
        from reconciler.documents import dumped  # noqa: PLC0415 - only what this format needs
        from reconciler.documents.review import review_document  # noqa: PLC0415

        return dumped(review_document(found.review, found.diagnostics, is_told=found.is_told))

    def as_markdown() -> str:
        from reconciler.render.comment import comment  # noqa: PLC0415 - only what this format needs

        return comment("review", key, report)

    def as_html() -> str:
        from reconciler.render.page import page  # noqa: PLC0415 - only what this format needs

        return page("review", key, report(Style(marked=True, full=True)))

    return {
        "text": lambda: review_report(found.review, found.diagnostics, style, is_told=found.is_told),
        "json": as_json,
        "markdown": as_markdown,
        "html": as_html,
    }
