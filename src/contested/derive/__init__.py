"""Assertions in, pictures out, by a declared codebook: select, group, keep live, settle.

    standings ──select──▶ Evidence ──group──▶ Group ──keep live──▶ Live ──settle──▶ Row
                          its meaning          its row             what counts      the first rule that fits

One engine draws every picture; what differs stands in the codebooks. It knows no actor and no place by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from contested.derive.codebook import Codebook, check_codebook, codebooks, load_codebook
from contested.derive.evidence import Evidence, Things, Wording
from contested.derive.explain import explain
from contested.derive.group import group
from contested.derive.select import select
from contested.derive.settle import settle
from contested.model import Ignored, Picture, Row, Standing

__all__ = ["Codebook", "Things", "check_codebook", "codebooks", "derive", "explain", "load_codebook"]


def derive(
    codebook: Codebook, standings: Iterable[Standing], on: dt.date, known: dt.datetime, register: Things
) -> Picture:
    """The picture of the day `on`, from what stood recorded at `known`.

    Rows are sorted by key. What belongs to no row, or to one where nothing counts, is never lost: it stands, each with
    its reason, in a last row whose key is empty. What a standing is of, and that it was known, is the caller's word.
    """
    wording = Wording(register, codebook.roles)
    groups, unplaced = group(codebook, select(codebook, standings, on, wording), wording)
    rows = []
    for one in groups:
        row = settle(codebook, one, on, wording)
        if row is None:
            unplaced += [(e, e.aside) for e in one.own]
        else:
            rows.append(row)
    rows.sort(key=lambda row: (tuple(part.casefold() for part in row.key), row.key, row.things))
    rows += _left_aside(codebook, unplaced, rows)
    return Picture(codebook.picture or codebook.name, codebook.name, on, known, codebook.columns, tuple(rows))


def _left_aside(codebook: Codebook, unplaced: Sequence[tuple[Evidence, str]], rows: Sequence[Row]) -> list[Row]:
    used = {one for row in rows for one in (*row.support, *row.against)}
    ignored = {e.id: Ignored(e.id, reason) for e, reason in unplaced if e.id not in used}
    if not ignored:
        return []
    nothing = ("",) * len(codebook.key)
    return [
        Row(
            key=nothing,
            value="",
            status="none",
            rule="left aside",
            ignored=tuple(ignored[one] for one in sorted(ignored)),
            things=nothing,
            cells=("",) * len(codebook.cells),
        )
    ]
