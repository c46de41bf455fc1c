"""A report, forms a model could fill in on it, and a server on loopback: good, bad, slow or malicious."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from contested.model import Document
from contested.register import Register, open_register

TEXT = """Taliban fighters captured the city of Kunduz on Monday, a police spokesman said. At least 30 soldiers
were killed, the ministry reported.

The interior ministry denied that the insurgents had taken Sheberghan. They may attack Ghazni next week."""
DOCUMENT = Document("d1" * 12, "The Example Courier", TEXT, "0" * 64, dt.date(2015, 10, 2), "given", file="kunduz.txt")

KUNDUZ = {
    "kind": "control", "status": "taken", "place": "Kunduz", "holder": "Taliban fighters",
    "quote": "Taliban fighters captured the city of Kunduz", "voices": ["a police spokesman"], "when": "on Monday",
}  # fmt: skip
KILLED = {
    "kind": "event", "type": "clash", "recipient": "soldiers", "killed": "At least 30",
    "quote": "At least 30 soldiers were killed", "voices": ["the ministry"],
}  # fmt: skip
DENIED = {
    "kind": "control", "status": "taken", "place": "Sheberghan", "holder": "the insurgents",
    "quote": "the insurgents had taken Sheberghan", "voices": ["The interior ministry"], "denied": True,
}  # fmt: skip
FORETOLD = {
    "kind": "forecast", "proposition": "They may attack Ghazni", "horizon": "next week", "hedge": "may",
    "quote": "They may attack Ghazni next week",
}  # fmt: skip
FORMS = (KUNDUZ, KILLED, DENIED, FORETOLD)


@cache
def register() -> Register:
    return open_register()


# ── what a server can do with a request ──────────────────────────────────────────────────────────

Handler = BaseHTTPRequestHandler
Does = Callable[[Handler], None]


def completes(*forms: Any, text: str | None = None, finish: str = "stop") -> Does:
    """A chat completion that holds these forms, or any other text."""
    content = json.dumps({"assertions": list(forms)}) if text is None else text
    return sends({"choices": [{"index": 0, "message": {"role": "assistant", "content": content},
                               "finish_reason": finish}], "usage": {"total_tokens": 7}})  # fmt: skip


def sends(body: Any, status: int = 200, **headers: str) -> Does:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def do(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)
        if headers.get("Content_Length", str(len(data))) != str(len(data)):
            handler.close_connection = True

    return do


def hangs(_handler: Handler) -> None:
    """Never answers."""
    _over(_handler).wait()


def drips(handler: Handler, start: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n") -> None:
    """Sends a byte now and then, without an end."""
    handler.wfile.write(start)
    while not _over(handler).wait(0.005):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def drips_headers(handler: Handler) -> None:
    drips(handler, b"HTTP/1.1 200 OK\r\nX-Long: ")


def floods(handler: Handler) -> None:
    """Sends and sends, as one answer."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not _over(handler).is_set():
        handler.wfile.write(b"10000\r\n" + b"{" * 0x10000 + b"\r\n")


def hangs_up(handler: Handler) -> None:
    handler.close_connection = True


def _over(handler: Handler) -> threading.Event:
    server = handler.server
    assert isinstance(server, _Threads)
    return server.over


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, world: Server) -> None:
        self.world, self.over = world, threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whom we hang up on may not like it."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, _Threads)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.world.meet(self.path, dict(self.headers.items()), json.loads(body))(self)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_said: Any) -> None:
        """Stay quiet."""


class Server:
    """A server on loopback that does one thing after the other, and the last one again and again.

    `answer`, if set, chooses by the request instead. It keeps what it was asked.
    """

    def __init__(self, *does: Does) -> None:
        self.does = list(does)
        self.answer: Callable[[dict[str, Any]], Does] | None = None
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []

    def meet(self, path: str, headers: dict[str, str], asked: dict[str, Any]) -> Does:
        self.paths.append(path)
        self.headers.append(headers)
        self.asked.append(asked)
        if self.answer:
            return self.answer(asked)
        return self.does.pop(0) if len(self.does) > 1 else self.does[0]

    def __enter__(self) -> Self:
        self._server = _Threads(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        return self

    def __exit__(self, *_fault: object) -> None:
        self._server.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def shown(asked: dict[str, Any]) -> str:
    """The piece of the report that a request holds."""
    lines = asked["messages"][1]["content"].split("\n")
    fences = [number for number, line in enumerate(lines) if line == lines[0]]
    return "\n".join(lines[fences[0] + 1 : fences[-1]])


def fields_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON Schema."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from fields_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from fields_of(part)
