"""reconciler render, when it runs."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reconciler.cli.exchange import backend_answer, inputs_of, problems_shown, wanted_method
from reconciler.cli.options.backend import BackendOptions, ClientOptions, MethodOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.input_files import InputFiles, RecordingDisk, check_files
from reconciler.cli.terminal.output import emit, say, write_exactly
from reconciler.cli.terminal.watch import watch as watched
from reconciler.engine import call_inputs
from reconciler.engine.render import RenderedTemplate, render_template
from reconciler.engine.render import render as rendered
from reconciler.errors import ExitCode, ReconcilerError, UsageError
from reconciler.mapping.exchange import ApiFacts, Exchange
from reconciler.render.style import printable
from reconciler.views.render import answer_view, template_json, template_notes


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    select: SelectOptions,
    outputs: tuple[Output, ...],
    method: MethodOptions,
    template: str | None,
    backend: BackendOptions,
    client: ClientOptions,
    watch: bool,
) -> ExitCode:
    """Render an answer or a template, once or after each change of a file."""
    check_files({"--template": template, **backend.files, **client.files})
    files = InputFiles()
    work: Callable[[], ExitCode]
    if template is None:
        wanted_method(method)  # fails before a file is read
        backend.check()
        work = _AnswerWork(display, select, outputs, method, backend, client, files).run
    else:
        _check_alone(select, method, backend, client)
        work = _TemplateWork(template, backend.body, client, outputs, files).run
    return watched(lambda: _errors_shown(work), lambda: files.names) if watch else problems_shown(work)


@dataclass(frozen=True, slots=True)
class _AnswerWork:
    """Renders what a client gets from a method."""

    display: DisplayOptions
    select: SelectOptions
    outputs: tuple[Output, ...]
    method: MethodOptions
    backend: BackendOptions
    client: ClientOptions
    files: InputFiles

    def run(self) -> ExitCode:
        """Read the files, and show the answer."""
        disk = RecordingDisk(self.files.names)
        result = rendered(request(self.select), disk, wanted_method(self.method), self._exchange())
        return emit(self.outputs, answer_view(result, self.display.style()), result.exit_code)

    def _exchange(self) -> Exchange:
        inputs = inputs_of(self.client, self.files)
        return Exchange(
            backend_answer(self.backend, self.files),
            inputs.request,
            inputs.context,
            inputs.stage_variables,
            inputs.state,
            ApiFacts(binary_media_types=self.client.binary_media_types),
        )


@dataclass(frozen=True, slots=True)
class _TemplateWork:
    """Renders a template alone."""

    template: str
    body: str | None
    client: ClientOptions
    outputs: tuple[Output, ...]
    files: InputFiles

    def run(self) -> ExitCode:
        """Read the files, write the output as it is, and the notes on it to stderr."""
        result = self._rendered()
        documents = tuple(output for output in self.outputs if output.format != "text")
        code = emit(documents, {"json": lambda: template_json(result)}, result.exit_code)
        for output in self.outputs:
            if output.format == "text" and not result.rendering.fault:
                write_exactly(result.rendering.output, output.file)
        for line in template_notes(result):
            say(line)
        return code

    def _rendered(self) -> RenderedTemplate:
        file = self.files.read("--template", self.template)
        inputs = inputs_of(self.client, self.files)
        if self.body is not None:
            inputs = replace(inputs, body=call_inputs.payload(self.files.read("--body", self.body)))
        return render_template(file.name, call_inputs.text(file), inputs)


def _check_alone(select: SelectOptions, method: MethodOptions, backend: BackendOptions, client: ClientOptions) -> None:
    """Raise UsageError for options that have no meaning with --template."""
    given = {
        "PATH": select.paths,
        "--manifest": method.manifest,
        "--header": backend.headers,
        "--binary-media-type": client.binary_media_types,
    }
    options = [*dict(method.given), *backend.given, *(option for option, value in given.items() if value)]
    if options:
        message = f"{options[0]} and --template cannot be used together"
        raise UsageError(message, f"omit {options[0]}: a template is rendered for the answer in --body")


def _errors_shown(work: Callable[[], ExitCode]) -> None:
    """Do the work; show an error instead of raising it."""
    try:
        problems_shown(work)
    except ReconcilerError as failure:
        say(f"error: {printable(str(failure))}")
