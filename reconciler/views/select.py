"""select: which response is selected for an answer of the backend, and why each other one is not."""

from collections.abc import Iterator

from reconciler.engine.listed_method import ListedMethod
from reconciler.engine.render import SelectedResponse
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.rendering import Unknown
from reconciler.render.style import Style, Tone, file_line, printable
from reconciler.views.view import Renderings


def select_view(result: SelectedResponse, style: Style) -> Renderings:
    """Offer a selection as text and JSON."""
    return {"text": lambda: select_text(result, style), "json": lambda: select_json(result)}


def select_json(result: SelectedResponse) -> str:
    """Return a selection for programs."""
    from reconciler.documents.answer import AnsweringMethod  # noqa: PLC0415 - only JSON needs it
    from reconciler.documents.parts import dumped  # noqa: PLC0415
    from reconciler.documents.select import selection_document  # noqa: PLC0415

    method = result.method
    name = AnsweringMethod(method.manifest, str(method.scope), method.environments)
    return dumped(selection_document(result.answer, name, method.origin))


def select_text(result: SelectedResponse, style: Style) -> str:
    """Return every response with the reason, and what is selected; when quiet, only the last line."""
    lines = [] if style.quiet else [*considered_lines(result.method, result.answer, style), ""]
    return "\n".join([*lines, _summary(result.answer, style)])


def considered_lines(method: ListedMethod, answer: Answer, style: Style) -> Iterator[str]:
    """Yield the heading of a method, and for each response why it is selected or not, and where it is written."""
    environments = f" ({', '.join(method.environments)})" if method.environments else ""
    yield style.paint(printable(f"{method.address}{environments}"), "strong")
    width = max((len(printable(considered.key)) for considered in answer.considered), default=0)
    for considered in answer.considered:
        sign = "*" if considered.is_selected else "-"
        tone: Tone = "good" if considered.is_selected else "faint"
        key = style.paint(f"{sign} {printable(considered.key):<{width}}", tone)
        origin = method.origin(considered.key)
        yield f"  {key}  {printable(considered.why)}"
        if origin:
            yield f"  {'':{width + 2}}  {style.paint(file_line(origin), 'faint')}"


def _summary(answer: Answer, style: Style) -> str:
    match answer.selected:
        case Unknown(why):
            return f"{style.paint('Unknown', 'warning')}: {printable(why)}."
        case None:
            why = f": {printable(answer.error.why)}" if answer.error else ""
            return f"{style.paint('Selected: none', 'error')}. API Gateway answers 500{why}."
        case key:
            return f"{style.paint('Selected', 'good')}: {printable(key)}."
