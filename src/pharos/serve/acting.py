"""What people do by hand: correct, join, close; and the lists that tell them where.

In: parsed arguments. Out: printed text and an exit code. No arithmetic.
"""

import argparse
import sys
from typing import Any

from pharos.errors import BadQuestion
from pharos.measure.standing import Thing
from pharos.serve.addressed import LOCAL_SENDER
from pharos.serve.asking import day
from pharos.serve.correcting import Drafted, Wish, called, drafted, parse_set
from pharos.serve.encoded import as_json
from pharos.serve.listing import LISTS
from pharos.serve.reaching import hands, tell
from pharos.serve.show import table
from pharos.serve.show_lists import list_text

Arguments = argparse.Namespace


def correct(arguments: Arguments) -> int:
    """Correct the figures of a screening or of a work's day."""
    wish = Wish(
        Thing(arguments.cinema, arguments.screening, day("date", arguments.date), arguments.work),
        arguments.by,
        arguments.why,
        parse_set(arguments.set),
        arguments.book,
    )
    with hands(arguments) as at:
        draft = drafted(at.standing(wish.thing), wish)
        if not arguments.json:
            print(before_and_after(draft))
        if not _agreed(arguments):
            print("nothing was changed")
            return 0
        return tell(at.correct(draft, arguments.sender or LOCAL_SENDER), arguments)


def before_and_after(draft: Drafted) -> str:
    """What stands and what shall stand."""
    before = draft.before
    rows = [
        {"": "gross", "before": before["gross"], "after": draft.gross},
        {"": "admissions", "before": before["admissions"], "after": draft.admissions},
    ]
    said = f"{called(draft.thing)}, {before['book']} of {before['sender']}, {before['currency']}"
    return f"{said}\n\n{table(rows, ('', 'before', 'after'))}\n"


def _agreed(arguments: Arguments) -> bool:
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        raise BadQuestion("nobody can be asked here; look at the figures and say --yes")
    return input("correct it? [y/N] ").strip().lower() in ("y", "yes")


def join(arguments: Arguments) -> int:
    """Say that two ids are one."""
    return _judge(arguments, same=True)


def unjoin(arguments: Arguments) -> int:
    """Take a join back."""
    return _judge(arguments, same=False)


def _judge(arguments: Arguments, *, same: bool) -> int:
    with hands(arguments) as at:
        done = at.judge((arguments.one, arguments.other), arguments.why, same=same)
    return tell(done, arguments)


def close(arguments: Arguments) -> int:
    """Close business dates."""
    with hands(arguments) as at:
        return tell(at.close_days(arguments.period, arguments.why), arguments)


def listed(arguments: Arguments) -> int:
    """Show a list."""
    kind, _ = LISTS[arguments.command]
    said: dict[str, Any] = {name: getattr(arguments, name) for name in kind.model_fields}
    # What a held row said stands in the journal, which only those who may write have open.
    with hands(arguments, writing=arguments.command == "held") as at:
        page = at.listed(arguments.command, said)
    print(as_json(page) if arguments.json else list_text(arguments.command, page))
    return 0
