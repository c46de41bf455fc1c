"""Forms sent from the review page: read, held against the token, done, and answered with the way back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contested.errors import UsageError
from contested.extract.settled import Role
from contested.web.guard import MOST, TOKEN
from contested.web.record import Record
from contested.workspace.meanings import point

LONGEST, FIELDS = 1_000, 20  # characters of a field, and fields of a form
KEPT = ("on", "codebook", "show", "role", "q", "page")  # of the page it was sent from

Form = Mapping[str, str]


async def read_form(request: Request) -> Form:
    """The fields of a form. UsageError when it cannot be read, HTTPException when it does not hold the token."""
    body = await request.body()
    try:
        fields = dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS, errors="strict"))
    except ValueError:
        raise UsageError("that form cannot be read. Load the page again") from None
    if len(body) > MOST or any(len(value) > LONGEST for value in fields.values()):
        raise UsageError(f"a field of that form is longer than {LONGEST} characters")
    if not secrets.compare_digest(fields.get("token", "").encode(), TOKEN.encode()):
        raise HTTPException(403, "This form was made before the app was started anew. Load the page again.")
    return fields


def settle(record: Record, form: Form) -> Response:
    """Settle what one name means, as chosen; "leave" changes nothing."""
    role, words, chosen = _role(form), form.get("words", ""), form.get("meant", "leave")
    if chosen == "leave":
        return _back(form, "")
    if chosen == "new":
        _add(record, words, form)
    else:
        thing = "" if chosen == "none" else chosen.removeprefix("thing:")
        if chosen == "other" and not (thing := form.get("other", "").strip()):
            raise UsageError("something else was chosen, but not what. Write its name or its id")
        record.workspace.mean(words, thing, role, record.analyst)
    return _back(form, "done", f"{role}/{words}")


def undo(record: Record, form: Form) -> Response:
    """Take back what was settled last of one name."""
    role, words = _role(form), form.get("words", "")
    record.workspace.unsettle(words, role, record.analyst)
    return _back(form, "undone", f"{role}/{words}")


ACTS: dict[str, Callable[[Record, Form], Response]] = {"/review": settle, "/review/undo": undo}


def _role(form: Form) -> Role:
    match form.get("as"):
        case "place" | "party" as role:
            return role
    raise UsageError("that form does not say whether it names a place or a party. Load the page again")


def _add(record: Record, words: str, form: Form) -> None:
    """A new place; `within` left as it was suggested means the very place that was suggested."""
    within = form.get("within", "").strip()
    if within and within == form.get("suggested_name", ""):
        within = form.get("suggested", "") or within
    at = point(form["at"]) if form.get("at", "").strip() else None
    record.workspace.add_place(
        words, within, at, form.get("type") or "settlement", form.get("name", "").strip(), record.analyst
    )


def _back(form: Form, how: str, what: str = "") -> RedirectResponse:
    """The page it came from, at the same spot, with what was done."""
    kept = [(name, value) for name, value in parse_qsl(form.get("back", "")) if name in KEPT]
    query = urlencode([*kept, (how, what)] if how else kept)
    spot = form.get("spot", "")
    fragment = f"#n{int(spot)}" if spot.isascii() and spot.isdigit() and len(spot) < 4 else ""
    return RedirectResponse(f"/review{'?' if query else ''}{query}{fragment}", 303)
