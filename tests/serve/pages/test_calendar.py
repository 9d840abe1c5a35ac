"""The calendar: its numbers against sums by hand, its months, windows and users' notes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from pharos.arrive.administration import Closing, Setting
from pharos.serve.home import Home, init
from pharos.serve.language import language
from pharos.serve.views.months import SHADES, Day, every_day, months, shades
from pharos.words.home import HomeSettings
from tests.serve.asking_home import Asking, asking
from tests.serve.pages.page import Page
from tests.serve.terminal import native

#: The evening of a day of the National Day window, in China.
NOW = datetime(2022, 10, 5, 12, tzinfo=UTC)
#: Cinema, day, admissions, gross in fen. The last lies after the day that is running.
TOTALS = (
    ("lantern", date(2020, 10, 1), 10, 40_000),
    ("lantern", date(2021, 10, 1), 20, 80_000),
    ("lantern", date(2021, 10, 6), 50, 200_000),
    ("lantern", date(2022, 1, 2), 7, 28_050),
    ("lantern", date(2022, 9, 30), 3, 10_000),
    ("lantern", date(2022, 10, 1), 90, 360_000),
    ("summit", date(2022, 10, 1), 40, 150_001),
    ("summit", date(2022, 10, 3), 11, 44_000),
    ("lantern", date(2022, 10, 5), 5, 22_500),
    ("lantern", date(2022, 10, 7), 2, 8_000),
)
REGISTERS = tuple(
    {"kind": "register", "cinema": {"id": name, "territory": "CN", "province": province,
                                    "city": city, "expected": True, "from": "2020-01-01"}}
    for name, province, city in (("lantern", "Haidong", "Linhai"), ("summit", "Shannan", "Yunling"))
)  # fmt: skip
NOTES = """first,last,name,kind,place
2022-09-30,2022-10-01,World Cup,event,
2022-10-03,,Typhoon,closure,city=Yunling
2021-07-01,2021-08-31,Summer,school-holiday,
"""
#: The edition before the notes came.
BEFORE = 14


def notes(text: str) -> Setting:
    return Setting(kind="notes", name="notes", text=text)


def day_totals(cinema: str, day: date, admissions: int, gross: int) -> dict[str, Any]:
    """A report row."""
    said = {"admissions": admissions, "gross": f"{gross // 100}.{gross % 100:02}"}
    return {"kind": "day_totals", "cinema": cinema, "date": str(day), "work": "ferry", **said}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    path = tmp_path_factory.mktemp("years") / "home"
    init(path, HomeSettings("nation", ("CN",), "CNY"), lambda: NOW)
    with Home(path, lambda: NOW) as opened:
        opened.send("office", "register", "1", native(*REGISTERS))
        for nth, row in enumerate(TOTALS, 1):
            opened.send(row[0], "days", str(nth), native(day_totals(*row)))
        opened.administer(Closing(first=date(2022, 9, 30), last=date(2022, 10, 1)))
        mended = day_totals("lantern", date(2022, 9, 30), 4, 10_000)
        opened.send("lantern", "days", "99", native(mended))
        assert opened.journal.size == BEFORE
        opened.administer(notes(NOTES))
    with asking(path, NOW) as opened_to_ask:
        yield opened_to_ask


def said(home: Asking, query: str = "", code: str = "en") -> Any:  # noqa: ANN401
    found = home.get(f"/{code}/calendar.json?rows=400&{query}")
    assert found.status == 200, found.body
    return found.json


def table(view: Any, name: str) -> list[dict[str, Any]]:  # noqa: ANN401
    return next(list(one["rows"]) for one in view["tables"] if one["name"] == name)


def summed(rows: Iterable[tuple[str, date, int, int]]) -> tuple[str, int]:
    """Gross and admissions of rows; the one that was mended has one admission more."""
    rows = list(rows)
    more = sum(day == date(2022, 9, 30) for _, day, _, _ in rows)
    gross = sum(fen for *_, fen in rows)
    return f"{gross // 100}.{gross % 100:02}", sum(n for _, _, n, _ in rows) + more


def numbers(row: dict[str, Any]) -> tuple[str | None, int | None]:
    return row["gross"], row["admissions"]


def upto_now(first: date) -> list[tuple[str, date, int, int]]:
    return [row for row in TOTALS if first <= row[1] <= NOW.date()]


def test_days_are_the_sums_of_their_reports(home: Asking) -> None:
    rows = table(said(home), "days")
    days = sorted({day for _, day, _, _ in upto_now(date(2022, 1, 1))})
    assert [row["business_date"] for row in rows] == [str(day) for day in days]
    for day, row in zip(days, rows, strict=True):
        expected = summed(row for row in TOTALS if row[1] == day)
        assert numbers(row) == expected
        price = Decimal(expected[0]) / expected[1]
        cent = Decimal("0.01")
        assert Decimal(row["average_ticket_price"]) == price.quantize(cent, ROUND_HALF_UP)
        assert row["screenings"] is None


def test_each_day_has_its_status_windows_and_notes(home: Asking) -> None:
    rows = {row["business_date"]: row for row in table(said(home), "days")}
    told = {day: (row["status"], row["window"], row["note"]) for day, row in rows.items()}
    assert told == {
        "2022-01-02": ("provisional", "New Year season; New Year", None),
        "2022-09-30": ("corrected", None, "Event: World Cup"),
        "2022-10-01": ("final", "National Day", "Event: World Cup"),
        "2022-10-03": ("provisional", "National Day", "Closure: Typhoon (Yunling)"),
        "2022-10-05": ("live", "National Day", None),
    }


def test_the_year_so_far_is_compared_with_the_same_dates(home: Asking) -> None:
    row = table(said(home), "year")[0]
    assert numbers(row) == summed(upto_now(date(2022, 1, 1)))
    # Of the year before only 1 October had come by then, not the 6th.
    before = Decimal(80_000)
    now = Decimal(sum(fen for *_, fen in upto_now(date(2022, 1, 1))))
    assert Decimal(row["change_year"]) == ((now - before) / before).quantize(Decimal("0.000001"))
    past = said(home, "year=2021")
    assert numbers(table(past, "year")[0]) == ("2800.00", 70)
    assert past["tables"][0]["title"] == "The whole year"


def test_months_stand_beside_those_of_the_years_before(home: Asking) -> None:
    view = said(home)
    rows = [(row["month_of_year"], row["year"], *numbers(row)) for row in table(view, "months")]
    assert rows == [
        (1, "2022", "280.50", 7),
        (9, "2022", "100.00", 4),
        (10, "2022", *summed(upto_now(date(2022, 10, 1)))),
        (10, "2021", "2800.00", 70),
        (10, "2020", "400.00", 10),
    ]
    chart = next(one["chart"] for one in view["tables"] if one["name"] == "months")
    assert (chart["kind"], chart["x"], chart["y"], chart["split"]) == (
        "line", "month_of_year", ["gross"], "year",
    )  # fmt: skip


def test_weekdays_are_sums_of_the_year(home: Asking) -> None:
    rows = {row["weekday"]: numbers(row) for row in table(said(home), "weekdays")}
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    for nth, name in enumerate(names):
        own = [row for row in upto_now(date(2022, 1, 1)) if row[1].weekday() == nth]
        assert rows.get(name) == (summed(own) if own else None)


def test_windows_are_those_named_after_the_year(home: Asking) -> None:
    view = said(home)
    rows = {row["window_id"]: row for row in table(view, "windows")}
    assert list(rows) == [f"{name}/2022" for name in (
        "new-year-season", "new-year", "spring-festival", "qingming", "may-day", "summer",
        "dragon-boat", "mid-autumn", "national-day")]  # fmt: skip
    national = rows["national-day/2022"]
    assert (national["first"], national["last"], national["days"]) == (
        "2022-10-01",
        "2022-10-07",
        7,
    )
    # What is sold ahead for a day of the window counts in it.
    expected = summed(row for row in TOTALS if "2022-10-01" <= str(row[1]) <= "2022-10-07")
    assert numbers(national) == expected
    assert numbers(rows["new-year/2022"]) == ("280.50", 7)
    assert numbers(rows["may-day/2022"]) == (None, None)
    lines = next(one["cells"] for one in view["tables"] if one["name"] == "windows")
    address = lines[-1]["cells"][1][2]
    assert address == "/en/places?period=window%3Anational-day%2F2022"
    places = home.get(address.replace("places", "places.json")).json["tables"][0]["rows"]
    assert sum(Decimal(row["gross"]) for row in places) == Decimal(expected[0])


def test_a_window_that_is_two_holidays_is_called_by_both(home: Asking) -> None:
    for code, called in (("en", "National Day + Mid-Autumn Festival"), ("zh", "国庆档 + 中秋档")):
        rows = {row["window_id"]: row for row in table(said(home, "year=2020", code), "windows")}
        assert "mid-autumn/2020" not in rows
        merged = rows["national-day/2020"]
        assert (merged["window"], merged["days"], merged["gross"]) == (called, 8, "400.00")
        (day,) = table(said(home, "year=2020", code), "days")
        assert day["window"] == called


def test_a_place_and_a_film_narrow_it_down(home: Asking) -> None:
    view = said(home, "province=Shannan&measure=admissions")
    assert [numbers(row) for row in table(view, "days")] == [("1500.01", 40), ("440.00", 11)]
    assert view["title"] == "Shannan: Calendar 2022"
    shown = [day for month in view["calendar"]["months"] for week in month["weeks"]
             for day in week if day and day["shade"]]  # fmt: skip
    assert [(day["date"], day["shade"]) for day in shown] == [("2022-10-01", 6), ("2022-10-03", 3)]
    assert shown[0]["link"] == "/en/board?date=2022-10-01&province=Shannan"
    assert "Admissions 40" in shown[0]["says"]
    assert table(said(home, "work=ferry"), "year") == table(said(home), "year")


def test_every_day_of_the_year_is_there_without_a_script(home: Asking) -> None:
    page = Page(home.get("/en/calendar?year=2022").body.decode())
    days = [said for tag, said in page.elements if tag == "a" and "/en/board?date=" in said["href"]
            and "aria-label" in said]  # fmt: skip
    assert len(days) == 365
    first = next(one for one in days if "date=2022-10-01" in one["href"])
    assert first["aria-label"] == (
        "Saturday, 1 October 2022: Gross CNY 5,100.01 · National Day · Event: World Cup"
    )
    cells = [said["class"] for tag, said in page.elements if "shade" in said.get("class", "")]
    assert {"shade6 w m", "shade0", "shade2 m", "shade0 w"} <= set(cells)
    assert next(one for one in days if "date=2022-10-06" in one["href"])["aria-label"] == (
        "Thursday, 6 October 2022: no figures · National Day"
    )
    chinese = Page(home.get("/zh/calendar").body.decode())
    labels = {said["aria-label"] for _, said in chinese.elements if "aria-label" in said}
    assert "2022年10月1日 星期六：综合票房 5,100.01元 · 国庆档 · 活动：World Cup" in labels


@pytest.mark.slow
def test_notes_are_of_their_days_and_places(home: Asking) -> None:
    cup = {"first": "2022-09-30", "last": "2022-10-01", "name": "World Cup", "kind": "event",
           "place": ""}  # fmt: skip
    storm = {"first": "2022-10-03", "last": "2022-10-03", "name": "Typhoon", "kind": "closure",
             "place": "city=Yunling"}  # fmt: skip
    assert said(home)["notes"] == [cup, storm]
    assert said(home, "province=Shannan")["notes"] == [cup, storm]
    assert said(home, "cinema=summit")["notes"] == [cup, storm]
    assert said(home, "province=Haidong")["notes"] == [cup]
    assert said(home, "cinema=lantern")["notes"] == [cup]
    listed = table(said(home, "year=2021"), "notes")
    assert [(row["first"], row["kind"]) for row in listed] == [("2021-07-01", "School holiday")]
    # No day of that year's table lies in that summer.
    assert said(home, "year=2021")["notes"] == []
    assert home.get("/en/places.json").json["notes"] == []


def test_an_earlier_version_shows_the_notes_of_then(home: Asking) -> None:
    then = said(home, f"as_of={BEFORE}")
    assert then["notes"] == []
    assert {row["note"] for row in table(then, "days")} == {None}
    assert "notes" not in [one["name"] for one in then["tables"]]
    assert table(then, "year") == table(said(home), "year")


def test_a_newer_file_replaces_the_notes(tmp_path: Path) -> None:
    init(tmp_path / "home", HomeSettings("nation", ("CN",), "CNY"), lambda: NOW)
    with Home(tmp_path / "home", lambda: NOW) as opened:
        opened.administer(notes(NOTES))
        opened.administer(notes("first,name,kind\n2022-10-04,Final,event\n"))
    with asking(tmp_path / "home", NOW) as home:
        assert [row["name"] for row in table(said(home, "year=2022"), "notes")] == ["Final"]
        then = table(said(home, "year=2022&as_of=2"), "notes")
        assert [row["name"] for row in then] == ["World Cup", "Typhoon"]


@pytest.mark.slow
def test_what_is_noted_of_a_cinema_is_the_operators(tmp_path: Path) -> None:
    init(tmp_path / "home", HomeSettings("nation", ("CN",), "CNY"), lambda: NOW)
    with Home(tmp_path / "home", lambda: NOW) as opened:
        opened.send("office", "register", "1", native(*REGISTERS))
        for nth, row in enumerate(TOTALS, 1):
            opened.send(row[0], "days", str(nth), native(day_totals(*row)))
        opened.administer(notes(f"{NOTES}2022-10-01,,Projector,closure,cinema=lantern\n"))
    with asking(tmp_path / "home", NOW) as home:
        for headers, told in (({}, True), ({"pharos-reader": "anonymous"}, False)):
            for kind in (".json", ".csv?table=notes", ".csv?table=days", ""):
                body = home.get(f"/en/calendar{kind}", headers=headers).body.decode()
                assert ("Projector" in body) is told, kind
                assert "World Cup" in body, kind


@pytest.mark.parametrize(
    "query", ["year=22", "year=x", "year=9999", "measure=rank", "city=Nowhere1"]
)
def test_what_cannot_be_is_told(home: Asking, query: str) -> None:
    found = home.get(f"/en/calendar?{query}")
    assert found.status == (200 if "Nowhere" in query else 400)


@pytest.mark.slow
def test_days_of_several_currencies_are_shaded_by_what_can_be_summed(tmp_path: Path) -> None:
    init(tmp_path / "home", HomeSettings("nation", ("US", "CA"), "USD"), lambda: NOW)
    with Home(tmp_path / "home", lambda: NOW) as opened:
        for name, code in (("albany", "US"), ("ottawa", "CA")):
            where = {"id": name, "territory": code, "zone": "America/New_York"}
            row = day_totals(name, date(2022, 9, 5), 4, 1_000)
            opened.send(name, "days", "1", native({"kind": "register", "cinema": where}, row))
    with asking(tmp_path / "home", NOW) as home:
        for measure, told in (("gross", "Gross USD 10.00"), ("admissions", "Admissions 8")):
            view = said(home, f"measure={measure}")
            assert [row["currency"] for row in table(view, "days")] == ["CAD", "USD"]
            says = [day["says"] for month in view["calendar"]["months"] for week in month["weeks"]
                    for day in week if day and day["shade"]]  # fmt: skip
            assert says == [f"Monday, 5 September 2022: {told} · Labor Day"]
        labor = next(
            row for row in table(said(home), "windows") if row["window_id"] == "labor-day/2022"
        )
        assert (labor["currency"], *numbers(labor)) == ("USD", "10.00", 4)
        canada = said(home, "territory=CA")
        assert table(canada, "windows") == []
        assert [row["currency"] for row in table(canada, "days")] == ["CAD"]


def test_shades_are_ranks_and_equals_are_alike() -> None:
    days = [date(2024, 1, 1) + timedelta(days=nth) for nth in range(12)]
    found = shades({day: Decimal(nth) for nth, day in enumerate(days)})
    assert [found[day] for day in days] == [shade for shade in range(1, SHADES + 1) for _ in "ab"]
    assert set(shades(dict.fromkeys(days, Decimal(7))).values()) == {SHADES}
    assert shades({}) == {}


def test_weeks_begin_as_a_territory_has_them() -> None:
    days = {day: Day(str(day), "", 0, "", "") for day in every_day(2024)}
    january = months(2024, days, 4, language("en"))[0]
    said = [[day.date[8:] if day else "" for day in week] for week in january.weeks]
    assert said[0] == ["", "", "", "01", "02", "03", "04"]
    assert said[4] == ["26", "27", "28", "29", "30", "31", ""]
    assert len(said) == 5
