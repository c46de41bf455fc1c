"""A language model reads, too: extract."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from contested.cli.adding import UNREADABLE
from contested.cli.looking import objects
from contested.cli.progress import Bar
from contested.cli.session import Session, count, form_of, output_options, session, show, width

if TYPE_CHECKING:
    from contested.workspace import Extracted, Waiting

PER_TOKEN = 4  # characters of English, about
FORMS = ("json", "jsonl")


@click.command()
@click.argument("documents", metavar="[ID…]", nargs=-1)
@click.option("--endpoint", required=True, metavar="URL", help="An OpenAI-compatible server: http://127.0.0.1:8080/v1")
@click.option("--model", required=True, metavar="NAME", help="The model, by the name the server knows.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only of this kind; may be given again.")
@click.option("--again", is_flag=True, help="Ask anew about what the model has read before.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--timeout", type=click.FloatRange(0.01, 86_400), metavar="SECONDS", default=300.0, show_default=True,
              help="For one answer, as a whole.")  # fmt: skip
@click.option("--proxy", is_flag=True, help="Go through the proxy that HTTPS_PROXY or HTTP_PROXY names.")
@output_options(*FORMS)
@session
def extract(
    here: Session,
    /,
    documents: tuple[str, ...],
    endpoint: str,
    dry_run: bool,
    timeout: float,
    proxy: bool,
    form: str | None,
    output: str,
    **asked: Any,
) -> int:
    """Have a language model read the reports, too.

    The text of the documents (all, or those named by ID) goes to the server given (with --proxy, by way of a proxy),
    and nowhere else. Only what stands in their words is recorded, as by the recorder llm-NAME; the rest goes into the
    workspace's folder refused/.
    """
    from contested.extract.llm import open_endpoint
    from contested.extract.llm.address import KEY, completions

    form, url = form_of(form, output, FORMS), completions(endpoint)
    if dry_run:
        return _plan(here, url, proxy, documents, form, output, **asked)
    key = os.environ.get(KEY, "").strip()
    server = open_endpoint(url, asked.pop("model"), key=key, seconds=timeout, proxy=proxy)
    with here.open() as workspace:
        _warn(url, proxy)
        with server, Bar(here.quiet) as bar:
            done = workspace.extract(server, documents, progress=bar, **asked)
    here.warn(done.problems)
    here.tell(_summary(done))
    if form != "table" or output != "-":
        show(_refused(done, form, output), output)
    return UNREADABLE if done.problems else 0


def _plan(here: Session, url: str, proxy: bool, documents: Sequence[str], form: str, output: str, **asked: Any) -> int:
    """Show what would be sent."""
    with here.open() as workspace:
        _warn(url, proxy)
        waiting = list(workspace.to_extract(documents=documents, **asked))
    show(_waiting(waiting, form, output), output)
    characters = sum(each.characters for each in waiting)
    requests = count(sum(each.requests for each in waiting), "request")
    tokens = f"about {characters // PER_TOKEN:,} tokens"
    here.tell(f"{count(len(waiting), 'document')}, {requests}, {characters:,} characters, {tokens}; nothing was sent")
    return 0


def _warn(url: str, proxy: bool) -> None:
    """Tell, loud or quiet, that reports leave this machine, or may by way of a proxy."""
    from contested.extract.llm.address import is_here, is_open

    if not is_here(url):
        way = ", unencrypted: anybody on the way can read it" if is_open(url) else ""
        where = urlsplit(url).hostname
        click.echo(f"contested: warning: the text of reports leaves this machine for {where}{way}", err=True)
    if proxy:
        click.echo("contested: warning: the text of reports goes through the proxy your environment names", err=True)


def _summary(done: Extracted) -> str:
    """One line on what a run did, with the reasons for what was refused, most frequent first."""
    reasons = Counter(each.reason.partition(":")[0] for each in done.refused)
    why = ", ".join(f"{number}× {reason}" for reason, number in reasons.most_common(3))
    parts = [
        f"{count(done.documents, 'document')} read",
        count(done.assertions, "assertion"),
        f"{done.known} already read" if done.known else "",
        f"{len(done.refused)} refused ({why}; see refused/)" if done.refused else "",
        count(len(done.problems), "problem") if done.problems else "",
    ]
    return ", ".join(part for part in parts if part)


def _refused(done: Extracted, form: str, output: str) -> str:
    from contested.write.plain import plain
    from contested.write.table import lay_out

    if form != "table":
        return objects(form, "refused", [plain(each) for each in done.refused])
    rows = [[each.file, each.reason, each.said] for each in done.refused]
    return lay_out(["file", "reason", "said"], rows, width(output)) if rows else ""


def _waiting(waiting: Sequence[Waiting], form: str, output: str) -> str:
    from contested.write.table import lay_out

    facts = [
        {"id": each.document.id, "file": each.document.file, "requests": each.requests, "characters": each.characters,
         "tokens": each.characters // PER_TOKEN}
        for each in waiting
    ]  # fmt: skip
    if form != "table":
        return objects(form, "waiting", facts)
    rows = [[str(value) for value in each.values()] for each in facts]
    return lay_out(["id", "file", "requests", "characters", "tokens, about"], rows, width(output)) if rows else ""
