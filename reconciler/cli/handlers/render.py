"""reconciler render, when it runs."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reconciler.cli.exchange import backend_answer, facts_of, inputs_of, problems_shown, say_problems, wanted_method
from reconciler.cli.options.backend import BackendOptions, ClientOptions, MethodOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.input_files import InputFiles, RecordingDisk, check_files
from reconciler.cli.terminal.output import emit, say, write_exactly
from reconciler.cli.terminal.watch import watch as watched
from reconciler.engine import call_inputs
from reconciler.engine.render import TemplateRendering, render_template
from reconciler.engine.render import render as rendered
from reconciler.errors import ExitCode, UsageError
from reconciler.mapping.exchange import Exchange
from reconciler.models.keys import Scope
from reconciler.render.style import Style
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
        work = _TemplateWork(template, backend.body, client, outputs, files, display.style()).run
    return watched(lambda: problems_shown(work), files.read_files) if watch else problems_shown(work)


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
        disk = RecordingDisk(self.files.read_files)
        wanted = wanted_method(self.method)
        result = rendered(request(self.select), disk, wanted, self._exchange(wanted.scope))
        say_problems(() if self.display.quiet else result.method.warnings)
        return emit(self.outputs, answer_view(result, self.display.style()), result.exit_code)

    def _exchange(self, scope: Scope) -> Exchange:
        inputs = inputs_of(self.client, self.files)
        return Exchange(
            backend_answer(self.backend, self.files),
            inputs.request,
            inputs.context,
            inputs.stage_variables,
            inputs.state,
            facts_of(self.client, scope, self.files),
        )


@dataclass(frozen=True, slots=True)
class _TemplateWork:
    """Renders a template alone."""

    template: str
    body: str | None
    client: ClientOptions
    outputs: tuple[Output, ...]
    files: InputFiles
    style: Style

    def run(self) -> ExitCode:
        """Read the files and write the output as it is; the notes on it, which a document has as well, to stderr."""
        result = self._rendered()
        texts = [output for output in self.outputs if output.format == "text"]
        documents = tuple(output for output in self.outputs if output not in texts)
        code = emit(documents, {"json": lambda: template_json(result)}, result.exit_code)
        for output in texts if result.rendering.fault is None else ():
            write_exactly(result.rendering.output, output.file)
        for line in template_notes(result, self.style) if texts else ():
            say(line)
        return code

    def _rendered(self) -> TemplateRendering:
        file = self.files.read("--template", self.template)
        inputs = inputs_of(self.client, self.files)
        if self.body is not None:
            inputs = replace(inputs, body=call_inputs.payload(self.files.read("--body", self.body)))
        return render_template(file.name, call_inputs.template_text(file), inputs)


def _check_alone(select: SelectOptions, method: MethodOptions, backend: BackendOptions, client: ClientOptions) -> None:
    """Raise UsageError for options that have no meaning with --template."""
    given = {
        "PATH": select.paths,
        "--manifest": method.manifest,
        "--header": backend.headers,
        "--api": client.api,
        "--binary-media-type": client.binary_media_types,
    }
    options = [*dict(method.given), *backend.given, *(option for option, value in given.items() if value)]
    if options:
        message = f"{options[0]} and --template cannot be used together"
        raise UsageError(message, f"omit {options[0]}: a template is rendered for the answer in --body")
