"""Explain how AWS's answer to a test call differs from the offline answer to the same test.

Five answers are compared, value by value: AWS's own, the offline one, and three that the offline pipeline gives when it
is fed with more and more of what AWS had: the draft instead of the manifest, the real call's `$context`, the backend's
real answer. The first that agrees with AWS names the cause. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from reconciler.engine.response_tests.compare import header_of, plain, same_json
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.rendering import Unknown

Cause: TypeAlias = Literal["reconciler", "draft", "context", "backend", "unknown"]
"""Why a value differs.

`reconciler`: the offline pipeline is wrong. `draft`: the draft differs from the manifest. `context`: the real call had
another `$context` than the test, such as its own request id. `backend`: the backend answered something else than the
test's `backend`. `unknown`: it cannot be found out.
"""

WHY: Final[dict[Cause, str]] = {
    "reconciler": "for what the backend really answered, the offline pipeline gives another value than AWS",
    "draft": "the draft in AWS differs from the manifest",
    "context": "the call has another $context than the test",
    "backend": "the backend answers something else than the test's backend",
}

_ADDED_BY_AWS: Final = frozenset({"x-amzn-trace-id"})
_RENAMED: Final = "x-amzn-remapped-"
_RENAMES: Final = "whether TestInvokeMethod renames headers is not documented"
_ERROR_HEADERS: Final = "which headers TestInvokeMethod returns with an error of AWS's own is not documented"
_MEDIA_TYPES: Final = (
    "one body is the base64 of the other: state `api: {binaryMediaTypes: [...]}` of the API in the test"
)
_BINARY: Final = "how TestInvokeMethod returns a binary body is not documented"


@dataclass(frozen=True, slots=True)
class LiveDifference:
    """A value that AWS gives and the offline pipeline does not; `path` is as in `compare.Difference`.

    `replayed` is what the offline pipeline gives for what the backend really answered, of the cause `reconciler`.
    """

    path: str
    offline: Any
    live: Any
    cause: Cause
    why: str
    replayed: Any = None


@dataclass(frozen=True, slots=True)
class LiveAnswers:
    """The answers to one test. Those after the first two are None where the pipeline has no answer.

    `drafted`: by the draft, `in_context`: by the draft in the real call's `$context`, `replayed`: by the draft in that
    `$context` for what the backend really answered. `doubts` are sentence parts: why `replayed` may be wrong.
    `is_json_value`: the offline body is a JSON value whose spacing is not known.
    """

    offline: Answer
    live: Answer
    drafted: Answer | None
    in_context: Answer | None
    replayed: Answer | None
    doubts: tuple[str, ...] = ()
    is_json_value: bool = False

    def differences(self) -> Iterator[LiveDifference]:
        """Yield what differs, each with its cause."""
        for path in self._paths():
            difference = self._difference(path)
            if difference:
                yield difference

    def _paths(self) -> Iterator[str]:
        yield from ("selected", "status", "error")
        names: dict[str, str] = {}
        for answer in (self.live, self.offline, self.replayed):
            for name in answer.headers if answer else ():
                names.setdefault(name.lower(), name)
        yield from (f"headers.{name}" for lower, name in sorted(names.items()) if lower not in _ADDED_BY_AWS)
        yield "body"

    def _difference(self, path: str) -> LiveDifference | None:
        offline, live = _value(self.offline, path), _value(self.live, path)
        if isinstance(live, Unknown):
            return None
        is_same = self._agree(path, offline, live)
        cause, why = self._cause(path, offline, live)
        if is_same and cause != "reconciler":
            return None
        replayed = _value(self.replayed, path) if self.replayed and cause == "reconciler" else None
        return LiveDifference(path, _shown(offline), _shown(live), cause, why, _shown(replayed))

    def _cause(self, path: str, offline: object, live: object) -> tuple[Cause, str]:
        """Return the cause of a difference; `reconciler` where there is none that the test shows."""
        if self.replayed is None:
            return "unknown", "; ".join(self.doubts)
        replayed = _value(self.replayed, path)
        if isinstance(replayed, Unknown):
            return "unknown", replayed.why
        if isinstance(replayed, bytes):
            return "unknown", _BINARY
        if not self._agree(path, replayed, live):
            doubts = (*self.doubts, *self._doubts_about(path, replayed, live))
            return ("unknown", "; ".join(doubts)) if doubts else ("reconciler", WHY["reconciler"])
        cause = self._cause_in_aws(path, offline, live)
        return cause, WHY[cause]

    def _doubts_about(self, path: str, replayed: object, live: object) -> Iterator[str]:
        if path.lower().startswith(f"headers.{_RENAMED}"):
            yield _RENAMES
        if self.live.error and path.startswith("headers."):
            yield _ERROR_HEADERS
        if path == "body" and (_is_base64(live, replayed) or _is_base64(replayed, live)):
            yield _MEDIA_TYPES

    def _cause_in_aws(self, path: str, offline: object, live: object) -> Cause:
        if self.drafted is None or not self._agree(path, _value(self.drafted, path), offline):
            return "draft"
        if self.in_context and self._agree(path, _value(self.in_context, path), live):
            return "context"
        return "backend"

    def _agree(self, path: str, one: object, other: object) -> bool:
        if one == other or (isinstance(one, Unknown) and isinstance(other, Unknown)):
            return True
        return (
            path == "body"
            and self.is_json_value
            and isinstance(one, str)
            and isinstance(other, str)
            and same_json(one, other)
        )


def agrees(answer: Answer | None, live: Answer) -> bool:
    """Whether an answer has the status, body and headers of AWS's."""
    return answer is not None and not any(
        difference.path != "selected" for difference in LiveAnswers(answer, live, None, None, None).differences()
    )


def _value(answer: Answer, path: str) -> object:
    match path:
        case "selected":
            return answer.selected
        case "status":
            return answer.status
        case "error":
            return answer.error is not None
        case "body":
            return answer.body
        case _:
            value = header_of(answer, path.removeprefix("headers."))
            return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def _is_base64(encoded: object, text: object) -> bool:
    import base64  # noqa: PLC0415 - few answers differ

    if not isinstance(text, str) or not text:
        return False
    return encoded == base64.b64encode(text.encode(errors="replace")).decode("ascii")


def _shown(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return a value as JSON documents have it; null for what is unknown."""
    return None if isinstance(value, Unknown) else plain(value)
