"""Write the bodies that clients get into the files of `expect: {body: {file: ...}}`.

A file is written if all tests of the run that name it agree on the body, and the run reads it for nothing else. A body
that is unknown is never written, nor is API Gateway's own error unless the test expects one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.atomic_write import write_files
from reconciler.diagnostics import Diagnostic, error
from reconciler.engine.response_tests.compare import BodyText, compare, same_json
from reconciler.engine.response_tests.results import ResponseTestResult
from reconciler.manifest.body_files import BodyFile, content_of
from reconciler.mapping.exchange import Payload
from reconciler.mapping.rendering import Unknown
from reconciler.rules import InputRule
from reconciler.wording import code

_AT = ("expect", "body", "file")


@dataclass(frozen=True, slots=True)
class Update:
    """The results after the files are written, the names of these files, and why others are not written."""

    results: tuple[ResponseTestResult, ...]
    written: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def update(results: Sequence[ResponseTestResult], inputs: Collection[str] = ()) -> Update:
    """Write the files whose body differs, all or none. Raises ReconcilerError where the disk fails.

    `inputs` are the real names of the files that the run reads for anything else, which are never written.
    """
    problems: list[Diagnostic] = []
    bodies: dict[str, Payload] = {}
    files: dict[str, BodyFile] = {}
    for file, users in _users(results, problems).items():
        golden = users[0].ready.golden
        if golden and any(_differs(result) for result in users):
            conflict = next((result for result in users if not _agrees(users[0], result)), None)
            if file in inputs:
                problems.append(_input(users[0]))
            elif conflict:
                problems.append(_conflict(users[0], conflict))
            else:
                bodies[file], files[file] = _body(users[0]), golden
    write_files({Path(files[file].reference.file): content_of(body) for file, body in bodies.items()})
    updated = (_updated(result, bodies) for result in results)
    return Update(tuple(updated), tuple(file.reference.file for file in files.values()), tuple(problems))


def _users(results: Sequence[ResponseTestResult], problems: list[Diagnostic]) -> Mapping[str, list[ResponseTestResult]]:
    """Return the results by the file that their body may go into, and report the bodies that are not written."""
    users: dict[str, list[ResponseTestResult]] = {}
    for result in results:
        if result.ready.golden is None or isinstance(result.answer.body, Unknown):
            continue
        if result.answer.error and not result.ready.test.expected.error:
            problems += _refused(result)
        else:
            users.setdefault(result.ready.golden.real, []).append(result)
    return users


def _refused(result: ResponseTestResult) -> Iterator[Diagnostic]:
    if _differs(result):
        message = f"{code(result.ready.test.golden)} is not written: API Gateway answers with its own error"
        remedy = "fix the error, or expect it: `error: true`"
        yield error(InputRule.TEST_FILE, message, remedy, result.ready.source.locate(_AT))


def _input(result: ResponseTestResult) -> Diagnostic:
    message = (
        f"{code(result.ready.test.golden)} is not written: it is a manifest, template, configuration or document with "
        "tests, or a body that a test sends"
    )
    remedy = "name a file that holds nothing but the expected body"
    return error(InputRule.TEST_FILE, message, remedy, result.ready.source.locate(_AT))


def _conflict(first: ResponseTestResult, other: ResponseTestResult) -> Diagnostic:
    message = f"{code(other.ready.test.golden)} is not written: tests that name it get different bodies"
    remedy = f"name a file that {first.ready.title} does not use"
    if first.ready.source.location == other.ready.source.location:
        remedy = (
            "use a variable in its name, as in `a-${{ vars.NAME }}.json`, so that each environment has its own file"
        )
    return error(InputRule.TEST_FILE, message, remedy, other.ready.source.locate(_AT))


def _agrees(first: ResponseTestResult, other: ResponseTestResult) -> bool:
    one, another = _body(first), _body(other)
    return one == another or (other.ready.test.is_value(another) and same_json(one, another))


def _differs(result: ResponseTestResult) -> bool:
    return any(difference.path == "body" for difference in result.comparison.differences)


def _body(result: ResponseTestResult) -> Payload:
    body = result.answer.body
    return "" if isinstance(body, Unknown) else body


def _updated(result: ResponseTestResult, bodies: Mapping[str, Payload]) -> ResponseTestResult:
    """Return the result as it is with the new file."""
    golden = result.ready.golden
    if golden is None or golden.real not in bodies:
        return result
    test = result.ready.test
    expected = replace(test.expected, body=BodyText(bodies[golden.real]))
    comparison = compare(expected, result.answer, is_json_value=test.is_value(result.answer.body))
    return replace(result, comparison=comparison)
