"""render and select: what a client gets for one answer of the backend, offline."""

from dataclasses import dataclass, replace

from reconciler.diagnostics import Location
from reconciler.engine.listed_method import ListedMethod, WantedMethod, find_method
from reconciler.engine.load.request import Request
from reconciler.errors import ExitCode, UsageError
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import ImpossibleBackend, respond
from reconciler.mapping.exchange import Exchange
from reconciler.mapping.rendering import Rendering, TemplateInputs
from reconciler.mapping.template import render as render_text
from reconciler.ports import Files


@dataclass(frozen=True, slots=True)
class AnswerPlaces:
    """Where the selected response is written, where its template is, and where that fails."""

    response: Location | None = None
    template: Location | None = None
    fault: Location | None = None


@dataclass(frozen=True, slots=True)
class RenderedAnswer:
    """What the client gets from a method."""

    method: ListedMethod
    answer: Answer

    @property
    def places(self) -> AnswerPlaces:
        """Where everything that made the answer is written."""
        selected, template, error = self.answer.selected, self.answer.template, self.answer.error
        if not isinstance(selected, str):
            return AnswerPlaces()
        response = self.method.origin(selected)
        if template is None:
            return AnswerPlaces(response)
        place = self.method.template_place(selected, template)
        fault = None
        if error is not None and error.line:
            fault = self.method.template_place(selected, template, error.line, error.column)
        return AnswerPlaces(response, place, fault)

    @property
    def exit_code(self) -> ExitCode:
        """1 when API Gateway answers with an error of its own."""
        return ExitCode.FAILED if self.answer.error else ExitCode.OK


@dataclass(frozen=True, slots=True)
class TemplateRendering:
    """What a template gives; `file` is its name in messages."""

    file: str
    rendering: Rendering

    @property
    def exit_code(self) -> ExitCode:
        """1 when the template fails."""
        return ExitCode.FAILED if self.rendering.fault else ExitCode.OK

    @property
    def fault_location(self) -> Location | None:
        """Where the template fails."""
        fault = self.rendering.fault
        return Location(self.file, fault.line, fault.column) if fault else None


@dataclass(frozen=True, slots=True)
class SelectedResponse:
    """Which response of a method is selected, and why each other one is not."""

    method: ListedMethod
    answer: Answer

    @property
    def exit_code(self) -> ExitCode:
        """1 when no response is selected."""
        return ExitCode.FAILED if self.answer.selected is None else ExitCode.OK


def render(request: Request, files: Files, wanted: WantedMethod, exchange: Exchange) -> RenderedAnswer:
    """Return what the client gets.

    Raises as `find_method`, and UsageError for a backend that the method cannot have.
    """
    method = find_method(request, files, wanted)
    return RenderedAnswer(method, _answer(method, exchange))


def render_template(file: str, text: str, inputs: TemplateInputs) -> TemplateRendering:
    """Render a template; `file` is its name in messages."""
    return TemplateRendering(file, render_text(text, inputs))


def select(request: Request, files: Files, wanted: WantedMethod, exchange: Exchange) -> SelectedResponse:
    """Return which response is selected. Raises as `render`."""
    method = find_method(request, files, wanted)
    return SelectedResponse(method, _answer(method, exchange))


def _answer(method: ListedMethod, exchange: Exchange) -> Answer:
    api = replace(exchange.api, kind=method.desired.manifests[0].kind)
    try:
        return respond(method.responses, replace(exchange, api=api))
    except ImpossibleBackend as impossible:
        raise UsageError(impossible.why, "choose another backend") from impossible
