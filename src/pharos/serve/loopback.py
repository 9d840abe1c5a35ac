"""The machine itself, by the names that it has for itself.

In: a host, perhaps with a port, as an address or a header names it. Out: whether it is this
machine. Until there are keys nobody is served, and no server spoken to, anywhere else.
"""

from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from pharos.serve.problems import Problem

#: What may be listened on.
LISTENING = ("127.0.0.1", "::1")
#: Every name of this machine for itself.
NAMES = frozenset({*LISTENING, "localhost"})


@lru_cache(maxsize=1_024)
def is_local(authority: str) -> bool:
    """Whether ``host`` or ``host:port`` is this machine, and nothing but that is said."""
    try:
        parts = urlsplit(f"//{authority}")
        # Not to be read is a port that is no number.
        known = parts.hostname in NAMES and (parts.port is None or parts.port >= 0)
    except ValueError:
        return False
    return known and parts.netloc == authority and "@" not in authority


def foreign(scope: Mapping[str, Any]) -> Problem | None:
    """The refusal of a form that was not sent from a page of this very server.

    Browsers say where a form comes from; what does not say so is no browser, and has /api/v1.
    """
    said = {name: value.decode("latin-1") for name, value in scope["headers"]}
    site, origin = said.get(b"sec-fetch-site"), said.get(b"origin")
    own = f"{scope.get('scheme', 'http')}://{said.get(b'host', '')}"
    if (site or origin) and site in (None, "same-origin") and origin in (None, own):
        return None
    return Problem(
        HTTPStatus.FORBIDDEN,
        "not-from-here",
        "forms are taken from pages of this server only; open its page and send the form from "
        "there, or send the report to /api/v1/messages",
    )


def stranger(scope: Mapping[str, Any]) -> Problem | None:
    """The refusal of a request that another site's page may have made a browser send."""
    host, origin = b"", None
    for name, value in scope["headers"]:
        if name == b"host":
            host = value
        elif name == b"origin":
            origin = value
    named = {"Host": host.decode("latin-1")}
    if origin is not None:
        # A page that is nobody's says "null"; its host is none of ours.
        named["Origin"] = origin.decode("latin-1").partition("//")[2]
    for header, said in named.items():
        if not is_local(said):
            return Problem(
                HTTPStatus.FORBIDDEN,
                "not-local",
                f"{header} is {said[:80]!r}; until there are keys this server answers only "
                "requests made to 127.0.0.1 or localhost, and from there",
            )
    return None
