"""Originals as a WARC file (version 1.1, ISO 28500): one `resource` record each, and a `metadata` record that says how
it came in. Written by warcio; records are named after what they hold, so the same originals make the same file."""

from __future__ import annotations

import datetime as dt
import io
import mimetypes
import re
from hashlib import sha256
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

ADDRESS = re.compile(r"https?://[!#-;=?-~]{1,2000}")  # no blank, no quote, no bracket: nothing that ends a header
OCTETS = "application/octet-stream"


def uri(url: str, digest: str) -> str:
    """The address of an original; where it has none that can be written, its digest."""
    return url if ADDRESS.fullmatch(url) else f"urn:sha256:{digest}"


def media_type(file: str) -> str:
    """A guess by the name of a file."""
    return mimetypes.guess_type(file)[0] or OCTETS


class Originals:
    """A WARC file under way; `about` describes it in its first record."""

    def __init__(self, file: BinaryIO, name: str, about: dict[str, str]) -> None:
        from warcio.warcwriter import WARCWriter

        self._writer = WARCWriter(file, gzip=True, warc_version="1.1")
        self._writer.write_record(self._writer.create_warcinfo_record(name, about))

    def add(self, data: bytes, target: str, moment: dt.datetime, media: str, line: bytes) -> None:
        """Write an original received at a moment, and its custody line (JSON), if there is one."""
        resource = self._write("resource", data, target, moment, media)
        if line:
            self._write("metadata", line, target, moment, "application/json", {"WARC-Refers-To": resource})

    def _write(
        self, kind: str, data: bytes, target: str, moment: dt.datetime, media: str, more: dict[str, str] | None = None
    ) -> str:
        digest = sha256(data).hexdigest()
        name = f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{kind} urn:sha256:{digest}')}>"
        headers = {
            "WARC-Record-ID": name,
            "WARC-Date": f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            "WARC-Payload-Digest": f"sha256:{digest}",
            "WARC-Block-Digest": f"sha256:{digest}",
        }
        record = self._writer.create_warc_record(
            target, kind, io.BytesIO(data), len(data), media, warc_headers_dict=headers | (more or {})
        )
        self._writer.write_record(record)
        return name
