"""The options on a call, as what the engine takes: the method, the backend's answer and the client's request."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from reconciler.cli.options.backend import BackendOptions, ClientOptions, MethodOptions
from reconciler.cli.terminal.input_files import InputFiles, RecordingDisk
from reconciler.cli.terminal.output import say
from reconciler.diagnostics import Diagnostic
from reconciler.engine import call_inputs
from reconciler.engine.listed_method import InvalidInput, WantedMethod
from reconciler.errors import ExitCode, UsageError
from reconciler.mapping.exchange import ApiFacts, Backend, HttpResult, MockResult
from reconciler.mapping.rendering import TemplateInputs
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.render.style import Style
from reconciler.views.problems import diagnostic_lines


def wanted_method(options: MethodOptions) -> WantedMethod:
    """Return the method that the options name. Raises UsageError."""
    option, text = options.named()
    if not text.strip():
        raise UsageError(f"{option} is empty", "give it a name")
    if option == "--route":
        return WantedMethod(IntegrationKey(route=text), option, options.manifest)
    if option == "--integration":
        return WantedMethod(IntegrationKey(id=text), option, options.manifest)
    verb, _, path = " ".join(text.split()).partition(" ")
    if not path.startswith("/"):
        raise UsageError(f"--method {text!r} is not a verb and a path", "write it as in --method 'GET /pets/{petId}'")
    return WantedMethod(MethodKey(path, verb.upper()), option, options.manifest)


def backend_answer(options: BackendOptions, files: InputFiles) -> Backend:
    """Return what the backend answers. Raises UsageError and ReconcilerError."""
    options.check()
    if options.lambda_result is not None:
        return call_inputs.lambda_result(files.read("--lambda", options.lambda_result))
    if options.lambda_error is not None:
        return call_inputs.lambda_failure(options.lambda_error)
    if options.mock is not None:
        return MockResult(options.mock)
    if options.backend is not None:
        return call_inputs.backend(files.read("--backend", options.backend), RecordingDisk(files.read_files))
    body = call_inputs.payload(files.read("--body", options.body)) if options.body is not None else ""
    return HttpResult(options.status or 0, _headers(options), body)


def problems_shown(work: Callable[[], ExitCode]) -> ExitCode:
    """Do the work and return its exit code; 1 if files have errors, which are shown on stderr."""
    try:
        return work()
    except InvalidInput as invalid:
        say_problems(invalid.diagnostics)
        return ExitCode.FAILED


def say_problems(diagnostics: Iterable[Diagnostic]) -> None:
    """Write a line for each problem to stderr."""
    for line in diagnostic_lines(diagnostics, Style()):
        say(line)


def inputs_of(options: ClientOptions, files: InputFiles) -> TemplateInputs:
    """Return what templates can read of the client's request and its surroundings. Raises ReconcilerError."""
    inputs, disk = TemplateInputs(), RecordingDisk(files.read_files)
    if options.request is not None:
        request = call_inputs.client_request(files.read("--request", options.request), disk)
        inputs = replace(inputs, request=request)
    if options.context is not None:
        inputs = replace(inputs, context=call_inputs.context(files.read("--context", options.context), disk))
    if options.stage_variables is not None:
        file = files.read("--stage-variables", options.stage_variables)
        inputs = replace(inputs, stage_variables=call_inputs.stage_variables(file, disk))
    if options.state is not None:
        inputs = replace(inputs, state=call_inputs.state(files.read("--state", options.state), disk))
    return inputs


def facts_of(options: ClientOptions, scope: Scope, files: InputFiles) -> ApiFacts:
    """Return what the options say of the API; binary media types of both add up. Raises ReconcilerError."""
    facts = ApiFacts()
    if options.api is not None:
        facts = call_inputs.api_facts(files.read("--api", options.api), RecordingDisk(files.read_files), scope)
    return replace(facts, binary_media_types=facts.binary_media_types + options.binary_media_types)


def _headers(options: BackendOptions) -> dict[str, str | tuple[str, ...]]:
    """Return the headers; one that is given several times has several values."""
    values: dict[str, tuple[str, ...]] = {}
    for name, value in options.header_pairs():
        values[name] = (*values.get(name, ()), value)
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in values.items()}
