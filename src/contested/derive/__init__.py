"""Assertions in, pictures out, by a declared codebook: select, group, keep live, settle.

    standings ──select──▶ Evidence ──group──▶ Group ──keep live──▶ Live ──settle──▶ Row
                          its meaning          its row             what counts      the first rule that fits

One engine draws every picture; what differs stands in the codebooks. It knows no actor and no place by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from contested.derive.backwards import looked_back, looks_back
from contested.derive.codebook import Codebook, check_codebook, codebooks, load_codebook
from contested.derive.drawing import Drawing
from contested.derive.evidence import day_of
from contested.derive.explain import explain
from contested.derive.parting import Parting, Partition
from contested.derive.who import parties, party_days, party_fields
from contested.derive.wording import Things
from contested.model import Name, Picture, Row, Standing

__all__ = [
    "Codebook",
    "Parting",
    "Partition",
    "Things",
    "check_codebook",
    "codebooks",
    "day_of",
    "derive",
    "explain",
    "load_codebook",
    "looked_back",
    "looks_back",
    "parties",
    "party_days",
    "party_fields",
    "rows",
]


def derive(
    codebook: Codebook, standings: Iterable[Standing], on: dt.date, known: dt.datetime, register: Things
) -> Picture:
    """The picture of the day `on`, from what stood recorded at `known`.

    Rows are sorted by key. What belongs to no row, or to one where nothing counts, is never lost: it stands, each with
    its reason, in a last row whose key is empty. What a standing is of, and that it was known, is the caller's word.
    """
    everything = tuple(standings)
    drawn = rows(codebook, [everything], on, register, parties(codebook, everything, on))
    return Picture(codebook.picture or codebook.name, codebook.name, on, known, codebook.columns, tuple(drawn))


def rows(
    codebook: Codebook,
    partitions: Iterable[Iterable[Standing]],
    on: dt.date,
    register: Things,
    parties: Collection[Name],
) -> Iterator[Row]:
    """The rows of a picture as they are drawn, so that neither they nor the evidence need be held at once."""
    # No name here for a partition: it would be held while the next one is read.
    return chain.from_iterable(map(Drawing(codebook, on, register, parties).rows, partitions))
