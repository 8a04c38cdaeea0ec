"""A local AWS on loopback, and running a command against it.

Promise: `serve` listens on a free port in a thread of this process, seeded, and says what to put into the environment;
nothing is sent anywhere. Importing this module imports neither moto nor werkzeug; serving does.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Final, Self

from reconciler.errors import ReconcilerError, UsageError
from reconciler.invocation import command_line
from reconciler.sandbox.model.plane import REGION, SimulatedAws
from reconciler.sandbox.seed import seed_apis

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

EXIT_NOT_FOUND: Final = 127
"""Exit code for a command that does not exist, as of a shell."""

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
"""Environment variables that would lead past the sandbox, or to other credentials."""

_UNSET_PREFIX: Final = "AWS_ENDPOINT_URL_"


class Server:
    """A sandbox that is listening: `url`, `environment` to export, `world` to look into. Close it, or use `with`."""

    def __init__(self, listener: "BaseWSGIServer", aws: SimulatedAws) -> None:
        self.aws = aws
        self._listener = listener
        host = f"[{listener.host}]" if ":" in listener.host else listener.host
        self.url = f"http://{host}:{listener.port}"
        self._thread = threading.Thread(
            target=listener.serve_forever, args=(_POLL_SECONDS,), name="sandbox", daemon=True
        )
        self._thread.start()

    @property
    def environment(self) -> Mapping[str, str]:
        """What to export so that boto3, the AWS CLI and this program talk to the sandbox."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "RECONCILER_QUOTA_SHARE": "off",
        }

    def environment_over(self, base: Mapping[str, str]) -> dict[str, str]:
        """A whole environment for a child process: the base, without what would lead elsewhere, proxies included."""
        kept = {name: value for name, value in base.items() if name not in UNSET and not name.startswith(_UNSET_PREFIX)}
        direct = ",".join(filter(None, (base.get("no_proxy") or base.get("NO_PROXY"), self._listener.host)))
        return {**kept, **self.environment, "NO_PROXY": direct, "no_proxy": direct}

    def close(self) -> None:
        """Stop listening; closing twice does nothing more."""
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


def serve(host: str = "127.0.0.1", port: int = 0, *, seed: bool = True) -> Server:
    """Start a fresh sandbox. `port` 0: any free one.

    Raises ReconcilerError when the `sandbox` extra is not installed or the port is taken.
    """
    try:
        from reconciler.sandbox import web  # noqa: PLC0415 - half a second, and an extra that may be missing
    except ImportError as error:
        raise ReconcilerError(
            f"the sandbox needs packages that are not installed ({error})",
            'install them: pip install "apigw-reconciler[sandbox]"',
        ) from error
    aws = SimulatedAws()
    if seed:
        seed_apis(aws.plane())
    try:
        return Server(web.listen(host, port, aws), aws)
    except OSError as error:
        raise ReconcilerError(
            f"the sandbox cannot listen on {host} port {port}: {error.strerror or error}",
            "choose another port, or 0 for any free one",
        ) from error


def run(command: Sequence[str], *, seed: bool = True) -> int:
    """Run a command against a fresh sandbox; its exit code, 128 + the signal's number if one killed it.

    127 and a message on stderr when there is no such command, 126 when it cannot be executed, as of a shell. SIGTERM
    and SIGHUP are passed on; on Ctrl-C the terminal tells the command, and this waits for it.
    """
    if not command:
        raise UsageError(
            "there is no command to run", f"write it after --, as in: {command_line('sandbox', '--', 'sh')}"
        )
    with serve(seed=seed) as server, _forwarding_signals() as forwarder:
        try:
            child = subprocess.Popen(list(command), env=server.environment_over(os.environ))  # noqa: S603 - the point
        except FileNotFoundError:
            return _report(command[0], "no such command", EXIT_NOT_FOUND)
        except OSError as error:
            return _report(command[0], error.strerror or str(error), _EXIT_NOT_EXECUTABLE)
        with child:
            forwarder.attach(child)
            code = child.wait()
    return code if code >= 0 else _EXIT_KILLED - code


def _report(command: str, what: str, code: int) -> int:
    sys.stderr.write(f"reconciler sandbox: {command}: {what}\n")
    return code


class _SignalForwarder:
    """Passes signals on to a child, those too that came before there was one."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def attach(self, child: "subprocess.Popen[bytes]") -> None:
        """Pass on to this child from now on."""
        self._child = child
        for number in self._early:
            child.send_signal(number)

    def receive(self, number: int, _: FrameType | None) -> None:
        """Take a signal (a handler for `signal.signal`)."""
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
    # A function rather than SIG_IGN for Ctrl-C: the child would inherit that one.
    handlers = {signal.SIGINT: lambda *_: None, **dict.fromkeys(_FORWARDED, forwarder.receive)}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield forwarder
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
