"""Writing a run's journal.

`begin` creates a run's folder completely or not at all. A line is in the file once the call that writes it returns.
`started` writes a `sent` line before a call to AWS goes out, and returns once that line and all earlier ones are
synced: an action without a `sent` line was never sent, and one sync per action is enough. After a line that could not
be written, nothing more is written, and `started` raises. Safe to use from several threads.
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
"""The folder that is never committed."""

_DELETED: Final = ".deleted-"
"""How the name of a run begins while it is deleted."""

_SECOND: Final = "%Y%m%dT%H%M%SZ"
_TOKENS: Final = 16**6
_STEP: Final = 256
_ELSEWHERE: Final = "free some space, or choose another folder for the journal: --journal DIR"


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """Who started a run, and from what; "" where it is unknown.

    `actor` is the person that a CI job names, else the user of the system; `principals` are the ARNs of the AWS
    credentials, `commit` is the revision of the manifests, with `+` if files differ from it, and `job` the address of
    the CI job.
    """

    actor: str = ""
    principals: tuple[str, ...] = ()
    commit: str = ""
    job: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The facts of a run as it begins. `at` is the time, `rolls_back` the run that it undoes.

    `endpoint_url`: where its calls go, None for AWS's own endpoints.
    """

    command: str
    host: str
    pid: int
    at: str
    rolls_back: str | None = None
    endpoint_url: str | None = None
    origin: RunOrigin = RunOrigin()


def make_folder(folder: Path) -> None:
    """Create the folder of runs, private to its owner; a `.reconciler` gets a .gitignore too. Raises JournalError."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.parent.name == HOME:
            _ignore(folder.parent / ".gitignore")
    except OSError as failure:
        message = f"the journal's folder {folder} cannot be created: {failure.strerror}"
        raise JournalError(message, "choose another one: --journal DIR") from failure


def _ignore(file: Path) -> None:
    """Create it unless it exists. A symbolic link that a repository brings along is not followed."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return
    try:
        _write(descriptor, b"*\n")
    finally:
        os.close(descriptor)


def begin(folder: Path, plan: str, beginning: Beginning, clock: Callable[[], str]) -> "RunJournal":
    """Begin a run with the text of its plan; `clock` gives the time of each line. Raises JournalError."""
    make_folder(folder)
    run = _new_id(folder, beginning.at)
    draft = folder / f".{run}"
    try:
        draft.mkdir(mode=0o700)
        try:
            journal = _drafted(draft, run, plan, beginning, clock)
            draft.rename(folder / run)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        sync_folder(folder)
    except OSError as failure:
        message = f"the journal in {folder} cannot be written: {failure.strerror}"
        raise JournalError(message, _ELSEWHERE) from failure
    return journal


def _drafted(draft: Path, run: str, plan: str, beginning: Beginning, clock: Callable[[], str]) -> "RunJournal":
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
        actor=_clean(beginning.origin.actor) or None,
        principals=tuple(map(_clean, beginning.origin.principals)),
        commit=_clean(beginning.origin.commit) or None,
        job=_clean(beginning.origin.job) or None,
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
    return RunJournal(run, lines, clock)


def _new_id(folder: Path, at: str) -> str:
    """Return an id after all others, so that ids sort by start even when the clock jumps back."""
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
    """Return the runs in a folder, newest first; none if there is no folder. Raises JournalError."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - only the names are needed
    except FileNotFoundError:
        return ()
    except OSError as failure:
        raise JournalError(
            f"{folder} cannot be read: {failure.strerror}", "choose the right one: --journal DIR"
        ) from failure
    return tuple(sorted((name for name in names if RUN_ID.fullmatch(name)), reverse=True))


def delete_run(folder: Path, run: str) -> None:
    """Delete a run as a whole: if that is interrupted, no half journal is left under its name. Raises JournalError.

    What an earlier deletion left behind is removed, too.
    """
    removed = folder / f"{_DELETED}{run}"
    try:
        (folder / run).rename(removed)
        sync_folder(folder)
        for leftover in folder.glob(f"{_DELETED}*"):
            leftover.unlink() if leftover.is_symlink() else shutil.rmtree(leftover)
    except OSError as failure:
        message = f"the run {folder / run} cannot be deleted: {failure.strerror}"
        raise JournalError(message, "check the folder and its permissions") from failure


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _line(line: Line) -> bytes:
    return json.dumps(line.model_dump(mode="json", by_alias=True), ensure_ascii=True).encode("ascii") + b"\n"


def _clean(text: str) -> str:
    """Return a text that JSON can hold: half a surrogate pair becomes an escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class RunJournal:
    """`ports.RunLog` of one run."""

    def __init__(self, run: str, descriptor: int, clock: Callable[[], str]) -> None:
        self.run = run
        self._descriptor = descriptor
        self._clock = clock
        self._lock = threading.Lock()
        self._broken = ""

    def started(self, target: Target, action_id: str, address: str) -> None:  # noqa: ARG002 - the port's signature
        """Record that an action's call is about to be sent. Raises JournalError, also after a failed line."""
        self._append(SentLine(id=action_id, at=self._clock()), lasting=True)

    def deploying(self, target: Target, stage: str) -> None:  # noqa: ARG002 - as above
        """Sync all lines so far. Raises JournalError, also if an earlier line was not written."""
        self._put(b"", lasting=True)

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:  # noqa: ARG002 - as above
        """Record the outcome of an action."""
        line = {"line": "outcome", "id": action_id, "outcome": outcome, "detail": _clean(detail), "at": self._clock()}
        self._append(LINE.validate_python(line))

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str = "") -> None:
        """Record which deployment a stage served before and serves now."""
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
                at=self._clock(),
            ),
            lasting=True,
        )

    def end(self, exit_code: int) -> None:
        """Record that the run finished."""
        self._append(EndLine(exit_code=exit_code, at=self._clock()), lasting=True)

    def close(self) -> None:
        """Close the file. A run that is closed without an end is incomplete."""
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
