"""A little authority for time stamps on loopback, its tokens made by `openssl ts`; tests only."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

OPENSSL = shutil.which("openssl")
REPLY = "application/timestamp-reply"
_CONFIG = """\
[here]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
"""


class Authority:
    """Keys and certificates in a folder, and how the next question is answered."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root, self.url = folder, folder / "root.pem", ""
        self.manner = "sound"
        self.asked: list[tuple[dict[str, str], bytes]] = []
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
        (folder / "extensions").write_text("extendedKeyUsage = critical, timeStamping\n")
        (folder / "serial").write_text("1000\n")
        make_root(self.root, folder / "root.key")
        key = ["-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/tsa.key"]
        openssl("req", *key, "-out", f"{folder}/tsa.csr", "-subj", "/CN=Example time stamps")
        openssl("x509", "-req", "-in", f"{folder}/tsa.csr", "-CA", str(self.root), "-CAkey", f"{folder}/root.key",
                "-days", "30", "-extfile", f"{folder}/extensions", "-out", f"{folder}/tsa.pem")  # fmt: skip

    def answer(self, question: bytes) -> bytes:
        """The token for a question (DER), or a refusal where it cannot be read."""
        asked, given = self.folder / "question.tsq", self.folder / "answer.tsr"
        asked.write_bytes(question)
        keys = ["-inkey", f"{self.folder}/tsa.key", "-signer", f"{self.folder}/tsa.pem"]
        how = ["-config", f"{self.folder}/tsa.cnf", "-section", "here", *keys]
        openssl("ts", "-reply", *how, "-queryfile", str(asked), "-out", str(given))
        return given.read_bytes()


def make_root(certificate: Path, key: Path) -> None:
    """A certificate that signs itself."""
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate),
            "-subj", "/CN=Example root", "-days", "30")  # fmt: skip


def openssl(*words: str) -> None:
    assert OPENSSL
    subprocess.run([OPENSSL, *words], check=True, capture_output=True)


@contextmanager
def serving(authority: Authority) -> Iterator[Authority]:
    """The authority on loopback, answering in its `manner`."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked.append((dict(self.headers), question))
            if authority.manner == "redirects":
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                return
            self.send_response(500 if authority.manner == "broken" else 200)
            self.send_header("Content-Type", "text/html" if authority.manner == "page" else REPLY)
            self.end_headers()
            self.send(question)

        def send(self, question: bytes) -> None:
            if authority.manner == "drips":
                for _ in range(100):
                    self.wfile.write(b"0")
                    time.sleep(0.05)
            elif authority.manner == "endless":
                self.wfile.write(bytes(1_000_000))
            elif authority.manner == "refuses":
                self.wfile.write(authority.answer(b"0\x03\x02\x01\x01"))
            else:
                self.wfile.write(authority.answer(question))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] - who hangs up early is no news
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_address[1]}/stamp"
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
