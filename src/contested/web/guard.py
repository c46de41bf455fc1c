"""Who may ask, and what an answer may do: loopback names only, reading only, and a strict content policy."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """An ASGI application that stands in front of another.

    A foreign Host header is refused, or a web page could point its own name at this machine and read the ledger.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith("/static/") else "no-store")
            await send(message)

        await (refusal(scope) or self.app)(scope, receive, send_guarded)


def refusal(scope: Scope) -> PlainTextResponse | None:
    """Why a request is turned away, or None."""
    if host_name(Headers(scope=scope).get("host", "")) not in LOOPBACK:
        return PlainTextResponse("This app answers only to 127.0.0.1 and localhost.\n", 400)
    if scope["method"] not in ("GET", "HEAD"):
        return PlainTextResponse("This app is for reading: GET only.\n", 405, {"Allow": "GET, HEAD"})
    return None


def host_name(host: str) -> str:
    """The name in a Host header, without its port: "[::1]:8000" gives "[::1]"."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
