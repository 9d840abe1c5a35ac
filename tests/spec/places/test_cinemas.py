"""Chain, city and tier are those of the business date; a cinema nobody registered counts too."""

from tests.spec.harness import Spec


def test_a_cinema_changes_chain(spec: Spec) -> None:
    """Until 31 March it was North's, from 1 April it is South's; April's figures are South's."""
    spec.send(
        "register cinema",
        """
        cinema | chain | from
        A1     | North |
        A1     | South | 2024-04-01
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-31 | X    | 10         | 100.00
        A1     | 2024-04-01 | X    | 20         | 200.00
        A1     | 2024-04-02 | X    | 5          | 50.00
        """,
    )
    spec.ask(
        "gross admissions",
        by="chain",
        gives={"North": (100_00, 10), "South": (200_00 + 50_00, 20 + 5)},
    )
    spec.ask("gross", where="chain=South", period="2024-03-01..2024-04-01", gives=200_00)


def test_the_change_may_be_told_late(spec: Spec) -> None:
    """Figures of the past follow the register; what was asked before keeps its answer."""
    spec.send(
        "register cinema",
        """
        cinema | chain
        A1     | North
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-31 | X    | 10         | 100.00
        A1     | 2024-04-01 | X    | 20         | 200.00
        """,
    )
    spec.send(
        "register cinema",
        """
        cinema | chain | from
        A1     | South | 2024-04-01
        """,
    )
    spec.ask("gross", by="chain", as_of=2, gives={"North": 100_00 + 200_00})
    spec.ask("gross", by="chain", gives={"North": 100_00, "South": 200_00})


def test_an_unknown_cinema_counts(spec: Spec) -> None:
    """It stands in the home's territory with no city and no chain, until somebody registers it."""
    spec.send(
        "register cinema",
        """
        cinema | city   | chain
        A1     | Boston | North
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema  | date       | work | admissions | gross
        A1      | 2024-03-01 | X    | 10         | 100.00
        Odeon 7 | 2024-03-01 | X    | 3          | 30.00
        """,
    )
    spec.ask("gross theatres", gives=(100_00 + 30_00, 1 + 1))
    spec.ask("gross", by="city", gives={"Boston": 100_00, None: 30_00})
    spec.ask("gross", by="territory", gives={"US": 100_00 + 30_00})


def test_city_province_and_tier_as_of_the_date(spec: Spec) -> None:
    """A city that rises a tier takes nothing of its past along."""
    spec.home_in("CN")
    spec.send(
        "register cinema",
        """
        cinema | city  | province | tier | from       | to
        A1     | Hefei | Anhui    | 2    |            | 2024-03-01
        A1     | Hefei | Anhui    | 1    | 2024-03-02 |
        B1     | Wuhu  | Anhui    | 3    |            |
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 400.00
        A1     | 2024-03-02 | X    | 20         | 800.00
        B1     | 2024-03-02 | X    | 1          | 30.00
        """,
    )
    spec.ask("gross", by="city_tier", gives={2: 400_00, 1: 800_00, 3: 30_00})
    spec.ask("gross", by="city", gives={"Hefei": 400_00 + 800_00, "Wuhu": 30_00})
    spec.ask("gross theatres", by="province", gives={"Anhui": (400_00 + 800_00 + 30_00, 2)})


def test_names_of_cinemas(spec: Spec) -> None:
    """A plain name is shown as it is; of several languages the home's first; else the id."""
    spec.send(
        "register cinema",
        """
        cinema | name      | names
        A1     | The Lyric |
        A2     |           | zh:光明; en:Guangming
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema  | date       | work | admissions | gross
        A1      | 2024-03-01 | X    | 10         | 100.00
        A2      | 2024-03-01 | X    | 5          | 50.00
        Odeon 7 | 2024-03-01 | X    | 3          | 30.00
        """,
    )
    spec.ask("gross", by="cinema", gives={"A1": 100_00, "A2": 50_00, "Odeon 7": 30_00})
    spec.shows({"cinema:A1": "The Lyric", "cinema:A2": "Guangming", "cinema:Odeon 7": "Odeon 7"})


def test_two_ids_of_one_cinema(spec: Spec) -> None:
    """Joined, they are one theatre, and two senders who report it no longer add up."""
    spec.send(
        "day_totals",
        """
        sender | cinema  | date       | work | admissions | gross
        chain  | A1      | 2024-03-01 | X    | 10         | 100.00
        office | Roxy    | 2024-03-01 | X    | 10         | 100.00
        """,
    )
    spec.ask("gross theatres", gives=(100_00 + 100_00, 2))
    spec.join("cinema:A1", "cinema:Roxy", "same house")
    spec.ask("gross theatres", gives=(100_00, 1))
    spec.ask("gross", by="cinema sender", gives={("A1", "chain"): 100_00})
