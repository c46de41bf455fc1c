"""What the ledger costs, on a war that never was (`benchmarks.war`), beside plain tables asked the same in one run.

    python -m benchmarks.ledger [--assertions 1000000] [--only record picture timeline growth memory verify]
                                [--keep DIR] [--questions 50] [--alone]

    record      so many assertions: time, disk by table
    picture     control of 400 places, on so many days as known at so many moments, each asked once
    timeline    a page of 100 assertions of a year, of a kind, of a place, of both or of all, as known at a moment
    growth      the same pictures of ledgers ten and a hundred times as large, from 100,000 up to --assertions
    memory      the most memory held while each picture is drawn, each in a process of its own
    verify      entries checked a second

The files lie in the page cache and one question is asked before the clock starts; what is asked differs each time, so
that no answer can be remembered. With --keep the ledgers stay in DIR and are not made again; `record` is then told as
it was measured when they were. The plain tables (`ledger_plain.py`) weigh no judgements and no voices.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import closing
from itertools import chain, cycle, islice
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any, NamedTuple

from benchmarks.ledger_plain import Plain, pages_by_table
from benchmarks.war import BEGINS, Act, War, reports

from contested import open_workspace
from contested.model import Picture, Standing
from contested.workspace import Workspace, picturing

PLACES, YEARS, SEED = 400, 20, 1
PAGE = 100  # rows
SMALLEST = 100_000  # assertions, where growth begins
MB = 1_000_000
NEEDED = {
    "record": "90 s", "disk": "600 MB", "picture": "60 ms", "picture of 10,000,000": "150 ms", "timeline": "60 ms",
    "growth": "3 times", "memory": "300 MB", "verify": "40,000 entries/s",
}  # fmt: skip


class Question(NamedTuple):
    """A picture or a page asked for: of what day, as known when, and for a page also of what."""

    on: dt.date
    known: dt.datetime
    kind: str
    place: str
    since: dt.date


# ── what is asked of the ledger: one function each, so that a new way to ask is put in here ──────────


def record(workspace: Workspace, acts: Iterable[Act]) -> None:
    workspace.ledger.record_many(acts)


def draw(workspace: Workspace, name: str, on: dt.date, known: dt.datetime | None = None) -> Picture:
    return workspace.picture(name, on=on, known=known)


def page(workspace: Workspace, asked: Question) -> list[Standing]:
    """The first in a period, by day, of a kind and about a place where these are given."""
    kinds = (asked.kind,) if asked.kind else ()
    known = workspace.ledger.as_known(asked.known)
    return known.page(kinds, place=asked.place, since=asked.since, until=asked.on, limit=PAGE)


def verify(workspace: Workspace) -> None:
    if problems := workspace.ledger.verify():
        sys.exit(f"the ledger is not sound: {problems[0]}")


# ── the ledgers ──────────────────────────────────────────────────────────────────────────────────────


class Made(NamedTuple):
    """A ledger and the plain tables with the same war in them, and what it took to record it."""

    folder: Path
    assertions: int
    took: dict[str, Any]
    alone: bool

    @property
    def plain(self) -> Path:
        return self.folder / "plain.sqlite"

    @property
    def beside(self) -> bool:
        """Whether the plain tables are asked, too."""
        return not self.alone and self.plain.is_file()


def made(home: Path, assertions: int, alone: bool) -> Made:
    """The war in a folder of its own, made there unless it is there; alone, or with the plain tables."""
    folder = home / f"{assertions}"
    if not folder.is_dir():
        making = home / f"{assertions}.making"  # left behind by a run that was broken off
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        took = {"ledger": _ledger(making, assertions)} | ({} if alone else {"plain": _plain(making, assertions)})
        (making / "took.json").write_text(json.dumps(took), encoding="utf-8")
        making.rename(folder)
    return Made(folder, assertions, json.loads((folder / "took.json").read_text(encoding="utf-8")), alone)


def _ledger(folder: Path, assertions: int) -> Clocked:
    with open_workspace(folder / "workspace", create=True) as workspace:
        return _clocked(lambda acts: record(workspace, acts), reports(assertions, PLACES, YEARS, SEED))


def _plain(folder: Path, assertions: int) -> Clocked:
    with closing(Plain(folder / "plain.sqlite")) as plain:
        return _clocked(plain.record_many, reports(assertions, PLACES, YEARS, SEED))


class Clocked(NamedTuple):
    wall: float
    cpu: float
    acts: int


def _clocked(take: Callable[[Iterator[Act]], None], acts: Iterator[Act]) -> Clocked:
    """The seconds it takes to record, less those it takes to make up what is recorded."""
    spent = [0.0, 0.0, 0.0]

    def counted() -> Iterator[Act]:
        while True:
            wall, cpu = time.perf_counter(), time.process_time()
            act = next(acts, None)
            spent[:] = spent[0] + time.perf_counter() - wall, spent[1] + time.process_time() - cpu, spent[2] + 1
            if act is None:
                return
            yield act

    wall, cpu = time.perf_counter(), time.process_time()
    take(counted())
    return Clocked(time.perf_counter() - wall - spent[0], time.process_time() - cpu - spent[1], int(spent[2]) - 1)


def questions(count: int) -> list[Question]:
    """Days within the war, moments after them, and of whatever page: a kind, a place, both or neither, in a year."""
    drawn, war = Random(SEED), War(SMALLEST, PLACES, YEARS, SEED)
    pages = cycle((("control", True), ("event", False), ("", True), ("statement", False), ("event", True), ("", False)))
    asked = []
    for kind, somewhere in islice(pages, count):
        known = drawn.randrange(365, YEARS * 365 * 49 // 50)
        on = (BEGINS + dt.timedelta(days=drawn.randrange(200, known))).date()
        place = war.places[drawn.choice(war.often)].thing if somewhere else ""
        asked.append(Question(on, BEGINS + dt.timedelta(days=known), kind, place, on - dt.timedelta(days=365)))
    return asked


class Answered(NamedTuple):
    """The seconds each question took, by the clock and of the processor, and how many rows each answer had."""

    wall: list[float]
    cpu: list[float]
    rows: list[int]


def answered(ask: Callable[[Question], Sized], asked: Sequence[Question]) -> Answered:
    """One question is asked before the clock starts, so that all is loaded."""
    ask(asked[0]._replace(on=asked[0].on - dt.timedelta(days=1)))
    found = Answered([], [], [])
    for each in asked:
        wall, cpu = time.perf_counter(), time.process_time()
        rows = ask(each)
        found.wall.append(time.perf_counter() - wall)
        found.cpu.append(time.process_time() - cpu)
        found.rows.append(len(rows))
    return found


def warm(path: Path) -> None:
    """Have a file in the page cache."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


