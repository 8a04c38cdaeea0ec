"""What a client asked for and what the backend answers, from files and texts that the user names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from reconciler.diagnostics import Diagnostic, error
from reconciler.engine.listed_method import InvalidInput
from reconciler.engine.response_tests.prepare import BodyReader, NotRunnable, SourcedTest, prepare, scope_of
from reconciler.errors import ReconcilerError
from reconciler.manifest.body_files import BodyFiles
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.manifest.schema.validation import validate_tests
from reconciler.manifest.templates import MAX_BYTES
from reconciler.mapping.exchange import ApiFacts, Backend, ClientRequest, Exchange, LambdaResult, Payload
from reconciler.models.keys import MethodKey, Scope
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.yamlio import parse
from reconciler.yamlio.nodes import SourceMap, YamlList, YamlMap

_BYTE_ORDER_MARK: Final = "\ufeff"
_ANY_METHOD: Final[Mapping[str, object]] = {"method": "GET /"}


@dataclass(frozen=True, slots=True)
class InputFile:
    """The content of a file; `name` is for messages."""

    name: str
    content: bytes


def payload(file: InputFile) -> Payload:
    """Return the content as text, or as bytes if it is no text."""
    try:
        return file.content.decode("utf-8")
    except UnicodeDecodeError:
        return file.content


def text(file: InputFile) -> str:
    """Return the text of a file. Raises ReconcilerError if it is not UTF-8."""
    try:
        return file.content.decode("utf-8")
    except UnicodeDecodeError as failure:
        line = file.content.count(b"\n", 0, failure.start) + 1
        raise ReconcilerError(f"{file.name}:{line}: the file is not UTF-8", "save the file as UTF-8") from failure


def template_text(file: InputFile) -> str:
    """Return the text of a template file, of which one newline at the end is dropped. Raises ReconcilerError."""
    if len(file.content) > MAX_BYTES:
        message = f"{file.name} is larger than {MAX_BYTES >> 20} MiB"
        raise ReconcilerError(message, "AWS accepts templates of up to 300 KB")
    return text(file).removesuffix("\n")


def lambda_result(file: InputFile) -> LambdaResult:
    """Return what a function returned; it failed if its JSON has `errorMessage` at the top.

    Raises ReconcilerError for a file that is not JSON.
    """
    source = text(file).removeprefix(_BYTE_ORDER_MARK)
    try:
        value = json.loads(source)
    except ValueError as failure:
        at = f"{failure.lineno}:{failure.colno}" if isinstance(failure, json.JSONDecodeError) else "1:1"
        message = f"{file.name}:{at}: the result of a Lambda function is JSON, and this is not"
        raise ReconcilerError(message, "fix the JSON, or use --backend with `lambdaText: TEXT`") from failure
    except RecursionError as failure:
        raise ReconcilerError(f"{file.name}: the JSON is nested too deeply", "flatten it") from failure
    return LambdaResult(source, failed=isinstance(value, dict) and "errorMessage" in value)


def lambda_failure(message: str) -> LambdaResult:
    """Return the result of a function that failed with this error message, and nothing else in its payload."""
    return LambdaResult(json.dumps({"errorMessage": message}, ensure_ascii=False), failed=True)


def client_request(file: InputFile, files: Files) -> ClientRequest:
    """Return the request of a client, written as `request` of a test. Raises InvalidInput."""
    return _exchange("request", file, files).request


def context(file: InputFile, files: Files) -> Mapping[str, object]:
    """Return a map of what `$context` holds. Raises InvalidInput."""
    return _exchange("context", file, files).context


def stage_variables(file: InputFile, files: Files) -> Mapping[str, str]:
    """Return a map of stage variables. Raises InvalidInput."""
    return _exchange("stageVariables", file, files).stage_variables


def state(file: InputFile, files: Files) -> Mapping[str, object]:
    """Return a map of what a request template left in `$context`. Raises InvalidInput."""
    return _exchange("state", file, files).state


def backend(file: InputFile, files: Files) -> Backend:
    """Return the answer of a backend, written as `backend` of a test. Raises InvalidInput."""
    return _exchange("backend", file, files).backend


def api_facts(file: InputFile, files: Files, scope: Scope) -> ApiFacts:
    """Return what a manifest does not hold, written as `api` of a test of this method. Raises InvalidInput."""
    return _exchange("api", file, files, _target(scope)).api


def _target(scope: Scope) -> Mapping[str, object]:
    """Return the key of a test that names a method."""
    if isinstance(scope, MethodKey):
        return {"method": str(scope)}
    return {"route": scope.route} if scope.route else {"integration": scope.id}


def _exchange(part: str, file: InputFile, files: Files, target: Mapping[str, object] = _ANY_METHOD) -> Exchange:
    """Return the exchange of a test of which only this part is written, in a file of its own.

    So the file has the same forms as in a test, and its problems the same words.
    """
    places = _test_with(part, _document(file), target)
    validated = validate_tests(places)
    if validated.tests is None or validated.diagnostics:
        raise InvalidInput(validated.diagnostics)
    document = ResponseTestDocument(validated.tests, places)
    source = SourcedTest(document, 0, validated.tests.spec.tests[0])
    try:
        reader = BodyReader(document, BodyFiles([document], files, None))
        return prepare(source, scope_of(source.test), reader).exchange
    except NotRunnable as problem:
        raise InvalidInput([source.diagnostic(problem)]) from None


def _document(file: InputFile) -> SourceMap:
    """Return the one document of a file."""
    reading = parse.read(file.content, file.name)
    if reading.diagnostics:
        raise InvalidInput([_advised(problem) for problem in reading.diagnostics])
    first, *others = reading.documents
    if others:
        remedy = "keep one of them"
        raise InvalidInput([error(InputRule.SYNTAX, "the file has several documents", remedy, others[0].of_value(()))])
    return first


def _advised(problem: Diagnostic) -> Diagnostic:
    """Return a problem of a file that is no manifest."""
    return replace(problem, remedy="write {} for none") if problem.rule is InputRule.EMPTY else problem


def _test_with(part: str, document: SourceMap, target: Mapping[str, object]) -> SourceMap:
    """Return a document with one test, whose `part` is at its place in the file; everything else is where that is."""
    test = {"name": "input", **target, "backend": {"mock": 200}, "expect": {"error": False}}
    root = {
        "apiVersion": "reconciler/v1",
        "kind": "ResponseTest",
        "metadata": {"name": "input"},
        "spec": {"manifest": "input", "tests": [{**test, part: document.root}]},
    }
    return SourceMap(document.file, _at(document.start, root, document.root), document.start)


def _at(start: int, value: object, end: object) -> object:
    """Return the value with every map and list in it at `start`, except for the tree `end`."""
    if value is end:
        return end
    if isinstance(value, dict):
        tree = YamlMap()
        for key, item in value.items():
            tree.put(key, start, _at(start, item, end), start)
        return tree
    if isinstance(value, list):
        items = YamlList()
        for item in value:
            items.put(_at(start, item, end), start)
        return items
    return value
