"""The folder of a workspace: what lies in it, how it is laid out, and its settings."""

from __future__ import annotations

import datetime as dt
import getpass
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from contested.errors import UsageError

CONFIG, LEDGER, ARCHIVE, PACKS, CODEBOOKS = "contested.toml", "ledger.sqlite", "archive", "packs", "codebooks"
STAMPS = "stamps"


def make(folder: Path) -> None:
    """Lay a workspace out in a folder, and leave alone what is there. UsageError when it cannot be."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder for the workspace")
    try:
        for part in (ARCHIVE, PACKS, CODEBOOKS):
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise UsageError(f"{folder} cannot be made: {fault.strerror}. Choose a folder you may write to") from None
    if not (folder / CONFIG).exists():
        (folder / CONFIG).write_text(_CONFIG.format(version=version("contested")), encoding="utf-8")


def upgrade(folder: str | Path) -> Path | None:
    """Bring the ledger of a workspace to today's schema; answers under what name the old one is kept, or None when it
    is of today. UsageError when there is no workspace, LedgerError when the old one is in use or not sound."""
    from contested.ledger.upgrading import upgrade

    if not (Path(folder) / CONFIG).is_file():
        raise UsageError(f"{folder} is not a workspace: it has no {CONFIG}. Name its folder with -C")
    return upgrade(Path(folder) / LEDGER)


def read_home(config: Path) -> str:
    """The `home` of a contested.toml: an ISO 3166 country code or empty. UsageError names what is wrong."""
    try:
        settings: dict[str, Any] = tomllib.loads(config.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageError(f"{config} is not TOML: {fault}. Mend it, or delete it and run: contested init") from None
    if unknown := sorted(settings.keys() - {"home", "created_with"}):
        raise UsageError(f"{config}: unknown key {unknown[0]!r}. It knows home and created_with")
    home = settings.get("home", "")
    if not isinstance(home, str) or (home and not (len(home) == 2 and home.isascii() and home.isalpha())):
        raise UsageError(f'{config}: home = {home!r} is no country. Write its ISO 3166 code, as in home = "AF"')
    return home.upper()


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


_CONFIG = """\
# This folder is a workspace of `contested`. See docs/cli.md.
created_with = "{version}"
# The country the reports are mostly about (ISO 3166, as in "AF"): it decides between places of the same name.
home = ""
"""
