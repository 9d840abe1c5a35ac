"""What every door asks of a report: whose it is, under which id, and whether it may be kept.

In: a body, and what its sender says of it. Out: a draft for the journal, or why there is none.
Knows no door.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from pharos.arrive.administration import (
    HOME_SENDER,
    HOME_STREAM,
    Setting,
    administration_body,
    rehearses,
)
from pharos.arrive.formats import Mappings, frame_of, mixed
from pharos.arrive.journal import Draft
from pharos.errors import BadQuestion, Conflicting, NotKept
from pharos.serve.clock import HomeClock
from pharos.words.report import Finding, Receipt, Severity

#: Sender of what is sent by hand and does not say whose it is.
LOCAL_SENDER = "local"


class _Header(msgspec.Struct):
    """The part of a native header by which a report names itself."""

    pharos: int
    stream: str | None = None
    id: str | None = None


def digest_of(body: bytes) -> str:
    """The SHA-256 of a body in hex: the id of a report that has no other."""
    return hashlib.sha256(body).hexdigest()


def addressed(
    sender: str,
    body: bytes,
    stream: str | None = None,
    id: str = "",
    otherwise: Callable[[bytes], str] = digest_of,
) -> Draft:
    """A report of a sender: stream and id are those given, else those of its header line.

    ``otherwise`` gives an id where nobody has said one. Raises BadQuestion.
    """
    require_sender(sender)
    own_stream, own_id = ("", "") if id and stream is not None else _of_header(body)
    stream = own_stream if stream is None else stream
    return Draft(sender, stream, id or own_id or otherwise(body), body)


def _of_header(body: bytes) -> tuple[str, str]:
    """Stream and id that a native body states itself; empty where it does not."""
    # JSON Lines state it in their first line; the columnar form is one object, on any lines.
    body = body.removeprefix(b"\xef\xbb\xbf")
    for part in (body.split(b"\n", 1)[0], body):
        try:
            header = msgspec.json.decode(part, type=_Header)
        except (ValueError, RecursionError):
            continue
        return header.stream or "", header.id or ""
    return "", ""


def require_sender(sender: str) -> None:
    """Raise BadQuestion for whoever speaks as the home and is not the home itself."""
    if sender == HOME_SENDER:
        raise BadQuestion(f"the sender {HOME_SENDER!r} is the home itself; take another name")


def act_of_home(id: str, body: bytes) -> Draft:
    """An act of administration of the home itself."""
    return Draft(HOME_SENDER, HOME_STREAM, id, body)


def mapping_setting(text: str) -> Setting:
    """A mapping as a home keeps it: under the digest of its text."""
    return Setting(kind="mapping", name=digest_of(text.encode()), text=text)


def mapping_act(text: str) -> Draft:
    """The act by which a home knows a mapping; sent again it is the same, and changes nothing."""
    setting = mapping_setting(text)
    return act_of_home(f"mapping-{setting.name}", administration_body(setting))


@dataclass(frozen=True, slots=True)
class Keeps:
    """What a home knows by which it keeps a report or does not.

    ``mappings`` are those that count, or will count before the report; ``clock`` says whether the
    home is rehearsed.
    """

    mappings: Mappings
    clock: HomeClock

    def with_mapping(self, text: str | None) -> "Keeps":
        """The same for a table whose mapping will come before it."""
        if text is None:
            return self
        own = {digest_of(text.encode()): text}
        return replace(self, mappings=lambda digest: own.get(digest) or self.mappings(digest))


def unkeepable(body: bytes, home: Keeps, *, act: bool = False) -> Finding | None:
    """Why a report may not be kept, or None: no form, or what its form does not declare.

    Rehearsed and real reports never meet in one home. ``act`` says that the home itself speaks,
    which alone administers itself.
    """
    frame, clock = frame_of(body, home.mappings), home.clock
    if frame.refusal is not None:
        return frame.refusal
    if frame.administration != act:
        return Finding("administration", Severity.REFUSE, _NO_ACT if act else _AN_ACT)
    if act and clock.declared and rehearses(body) not in {None, clock.rehearsed}:
        return Finding("administration", Severity.REFUSE, _DECLARED)
    finding = mixed(frame, rehearsed=clock.rehearsed)
    if finding is None and frame.rehearsed is not None:
        clock.heard(frame.rehearsed)
    return finding


_AN_ACT = (
    "it administers the home, which only the home itself does: send it to /api/v1/administration, "
    "or use the command for it"
)
_DECLARED = (
    "whether a home is rehearsed was declared when it was made, and stays so; make another home"
)
_NO_ACT = "it administers nothing; reports are sent to /api/v1/messages"


def require_keepable(body: bytes, home: Keeps, where: str = "", *, act: bool = False) -> None:
    """Raise NotKept for what is `unkeepable`; ``where`` begins the sentence."""
    if (finding := unkeepable(body, home, act=act)) is not None:
        row = f"row {finding.row}: " if finding.row else ""
        raise NotKept(finding.rule, f"{where}{row}{finding.sentence}")


def conflict(receipt: Receipt) -> Conflicting:
    """What is told to whoever sent another body under a used id."""
    return Conflicting(
        f"another report had arrived as {receipt.id!r}; that one counts, this one is kept as "
        f"evidence (position {receipt.position}) and does not. Send a new report under an id of "
        "its own"
    )
