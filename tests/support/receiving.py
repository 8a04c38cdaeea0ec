"""A server on loopback that receives notifications, and gives scripted answers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, TypeAlias

CANARY: Final = "T0K3N-canary"
"""A part of every URL that must not be seen anywhere else."""


Answer: TypeAlias = Callable[[BaseHTTPRequestHandler], object]


@dataclass
class ReceivingServer:
    """Requests as path and body; each answer writes what it likes, and the last one is for all further requests."""

    url: str = ""
    requests: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer with this status."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def close(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


@contextmanager
def receiving(*answers: Answer) -> Iterator[ReceivingServer]:
    """A server that gives these answers."""
    server = ReceivingServer(answers=list(answers) or [status(200)])

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            server.requests.append((self.path, self.rfile.read(length)))
            answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
            try:
                answer(self)
            except ConnectionError:
                self.close_connection = True

        do_GET = do_POST  # noqa: N815 - the name that the library calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        server.url = f"http://127.0.0.1:{http.server_port}/{CANARY}"
        try:
            yield server
        finally:
            server.ended.set()
            http.shutdown()
