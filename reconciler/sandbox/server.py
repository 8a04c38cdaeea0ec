"""A local AWS on loopback, and running a command against it.

`serve` starts a seeded server on a free port in a thread of this process and returns the environment variables to use
it; nothing is sent anywhere. Importing this module imports neither moto nor werkzeug; serving does.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType, MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Final, Self

from reconciler.errors import ReconcilerError, UsageError
from reconciler.invocation import command_line
from reconciler.sandbox.model.plane import REGION, SimulatedAws
from reconciler.sandbox.model.state import BackendAnswers
from reconciler.sandbox.seed import seed_apis

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

EXIT_NOT_FOUND: Final = 127
"""The exit code for a command that does not exist, as in a shell."""

_EXIT_NOT_EXECUTABLE: Final = 126
_EXIT_KILLED: Final = 128
_POLL_SECONDS: Final = 0.02
_FORWARDED: Final = tuple(number for number in signal.Signals if number.name in {"SIGTERM", "SIGHUP"})

UNSET: Final = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "RECONCILER_PROFILE",
    "RECONCILER_REGION",
    "RECONCILER_ENDPOINT_URL",
)
"""Environment variables that would bypass the sandbox or select other credentials."""

_UNSET_PREFIX: Final = "AWS_ENDPOINT_URL_"


class Server:
    """A running sandbox: its `url`, the `environment` to export, its state in `aws`. Close it, or use `with`."""

    def __init__(self, listener: "BaseWSGIServer", aws: SimulatedAws, *, quotas: bool = False) -> None:
        self.aws = aws
        self._quota_share = "50%" if quotas else "off"
        self._listener = listener
        host = f"[{listener.host}]" if ":" in listener.host else listener.host
        self.url = f"http://{host}:{listener.port}"
        self._thread = threading.Thread(
            target=listener.serve_forever, args=(_POLL_SECONDS,), name="sandbox", daemon=True
        )
        self._thread.start()

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables to export so that boto3, the AWS CLI and this program use the sandbox."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "RECONCILER_QUOTA_SHARE": self._quota_share,
        }

    def environment_over(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return the whole environment of a child process, without variables that would bypass the sandbox."""
        kept = {name: value for name, value in base.items() if name not in UNSET and not name.startswith(_UNSET_PREFIX)}
        no_proxy = ",".join(filter(None, (base.get("no_proxy") or base.get("NO_PROXY"), self._listener.host)))
        return {**kept, **self.environment, "NO_PROXY": no_proxy, "no_proxy": no_proxy}

    def close(self) -> None:
        """Stop the server; closing it twice is harmless."""
        if self._thread.is_alive():
            self._listener.shutdown()
            self._thread.join()
            self._listener.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    seed: bool = True,
    backends: BackendAnswers = MappingProxyType({}),
    quotas: bool = False,
) -> Server:
    """Start a fresh sandbox on a port; 0 means any free port. `backends` answer test calls of methods.

    With `quotas`, calls are throttled as AWS does, in each account and region, and clients use half of the quota.
    Raises ReconcilerError if the `sandbox` extra is not installed or the port is taken.
    """
    try:
        from reconciler.sandbox import web  # noqa: PLC0415 - costs 0.5 s, and the extra may be missing
    except ImportError as error:
        raise ReconcilerError(
            f"the sandbox needs packages that are not installed ({error})",
            'install them with: pip install "apigw-reconciler[sandbox]"',
        ) from error
    aws = SimulatedAws(backends=backends, clock=time.time)
    if seed:
        seed_apis(aws.plane())
    if quotas:
        aws.enforce_quotas()
    try:
        return Server(web.listen(host, port, aws), aws, quotas=quotas)
    except OSError as error:
        raise ReconcilerError(
            f"the sandbox cannot listen on {host} port {port}: {error.strerror or error}",
            "choose another port, or 0 for any free port",
        ) from error


def run(
    command: Sequence[str],
    *,
    seed: bool = True,
    backends: BackendAnswers = MappingProxyType({}),
    quotas: bool = False,
) -> int:
    """Run a command against a fresh sandbox and return its exit code, 128 + the signal number if it was killed.

    As in a shell, returns 127 if there is no such command and 126 if it cannot be executed, with a message on stderr.
    SIGTERM and SIGHUP are forwarded; on Ctrl-C the terminal signals the command itself, and this waits for it.
    """
    if not command:
        raise UsageError("no command to run", f"put it after --, for example: {command_line('sandbox', '--', 'sh')}")
    with serve(seed=seed, backends=backends, quotas=quotas) as server, _forwarding_signals() as forwarder:
        try:
            child = subprocess.Popen(list(command), env=server.environment_over(os.environ))  # noqa: S603 - running the user's command is the purpose
        except FileNotFoundError:
            return _report(command[0], "no such command", EXIT_NOT_FOUND)
        except OSError as error:
            return _report(command[0], error.strerror or str(error), _EXIT_NOT_EXECUTABLE)
        with child:
            forwarder.attach(child)
            code = child.wait()
    return code if code >= 0 else _EXIT_KILLED - code


def _report(command: str, problem: str, code: int) -> int:
    sys.stderr.write(f"reconciler sandbox: {command}: {problem}\n")
    return code


class _SignalForwarder:
    """Forwards signals to a child process, including those that arrived before it was started."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def attach(self, child: "subprocess.Popen[bytes]") -> None:
        """Forward signals to this child from now on, and those that arrived before."""
        self._child = child
        for number in self._early:
            child.send_signal(number)

    def receive(self, number: int, _: FrameType | None) -> None:
        """Forward a signal (a handler for `signal.signal`)."""
        if self._child is None:
            self._early.append(number)
        else:
            self._child.send_signal(number)


@contextmanager
def _forwarding_signals() -> Iterator[_SignalForwarder]:
    forwarder = _SignalForwarder()
    if threading.current_thread() is not threading.main_thread():
        yield forwarder  # only the main thread may set handlers
        return
    # A function rather than SIG_IGN for Ctrl-C, because the child would inherit SIG_IGN.
    handlers = {signal.SIGINT: lambda *_: None, **dict.fromkeys(_FORWARDED, forwarder.receive)}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield forwarder
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
