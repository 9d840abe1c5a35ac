"""What happens between a client and a server.

In: nothing. Out: one class each. Knows no HTTP status: the doors give each its own.
"""

from pharos.errors.kinds import UnreachableError, UsageError


class Crowded(UnreachableError):
    """More is waiting than the server can hold; what was sent was not kept."""

    code = "crowded"

    def __init__(self, what: str, *, sender: bool = False) -> None:
        #: One sender has taken its share; there is room for others.
        self.sender = sender
        super().__init__(f"{what}; nothing of this was kept: wait a moment and send it again")


class ListenerFailed(UnreachableError):
    """The address cannot be listened on."""

    code = "listener-failed"


class NotServed(UnreachableError):
    """No server answers, or it takes nothing now; what lies in an outbox stays there."""

    code = "not-served"


class RequestGone(UsageError):
    """A client went away, or its body broke off, before the request was complete."""

    code = "request-gone"


class RequestTooSlow(UsageError):
    """The body of a request came so slowly that it was not waited for."""

    code = "request-too-slow"

    def __init__(self, received: int) -> None:
        super().__init__(
            f"only {received:,} bytes of the report had come when its time was over; nothing of it "
            "was kept: send it again over a better line, or in smaller messages"
        )


class Stopping(UnreachableError):
    """The server is about to end; what was sent was not kept."""

    code = "stopping"
