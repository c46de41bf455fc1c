"""Where a model's server is: whether an address can be used, and whether what is sent there leaves this machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from contested.errors import UsageError

KEY = "CONTESTED_LLM_KEY"  # the variable of the environment that holds the key, if the server wants one
_PATH = "/chat/completions"


def completions(url: str) -> str:
    """The address to post to, from a server's (http://127.0.0.1:8080/v1) or this address itself.

    UsageError when it is no such address.
    """
    parts = _split(url)
    path = parts.path.rstrip("/")
    return parts._replace(path=path if path.endswith(_PATH) else path + _PATH, fragment="").geturl()


def is_here(url: str) -> bool:
    """Whether it is this machine's own (loopback). A name other than localhost may be anybody's."""
    host = _split(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_open(url: str) -> bool:
    """Whether everybody on the way can read what is sent."""
    return _split(url).scheme == "http"


def _split(url: str) -> SplitResult:
    return split(
        url,
        "no endpoint. Give its address, as in http://127.0.0.1:8080/v1",
        f"an endpoint's address holds no name or password. Put the key into {KEY}",
    )


def split(url: str, unusable: str, private: str) -> SplitResult:
    """The parts of an address to be asked over HTTP. UsageError says why it is `unusable`, or that it is `private`."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # no port, no address
        usable = False
    if not usable or not url.isprintable() or " " in url:
        raise UsageError(f"{url!r} is {unusable}")
    if parts.username is not None or parts.password is not None:
        raise UsageError(private)
    return parts
