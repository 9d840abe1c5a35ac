"""The machine itself, by the names that it has for itself.

In: a host, perhaps with a port, as an address or a header names it. Out: whether it is this
machine. Until there are keys nobody is served, and no server spoken to, anywhere else.
"""

from urllib.parse import urlsplit

#: What may be listened on.
LISTENING = ("127.0.0.1", "::1")
#: Every name of this machine for itself.
NAMES = frozenset({*LISTENING, "localhost"})


def is_local(authority: str) -> bool:
    """Whether ``host`` or ``host:port`` is this machine, and nothing but that is said."""
    try:
        parts = urlsplit(f"//{authority}")
        # Not to be read is a port that is no number.
        known = parts.hostname in NAMES and (parts.port is None or parts.port >= 0)
    except ValueError:
        return False
    return known and parts.netloc == authority and "@" not in authority
