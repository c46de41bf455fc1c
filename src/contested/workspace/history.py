"""Looking back: the record act by act, what was learned between two moments, what changed between two days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from contested.ledger import Ledger
from contested.workspace.clocks import beginning, check_order, moment

if TYPE_CHECKING:
    from contested.workspace.acts import Act
    from contested.workspace.differing import Change, Drawing, Redrawn

Span = tuple[dt.date | None, dt.date | None]


class History:
    """The part of a workspace that looks back."""

    if TYPE_CHECKING:
        ledger: Ledger

    def log(
        self,
        since: dt.date | None = None,
        until: dt.date | None = None,
        *,
        document: str = "",
        recorder: str = "*",
        limit: int = 50,
    ) -> Iterator[Act]:
        """The last acts of recording, the last first: at most `limit`, from `since` to `until` (bare days whole).

        `document` is an id or the beginning of one; `recorder` a name with * for any characters: "control@*",
        "analyst:amy". UsageError when the second moment is before the first.
        """
        from contested.workspace.acts import acts

        whole = self.ledger.id_of(document) if document else ""
        first, last = beginning(since) if since else None, moment(until) if until else None
        if first and last:
            check_order(first, last)
        return acts(self.ledger, (first, last), whole, recorder, limit)

    def diff(self, since: dt.date, until: dt.date | None = None, kinds: Collection[str] = ()) -> Iterator[Change]:
        """What was learned between two moments (now, if no second): new, withdrawn, amended, judged, meant otherwise.

        In the order of documents' ids and quotes; both moments are walked document by document, and neither is held
        whole. `kinds` names those wanted, of what was read before or after; all if none. A bare day means its end.
        UsageError when the second moment is before the first.
        """
        from contested.workspace.differing import learned

        if isinstance(kinds, str):
            kinds = (kinds,) if kinds else ()
        first, last = moment(since), moment(until) if until else dt.datetime.now(dt.UTC)
        check_order(first, last)
        return learned(self.ledger, first, last, frozenset(kinds))

    def redrawn(
        self: Drawing,
        name: str,
        on: Span = (None, None),
        known: Span = (None, None),
        codebook: str | Path | None = None,
    ) -> tuple[Redrawn, ...]:
        """The rows of a picture that say something else on another day, or as known at another moment.

        `on` and `known` are those of the first picture and of the second, as for `picture`; where no day is given, both
        are of the second's.
        """
        from contested.workspace.differing import redrawn

        after = self.picture(name, on[1], known[1], codebook)
        before = self.picture(name, on[0] or after.on, known[0], codebook)
        return redrawn(self.ledger, before, after)
