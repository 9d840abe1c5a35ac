"""A home that remembers few screenings counts like one that remembers all.

In: the same messages, mentioning the same screenings and days again and again, to two homes.
"""

from pathlib import Path
from random import Random

import pytest

from pharos.keep import screenings
from pharos.words import descriptions
from tests.oracle_said import Row, Sent
from tests.property.homes import Lived

FEW = 6


def ticket(random: Random, number: int) -> Row:
    screening = random.randint(1, 30)
    return {
        "kind": "tickets", "cinema": f"C{screening % 3}", "number": number,
        "screening": f"{screening}", "start": f"2024-03-0{screening % 5 + 1}T19:00-05:00",
        "work": f"W{screening % 4}", "paid": f"{random.randint(1, 20)}.10",
        "sold_at": "2024-03-01T10:00-05:00",
    }  # fmt: skip


def day_total(random: Random) -> Row:
    return {
        "kind": "day_totals", "cinema": f"D{random.randint(1, 9)}", "date": "2024-03-02",
        "work": f"W{random.randint(1, 4)}", "admissions": 9, "gross": f"{random.randint(1, 99)}.00",
    }  # fmt: skip


def messages() -> list[Sent]:
    random, found, number = Random(8), [], 1
    for nth in range(1, 25):
        count = random.randint(1, 20)
        tickets = tuple(ticket(random, n) for n in range(number, number + count))
        number += count
        found.append(Sent("north", "", f"t{nth}", tickets))
        found.append(Sent("south", "", f"d{nth}", (day_total(random),)))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [False, True])
def test_what_is_forgotten_is_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    sent, homes = messages(), (Lived(tmp_path / "all"), Lived(tmp_path / "few"))
    for home in homes:
        (home.send_at_once if at_once else home.send)(sent)
        for module in (screenings, descriptions):
            monkeypatch.setattr(module, "REMEMBERED", FEW)
            monkeypatch.setattr(module, "REMEMBERED_DAYS", FEW)
    assert homes[0].answers() == homes[1].answers()
    for home in homes:
        home.close()