# ── the tables ───────────────────────────────────────────────────────────────────────────────────────

Line = tuple[str, str, str, str]  # what, needed, the ledger, the plain tables


def table(title: str, lines: Iterable[Line]) -> None:
    print(f"\n{title}\n{'':<36}{'needed':>18}{'ledger':>18}{'plain':>18}")
    for what, needed, ours, plain in lines:
        print(f"{what:<36}{needed:>18}{ours:>18}{plain:>18}", flush=True)


def of_record(one: Made) -> Iterator[Line]:
    both = [Clocked(*one.took[each]) for each in ("ledger", "plain")[: 1 + one.beside]]
    yield "by the clock", NEEDED["record"], *_beside(f"{each.wall:.1f} s" for each in both)
    yield "of the processor", "", *_beside(f"{each.cpu:.1f} s" for each in both)
    yield "acts a second", "", *_beside(f"{each.acts / each.wall:,.0f}" for each in both)
    ours = one.folder / "workspace" / "ledger.sqlite"
    files = [ours, *([one.plain] if one.beside else ())]
    whole = ours.stat().st_size
    yield "on disk", NEEDED["disk"], *_beside(f"{each.stat().st_size / MB:.1f} MB" for each in files)
    pages, of_plain = pages_by_table(ours), pages_by_table(one.plain) if one.beside else {}
    for name in dict.fromkeys(chain(pages, of_plain)):
        yield f"  {name}, and indexes", "", _pages(pages.get(name)), _pages(of_plain.get(name))
    if "texts" in pages:
        yield "  texts, of all", "", f"{100 * pages['texts'][0] / whole:.0f} %", ""


def _beside(said: Iterable[str]) -> tuple[str, str]:
    """Of the ledger, and of the plain tables where there are any."""
    ours, *plain = said
    return ours, plain[0] if plain else ""


def _pages(of_table: tuple[int, int] | None) -> str:
    return f"{of_table[0] / MB:.1f} + {of_table[1] / MB:.1f} MB" if of_table else ""


def of_picture(one: Made, asked: Sequence[Question]) -> Iterator[Line]:
    needed = NEEDED["picture" if one.assertions <= 1_000_000 else "picture of 10,000,000"]
    yield from _spread(needed, pictured(one, asked))


def pictured(one: Made, asked: Sequence[Question]) -> list[Answered]:
    with open_workspace(one.folder / "workspace") as workspace:
        warm(workspace.folder / "ledger.sqlite")
        ours = answered(lambda each: draw(workspace, "control", each.on, each.known).rows, asked)
    return [ours, *_of_plain(one, lambda plain, each: plain.picture(each.on, each.known), asked)]


def of_timeline(one: Made, asked: Sequence[Question]) -> Iterator[Line]:
    with open_workspace(one.folder / "workspace") as workspace:
        warm(workspace.folder / "ledger.sqlite")
        ours = answered(lambda each: page(workspace, each), asked)
    plain = _of_plain(
        one, lambda plain, each: plain.page(each.kind, each.place, each.since, each.on, each.known, PAGE), asked
    )
    yield from _spread(NEEDED["timeline"], [ours, *plain])


