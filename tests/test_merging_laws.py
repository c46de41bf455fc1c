"""Laws of merging, over any histories of offices that work apart."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from itertools import cycle, permutations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from contested.ledger import Ledger
from contested.ledger import merging as merging_module
from contested.ledger.tables import links
from contested.model import Standing
from ledger_world import fresh as filed
from test_ledger_laws import START, History, histories, play

Fresh = Callable[[], AbstractContextManager[Ledger]]
LATER = START + dt.timedelta(days=30)
MINUTE = dt.timedelta(minutes=1)


def told(ledger: Ledger) -> list[Standing]:
    """What stands, with the judgements in force, whatever the moments at which it became known here."""
    return [replace(each, recorded_at=START) for each in ledger.view(kinds=("control", "event", "judgement"))]


def offices(stack: ExitStack, several: list[History], *fresh: Fresh) -> list[Ledger]:
    """Ledgers that recorded apart, never two at one moment; made in one way or each in its own."""
    ledgers = [stack.enter_context(made()) for _, made in zip(several, cycle(fresh), strict=False)]
    for place, (ledger, history) in enumerate(zip(ledgers, several, strict=True)):
        list(play(ledger, history, START + place * MINUTE))
    return ledgers


def merged(*ledgers: Ledger) -> Ledger:
    """The first, with the others in it."""
    for hours, other in enumerate(ledgers[1:]):
        ledgers[0].merge(other, at=LATER + dt.timedelta(hours=hours))
    return ledgers[0]


@given(histories, histories)
@settings(max_examples=15, deadline=None)
def test_the_order_of_two_offices_does_not_matter(fresh: Fresh, one: History, other: History) -> None:
    with ExitStack() as stack:
        a, b = offices(stack, [one, other], fresh)
        c, d = offices(stack, [one, other], fresh)
        heads = a.head(), b.head()
        assert told(merged(a, b)) == told(merged(d, c))
        for ledger in (a, d):
            for head in heads:
                assert ledger.verify(head=head) == []


@given(histories, histories)
@settings(max_examples=10, deadline=None)
def test_wherever_they_are_kept_two_offices_come_to_the_same(fresh: Fresh, one: History, other: History) -> None:
    with ExitStack() as stack:
        a, b = offices(stack, [one, other], fresh, filed)
        c, d = offices(stack, [one, other], filed)
        for first, second in ((a, b), (c, d), (b, a), (d, c)):
            merged(first, second)
        assert told(a) == told(b) == told(c) == told(d)
        assert [each.assertions for each in a.entries()] == [each.assertions for each in c.entries()]
        assert a.verify() == b.verify() == []


@given(st.tuples(histories, histories, histories))
@settings(max_examples=4, deadline=None)
def test_three_offices_in_any_order_and_by_any_way(fresh: Fresh, several: tuple[History, History, History]) -> None:
    with ExitStack() as stack:
        shown = []
        for order in permutations(range(3)):
            ledgers = offices(stack, list(several), fresh)
            shown.append(told(merged(*(ledgers[each] for each in order))))
        a, b, c = offices(stack, list(several), fresh)
        merged(b, a)
        merged(c, b)  # what is a's comes by way of b
        merged(a, c, b)
        assert all(each == told(a) for each in (*shown, told(c)))
        assert a.verify() == b.verify() == c.verify() == []


@given(histories, histories)
@settings(max_examples=12, deadline=None)
def test_merging_again_changes_nothing_and_coming_home_adds_nothing(fresh: Fresh, one: History, other: History) -> None:
    with ExitStack() as stack:
        a, b = offices(stack, [one, other], fresh)
        merged(a, b)
        head, stands = a.head(), told(a)
        again = a.merge(b, at=LATER + dt.timedelta(days=1))
        assert (a.head(), told(a), again.entries) == (head, stands, 0)
        merged(b, a)
        home = a.merge(b, at=LATER + dt.timedelta(days=2))
        assert (a.head(), told(a), told(b), home.entries) == (head, stands, stands, 0)
        assert a.verify() == b.verify() == []


@given(histories, histories)
@settings(max_examples=12, deadline=None)
def test_what_was_known_before_the_merge_stays(fresh: Fresh, one: History, other: History) -> None:
    with ExitStack() as stack:
        a, b = offices(stack, [one, other], fresh)
        before = {each.recorded_at: list(a.view(known=each.recorded_at)) for each in a.entries()}
        mine = list(a.entries())
        merged(a, b)
        assert {moment: list(a.view(known=moment)) for moment in before} == before
        assert list(a.entries())[: len(mine)] == mine
        assert [(each.made_at, each.assertions) for each in b.entries()] == [
            (each.made_at, each.assertions) for each in a.entries() if each.origin
        ]


@given(histories, histories, st.integers(1, 3))
@settings(max_examples=8, deadline=None)
def test_however_it_is_cut_the_same_comes_in(fresh: Fresh, one: History, other: History, at_once: int) -> None:
    with ExitStack() as stack:
        a, b = offices(stack, [one, other], fresh)
        c, _ = offices(stack, [one, other], fresh)
        merged(a, b)
        kept, merging_module.AT_ONCE = merging_module.AT_ONCE, at_once
        try:
            for left in range(2, 0, -1):
                cut_short(c, b, left)
            merged(c, b)
        finally:
            merging_module.AT_ONCE = kept
        assert told(c) == told(a)
        assert [each.assertions for each in c.entries()] == [each.assertions for each in a.entries()]
        assert c.verify() == []


def cut_short(here: Ledger, other: Ledger, acts: int) -> None:
    """Merge, and be interrupted before that many acts are done."""

    def stop(done: int, _: int) -> None:
        if done >= acts:
            raise KeyboardInterrupt

    try:
        here.merge(other, progress=stop, at=LATER)
    except KeyboardInterrupt:
        assert here.verify() == []


@given(histories, histories, st.sampled_from(["body", *(column.name for column in links.c)]), st.randoms())
@settings(max_examples=25, deadline=None)
def test_a_byte_flipped_in_a_link_or_in_what_was_merged_is_found(
    one: History, other: History, column: str, chance: Random
) -> None:
    with TemporaryDirectory() as folder, filed() as b:
        path = Path(folder) / "ledger.sqlite"
        with Ledger.open(path, create=True) as a:
            list(play(a, one))
            list(play(b, other, START + MINUTE))
            a.merge(b, at=LATER)
        merged_here = "entry IN (SELECT n FROM entries WHERE made_at < recorded_at)"
        table, where = ("bodies", merged_here) if column == "body" else ("links", "1")
        altered = alter(path, table, column, chance, where)
        with Ledger.open(path) as a:
            places = " ".join(each.place for each in a.verify() if "trigger" not in each.reason)
        assert (("entries" if column == "body" else "links") in places) == altered


def alter(path: Path, table: str, column: str, chance: Random, where: str = "1") -> bool:
    """Flip a bit of a value, behind the back of the triggers."""
    connection = sqlite3.connect(path)
    try:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        key = "hash" if table == "links" else "entry"
        rows = connection.execute(f"SELECT {key}, {column} FROM {table} WHERE {where}").fetchall()
        if not rows:
            return False
        row, value = chance.choice(rows)
        if isinstance(value, int):
            value ^= 1 << chance.randrange(20)
        else:
            place = chance.randrange(len(value))
            value = value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, row))
        connection.commit()
    finally:
        connection.close()
    return True
