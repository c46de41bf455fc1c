"""What the register costs: building the place index, opening, looking up, memory. Prints one table.

python benchmarks/register.py            with the index there is (built first if there is none)
python benchmarks/register.py --build    build it anew in a scratch folder
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice

PLACES = [
    "Kunduz", "Kunduz province", "the city of Kandahar", "Marja, Helmand", "Hodeidah", "eastern Aleppo", "Kyiv", "Gaza",
    "Yemen's Marib governorate", "the provincial capital of Helmand", "Lashkargaah", "Washington", "El Fasher",
]  # fmt: skip
ACTORS = [
    "Taliban", "senior Afghan officials", "Gen. Mark Milley, chair of the Joint Chiefs of Staff", "government forces",
    "Iranian-backed Houthi leaders", "a spokesman for the Taliban", "U.S. troops", "villagers", "the Pentagon",
    "Islamic State fighters in Syria", "President Ghani", "Associated Press",
]  # fmt: skip


def rate(ask: Callable[[str], object], words: list[str], times: int) -> float:
    """Look-ups a second."""
    start = time.perf_counter()
    for word in islice(cycle(words), times):
        ask(word)
    return times / (time.perf_counter() - start)


def main() -> None:
    if "--build" in sys.argv:
        os.environ["CONTESTED_CACHE"] = tempfile.mkdtemp()
    from contested.register import open_register
    from contested.register.candidates import Candidates
    from contested.register.index import folder
    from contested.register.places import Places

    rows: list[tuple[str, str]] = []
    start = time.perf_counter()
    open_register()
    first = "first open, building" if "--build" in sys.argv else "first open"
    rows.append((first, f"{time.perf_counter() - start:.2f} s"))
    start, spent = time.perf_counter(), time.process_time()
    register = open_register()
    rows.append(("open", f"{(time.perf_counter() - start) * 1e3:.0f} ms"))
    rows.append(("open, CPU", f"{(time.process_time() - spent) * 1e3:.0f} ms"))
    spent = time.process_time()
    Candidates(Places()).called("Kunduz")
    rows.append(("places alone: open, one look-up", f"{(time.process_time() - spent) * 1e3:.1f} ms"))
    size = max(path.stat().st_size for path in folder().glob("places-*.sqlite"))
    rows.append(("index on disk", f"{size / 2**20:.0f} MB"))

    def fresh(how: str) -> Callable[[str], object]:
        return lambda words: getattr(register.resolver(["Kabul", "Helmand"], home="AF"), how)(words)

    kept = register.resolver(["Kabul", "Helmand"], home="AF")
    rows.append(("names by key", f"{rate(register.places._named, PLACES, 20_000):,.0f} /s"))
    rows.append(("places, a new resolver each", f"{rate(fresh('place'), PLACES, 3_000):,.0f} /s"))
    rows.append(("actors, a new resolver each", f"{rate(fresh('actor'), ACTORS, 3_000):,.0f} /s"))
    rows.append(("places, one resolver", f"{rate(kept.place, PLACES, 100_000):,.0f} /s"))
    rows.append(("actors known", f"{len(register.actors.things):,}"))
    rows.append(("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"))
    for name, value in rows:
        print(f"{name:32}{value:>24}")


if __name__ == "__main__":
    main()
