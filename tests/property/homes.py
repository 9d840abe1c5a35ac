"""Homes that live through a world: real ones, opened, asked and closed again.

In: messages. Out: answers in a form that can be compared.
Must not know what any answer should be.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pharos.arrive.administration import Judgement, administration_body
from pharos.arrive.journal import Draft
from pharos.serve.encoded import as_json
from pharos.serve.home import Home
from tests.fresh_homes import fresh_home
from tests.oracle_said import Sent

NOON = datetime(2024, 3, 20, 12, tzinfo=UTC)

#: Questions whose answers together say everything that a world adds up to.
QUESTIONS: tuple[tuple[str, str], ...] = (
    ("gross admissions free_admissions tickets_issued refunds", "work,cinema,business_date"),
    ("gross screenings seats_offered", "cinema,business_date,grain"),
    ("screenings seats_offered occupancy theatres", "work,screen"),
    ("gross admissions presales", "ticket_type,channel,sender"),
    ("service_fee tax net_of_fee_gross", "version,screening_hour"),
    ("cumulative_gross days_on_release", "work"),
    ("book_difference", "cinema,business_date"),
)


class Lived:
    """One home and where each message ended up."""

    def __init__(self, folder: Path) -> None:
        """Make the home."""
        self.path = folder / "home"
        fresh_home(self.path, made_at=NOON)
        self.home = Home(self.path, lambda: NOON)
        self.positions: list[int] = []

    def send(self, messages: Iterable[Sent]) -> None:
        """Send messages one by one; each is decided before the next arrives."""
        for message in messages:
            draft = draft_of(message)
            done = self.home.send(draft.sender, draft.stream, draft.id, draft.body)
            # A world in which rows are held proves less than it seems to.
            assert not done.held, done.findings
            self.positions.append(self.home.journal.size)

    def send_at_once(self, messages: Sequence[Sent]) -> None:
        """Let all messages arrive before the first is decided."""
        self.home.journal.append([draft_of(message) for message in messages])
        self.home.catch_up()

    def reopen(self) -> None:
        """Close the home and open it again."""
        self.home.close()
        self.home = Home(self.path, lambda: NOON)

    def answers(self, as_of: int | None = None) -> list[str]:
        """All numbers of an edition: rows as text, sorted, empty ones left out."""
        found: list[str] = []
        for measures, by in QUESTIONS:
            rows = self.home.ask(measures, by=by, as_of=as_of)
            found += [as_json(dict(row)) for row in rows if _says(row, measures.split())]
        return sorted(found)

    def close(self) -> None:
        """Give the home back."""
        self.home.close()


def _says(row: Mapping[str, Any], measures: list[str]) -> bool:
    """Whether a row holds any figure; an empty one may be there or not."""
    return any(row[name] not in (None, 0, "0.00") for name in measures)


def draft_of(message: Sent) -> Draft:
    """A message as the journal takes it."""
    first = message.rows[0]
    if first["kind"] in ("join", "unjoin"):
        (kind, _, one), (_, _, other) = (first[n].partition(":") for n in ("one", "other"))
        act = Judgement(
            kind=kind, one=one, other=other, same=first["kind"] == "join", why=first["why"]
        )
        return Draft("home", "judgements", message.id, administration_body(act))
    return Draft(message.sender, message.stream, message.id, body_of(message))


def body_of(message: Sent) -> bytes:
    """The rows of a message in the native format."""
    lines = [json.dumps({"pharos": 1}), *(json.dumps(row) for row in message.rows)]
    return "\n".join(lines).encode() + b"\n"


@contextmanager
def lived(messages: Iterable[Sent] = ()) -> Iterator[Lived]:
    """A home that has lived through messages, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pharos-world-"))
    made = Lived(folder)
    try:
        made.send(messages)
        yield made
    finally:
        made.close()
        shutil.rmtree(folder)
