"""Works are what was said until somebody judges that two ids are one; judgements can be revoked."""

from tests.spec.harness import Spec


def test_two_works_are_joined_and_unjoined(spec: Spec) -> None:
    """A judgement changes no figure of the past: every edition keeps its own answer."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work      | admissions | gross
        A1     | 2024-03-01 | The Crane | 10         | 100.00
        A2     | 2024-03-01 | Crane     | 5          | 55.00
        """,
    )
    spec.join("work:The Crane", "work:Crane", "same film, told by the distributor")
    spec.unjoin("work:The Crane", "work:Crane", "the distributor was wrong")
    spec.ask("gross", by="work", as_of=1, gives={"The Crane": 100_00, "Crane": 55_00})
    spec.ask("gross admissions", by="work", as_of=2, gives={"Crane": (100_00 + 55_00, 10 + 5)})
    spec.ask("gross", by="work", as_of=3, gives={"The Crane": 100_00, "Crane": 55_00})
    spec.ask("gross works", as_of=2, gives=(155_00, 1))
    spec.ask("gross works", gives=(155_00, 2))


def test_a_registered_work_gives_the_id(spec: Spec) -> None:
    """Asked by any of its ids, a joined work answers under the registered one."""
    spec.send(
        "register work",
        """
        work | names
        X    | en:The Crane; zh:鹤
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work  | admissions | gross
        A1     | 2024-03-01 | X     | 10         | 100.00
        A2     | 2024-03-01 | Crane | 5          | 55.00
        """,
    )
    spec.join("work:Crane", "work:X", "same film")
    spec.ask("gross", by="work", where="work=Crane", gives={"X": 100_00 + 55_00})
    spec.shows({"work:X": "The Crane"})


def test_names_in_several_languages(spec: Spec) -> None:
    """The home's first language that has a name is shown; a work without names shows its id."""
    spec.send(
        "register work",
        """
        work | names
        W    | zh:流浪; en:The Wanderer
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work         | admissions | gross
        A1     | 2024-03-01 | W            | 10         | 100.00
        A1     | 2024-03-01 | Night  Train | 5          | 55.00
        """,
    )
    spec.ask("gross", by="work", gives={"W": 100_00, "Night Train": 55_00})
    spec.shows({"work:W": "The Wanderer", "work:Night Train": "Night Train"})


def test_a_chain_of_joins_is_one_work(spec: Spec) -> None:
    """A is B and B is C, so A is C; taking back one link leaves the other."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | A    | 1          | 10.00
        A1     | 2024-03-01 | B    | 2          | 20.00
        A1     | 2024-03-01 | C    | 4          | 40.00
        """,
    )
    spec.join("work:A", "work:B", "same film")
    spec.join("work:B", "work:C", "same film")
    spec.unjoin("work:A", "work:B", "a remake")
    spec.ask("gross", by="work", as_of=3, gives={"A": 10_00 + 20_00 + 40_00})
    spec.ask("gross", by="work", gives={"A": 10_00, "B": 20_00 + 40_00})


def test_joined_works_share_one_book(spec: Spec) -> None:
    """Once two names are one work, the day total of one gives way to the tickets of the other."""
    spec.send(
        "tickets",
        """
        number | paid  | sold_at
        1      | 12.00 | 2024-03-01 18:00
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=Crane",
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work      | admissions | gross
        A1     | 2024-03-01 | The Crane | 1          | 12.00
        """,
    )
    spec.ask("gross", by="work", gives={"Crane": 12_00, "The Crane": 12_00})
    spec.join("work:Crane", "work:The Crane", "same film")
    spec.ask("gross admissions", by="work grain", gives={("Crane", "tickets"): (12_00, 1)})


def test_versions_of_a_work(spec: Spec) -> None:
    """Format and language belong to the version; figures of all versions make up the work."""
    spec.send(
        "register version",
        """
        version | work | format | audio
        X-3D    | X    | 3D     | en
        X-2D    | X    | 2D     | fr
        """,
    )
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | version | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | X-3D    | 10         | 150.00
        A1     | s2        | 2024-03-01 19:30 | X    | X-2D    | 20         | 240.00
        A1     | s3        | 2024-03-01 22:00 | X    |         | 5          | 60.00
        """,
    )
    spec.ask("gross", by="version", gives={"X-3D": 150_00, "X-2D": 240_00, None: 60_00})
    spec.ask("gross", by="format", gives={"3D": 150_00, "2D": 240_00, None: 60_00})
    spec.ask(
        "gross screenings",
        by="language",
        gives={"en": (150_00, 1), "fr": (240_00, 1), None: (60_00, 1)},
    )
    spec.ask("gross", by="work", gives={"X": 150_00 + 240_00 + 60_00})
