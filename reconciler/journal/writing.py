"""A run's journal, while it is written.

Promise: `begin` leaves a run's folder whole or not at all. A line is in the file once the call that writes it returns.
Before a call to AWS goes out, `started` says so in a line, and returns once that line and all lines before it stay on
disk when the machine stops: so an action without a `sent` line was not carried out, and one disk access is enough for
an action. After a line that could not be written nothing more is, and `started` says so. Safe to use from several
threads.
"""

import json
import os
import re
import secrets
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from reconciler import __version__
from reconciler.atomic_write import sync_folder
from reconciler.documents.parts import FORMAT_VERSION
from reconciler.errors import JournalError
from reconciler.journal.lines import LINE, BeginLine, DeploymentLine, EndLine, Line, SentLine
from reconciler.models.targets import Target

PLAN: Final = "plan.json"
OUTCOMES: Final = "outcomes.jsonl"
RUN_ID: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}")

HOME: Final = ".reconciler"
"""The folder that nobody commits."""

_SECOND: Final = "%Y%m%dT%H%M%SZ"
_TOKENS: Final = 16**6
_STEP: Final = 256
_ELSEWHERE: Final = "free some space, or name another folder for the journal: --journal DIR"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is said of a run as it begins. `at` is the moment, `rolls_back` the run that it undoes.

    `endpoint_url`: where its calls go, None for AWS's own endpoints.
    """

    command: str
    host: str
    pid: int
    at: str
    rolls_back: str | None = None
    endpoint_url: str | None = None


def make_folder(folder: Path) -> None:
    """The folder of the runs, for its owner only; in a `.reconciler` there is a .gitignore too. Raises JournalError."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.parent.name == HOME:
            _ignore(folder.parent / ".gitignore")
    except OSError as failure:
        message = f"the journal's folder {folder} cannot be made: {failure.strerror}"
        raise JournalError(message, "name another one: --journal DIR") from failure


def _ignore(file: Path) -> None:
    """Unless there is one already. A link that a repository brings along is not followed."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return
    try:
        _write(descriptor, b"*\n")
    finally:
        os.close(descriptor)


def begin(folder: Path, plan: str, beginning: Beginning, now: Callable[[], str]) -> "RunJournal":
    """A new run, with the text of its plan; `now` is the moment of each line. Raises JournalError."""
    make_folder(folder)
    run = _new_id(folder, beginning.at)
    draft = folder / f".{run}"
    try:
        draft.mkdir(mode=0o700)
        try:
            journal = _drafted(draft, run, plan, beginning, now)
            draft.rename(folder / run)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        sync_folder(folder)
    except OSError as failure:
        message = f"the journal in {folder} cannot be written: {failure.strerror}; nothing was written to AWS"
        raise JournalError(message, _ELSEWHERE) from failure
    return journal


def _drafted(draft: Path, run: str, plan: str, beginning: Beginning, now: Callable[[], str]) -> "RunJournal":
    descriptor = os.open(draft / PLAN, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _write(descriptor, plan.encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    first = BeginLine(
        format_version=FORMAT_VERSION,
        tool_version=__version__,
        run=run,
        command=beginning.command,
        rolls_back=beginning.rolls_back,
        endpoint_url=beginning.endpoint_url,
        marks_sent=True,
        host=beginning.host,
        pid=beginning.pid,
        at=beginning.at,
    )
    lines = os.open(draft / OUTCOMES, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    try:
        _write(lines, _line(first))
        os.fsync(lines)
        sync_folder(draft)
    except BaseException:
        os.close(lines)
        raise
    return RunJournal(run, lines, now)


def _new_id(folder: Path, at: str) -> str:
    """An id after all that are there, so that ids sort as the runs came, in one second and with a clock that jumps."""
    second = re.sub(r"[-:]|\.\d+", "", at)
    newest = next(iter(run_ids(folder)), "")
    if newest < second:
        return f"{second}-{secrets.randbelow(_TOKENS // 2):06x}"
    same, _, token = newest.partition("-")
    after = int(token, 16) + 1 + secrets.randbelow(_STEP)
    if after < _TOKENS:
        return f"{same}-{after:06x}"
    later = datetime.strptime(same, _SECOND).replace(tzinfo=UTC) + timedelta(seconds=1)
    return f"{later.strftime(_SECOND)}-{secrets.randbelow(_TOKENS // 2):06x}"


def run_ids(folder: Path) -> tuple[str, ...]:
    """The runs of a folder, newest first; none where there is no folder. Raises JournalError."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names are all that is wanted
    except FileNotFoundError:
        return ()
    except OSError as failure:
        raise JournalError(
            f"{folder} cannot be read: {failure.strerror}", "name the right one: --journal DIR"
        ) from failure
    return tuple(sorted((name for name in names if RUN_ID.fullmatch(name)), reverse=True))


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _line(line: Line) -> bytes:
    return json.dumps(line.model_dump(mode="json", by_alias=True), ensure_ascii=True).encode("ascii") + b"\n"


def _clean(text: str) -> str:
    """A text that JSON can hold: half a surrogate pair is spelt out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class RunJournal:
    """`ports.RunLog` of one run."""

    def __init__(self, run: str, descriptor: int, now: Callable[[], str]) -> None:
        self.run = run
        self._descriptor = descriptor
        self._now = now
        self._lock = threading.Lock()
        self._broken = ""

    def started(self, target: Target, action_id: str, address: str) -> None:  # noqa: ARG002 - the port's signature
        """Write down that an action's call is sent. Raises JournalError, also where an earlier line was not written."""
        self._append(SentLine(id=action_id, at=self._now()), lasting=True)

    def deploying(self, target: Target, stage: str) -> None:  # noqa: ARG002 - as above
        """Make all lines so far stay. Raises JournalError, also where an earlier line was not written."""
        self._put(b"", lasting=True)

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:  # noqa: ARG002 - as above
        """Write down what became of an action."""
        said = {"line": "outcome", "id": action_id, "outcome": outcome, "detail": _clean(detail), "at": self._now()}
        self._append(LINE.validate_python(said))

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str = "") -> None:
        """Write down which deployment a stage served and serves."""
        self._append(
            DeploymentLine(
                kind=target.kind.value,
                environment=target.environment,
                account_id=target.account_id,
                region=target.region,
                api_id=target.api_id,
                stage=stage,
                before=before,
                after=after,
                detail=_clean(detail),
                at=self._now(),
            ),
            lasting=True,
        )

    def end(self, exit_code: int) -> None:
        """Write down that the run came to its end."""
        self._append(EndLine(exit_code=exit_code, at=self._now()), lasting=True)

    def close(self) -> None:
        """No line follows. A run that is closed without an end is torn."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def _append(self, line: Line, *, lasting: bool = False) -> None:
        self._put(_line(line), lasting=lasting)

    def _put(self, content: bytes, *, lasting: bool) -> None:
        with self._lock:
            self._check()
            try:
                _write(self._descriptor, content)
                if lasting:
                    os.fsync(self._descriptor)
            except OSError as failure:
                self._broken = f"the journal of run {self.run} cannot be written: {failure.strerror}"
                raise JournalError(self._broken) from failure

    def _check(self) -> None:
        if self._broken:
            raise JournalError(self._broken)
