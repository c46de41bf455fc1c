"""A folder that checks itself: BagIt (RFC 8493), with sums by sha256 and sha512, as it stands or as one zip file.

`checker.py` and `README.txt` beside this module go into the folder as they are.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from contested.errors import MissingPart

SUMS = ("sha256", "sha512")
DECLARED = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PACKED = (".gz", ".tsr", ".zip")  # what a second packing would not make smaller


def needed() -> None:
    """MissingPart when the extra is not installed."""
    try:
        import bagit
        import warcio
    except ImportError as fault:
        raise MissingPart(
            f"a hand-over needs the package {fault.name}, which is not installed: pip install 'contested[bag]'"
        ) from fault
    assert bagit
    assert warcio


def can_be_named(name: str) -> bool:
    """Whether a file may bear this name in a bag: nothing that a manifest would have to escape, nothing unreadable."""
    return name.isprintable() and name == name.strip() and not re.search(r"[%\\]", name)


def enclose(folder: Path) -> None:
    """Put what receivers need to read and check a folder into it: README.txt and check.py."""
    for name, called in (("README.txt", "README.txt"), ("checker.py", "check.py")):
        (folder / called).write_bytes((files(__name__) / name).read_bytes())


def close(folder: Path, about: Mapping[str, str]) -> None:
    """Make a folder a bag: what it holds moves into data/, with manifests beside it; `about` goes into bag-info.txt.

    The library declares the draft 0.97; what it writes is version 1.0 as long as no name needs escaping, so that is
    declared, and the sums of the tag files made again.
    """
    import bagit

    whole = str(folder.resolve())  # the library changes the current folder while it works
    bagit.make_bag(whole, dict(about), checksums=list(SUMS))
    (folder / "bagit.txt").write_text(DECLARED, encoding="utf-8")
    bagit.Bag(whole).save()


def zipped(folder: Path, file: Path, name: str) -> None:
    """A folder as one zip file, which unfolds to a folder of that name."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                how = zipfile.ZIP_STORED if path.suffix in PACKED else zipfile.ZIP_DEFLATED
                archive.write(path, f"{name}/{path.relative_to(folder).as_posix()}", how)
