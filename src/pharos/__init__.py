"""Pharos counts a country's box office exactly, and can prove its numbers.

The rooms are verbs, and their alphabetical order is the order in which data passes:

    arrive    bytes become reports: the journal, the formats, the mappings
    check     reports become findings and a verdict; pure
    keep      the ledger: postings, books, registers, as of any edition
    match     who is meant: judgements that join works and cinemas, revocable
    measure   what the numbers mean: catalogue, question, SQL, trace
    rehearse  a pretend country: seeded cinemas, screenings, tickets
    serve     doors: command line, Python; no arithmetic
    words     values only: money, calendar, territory, works, venues, report, finding

The path of a report, in three journeys:

1. keep/receive.py: a message of the journal is read (arrive/formats), decided (keep/decide, with
   the rules of check/rules), recorded in the journal, and posted (keep/writer, keep/turn).
2. measure/ask.py: a question becomes one SQL text (measure/sql) on an edition, and exact numbers
   (measure/compute).
3. measure/trace.py: a number goes back to its postings, reports and file rows.

Every journey is walked by a home (serve/home), which the command line (serve/cli) opens.
"""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pharos.serve.client import Client
    from pharos.serve.home import Home

__all__ = ["Client", "Home", "open"]

#: Where they stand. They are read when they are first used: a command needs no client, and who
#: starts a server again waits for each of its modules.
_MODULES = {"Client": "pharos.serve.client", "Home": "pharos.serve.home"}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)


def open(home: str | Path) -> "Home":  # noqa: A001  (pharos.open is the name people know)
    """Open a home to send, ask and trace; use it in a ``with`` block.

    Raises NoHome if the folder holds none, HomeBusy if somebody else has it open.
    """
    opened: Home = __getattr__("Home")(Path(home))
    opened.catch_up()
    return opened
