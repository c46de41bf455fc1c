"""A codebook declares a picture: what is read, how it is keyed, what each report means, who counts, how it is settled.

    Codebook
    ├── reads, where          which assertions concern it
    ├── key: Part …           what one row is about
    ├── means: Meaning …      what an assertion says in the terms of the standard
    ├── who_counts: Counting  whose word confirms, whose is only a claim
    ├── counts, lasts_days    what is still live
    ├── settle: Rule …        what the row says, first rule that fits
    └── cells: Cell …         further columns

Every table refuses keys it does not know; what the keys mean is in docs/codebooks.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from contested.derive.check import declared_badly, ill_formed
from contested.errors import CodebookError, UsageError
from contested.model import Problem

Kind = Literal[
    "event", "control", "responsibility", "relation", "commitment", "compliance", "designation", "quantity",
    "forecast", "statement",
]  # fmt: skip
RowStatus = Literal["settled", "contested", "stale", "claimed", "none"]
Take = Literal[
    "lowest", "best", "highest", "count", "reports", "voices", "voice_count", "sources", "first", "last", "texts",
    "latest",
]  # fmt: skip


Days = Annotated[int, msgspec.Meta(ge=0, le=36_525)]  # up to a century


class Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a codebook; a key it does not know is an error."""


Condition = dict[str, str | tuple[str, ...]]


class Part(Declared, frozen=True):
    """One part of the key. `of` is a field, several of which the first present counts, or a template by kind."""

    name: str
    of: str | tuple[str, ...] | dict[Kind, str]
    level: Literal["", "country", "province", "district", "settlement", "capital"] = ""
    named: bool = False  # only what has a name: "their posts" and "the last big town" make no row
    or_itself: bool = False  # of `level`: a place that lies in none known stands for itself
    families: dict[str, tuple[str, ...]] = {}
    window_days: Days | None = None
    optional: bool = False
    each: bool = False  # one row for each; what others say against it stands against
    opens: Condition = {}  # of `each`: which evidence may open a row


class Meaning(Declared, frozen=True):
    """What an assertion of this kind says in the standard's terms: a value, a denial of one, or both.

    Different values exclude each other unless their `degree` differs; then the highest leads, and one below 0
    supersedes nothing. One that `gives_way` yields to any other, even to a claim. A meaning that says neither leaves
    the assertion aside. `favours` and `harms` name the field whose party gains or loses if it is true.
    """

    kind: Kind
    when: Condition = {}
    value: str = ""
    denies: str = ""
    if_denied: str = ""  # what its denial asserts
    implies: str = ""  # what is so, too, if it is: who denies that opposes it
    degree: int = 0
    gives_way: bool = False
    favours: str = ""
    harms: str = ""
    lasts_days: Days | None = None


class Counting(Declared, frozen=True):
    """Whose word confirms and whose is only a claim, and whose reading is left aside.

    `not_read_by` are recorders, with * for any run of characters: "llm-*", "statement".
    """

    parties: Literal["alike", "own_gain", "any"] = "alike"
    hedged_below: float = 0.0
    hedged: Literal["ignored", "claimed"] = "ignored"
    least_confidence: float = 0.0
    not_read_by: tuple[str, ...] = ()


class Attach(Declared, frozen=True):
    """Assertions of another kind that join the rows they speak of: the nearest in the report, or by same fields."""

    kind: Kind
    near: bool = False
    same: tuple[str, ...] = ()
    words: str = ""
    in_: tuple[str, ...] = msgspec.field(default=(), name="in")


class When(Declared, frozen=True):
    """The conditions of a rule; all that are given must hold."""

    says: tuple[str, ...] = ()
    rests_on: Literal["", "confirmed", "claims", "denials", "nothing"] = ""
    opposed_by: Literal["", "confirmed", "claims", "anyone", "nobody"] = ""
    voices_below: int = 0
    past: str = ""
    judged: str = ""


