"""Worlds in which something was wrong once, each as small as it was found.

In: a few reports. Out: the oracle's numbers, in any order of arrival.
"""

from collections.abc import Iterator
from itertools import permutations

import pytest

from tests.oracle_said import Row, Sent
from tests.property.test_oracle import compare
from tests.property.worlds import REGISTERS
from tests.spec.ledger_adapter import Question, close_all

FRIDAY = {"cinema": "S1", "screening": "s2", "start": "2024-03-08T23:30-05:00"}
BOTH = {"programme": [{"work": "W1"}, {"work": "W2", "weight": 2}]}
STATED = {"kind": "screening_totals", "gross": "7.81", "admissions": 21}
TICKET = {"kind": "tickets", "number": 1, "paid": "9.00", "sold_at": "2024-03-07T10:00-05:00"}

MOVED_BACK = (
    STATED | {"cinema": "A1", "screening": "s3", "start": "2024-03-10T05:30-04:00", "work": "W1"},
    STATED | {"cinema": "A1", "screening": "s3", "start": "2024-03-09T05:30-05:00", "work": "W1"},
)
ONLY_THE_OLDER_SAYS_SEATS = (
    STATED | FRIDAY | BOTH | {"start": "2024-03-10T05:30-04:00", "screen": "1", "seats": 90},
    {"kind": "schedule", **FRIDAY, **BOTH, "screen": "2"},
)
NOBODY_CAME = (
    {"kind": "day_totals", "cinema": "S1", "date": "2024-03-08", "work": "W3", "gross": "7.36",
     "admissions": 0},
)  # fmt: skip
CANCELLED_LATER = (
    TICKET | {"cinema": "A2", "screening": "s1", "start": "2024-03-09T19:00-05:00", "work": "W1"},
    {"kind": "schedule", "cinema": "S1", "screening": "s3", "start": "2024-03-10T19:00-04:00",
     "work": "W1", "status": "cancelled"},
)  # fmt: skip
NO_SCREEN_TWICE = (
    STATED | {"cinema": "A1", "screening": "s1", "start": "2024-03-09T19:00-05:00", "work": "W1"},
    STATED | {"cinema": "A2", "screening": "s1", "start": "2024-03-09T19:00-05:00", "work": "W1"},
)
SATURDAY = {"cinema": "A2", "screening": "s1", "start": "2024-03-09T19:00-05:00", "work": "W3"}
SOLD_ON_THE_DAY = (
    TICKET | SATURDAY | {"sold_at": "2024-03-09T18:00Z", "channel": "counter"},
    TICKET | SATURDAY | {"number": 2, "tax": "1.00", "channel": "online"},
)
MORE_VOIDS_THAN_SALES = (
    TICKET | SATURDAY | {"event": "void"},
    TICKET | SATURDAY | {"screening": "s2", "work": "W1", "paid": "0.00", "number": 2},
    {"kind": "schedule"} | SATURDAY | {"screening": "s3", "work": "W2"},
)
SCHEDULED_LATER = (
    TICKET | SATURDAY,
    {"kind": "schedule"} | SATURDAY | {"screening": "s2", "start": "2024-03-10T19:00-04:00"},
)
CANCELLED_AFTER_SALES = (
    TICKET | SATURDAY,
    {"kind": "schedule", **SATURDAY, "status": "cancelled"},
)
CANCELLED_BEFORE_IT_MOVED = (
    {"kind": "schedule", **SATURDAY, "status": "cancelled"},
    TICKET | SATURDAY | {"start": "2024-03-08T19:00-05:00"},
)
CANCELLED_AND_ON_AGAIN = (
    *CANCELLED_BEFORE_IT_MOVED,
    {"kind": "schedule", **SATURDAY, "start": "2024-03-10T19:00-04:00"},
    TICKET | SATURDAY | {"number": 2},
)
TWO_BOOKS_WITHOUT_TAX = (
    STATED | SATURDAY,
    TICKET | SATURDAY | {"tax": "1.00"},
)
THE_REPORTER_ONLY_SCHEDULES = (
    {"kind": "schedule"} | SATURDAY | {"cinema": "S1"},
    TICKET | SATURDAY | {"cinema": "S1", "screening": "s2", "sender": "south"},
)
SOLD_AND_GIVEN_BACK = (
    TICKET | SATURDAY | {"channel": "online"},
    TICKET | SATURDAY | {"number": 2},
    TICKET | SATURDAY | {"number": 3, "event": "refund"},
)

WORLDS: tuple[tuple[str, tuple[Row, ...], Question], ...] = (
    ("moved back", MOVED_BACK, Question(("days_on_release", "cumulative_gross"), ("work",))),
    ("moved back", MOVED_BACK, Question(("gross", "screenings"), ("business_date",))),
    ("seats", ONLY_THE_OLDER_SAYS_SEATS, Question(("seats_offered", "gross"), ("work", "screen"))),
    ("nobody came", NOBODY_CAME, Question(("free_admissions", "paid_admissions"))),
    ("cancelled", CANCELLED_LATER, Question(("days_on_release", "cumulative_gross"), ("work",))),
    ("no screen", NO_SCREEN_TWICE, Question(("gross",), ("screen",))),
    ("not presold", SOLD_ON_THE_DAY, Question(("presales",), ("channel",), basis="without_tax")),
    ("voids", MORE_VOIDS_THAN_SALES, Question(("rank",), ("work",))),
    ("voids", MORE_VOIDS_THAN_SALES, Question(("rank", "screenings"), ("work",))),
    ("tax of a rival", SOLD_ON_THE_DAY, Question(("rank",), ("channel",), basis="without_tax")),
    ("scheduled", SCHEDULED_LATER, Question(("days_on_release", "multiplier"), ("work",))),
    ("scheduled", SCHEDULED_LATER, Question(("days_on_release", "screenings"), ("work",))),
    ("cancelled sales", CANCELLED_AFTER_SALES, Question(("cumulative_gross",), ("work",))),
    ("cancelled sales", CANCELLED_AFTER_SALES, Question(("gross",), ("run",))),
    ("cancelled move", CANCELLED_BEFORE_IT_MOVED, Question(("screenings", "gross"), ("work",))),
    ("on again", CANCELLED_AND_ON_AGAIN, Question(("screenings", "gross"), ("business_date",))),
    ("two books", TWO_BOOKS_WITHOUT_TAX, Question(("book_difference",), basis="without_tax")),
    ("open channel", SOLD_AND_GIVEN_BACK, Question(("online_share",))),
    ("a mere schedule", THE_REPORTER_ONLY_SCHEDULES, Question(("gross", "theatres"), ("cinema",))),
)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "question"),
    [world[1:] for world in WORLDS],
    ids=[f"{name}: {' '.join(question.measures)}" for name, _, question in WORLDS],
)
def test_a_world_that_was_wrong_once_is_right_in_every_order(
    rows: tuple[Row, ...], question: Question
) -> None:
    said = [_sent(n, dict(row)) for n, row in enumerate(rows, 1)]
    for order in permutations(said):
        compare([Sent("office", "", "1", REGISTERS), *order], question)


def _sent(number: int, row: Row) -> Sent:
    """A message of one row; ``sender`` may stand in it."""
    return Sent(row.pop("sender", "north"), "", str(number), (row,))
