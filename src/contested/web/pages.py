"""The routes: each page at its address, its JSON twin beside it, the forms, and plain words when something is wrong."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from contested.errors import ContestedError, UsageError
from contested.web.ask import Ask
from contested.web.documents import show_documents
from contested.web.forms import ACTS, Form, read_form
from contested.web.mapped import show_map
from contested.web.pictures import show_picture
from contested.web.record import Record
from contested.web.render import STATIC, Answer, as_html, as_json
from contested.web.reports import show_assertions, show_document, show_timeline
from contested.web.review import show_review
from contested.web.state import View, read_view, read_word

Page = Callable[[Ask], Answer]

PAGES: dict[str, Page] = {
    "/map": show_map,
    "/timeline": show_timeline,
    "/assertions": show_assertions,
    "/documents": show_documents,
    "/doc/{id}": show_document,
    "/picture/{name}": show_picture,
    "/review": show_review,
}
OWN = ("on", "known", "page", "skip", "done", "undone")  # parameters the header's form sets itself or starts anew


def routes(record: Record) -> list[BaseRoute]:
    """Every address of the app; a JSON twin comes before its page, or the page would take it for a name."""
    found: list[BaseRoute] = [Route("/", _to_map), Mount("/static", StaticFiles(directory=STATIC), name="static")]
    for path, page in PAGES.items():
        found += [Route(f"{path}.json", _endpoint(record, page)), Route(path, _endpoint(record, page))]
    return [*found, *(Route(path, _taking(record, act), methods=["POST"]) for path, act in ACTS.items())]


def _to_map(request: Request) -> Response:
    return RedirectResponse(read_view({}).link("/map") + (f"?{request.url.query}" if request.url.query else ""), 307)


def _endpoint(record: Record, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        view = read_view(request.query_params)
        read_word("codebook", view.codebook, record.workspace.codebooks())
        said = page(Ask(record, view, request.query_params, request.path_params))
        if _wants_json(request):
            return as_json(Answer(said.template, said.title, _state(view) | said.data))
        return as_html(said, frame(record, view, request))

    return _told(record, answer)


def _taking(record: Record, act: Callable[[Record, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    async def done(request: Request) -> Response:
        return act(record, await read_form(request))

    return _told(record, done)


def _told(record: Record, answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    # A coroutine, so that one question at a time is put to the ledger, in the thread that opened it.
    async def told(request: Request) -> Response:
        try:
            return await answer(request)
        except UsageError as mistake:
            return refuse(request, record, 400, str(mistake))
        except HTTPException as absent:
            return refuse(request, record, absent.status_code, absent.detail)
        except ContestedError:
            logging.getLogger(__name__).exception("%r", request.url.path)
            return refuse(request, record, 500, "The workspace could not be read. Run: contested verify")
        except Exception:  # nothing that goes wrong inside may show itself outside
            logging.getLogger(__name__).exception("%r", request.url.path)
            return refuse(request, record, 500, "This page could not be made. The terminal says more.")

    return told


def refuse(request: Request, record: Record, status: int, why: str) -> Response:
    """A friendly page that says what was wrong, or its JSON twin."""
    titles = {403: "That was not taken", 404: "Not here", 405: "For reading only", 410: "Removed"}
    titles[400] = "That could not be done" if request.method == "POST" else "That link does not read"
    said = Answer("error", titles.get(status, "Something went wrong"), {"status": status, "error": why}, {}, status)
    if _wants_json(request):
        return as_json(said)
    return as_html(said, frame(record, View(), request, quiet=status != 410))


def frame(record: Record, view: View, request: Request, quiet: bool = False) -> dict[str, Any]:
    """What stands round every page; `quiet` asks nothing of a record that may be the trouble."""
    others = [(key, value) for key, value in request.query_params.multi_items() if key not in OWN]
    query = request.url.query
    return {
        "view": view,
        "link": view.link,
        "path": request.url.path,
        "others": [] if quiet else others,
        "twin": f"{request.url.path}.json" + (f"?{query}" if query else ""),
        "pictures": [] if quiet else list(record.pictures()),
        "head": "" if quiet else record.head()[:12],
        "open_names": 0 if quiet else record.open_names(view),
        "unreviewed": 0 if quiet else record.unreviewed(view),
        "standing": 0 if quiet else record.standing(view),
    }


def _state(view: View) -> dict[str, Any]:
    return {"asked": {"on": view.on, "known": view.known or None, "codebook": view.codebook or None}}


def _wants_json(request: Request) -> bool:
    return request.url.path.endswith(".json")
