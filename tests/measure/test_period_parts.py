"""What compared periods are made of, written out by hand, then beside the oracle.

In: published figures of a nation and of works. Out: days, shares, new works and places.
"""

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pharos.measure.comparing import CompareAsked
from pharos.serve.hands import AtHome
from pharos.serve.home import Home
from tests.measure.test_published_charts import FIRST, LAST, World, home_of, said, send, version
from tests.oracle_parts import nation_days, shares
from tests.oracle_published import Row, length, said_of

#: Chuseok 2022 has four days, 9 to 12 September; that of 2023 has six, 28 September to 3 October.
CHUSEOK_22, CHUSEOK_23 = "window:chuseok/2022", "window:chuseok/2023"


def compared(home: Home, *periods: str, basis: str = "") -> Row:
    return dict(AtHome(home).history(CompareAsked(periods, basis=basis)))


def nation(when: str, value: int, **more: str) -> Row:
    return said("", when, value, **more)


def test_days_stand_beside_the_same_day_of_the_first_period(tmp_path: Path) -> None:
    rows = [
        nation("2022-09-09", 40), nation("2022-09-10", 50),
        nation("2023-09-28", 45), nation("2023-09-30", 70),
    ]  # fmt: skip
    # Somebody else knows one day only; the nation of a day that is only about right is none.
    rows += [nation("2022-09-09", 99, publisher="Q"), nation("2022-09-11", 1, relation="~")]
    with home_of(tmp_path, *rows) as home:
        found = compared(home, CHUSEOK_22, CHUSEOK_23)["days"]
    names = ("window", "day", "weekday", "gross_minor", "difference_from_first_minor")
    assert [tuple(row[name] for name in names) for row in found] == [
        (CHUSEOK_22, 1, "Friday", 40, 0),
        (CHUSEOK_22, 2, "Saturday", 50, 0),
        (CHUSEOK_23, 1, "Thursday", 45, 45 - 40),
        (CHUSEOK_23, 3, "Saturday", 70, None),
    ]
    assert {(row["publisher"], row["basis"]) for row in found} == {("P", "unknown")}


def test_works_share_a_period(tmp_path: Path) -> None:
    # Owl ran before; Heron and Crane open in the period and make 60, 30 and 10 of 100.
    rows = [said("Owl", "2024-01-01", 7)]
    for day, heron, owl, crane in (("2024-01-05", 20, 15, 10), ("2024-01-06", 40, 15, 0)):
        made = (("Heron", heron), ("Owl", owl), ("Crane", crane))
        rows += [said(work, day, value) for work, value in made if value]
    with home_of(tmp_path, *rows) as home:
        (works,) = compared(home, "2024-01-05..2024-01-06")["works"]
    assert (works["works"], works["new_works"], works["complete"]) == (3, 2, True)
    assert (works["leader"], works["gross_minor"]) == ("Heron", 60 + 30 + 10)
    assert (works["leader_share_pct"], works["top_3_share_pct"]) == (Decimal(60), Decimal(100))
    assert works["hhi"] == 60**2 + 30**2 + 10**2


def test_what_is_not_known_of_every_work_is_shared_by_nobody(tmp_path: Path) -> None:
    top = {"coverage": "top"}
    rows = [said("Owl", f"2024-01-0{day}", 9, **top) for day in (5, 6)]
    rows += [said("Heron", "2024-01-05", 9, **top)]
    with home_of(tmp_path, *rows) as home:
        (works,) = compared(home, "2024-01-05..2024-01-06")["works"]
        (nobody,) = compared(home, "2023")["works"]
    assert (works["works"], works["complete"], works["hhi"]) == (2, False, None)
    # The lists begin here: nobody can say who is new.
    assert works["new_works"] is None
    assert (nobody["works"], nobody["publisher"], nobody["hhi"]) == (0, None, None)


def test_a_beginning_of_a_list_has_shares_of_the_nation_alone(tmp_path: Path) -> None:
    top = {"coverage": "top"}
    rows = [said(work, "2022-09-09..2022-09-12", value, **top)
            for work, value in (("Owl", 50), ("Heron", 20))]  # fmt: skip
    with home_of(tmp_path, *rows) as home:
        (works,) = compared(home, CHUSEOK_22)["works"]
        assert (works["complete"], works["share_of"], works["leader_share_pct"]) == (
            *(True, None), None)  # fmt: skip
        send(home, "2", nation("2022-09-09..2022-09-12", 80))
        (works,) = compared(home, CHUSEOK_22)["works"]
    assert (works["share_of"], works["hhi"], works["gross_minor"]) == ("nation", None, 70)
    # 50 of 80, and 70 of 80.
    assert (works["leader_share_pct"], works["top_3_share_pct"]) == (
        *(Decimal("62.50"),), Decimal("87.50"))  # fmt: skip


def test_a_window_has_its_place_among_all_years(tmp_path: Path) -> None:
    rows = [
        nation("2022-09-09..2022-09-12", 400), nation("2023-09-28..2023-10-03", 540),
        nation("2021-09-18..2021-09-22", 100),
    ]  # fmt: skip
    with home_of(tmp_path, *rows) as home:
        found = compared(home, CHUSEOK_22, CHUSEOK_23, "2022")["places"]
    # 400 in four days is more a day than 540 in six.
    assert [(one["window"], one["rank"], one["rank_per_day"], one["of"]) for one in found] == [
        (CHUSEOK_22, 2, 1, 3),
        (CHUSEOK_23, 1, 2, 3),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_shares_are_what_the_oracle_says(tmp_path: Path, seed: int) -> None:
    world = World(seed)
    told = [said_of(nth, row, world.territory) for nth, row in enumerate(world.rows)]
    with home_of(tmp_path, *world.rows, territory=world.territory) as home:
        for _ in range(15):
            span = world.dates()
            (found,) = compared(home, f"{span[0]}..{span[1]}")["works"]
            if found["publisher"] is None:
                assert found["works"] == 0
                continue
            expected = shares(told, (found["publisher"], found["basis"]), span)
            assert {name: found[name] for name in expected} == expected, span


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_days_are_what_the_oracle_says(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = [version(chance) for _ in range(200)]
    told = [said_of(nth, row, "KR") for nth, row in enumerate(rows)]
    with home_of(tmp_path, *rows) as home:
        for _ in range(20):
            first = FIRST + timedelta(chance.randrange(9))
            span = first, min(first + timedelta(chance.randrange(9)), LAST)
            found = compared(home, f"{span[0]}..{span[1]}")["days"]
            of = nation_days(told, span)
            whose = {(row["publisher"], row["basis"]) for row in found}
            assert len(whose) == (1 if of else 0)
            for one in whose:
                assert len(found) == max(map(len, of.values()))
                assert _made(found) == of[one]
                assert [row["day"] for row in found] == [
                    length((span[0], day)) for day in sorted(of[one])
                ]


def _made(found: list[Row]) -> dict[date, int]:
    return {date.fromisoformat(row["date"]): row["gross_minor"] for row in found}