class Rule(Declared, frozen=True):
    """One way to settle a row: its name, when it fires, what the row then says."""

    rule: str
    status: RowStatus
    value: str = "{value}"
    when: When = When()

    @property
    def always(self) -> bool:
        return self.when == When()


class Cell(Declared, frozen=True):
    """A further column: what is taken of which evidence."""

    name: str
    take: Take
    of: str = ""
    kind: Kind | None = None
    when: Condition = {}
    from_: Literal["all", "support", "against", "claims", "superseded"] = msgspec.field(default="support", name="from")


class Codebook(Declared, frozen=True):
    """A picture, declared. See docs/codebooks.md."""

    title: str
    source: str
    reads: tuple[Kind, ...]
    key: tuple[Part, ...]
    settle: tuple[Rule, ...]
    name: str = ""
    picture: str = ""
    where: Condition = {}
    roles: dict[str, tuple[str, ...]] = {}
    means: tuple[Meaning, ...] = ()
    who_counts: Counting = Counting()
    counts: Literal["latest", "all"] = "latest"
    within_days: Days = 0
    lasts_days: Days | None = None
    exclusive: bool = True
    as_judged: bool = False  # what analysts call the same shares a row, what they call different does not
    attach: tuple[Attach, ...] = ()
    cells: tuple[Cell, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of assertion the picture needs."""
        return frozenset(self.reads) | {attach.kind for attach in self.attach}

    @property
    def columns(self) -> tuple[str, ...]:
        return (*(part.name for part in self.key), "value", *(cell.name for cell in self.cells))


def codebooks(folder: Path | None = None) -> tuple[str, ...]:
    """The names of the codebooks there are: the built-in ones and those in `folder`."""
    return tuple(sorted({path.stem for path in _shelf(folder)}))


def load_codebook(name: str | Path, folder: Path | None = None) -> Codebook:
    """The codebook of this name (one in `folder` comes before a built-in one), or in this file.

    Raises UsageError when there is none, CodebookError when it is wrong.
    """
    path = _find(name, folder)
    codebook, problems = _decode(path)
    if codebook is None or problems:
        raise CodebookError("\n".join(map(str, problems)))
    return codebook


def check_codebook(name: str | Path, folder: Path | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with a codebook; nothing when it can be used."""
    return _decode(_find(name, folder))[1]


Decoded = tuple[Codebook | None, tuple[Problem, ...]]


def _decode(path: Path) -> Decoded:
    try:
        return _declared(path.name, path.read_bytes())
    except OSError as error:
        return None, (Problem(path.name, f"cannot be read: {error.strerror}", "Name a codebook file"),)


@lru_cache(maxsize=64)
def _declared(file: str, toml: bytes) -> Decoded:
    """The same words are the same codebook, and what was looked up for it serves again."""
    try:
        declared: dict[str, Any] = tomllib.loads(toml.decode())
        declared.setdefault("name", Path(file).stem)
        codebook = msgspec.convert(declared, Codebook)
    except msgspec.ValidationError as error:
        return None, (ill_formed(str(error), Codebook, file),)
    except ValueError as error:  # TOML syntax, or not UTF-8
        return None, (Problem(file, f"not valid TOML: {error}", "Mend the file there"),)
    return codebook, tuple(declared_badly(codebook, file))


def _shelf(folder: Path | None) -> Iterator[Path]:
    if folder is not None and folder.is_dir():
        yield from folder.glob("*.toml")
    built_in = Path(str(files(__package__) / "codebooks"))
    yield from built_in.glob("*.toml")


def _find(name: str | Path, folder: Path | None) -> Path:
    if isinstance(name, Path) or name.endswith(".toml") or "/" in name:
        return Path(name)
    for path in _shelf(folder):
        if path.stem == name:
            return path
    near = get_close_matches(name, codebooks(folder), n=3, cutoff=0.4) or codebooks(folder)
    raise UsageError(f"no codebook is called {name!r}. There is: {', '.join(near)}")
