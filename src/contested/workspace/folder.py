"""The folder of a workspace: what lies in it, how it is laid out, and its settings."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from contested.errors import UsageError
from contested.ledger import Ledger

CONFIG, LEDGER, ARCHIVE, PACKS, CODEBOOKS = "contested.toml", "ledger.sqlite", "archive", "packs", "codebooks"
STAMPS = "stamps"


class Settings(NamedTuple):
    """What a contested.toml says."""

    home: str = ""
    ledger: str = ""  # the address of one on a server; empty where it is a file in the folder


def make(folder: Path, ledger: str = "") -> None:
    """Lay a workspace out in a folder, and leave alone what is there. UsageError when it cannot be.

    Where its ledger is to be on a server, it is begun there first: no folder is left that names one nobody reaches.
    """
    ledger = _settled(folder, ledger)
    if ledger:
        Ledger.open(ledger, create=True).close()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder for the workspace")
    try:
        for part in (ARCHIVE, PACKS, CODEBOOKS):
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise UsageError(f"{folder} cannot be made: {fault.strerror}. Choose a folder you may write to") from None
    if not (folder / CONFIG).exists():
        said = _CONFIG.format(version=version("contested")) + (_ON_SERVER + json.dumps(ledger) + "\n") * bool(ledger)
        (folder / CONFIG).write_text(said, encoding="utf-8")


def upgrade(folder: str | Path) -> Path | None:
    """Bring the ledger of a workspace to today's schema; answers under what name the old one is kept, or None when it
    is of today. UsageError when there is no workspace, LedgerError when the old one is in use or not sound."""
    from contested.ledger.upgrading import upgrade

    if not (Path(folder) / CONFIG).is_file():
        raise UsageError(f"{folder} is not a workspace: it has no {CONFIG}. Name its folder with -C")
    return upgrade(Path(folder) / LEDGER)


def read_settings(config: Path) -> Settings:
    """What a contested.toml says. UsageError names what is wrong.

    `home` is an ISO 3166 country code or empty.
    """
    try:
        settings: dict[str, Any] = tomllib.loads(config.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageError(f"{config} is not TOML: {fault}. Mend it, or delete it and run: contested init") from None
    if unknown := sorted(settings.keys() - {"home", "ledger", "created_with"}):
        raise UsageError(f"{config}: unknown key {unknown[0]!r}. It knows home, ledger and created_with")
    home = settings.get("home", "")
    if not isinstance(home, str) or (home and not (len(home) == 2 and home.isascii() and home.isalpha())):
        raise UsageError(f'{config}: home = {home!r} is no country. Write its ISO 3166 code, as in home = "AF"')
    ledger = settings.get("ledger", "")
    if not isinstance(ledger, str):
        raise UsageError(f"{config}: ledger = {ledger!r} is no address. Write it in quotes")
    if ledger:
        _check_address(ledger)
    return Settings(home.upper(), ledger)


def _settled(folder: Path, asked: str) -> str:
    """The address of a folder's ledger, or the one asked for where no workspace is yet; empty for the file in it.

    UsageError when it is no address, holds a password, or the folder's ledger is another.
    """
    if asked:
        _check_address(asked)
    if not (folder / CONFIG).is_file():
        return asked
    kept = read_settings(folder / CONFIG).ledger
    if asked and asked != kept:
        raise UsageError(
            f"{folder} is a workspace already, and its ledger is {kept or folder / LEDGER}. Name another folder"
        )
    return kept


def _check_address(url: str) -> None:
    """UsageError when a workspace cannot have its ledger there."""
    from contested.ledger.server import address, says_password

    if says_password(address(url)):
        raise UsageError(
            "a ledger's address is kept in contested.toml, where no password belongs. Leave it out of the address, "
            "and write it into ~/.pgpass or set PGPASSWORD"
        )


def called(folder: Path) -> str:
    """What a workspace is called: the name of its folder, in letters that can be written."""
    return folder.resolve().name.encode("utf-8", "replace").decode()


def modified(path: Path) -> dt.datetime | None:
    """When a file was changed last, as its disk says (UTC); None where it does not, or says what cannot be."""
    try:
        return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    except (OSError, ValueError, OverflowError):
        return None


def user() -> str:
    """Who speaks unless told otherwise: the user of this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # where there is no module pwd
        return "analyst"


def speaker(analyst: str | None) -> str:
    """Who speaks, by name: the analyst, or the user where none is given. UsageError for a blank name."""
    name = user() if analyst is None else analyst.strip()
    if not name:
        raise UsageError("an analyst without a name. Give one, or none at all to speak as the user of this machine")
    return name


_ON_SERVER = "# Where the ledger is. Passwords belong into ~/.pgpass or PGPASSWORD.\nledger = "
_CONFIG = """\
# This folder is a workspace of `contested`. See docs/cli.md.
created_with = "{version}"
# The country the reports are mostly about (ISO 3166, as in "AF"): it decides between places of the same name.
home = ""
"""
