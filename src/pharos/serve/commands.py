"""What each command does: open a home, walk one journey, print.

In: parsed arguments. Out: printed text and an exit code. No arithmetic.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pharos.arrive.administration import Closing, Setting
from pharos.arrive.verify import verify_journal
from pharos.errors import JournalDamaged
from pharos.keep.receive import rebuild as rebuild_ledger
from pharos.match.judgements import judgement
from pharos.serve import demo as demonstration
from pharos.serve import home as homes
from pharos.serve import sending
from pharos.serve.asking import as_of, moment
from pharos.serve.cinemas import cinemas_body
from pharos.serve.doctor import examine
from pharos.serve.encoded import as_json
from pharos.serve.home import Home, Submitted, utc_now
from pharos.serve.show import answer_text, submitted_json, submitted_text, trace_text
from pharos.words.home import HomeSettings
from pharos.words.report import Verdict
from pharos.words.territory import packaged_territory, parse_territory

Arguments = argparse.Namespace

#: Exit codes of verdicts; those not named end well.
_EXIT = {Verdict.REFUSED: 3, Verdict.HELD: 3}


def init(arguments: Arguments) -> int:
    """Make a home."""
    texts = _territories(arguments.territory)
    codes = tuple(texts)
    currency = arguments.currency or parse_territory(texts[codes[0]]).currency
    body = cinemas_body(Path(arguments.cinemas)) if arguments.cinemas else None
    settings = HomeSettings(scope=arguments.scope, territories=codes, currency=currency)
    homes.init(arguments.home, settings, own=texts)
    said = f"{arguments.home} is a home for {', '.join(codes)}, scope {arguments.scope}"
    if body is not None:
        with Home(arguments.home) as home:
            done = home.send("home", "register", "1", body)
        said += f"; {arguments.cinemas}: {done.verdict.value}"
    print(as_json({"home": str(arguments.home), "territories": codes}) if arguments.json else said)
    return 0


def _territories(words: Sequence[str]) -> dict[str, str]:
    """Territory files by code: of the user's own, by path, and of those that come with Pharos."""
    found = {}
    for word in words:
        own = word.lower().endswith(".toml")
        text = sending.read_text(Path(word)) if own else packaged_territory(word.upper())
        found[parse_territory(text).code] = text
    return found


def submit(arguments: Arguments) -> int:
    """Send a report, or show what it would change."""
    path = Path(arguments.file)
    if path.suffix == ".toml" and arguments.map is None:
        return _submit_setting(arguments, path)
    parcel = sending.pack(path, arguments.map, arguments.sender)
    with Home(arguments.home) as home:
        home.catch_up(_progress())
        if arguments.dry_run:
            done = sending.rehearse_submit(home, parcel, utc_now())
        else:
            done = sending.submit(home, parcel)
    return _tell(done, arguments, dry_run=arguments.dry_run)


def _submit_setting(arguments: Arguments, path: Path) -> int:
    """Take over an edited rules, territory or mapping file from here on."""
    kind, name, text = sending.setting(path)
    with Home(arguments.home) as home:
        home.catch_up()
        done = home.administer(Setting(kind=kind, name=name, text=text))
    return _tell(done, arguments, dry_run=False)


def ask(arguments: Arguments) -> int:
    """Ask for measures."""
    with homes.reading(arguments.home) as home:
        answer = home.ask(
            *arguments.measures, by=arguments.by, order=arguments.order, limit=arguments.limit,
            **_asked(arguments),
        )  # fmt: skip
    if arguments.json:
        print(as_json(answer.to_json() | ({"sql": answer.sql} if arguments.sql else {})))
    else:
        print(answer_text(answer))
        if arguments.sql:
            print(f"\n{answer.sql}")
    return 0


def trace(arguments: Arguments) -> int:
    """Explain a number."""
    with homes.reading(arguments.home) as home:
        found = home.trace(arguments.measure, shown=arguments.rows, **_asked(arguments))
    print(as_json(found.to_json()) if arguments.json else trace_text(found))
    return 0


def join(arguments: Arguments) -> int:
    """Say that two ids are one."""
    return _judge(arguments, same=True)


def unjoin(arguments: Arguments) -> int:
    """Take a join back."""
    return _judge(arguments, same=False)


def _judge(arguments: Arguments, *, same: bool) -> int:
    with Home(arguments.home) as home:
        home.catch_up()
        pair = (arguments.one, arguments.other)
        terms = home.ledger.terms
        made = judgement(home.writer.registers, terms, pair, arguments.why, same=same)
        done = home.administer(made)
    return _tell(done, arguments, dry_run=False)


def close(arguments: Arguments) -> int:
    """Close business dates."""
    with Home(arguments.home) as home:
        home.catch_up()
        registers = home.writer.registers
        period = homes.period(registers, arguments.period)
        done = home.administer(Closing(first=period.first, last=period.last, why=arguments.why))
    return _tell(done, arguments, dry_run=False)


def rebuild(arguments: Arguments) -> int:
    """Make the ledger again from the journal."""
    if arguments.full and (damages := verify_journal(arguments.home)):
        raise JournalDamaged("; ".join(str(damage) for damage in damages[:5]))
    journal = homes.open_journal(arguments.home)
    try:
        rebuild_ledger(journal, arguments.home, _progress(), homes.guarded)
        size = journal.size
    finally:
        journal.close()
    said = f"the ledger holds everything up to version {size}"
    print(as_json({"edition": size}) if arguments.json else said)
    return 0


def doctor(arguments: Arguments) -> int:
    """Tell whether what is stored is what was written."""
    found = examine(arguments.home)
    if arguments.json:
        print(as_json({"damages": found.damages, "remarks": found.remarks}))
    else:
        print("\n".join([*found.damages, *found.remarks]) or "all is as it was written")
    return 5 if found.damages else 0


def demo(arguments: Arguments) -> int:  # noqa: ARG001
    """Show a made-up cinema week."""
    print(demonstration.show())
    return 0


def _asked(arguments: Arguments) -> dict[str, Any]:
    return {
        "where": arguments.where,
        "period": arguments.period,
        "territory": arguments.territory,
        "basis": arguments.basis,
        "source": arguments.source,
        "as_of": as_of(arguments.as_of),
        "sold_until": moment(arguments.sold_until),
    }


def _tell(done: Submitted, arguments: Arguments, *, dry_run: bool) -> int:
    if arguments.json:
        print(as_json(submitted_json(done, dry_run=dry_run)))
    else:
        print(submitted_text(done, dry_run=dry_run))
    return _EXIT.get(done.verdict, 0)


def _progress() -> Any:  # noqa: ANN401
    """Progress on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        return None

    def tell(position: int, last: int) -> None:
        end = "\n" if position >= last else ""
        print(f"\r  {position} of {last} reports", end=end, file=sys.stderr, flush=True)

    return tell
