"""The local app: the workspace's pictures and reports as pages for a browser on this machine.

request ──guard──▶ Ask ──page──▶ Answer ──render──▶ HTML, or its JSON twin
   form ──guard──▶ settled by the workspace ──▶ back to the page it came from
"""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from contested.errors import UsageError
from contested.web.guard import LOOPBACK, Guard
from contested.web.pages import refuse, routes
from contested.web.record import Record
from contested.workspace import Workspace, open_workspace
from contested.workspace.folder import speaker

__all__ = ["app", "serve"]


def app(workspace: Workspace, analyst: str | None = None) -> Starlette:
    """The app over an open workspace, for loopback names only; what is settled in it is in the analyst's name."""
    record = Record(workspace, speaker(analyst))

    async def stray(request: Request, fault: Exception) -> Response:
        status = fault.status_code if isinstance(fault, HTTPException) else 500
        return refuse(request, record, status, "There is no page at this address.")

    return Starlette(routes=routes(record), middleware=[Middleware(Guard)], exception_handlers={HTTPException: stray})


def serve(folder: str | Path, port: int = 8321, host: str = "127.0.0.1", analyst: str | None = None) -> None:
    """Open the workspace in a folder and serve it until interrupted; `analyst` is by default the user.

    UsageError for a host other than this machine's loopback: the record is not public.
    """
    import uvicorn

    if host not in {name.strip("[]") for name in LOOPBACK}:
        raise UsageError(f"{host} is not this machine alone. Serve on 127.0.0.1")
    with open_workspace(folder) as workspace:
        uvicorn.run(app(workspace, analyst), host=host, port=port, log_level="warning", server_header=False)
