"""Sales, refunds, voids and exchanges are events of their own; figures are their sum."""

from tests.spec.harness import Spec, ratio, unknown


def test_a_sale_is_a_ticket_issued_and_a_person(spec: Spec) -> None:
    """One event may sell several tickets for one amount."""
    spec.send(
        "tickets",
        """
        cinema | screening | start            | work | number | quantity | paid  | sold_at
        A1     | s1        | 2024-03-01 19:00 | X    | 1      | 1        | 12.00 | 2024-03-01 18:00
        A1     | s1        | 2024-03-01 19:00 | X    | 2      | 3        | 31.00 | 2024-03-01 18:02
        """,
    )
    spec.ask("gross tickets_issued admissions refunds", gives=(12_00 + 31_00, 1 + 3, 1 + 3, 0))


def test_a_refund_takes_back_what_it_says(spec: Spec) -> None:
    """Refunded tickets stay issued; the rate is of those issued before any refund."""
    spec.send(
        "tickets",
        """
        number | event  | quantity | paid  | sold_at
        1      | sale   | 4        | 48.00 | 2024-03-01 18:00
        2      | refund | 1        | 12.00 | 2024-03-01 18:30
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.ask("gross tickets_issued refunds admissions", gives=(48_00 - 12_00, 4, 1, 4 - 1))
    spec.ask("refund_rate", gives=ratio(1, 4))


def test_a_refund_may_arrive_before_its_sale(spec: Spec) -> None:
    """In between, the board shows minus one; it never waits and never guesses."""
    spec.send(
        "tickets",
        """
        id | number | event  | paid  | sold_at
        2  | 2      | refund | 12.00 | 2024-03-01 18:30
        1  | 1      | sale   | 12.00 | 2024-03-01 18:00
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.ask("gross admissions", as_of=1, gives=(-12_00, -1))
    spec.ask("gross admissions tickets_issued refunds", gives=(12_00 - 12_00, 1 - 1, 1, 1))


def test_a_voided_ticket_was_never_issued(spec: Spec) -> None:
    """A void undoes the issue itself; it is no refund."""
    spec.send(
        "tickets",
        """
        cinema | screening | start            | work | number | event | paid  | sold_at
        A1     | s1        | 2024-03-01 19:00 | X    | 1      | sale  | 12.00 | 2024-03-01 18:00
        A1     | s1        | 2024-03-01 19:00 | X    | 2      | sale  | 12.00 | 2024-03-01 18:00
        A1     | s1        | 2024-03-01 19:00 | X    | 3      | void  | 12.00 | 2024-03-01 18:01
        """,
    )
    spec.ask("gross tickets_issued refunds", gives=(12_00 + 12_00 - 12_00, 1 + 1 - 1, 0))


def test_an_exchange_moves_a_ticket_to_another_screening(spec: Spec) -> None:
    """Out of one screening and into another, each with its own amount; no refund."""
    spec.send(
        "tickets",
        """
        screening | start            | work | number | event        | paid  | sold_at
        s1        | 2024-03-01 19:00 | X    | 1      | sale         | 12.00 | 2024-03-01 12:00
        s1        | 2024-03-01 19:00 | X    | 2      | exchange_out | 12.00 | 2024-03-01 13:00
        s2        | 2024-03-02 21:00 | Y    | 3      | exchange_in  | 14.00 | 2024-03-01 13:00
        """,
        each="cinema=A1",
    )
    spec.ask(
        "gross admissions refunds",
        by="work business_date",
        gives={
            ("X", "2024-03-01"): (12_00 - 12_00, 1 - 1, 0),
            ("Y", "2024-03-02"): (14_00, 1, 0),
        },
    )


def test_a_presale_counts_on_the_day_of_its_screening(spec: Spec) -> None:
    """Sold in February for March: the first of March has it, and calls it a presale."""
    spec.send(
        "tickets",
        """
        cinema | screening | start            | work | number | paid  | sold_at
        A1     | s1        | 2024-03-01 19:00 | X    | 1      | 12.00 | 2024-02-20 10:00
        A1     | s1        | 2024-03-01 19:00 | X    | 2      | 12.00 | 2024-03-01 05:59
        A1     | s1        | 2024-03-01 19:00 | X    | 3      | 13.00 | 2024-03-01 06:00
        """,
    )
    spec.ask(
        "gross presales", by="business_date", gives={"2024-03-01": (12_00 + 12_00 + 13_00, 24_00)}
    )


def test_the_share_of_tickets_sold_online(spec: Spec) -> None:
    """Tickets, not money; the hour of sale is a dimension of ticket events."""
    spec.send(
        "tickets",
        """
        cinema | screening | start            | work | number | channel | paid  | sold_at
        A1     | s1        | 2024-03-01 19:00 | X    | 1      | online  | 13.00 | 2024-03-01 10:15
        A1     | s1        | 2024-03-01 19:00 | X    | 2      | online  | 13.00 | 2024-03-01 10:59
        A1     | s1        | 2024-03-01 19:00 | X    | 3      | counter | 12.00 | 2024-03-01 18:45
        """,
    )
    spec.ask("online_share", gives=ratio(1 + 1, 1 + 1 + 1))
    spec.ask("gross admissions", by="sale_hour", gives={10: (13_00 + 13_00, 2), 18: (12_00, 1)})


def test_a_channel_that_is_not_known_is_not_the_counter(spec: Spec) -> None:
    """One ticket of unknown channel makes the online share of its sum unknown."""
    spec.send(
        "tickets",
        """
        work | screening | number | channel | paid  | sold_at
        X    | s1        | 1      | online  | 13.00 | 2024-03-01 10:15
        X    | s1        | 2      | counter | 13.00 | 2024-03-01 18:15
        Y    | s2        | 3      |         | 12.00 | 2024-03-01 18:45
        """,
        each="cinema=A1, start=2024-03-01 19:00",
    )
    spec.ask("online_share", by="work", gives={"X": ratio(1, 1 + 1), "Y": unknown("channel")})
    spec.ask("gross", by="channel", gives={"online": 13_00, "counter": 13_00, None: 12_00})
