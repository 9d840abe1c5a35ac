"""A process that appends until it is killed: `python -m tests.arrive.journal_writer HOME SEED`.

In: a home and a seed. Out: on standard output, one line for each receipt that it was given.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from pharos.arrive.journal import Decision, Draft, Journal
from pharos.words.report import Receipt


def main(home: str, seed: str) -> None:
    """Append, record and seal without end."""
    random = Random(int(seed))
    clock = datetime(2022, 10, 1, tzinfo=UTC)
    with Journal(Path(home), lambda: clock, random.randbytes) as journal:
        following = journal.size + 1
        while True:
            count = random.randint(1, 5)
            drafts = [_draft(number) for number in range(following, following + count)]
            _say(journal.append(drafts))
            following += count
            if random.random() < 0.3:
                # An earlier report once more: it must cost nothing and change nothing.
                _say(journal.append([_draft(random.randint(1, following - 1))]))
            if random.random() < 0.2:
                first = journal.decided_to() + 1
                journal.record([Decision(first, journal.size, "1", b"x" * random.randint(0, 999))])
            if random.random() < 0.1:
                journal.seal(keep_last=random.randint(0, 20))


def _draft(number: int) -> Draft:
    return Draft("yanjing", "till", str(number), f"report {number} ".encode() * 500)


def _say(receipts: list[Receipt]) -> None:
    for receipt in receipts:
        sys.stdout.write(f"{receipt.position} {receipt.id} {receipt.digest} {receipt.leaf}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
