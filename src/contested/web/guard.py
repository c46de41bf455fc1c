"""Who may ask, and what an answer may do: loopback names only, reading but for our own forms, a strict content policy.

A form is taken only at its address, small, and from a page of this very host: by the headers a browser sets, which no
foreign page can, and by a token that only our pages hold (see `review`).
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FORMS = frozenset({"/review", "/review/undo"})  # the addresses that take a form
FORM, MOST = "application/x-www-form-urlencoded", 16_384  # bytes of one
TOKEN = secrets.token_urlsafe(32)  # of this process; every form of ours holds it
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # nothing for others; without any, a browser sends our forms as from nowhere
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
    headers = Headers(scope=scope)
    if host_name(headers.get("host", "")) not in LOOPBACK:
        return PlainTextResponse("This app answers only to 127.0.0.1 and localhost.\n", 400)
    if scope["method"] in ("GET", "HEAD"):
        return None
    if scope["method"] != "POST" or scope["path"] not in FORMS:
        return PlainTextResponse("This address is for reading: GET only.\n", 405, {"Allow": "GET, HEAD"})
    return _refused_form(headers, f"{scope['scheme']}://{headers['host']}".lower())


def _refused_form(headers: Headers, here: str) -> PlainTextResponse | None:
    length = headers.get("content-length", "")
    if headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return PlainTextResponse(f"Only a form is taken here: {FORM}.\n", 415)
    if not (length.isascii() and length.isdigit()):
        return PlainTextResponse("A form says how long it is.\n", 411)
    if len(length) > len(str(MOST)) or int(length) > MOST:
        return PlainTextResponse(f"A form has at most {MOST} bytes.\n", 413)
    if not from_here(headers, here):
        return PlainTextResponse("Only this app's own pages may send its forms.\n", 403)
    return None


def from_here(headers: Headers, here: str) -> bool:
    """Whether a page of this origin ("http://127.0.0.1:8321") sent it: all that is said of that must say so."""
    said = [origin.lower() == here for origin in headers.getlist("origin")]
    said += [site.lower() == "same-origin" for site in headers.getlist("sec-fetch-site")]
    said += [_origin(address) == here for address in headers.getlist("referer")]
    return bool(said) and all(said)


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


def host_name(host: str) -> str:
    """The name in a Host header, without its port: "[::1]:8000" gives "[::1]"."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
