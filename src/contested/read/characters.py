"""Bytes to characters: what is no text at all, which encoding it is in, and what of it may stay."""

import codecs
import re

from contested.model import Problem

MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or office file"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old office file"),
    (b"{\\rtf", "a rich text file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"RIFF", "an image or recording"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-zip archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"WARC/", "a web archive"),
)
"""How files that are no text begin, and what they are."""

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

_UNWRITTEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_NEWLINE = re.compile("\r\n?")
_SAFE_CHARSET = re.compile(
    r"(windows-|cp)?(874|125\d)|(x-)?mac-?roman|iso-?8859-?\d+|latin-?1|us-ascii|koi8-[ru]|gbk|gb2312|gb18030|big5"
    r"|shift[-_]jis|euc-(jp|kr)"
)


def what_it_is(data: bytes) -> str:
    """What these bytes are if they are no text ("a PDF", "binary data"), else empty."""
    for magic, name in MAGIC:
        if data.startswith(magic):
            return name
    marked = any(data.startswith(mark) for mark, _ in BYTE_ORDER_MARKS)
    return "binary data" if b"\0" in data and not marked else ""


def decode(data: bytes, file: str, declared: str = "") -> str | Problem:
    """The text in these bytes: by their byte order mark, else as UTF-8, else as the page itself declares.

    An encoding is never guessed: a wrong guess changes words.
    """
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        return clean(data.decode(encoding))
    except UnicodeDecodeError as fault:
        if encoding == "utf-8" and (text := _as_declared(data, declared)) is not None:
            return clean(text)
        return Problem(
            file,
            f"not valid {encoding.removesuffix('-sig').upper()} text",
            "Save it as UTF-8, or repair these bytes, and add it again",
            f"byte {fault.start}",
        )


def _as_declared(data: bytes, declared: str) -> str | None:
    """Decoded as declared, where that is a plain character set; browsers read Latin-1 as windows-1252, and so do we."""
    charset = declared.strip().lower()
    if not _SAFE_CHARSET.fullmatch(charset):
        return None
    if charset in ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii"):
        charset = "windows-1252"
    try:
        return data.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return None


def clean(text: str) -> str:
    """Line ends become newlines; control characters and lone surrogates become spaces, one for one. Words stay."""
    return _UNWRITTEN.sub(" ", _NEWLINE.sub("\n", text))


def line(text: str, limit: int = 500) -> str:
    """Text as one line of bounded length, for what stands beside a report: its source, title, authors."""
    return " ".join(clean(text).split())[:limit]
