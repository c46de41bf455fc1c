"""Stamps on the head of a record by outside authorities: what was on record, and no later than when. They are kept.

stamps/HEAD.tsr     the answer of an authority as it came (RFC 3161); a second one on the same head is HEAD.2.tsr
stamps/HEAD.json    what was asked of whom, and what the token says
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Annotated

import msgspec

from contested.errors import ContestedError, MissingPart, UsageError
from contested.model import Noun, Problem
from contested.workspace import Workspace
from contested.workspace.chain import Head, as_line, end
from contested.workspace.folder import STAMPS

LIMIT = 200_000  # bytes of a file here
NAME = re.compile(r"([0-9a-f]{64})(\.[0-9]{1,6})?")
ASTRAY = "Restore the folder from a copy, or take the file out of it"

Ask = Callable[[str, bytes], bytes]
Moment = Annotated[dt.datetime, msgspec.Meta(tz=True)]


class Stamp(Noun, frozen=True):
    """A stamp: on which head, asked of whom and when; and when, under what number and policy it was given."""

    head: str
    entries: int
    tsa: str
    asked_at: Moment
    stamped_at: Moment
    serial: str
    policy: str
    recorded_at: Moment | None = None  # the last entry under the head


def stamp(
    workspace: Workspace, tsa: str, roots: Path | None = None, last: Head | None = None, ask: Ask | None = None
) -> Stamp:
    """Have an authority stamp the head of the record (or `last`, looked up before), and keep the token.

    Nothing but a hash of the head leaves.

    With `roots` (PEM) the token must lead back to one of these certificates. UsageError when nothing is on record,
    MissingPart without the extra, NoStampError (exit code 3) when no stamp is given.
    """
    tokens = _tokens()
    trusted = tokens.certificates(roots) if roots else []
    last = last or end(workspace.ledger)
    if not last.entries:
        raise UsageError("nothing is on record that could be stamped. Add reports first")
    question, nonce = tokens.question(last.head)
    now = dt.datetime.now(dt.UTC)
    answer = (ask or _authority())(tsa, question)
    token = tokens.read(answer, last.head, nonce)
    if trusted and (reason := tokens.hold(token, last.head, trusted)):
        raise tokens.NoStampError(f"the stamp cannot be led back to {roots}: {reason}. Nothing was kept")
    given = _as_given(last, tsa, now, token.stamped_at, token.serial, token.policy)
    _keep(workspace.folder / STAMPS, given, answer)
    return given


def kept(workspace: Workspace) -> tuple[list[Stamp], list[Problem]]:
    """The stamps in a workspace, the oldest first, and what in its folder is none."""
    problems: list[Problem] = []
    found = [each for _, each in _read(workspace.folder / STAMPS, problems)]
    return sorted(found, key=lambda each: each.stamped_at), problems


def check(workspace: Workspace, roots: Path | None = None) -> list[Problem]:
    """What is wrong with the stamps: a token that is none, or on something else; a head that the record does not hold.

    With `roots` (PEM) each token must also lead back to one of these certificates. MissingPart when there are stamps
    and the extra is not installed.
    """
    problems: list[Problem] = []
    found = list(_read(workspace.folder / STAMPS, problems))
    if not found and roots is None:
        return problems
    tokens = _tokens()
    trusted = tokens.certificates(roots) if roots else []
    there = {each.head for _, each in found if workspace.ledger.holds(each.head)}
    for path, each in found:
        if each.head not in there:
            reason = f"no entry has the head {each.head}: the record was cut short or written anew"
            problems.append(Problem(str(path), reason, "Restore the ledger from a copy made before"))
        try:
            token = tokens.read(_bytes(path), each.head)
        except (ContestedError, OSError) as fault:
            problems.append(Problem(str(path), str(fault), ASTRAY))
            continue
        if token.stamped_at != each.stamped_at:
            problems.append(Problem(str(path.with_suffix(".json")), "it does not say what the token says", ASTRAY))
        if trusted and (reason := tokens.hold(token, each.head, trusted)):
            remedy = "Give the certificate that its authority's chain begins with"
            problems.append(Problem(str(path), f"it cannot be led back to {roots}: {reason}", remedy))
    return problems


def _as_given(last: Head, tsa: str, asked: dt.datetime, given: dt.datetime, serial: str, policy: str) -> Stamp:
    return Stamp(last.head, last.entries, tsa, asked, given, serial, policy, last.recorded_at)


# ── the folder ───────────────────────────────────────────────────────────────────────────────────


def _keep(folder: Path, given: Stamp, answer: bytes) -> None:
    """Write a token and what it says under the next free name. UsageError when the folder cannot be written."""
    try:
        folder.mkdir(exist_ok=True)
        names = (given.head if n == 1 else f"{given.head}.{n}" for n in count(1))
        name = next(each for each in names if not os.path.lexists(folder / f"{each}.tsr"))
        for suffix, data in ((".json", as_line(given)), (".tsr", answer)):
            with (folder / f"{name}{suffix}").open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
    except OSError as fault:
        raise UsageError(f"{folder} cannot be written: {fault.strerror}. Make room or check rights") from None


def _read(folder: Path, problems: list[Problem]) -> Iterator[tuple[Path, Stamp]]:
    """Each token with what is written down of it; what does not belong together is added to the problems."""
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    ours = [path for path in there if path.suffix in (".tsr", ".json") and NAME.fullmatch(path.stem)]
    problems += [Problem(str(path), "this is no stamp", ASTRAY) for path in there if path not in ours]
    for path in (each for each in ours if each.suffix == ".tsr"):
        beside = path.with_suffix(".json")
        try:
            said = msgspec.json.decode(_bytes(beside), type=Stamp)
        except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
            problems.append(Problem(str(beside), "it does not say what was stamped, where and when", ASTRAY))
            continue
        if said.head != path.stem.partition(".")[0]:
            problems.append(Problem(str(beside), "it speaks of another head than its name", ASTRAY))
            continue
        yield path, said


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LIMIT + 1)


# ── the extra ────────────────────────────────────────────────────────────────────────────────────

_INSTALL = "which is not installed: pip install 'contested[stamp]'"


def _tokens() -> ModuleType:
    try:
        from contested.workspace import tokens
    except ImportError as fault:
        raise MissingPart(f"stamps need the package {fault.name}, {_INSTALL}") from fault
    return tokens


def _authority() -> Ask:
    try:
        from contested.workspace.authority import ask
    except ImportError as fault:
        raise MissingPart(f"asking for a stamp needs the package {fault.name}, {_INSTALL}") from fault
    return ask
