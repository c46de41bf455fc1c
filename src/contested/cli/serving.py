"""The local app: serve."""

from __future__ import annotations

import socket
from contextlib import suppress

import click

from contested.cli.session import Session, analyst_option, session
from contested.errors import UsageError

PORT = 8321


@click.command()
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="Where to listen.")
@analyst_option("Who settles names in it.")
@session
def serve(here: Session, port: int, analyst: str) -> None:
    """Open the pictures in a browser.

    A local app: it listens on this machine only and asks nobody else for anything.
    """
    here.open().close()  # a missing or damaged workspace is told before anything listens
    listen(here, here.folder, port, analyst)


def listen(here: Session, folder: str, port: int, analyst: str | None = None) -> None:
    """Serve a workspace on this machine only, until interrupted."""
    from contested.web import serve as run

    _free(port)
    here.tell(f"http://127.0.0.1:{port}  (stop with Ctrl-C)")
    with suppress(KeyboardInterrupt):  # stopping it is how it ends
        run(folder, port=port, analyst=analyst)


def _free(port: int) -> None:
    """UsageError when somebody else listens on this port."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            raise UsageError(f"port {port} is taken. Choose another: contested serve --port {port + 1}") from None
