"""What each command does: open a home, walk one journey, print.

In: parsed arguments. Out: printed text and an exit code. No arithmetic.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pharos.arrive.administration import Setting
from pharos.arrive.verify import verify_journal
from pharos.errors import BadQuestion, JournalDamaged
from pharos.keep.receive import rebuild as rebuild_ledger
from pharos.serve import home as homes
from pharos.serve import sending
from pharos.serve.asking import as_of, moment
from pharos.serve.cinemas import cinemas_body
from pharos.serve.doctor import examine
from pharos.serve.encoded import as_json
from pharos.serve.history_commands import checked_by
from pharos.serve.home import Home, together, utc_now
from pharos.serve.reaching import hands, own_home, progress, tell
from pharos.serve.show import answer_text, trace_text
from pharos.serve.trying import Trial, tried
from pharos.words.home import HomeSettings
from pharos.words.territory import packaged_territory, parse_territory

Arguments = argparse.Namespace


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
    setting = _setting(path, arguments)
    if setting is not None and not arguments.dry_run:
        with hands(arguments) as at:
            return tell(at.set(setting), arguments)
    if setting is not None:
        parcel, more = sending.setting_parcel(setting), []
    else:
        parcel, *more = sending.pack_parts(path, arguments.map, arguments.sender)
    if more and not arguments.dry_run:
        return _submit_parts([parcel, *more], arguments)
    if arguments.dry_run:
        with own_home(arguments) as home:
            draft = parcel.draft
            found = home.journal.find(draft.sender, draft.stream, draft.id)
            with home.ledger.rehearsal():
                done = tried(home.writer, Trial(parcel, found, utc_now()))
        return tell(done, arguments, dry_run=True)
    with hands(arguments) as at:
        done = at.submit(parcel)
        return tell(done, arguments, identities=checked_by(at, [parcel]))


def _submit_parts(parcels: list[sending.Parcel], arguments: Arguments) -> int:
    """Send the parts of one table, one after the other, and say how far it is."""
    told = progress("parts of the table") or (lambda *_: None)
    done = []
    with hands(arguments) as at:
        for nth, parcel in enumerate(parcels, 1):
            done.append(at.submit(parcel))
            told(nth, len(parcels))
        identities = checked_by(at, parcels)
    return tell(together(done), arguments, identities=identities)


def _setting(path: Path, arguments: Arguments) -> Setting | None:
    """The setting that a file is; None if it is a report."""
    if arguments.notes:
        return sending.notes_setting(path)
    return sending.setting(path) if path.suffix == ".toml" and arguments.map is None else None


def ask(arguments: Arguments) -> int:
    """Ask for measures."""
    if arguments.sql and arguments.url:
        raise BadQuestion("the SQL text is shown at the home only; leave --sql or --url out")
    with hands(arguments, writing=False) as at:
        answer = at.ask(
            *arguments.measures, by=arguments.by, order=arguments.order, limit=arguments.limit,
            **_asked(arguments),
        )  # fmt: skip
    if arguments.json:
        print(as_json(answer.to_json() | ({"sql": answer.sql} if arguments.sql else {})))
    else:
        print(answer_text(answer))
        if arguments.sql:
            print(f"\n{answer.sql or 'the SQL text is shown at the home only'}")
    return 0


def trace(arguments: Arguments) -> int:
    """Explain a number."""
    with hands(arguments, writing=False) as at:
        found = at.trace(arguments.measure, shown=arguments.rows, **_asked(arguments))
    print(as_json(found.to_json()) if arguments.json else trace_text(found))
    return 0


def rebuild(arguments: Arguments) -> int:
    """Make the ledger again from the journal."""
    if arguments.full and (damages := verify_journal(arguments.home)):
        raise JournalDamaged("; ".join(str(damage) for damage in damages[:5]))
    journal = homes.open_journal(arguments.home)
    try:
        rebuild_ledger(journal, arguments.home, progress(), homes.guarded)
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
