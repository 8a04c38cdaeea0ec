"""What a test expects."""

import base64
from collections.abc import Iterator

from reconciler.engine.response_tests.bodies import BodyReader, json_text
from reconciler.engine.response_tests.compare import Body, BodyText, BodyValue, Expected
from reconciler.engine.response_tests.exchanges import header_of
from reconciler.engine.response_tests.sources import NotRunnable
from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.manifest.schema.response_test import BodyModel, ExpectedBodyModel, ExpectModel
from reconciler.rules import InputRule
from reconciler.wording import code
from reconciler.yamlio.nodes import Path


def expected_of(expect: ExpectModel, reader: BodyReader) -> tuple[Expected, str]:
    """Return what a test expects, and the name of the file with the expected body, "" for none. Raises NotRunnable."""
    written = expect.model_fields_set
    if not _compares(expect):
        message = "the test expects nothing"
        raise NotRunnable(InputRule.EXPECTATION, message, "add `expect: {status: ..., body: ...}`", ("expect",))
    for name in _contradicted(expect):
        message = f"{code(name)} is expected, and expected to be unknown"
        raise NotRunnable(InputRule.EXPECTATION, message, "keep one of them", ("expect", "unknown"))
    golden = expect.body.file if isinstance(expect.body, BodyModel) else ""
    expected = Expected(
        expect.status if "status" in written else None,
        expect.selected if "selected" in written else None,
        {name: None if value == ABSENT_WORD else header_of(value) for name, value in expect.headers.items()},
        _expected_body(expect.body, reader) if "body" in written else None,
        expect.error if "error" in written else None,
        expect.delivered if "delivered" in written else None,
        tuple(expect.unknown),
    )
    return expected, golden


def _compares(expect: ExpectModel) -> bool:
    """Whether anything is expected: an empty map of headers and an empty list do not count."""
    return any(getattr(expect, name) not in ({}, []) for name in expect.model_fields_set)


def _contradicted(expect: ExpectModel) -> Iterator[str]:
    headers = {f"headers.{name.lower()}" for name in expect.headers}
    for name in expect.unknown:
        if name in expect.model_fields_set or name.lower() in headers:
            yield name


def _expected_body(written: str | ExpectedBodyModel, reader: BodyReader) -> Body:
    path = ("expect", "body")
    if isinstance(written, str):
        return BodyText(written)
    if "contains" in written.model_fields_set:
        return BodyValue(_checked(written.contains, (*path, "contains")), at_least=True)
    if "json_" in written.model_fields_set:
        return BodyValue(_checked(written.json_, (*path, "json")))
    if written.file:
        return reader.golden(written.file, (*path, "file"))
    return BodyText(base64.b64decode(written.base64))


def _checked(value: object, path: Path) -> object:
    json_text(value, path)
    return value
