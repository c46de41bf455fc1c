"""What a ledger costs on a PostgreSQL server, beside the same one in a file.

    python -m benchmarks.ledger_server --server postgresql+psycopg://USER@HOST/DATABASE [--assertions 100000]

The synthetic war is recorded in both, as one schema dropped after and one file in a passing folder. Seconds of the wall
clock, the server on the same machine unless the address says otherwise; making the war is not counted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from benchmarks.war import BEGINS, Act, reports
from sqlalchemy import create_engine, make_url

from contested.ledger import Ledger

DAYS, PAGES = 20 * 365, 50
MB = 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, metavar="URL")
    parser.add_argument("--assertions", type=int, default=100_000)
    given = parser.parse_args()
    name = f"bench_{uuid4().hex[:8]}"
    url = make_url(given.server).update_query_dict({"schema": name}).render_as_string(hide_password=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        columns = [dict(measured(path, given.assertions)), dict(measured(url, given.assertions))]
        sizes = [sum(each.stat().st_size for each in Path(folder).iterdir()), dropped(given.server, name)]
    print(f"{given.assertions:,} assertions{'in a file':>46}{'on a server':>14}")
    for what in columns[0]:
        print(f"{what:<50}" + "".join(f"{each[what]:>14}" for each in columns))
    print(f"{'MB':<50}" + "".join(f"{size / MB:>14,.0f}" for size in sizes))


def measured(where: Path | str, assertions: int) -> Iterator[tuple[str, str]]:
    with Ledger.open(where, create=True) as ledger:
        yield "recorded, 500 reports an act", f"{record(ledger, assertions):.1f} s"
    with Ledger.open(where) as ledger:
        yield "a report and its ten entries, an act by itself", f"{1000 * one_by_one(ledger, assertions):.1f} ms"
        yield "the whole view", f"{timed(lambda: sum(1 for _ in ledger.view())):.1f} s"
        yield "a page of the timeline of one kind, of 50", f"{1000 * paged(ledger):.1f} ms"
        yield "verify", f"{timed(lambda: sound(ledger)):.1f} s"
        yield "reindex", f"{timed(ledger.reindex):.1f} s"


def record(ledger: Ledger, assertions: int) -> float:
    """Seconds, less those it takes to make the war."""
    spent = 0.0
    acts = reports(assertions)
    while some := list(islice(acts, 500)):
        spent += timed(lambda some=some: ledger.record_many(some))  # type: ignore[misc]
    return spent


def one_by_one(ledger: Ledger, assertions: int) -> float:
    """The median of a hundred reports more, each an act by itself; those of another war."""
    more: list[Act] = list(islice(reports(assertions, seed=2), 100))
    return median(timed(lambda each=each: ledger.record_all(*each)) for each in more)  # type: ignore[misc]


def paged(ledger: Ledger) -> float:
    first, spent = BEGINS.date(), []
    for number in range(PAGES):
        since = first + dt.timedelta(days=DAYS * number // PAGES)
        spent.append(timed(lambda since=since: ledger.as_known().page(("event",), since=since)))  # type: ignore[misc]
    return median(spent)


def sound(ledger: Ledger) -> None:
    assert ledger.verify() == []


def timed(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def dropped(server: str, schema: str) -> int:
    """The bytes of a schema, which is dropped."""
    engine = create_engine(server)
    with engine.begin() as connection:
        asked = (
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace"
        )
        size = connection.exec_driver_sql(f"{asked}::text = '{schema}'").scalar_one()
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()
    return int(size)


if __name__ == "__main__":
    main()