def _of_plain(one: Made, ask: Callable[[Plain, Question], Sized], asked: Sequence[Question]) -> list[Answered]:
    if not one.beside:
        return []
    warm(one.plain)
    with closing(Plain(one.plain)) as plain:
        return [answered(lambda each: ask(plain, each), asked)]


def _spread(needed: str, both: Sequence[Answered]) -> Iterator[Line]:
    """Of the ledger, then of the plain tables."""
    yield "median", needed, *_beside(_ms(median(each.wall)) for each in both)
    yield "95th percentile", "", *_beside(_ms(_late(each.wall)) for each in both)
    yield "median, of the processor", "", *_beside(_ms(median(each.cpu)) for each in both)
    yield "rows of an answer, median", "", *_beside(f"{median(each.rows):,.0f}" for each in both)


def _late(spent: list[float]) -> float:
    return quantiles(spent, n=20, method="inclusive")[-1] if len(spent) > 1 else spent[0]


def _ms(spent: float) -> str:
    return f"{1000 * spent:,.1f} ms"


def of_growth(home: Path, most: int, alone: bool, asked: Sequence[Question]) -> Iterator[Line]:
    sizes = [size for power in range(12) if (size := SMALLEST * 10**power) <= most] or [most]
    medians = []
    for size in sizes:
        medians.append([median(each.wall) for each in pictured(made(home, size, alone), asked)])
        yield f"picture, {size:,} assertions", "", *_beside(map(_ms, medians[-1]))
    for size, both in zip(sizes[1:], medians[1:], strict=True):
        times = (f"{now / first:.2f} times" for now, first in zip(both, medians[0], strict=False))
        yield f"{size // sizes[0]} times as many", NEEDED["growth"], *_beside(times)


def of_memory(one: Made) -> Iterator[Line]:
    with open_workspace(one.folder / "workspace") as workspace:
        names = workspace.codebooks()
    for name in names:
        command = [sys.executable, "-m", "benchmarks.ledger", "--draw", name, "--keep", str(one.folder / "workspace")]
        rows, held, spent = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        yield f"{name}, {int(rows):,} rows in {float(spent):.1f} s", NEEDED["memory"], f"{float(held):.0f} MB", ""


def drawn_alone(folder: Path, name: str) -> None:
    """Draw one picture of the last day, and print how many rows it has, the memory it took, and the seconds.

    Row by row, as `contested picture NAME --csv` writes it.
    """
    with open_workspace(folder) as workspace:
        begun, book = time.perf_counter(), workspace.codebook(name)
        on = (BEGINS + dt.timedelta(days=YEARS * 365)).date()
        rows = sum(1 for _ in picturing.rows(workspace.ledger, workspace.register, book, on, None))
        print(rows, peak(), time.perf_counter() - begun)


def peak() -> float:
    """The most memory this process has held, in MB."""
    status = Path("/proc/self/status")
    if status.is_file():  # elsewhere what is told begins with what the parent held
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MB if sys.platform == "darwin" else 1000)


def of_verify(one: Made) -> Iterator[Line]:
    with open_workspace(one.folder / "workspace") as workspace:
        warm(workspace.folder / "ledger.sqlite")
        entries = sum(1 for _ in workspace.ledger.entries())
        wall, cpu = time.perf_counter(), time.process_time()
        verify(workspace)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    yield f"{entries:,} entries in {wall:.1f} s", NEEDED["verify"], f"{entries / wall:,.0f} entries/s", ""
    yield "of the processor", "", f"{entries / cpu:,.0f} entries/s", ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables = ("record", "picture", "timeline", "growth", "memory", "verify")
    parser.add_argument("--assertions", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", choices=tables, default=tables)
    parser.add_argument("--keep", type=Path, help="a folder where the ledgers stay")
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--alone", action="store_true", help="without the plain tables")
    parser.add_argument("--draw", help=argparse.SUPPRESS)  # one picture, in a process of its own
    given = parser.parse_args()
    if given.draw:
        return drawn_alone(given.keep, given.draw)
    print(f"{given.assertions:,} assertions, {PLACES} places, {YEARS} years; {platform.platform()}")
    with tempfile.TemporaryDirectory() as passing:
        home, asked = given.keep or Path(passing), questions(given.questions)
        answers: dict[str, Callable[[], Iterator[Line]]] = {
            "record": lambda: of_record(made(home, given.assertions, given.alone)),
            "picture": lambda: of_picture(made(home, given.assertions, given.alone), asked),
            "timeline": lambda: of_timeline(made(home, given.assertions, given.alone), asked),
            "growth": lambda: of_growth(home, given.assertions, given.alone, asked),
            "memory": lambda: of_memory(made(home, given.assertions, given.alone)),
            "verify": lambda: of_verify(made(home, given.assertions, given.alone)),
        }
        for name in given.only:
            table(name, answers[name]())
    return None


if __name__ == "__main__":
    main()
