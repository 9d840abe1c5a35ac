"""The board says what the interface says, to the last digit, in both languages."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from pharos.measure.board import BOARD_MEASURES, TOTAL_MEASURES
from pharos.measure.catalogue import BY_NAME
from pharos.serve.language import LANGUAGES
from tests.serve.asking_home import Asking
from tests.serve.pages.page import Page
from tests.serve.pages.week import EVIL_CINEMA, WORKS, today

PERCENT = ("box_office_share", "screening_share", "seat_share", "occupancy", "prime_time_share")
#: What of the week is looked at: everything, places of each kind, a day before, another basis.
CUTS: tuple[Mapping[str, str], ...] = (
    {},
    {"province": "Haidong"},
    {"city": "Lüyuan"},
    {"city_tier": "2"},
    {"chain": "Great Lamp"},
    {"cinema": "meadow"},
    {"city": EVIL_CINEMA},
    {"date": (today() - timedelta(1)).isoformat()},
    {"date": (today() - timedelta(3)).isoformat(), "chain": "Maple"},
    {"basis": "without_fee"},
    {"as_of": "20", "date": (today() - timedelta(5)).isoformat()},
)


def half_up(number: Fraction, places: int) -> str:
    """A number so exactly, in groups of three."""
    step = Decimal(1).scaleb(-places)
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return f"{exact.quantize(step, ROUND_HALF_UP):,}"


def expected(measure: str, value: Any, language: str) -> str:  # noqa: ANN401
    """How a reader of a language should see a value of the interface."""
    if value is None:
        return "–"
    exact = Fraction(str(value))
    if measure in PERCENT:
        return half_up(exact * 100, 1) + "%"
    if measure == "admissions_per_screening":
        return half_up(exact, 1)
    places = 2 if BY_NAME[measure].unit == "money" else 0
    plain = measure in ("average_ticket_price", "days_on_release")
    if language == "en" or plain or abs(exact) < 10_000:
        return half_up(exact, places)
    if abs(exact) < 99_999_950:
        return half_up(exact / 10_000, 2) + "万"
    return half_up(exact / 100_000_000, 2) + "亿"


def asked(home: Asking, cut: Mapping[str, str], measures: tuple[str, ...], by: str) -> Any:  # noqa: ANN401
    """The rows of the interface for a cut."""
    places = [f"{name}={value}" for name, value in cut.items() if name not in _RATHER]
    said: dict[str, Any] = {"measure": measures, "where": places, "by": by}
    said |= {name: cut[name] for name in ("basis", "as_of") if name in cut}
    said |= {"order": "-gross"} if by else {}
    answer = home.get("/api/v1/ask", period=cut.get("date", today().isoformat()), **said)
    assert answer.status == 200, answer.json
    return answer.json


_RATHER = ("date", "basis", "as_of")


def page_of(home: Asking, path: str, **query: str) -> Page:
    """A page that is answered."""
    found = home.get(path, None, **query)
    assert found.status == 200, found.body.decode()[:500]
    return Page(found.body.decode())


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_every_number_is_that_of_the_interface(
    home: Asking, cut: Mapping[str, str], language: str
) -> None:
    page = page_of(home, f"/{language}/board", **cut)
    films = asked(home, cut, BOARD_MEASURES, "work")["rows"]
    (total,) = asked(home, cut, TOTAL_MEASURES, "")["rows"]
    assert [row.key for row in page.rows] == [film["work_id"] for film in films]
    assert len(films) > 0
    shown = [*zip(page.rows, films, strict=True), (page.totals[0], total)]
    for row, values in shown:
        for measure, (text, title, _) in row.cells.items():
            assert text == expected(measure, values[measure], language), (row.key, measure)
            if values[measure] is not None and title:
                assert title.split()[-1].replace(",", "") == str_of(values[measure])
    assert {len(row.cells) for row in page.rows} == {len(BOARD_MEASURES)}
    assert set(page.totals[0].cells) == set(TOTAL_MEASURES)


def str_of(value: Any) -> str:  # noqa: ANN401
    """A value of the interface as its exact title says it; six decimals of a ratio."""
    return f"{Decimal(str(value)):.6f}" if isinstance(value, float) else str(value)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_the_json_holds_the_rows_of_the_page(
    home: Asking, cut: Mapping[str, str], language: str
) -> None:
    page = page_of(home, f"/{language}/board", **cut)
    said = home.get(f"/{language}/board.json", None, **cut).json
    (section,) = said["sections"]
    assert [row.key for row in page.rows] == [film["work_id"] for film in section["films"]]
    for row, film in zip(page.rows, section["films"], strict=True):
        for measure, (text, title, address) in row.cells.items():
            assert (text, title) == (film["shown"][measure], film["shown"][f"{measure}_title"])
            assert address == film["trace"] + measure
        for name, text in row.texts.items():
            assert text == film["shown"][name]
    for name, text in page.slots.items():
        assert text == said["shown"][name]
    films = asked(home, cut, BOARD_MEASURES, "work")["rows"]
    beside = ("rank", "rank_change", "trend", "shown", "trace")
    own = [{k: v for k, v in film.items() if k not in beside}
           for film in section["films"]]  # fmt: skip
    assert own == films


def gross_of(home: Asking, day: date, by: str = "", **rest: str) -> dict[str, Any]:
    """The gross of a day as the interface says it, by ids."""
    asked = {
        "measure": ["gross", "rank"] if by else ["gross"],
        "by": by,
        "period": str(day),
        **rest,
    }
    rows = home.get("/api/v1/ask", None, **asked).json["rows"]
    return {row[f"{by}_id"] if by else "": row for row in rows}


@pytest.mark.slow
@pytest.mark.parametrize("cut", [{}, {"province": "Haidong"}], ids=str)
def test_what_stands_beside_is_that_of_the_interface(home: Asking, cut: dict[str, str]) -> None:
    where = {"where": f"province={cut['province']}"} if cut else {}
    for back in (0, 2):
        day = today() - timedelta(back)
        said = home.get("/en/board.json", None, date=day.isoformat(), **cut).json
        (section,) = said["sections"]
        total = section["total"]
        for one, ago in zip(total["earlier"][:3], (0, 1, 7), strict=True):
            other = day - timedelta(ago)
            assert one["date"] == str(other)
            assert (one["sold_until"] is not None) == (back == 0)
            until = {"sold_until": one["sold_until"]} if back == 0 else {}
            found = gross_of(home, other, **where, **until)
            assert one["gross"] == (found[""]["gross"] if found else None)
        same, before = (Fraction(one["gross"] or 0) for one in total["earlier"][:2])
        change = total["earlier"][1]["change"]
        assert (change is None) == (before == 0)
        if before:
            assert Fraction(str(change)) == Fraction(f"{float((same - before) / before):.6f}")
        for coming in total["coming"]:
            found = gross_of(home, date.fromisoformat(coming["date"]), **where)
            assert coming["gross"] == found[""]["gross"]
        week = [gross_of(home, day - timedelta(n), "work", **where) for n in range(7, 0, -1)]
        for film in section["films"]:
            work = film["work_id"]
            in_order = [rows[work]["gross"] if work in rows else None for rows in week]
            assert film["trend"] == (in_order if any(work in rows for rows in week) else [])
            rank = week[-1].get(work, {}).get("rank")
            assert film["rank_change"] == (None if rank is None else rank - film["rank"])


def test_nothing_is_new_where_nothing_is_known_of_the_day_before(home: Asking) -> None:
    first = (today() - timedelta(6)).isoformat()
    found = home.get("/en/board.json", None, date=first).json["sections"][0]["films"]
    assert {film["rank_change"] for film in found} == {None}
    assert {film["shown"]["move"] for film in found} == {""}


def test_a_wall_screen_shows_the_board_alone(home: Asking) -> None:
    page = page_of(home, "/en/board", wall="1", province="Haidong")
    assert page.all("body")[0]["class"] == "wall"
    links = {said.get("href") for said in page.all("a")}
    assert "/en/board?province=Haidong" in links
    assert "/en/board?province=Haidong&wall=1" not in links
    assert home.get("/en/board?wall=2").status == 400


def test_places_count_up_and_equals_share_one(home: Asking) -> None:
    said = home.get("/en/board.json").json
    films = said["sections"][0]["films"]
    gross = [film["gross_minor"] for film in films]
    assert [film["rank"] for film in films] == [1 + sum(g > one for g in gross) for one in gross]


def test_the_total_is_named_by_who_reported(home: Asking) -> None:
    page = page_of(home, "/en/board")
    assert page.slots["headline"] == "Reported total of 5 of 6 cinemas"
    assert page.slots["unexpected"] == "not expected, and reported: 1"
    everyone = page_of(home, "/en/board", date=(today() - timedelta(1)).isoformat())
    assert everyone.slots["headline"] == "National total: all 6 cinemas reported"
    # A part of the country is no nation, however complete.
    part = page_of(home, "/en/board", province="Haidong")
    assert part.slots["headline"] == "Reported total of 3 of 3 cinemas"
    assert "National" not in part.text


def test_names_are_in_the_language_of_the_page(home: Asking) -> None:
    for language, (own, other) in {"en": (2, 1), "zh": (1, 2)}.items():
        page = page_of(home, f"/{language}/board")
        shown = {row.key: (row.texts["name"], row.texts.get("also", "")) for row in page.rows}
        for work in WORKS:
            assert shown[f"work:{work[0]}"] == (work[own], work[other])
        assert shown["work:unheard"] == ("unheard", "")
    unheard = next(row for row in page_of(home, "/zh/board").rows if row.key == "work:unheard")
    assert unheard.texts["unregistered"] == "未登记"


def test_names_do_no_harm(home: Asking) -> None:
    for language in LANGUAGES:
        for path in ("board", "board?city=" + EVIL_CINEMA.replace("=", "%3D")):
            text = home.get(f"/{language}/{path}").body.decode()
            assert "<script>alert" not in text
            assert "<img" not in text
    page = page_of(home, "/en/board", city=EVIL_CINEMA)
    assert EVIL_CINEMA in page.text
    chosen = [option["value"] for option in page.all("option") if "selected" in option]
    assert chosen == [f"city={EVIL_CINEMA}", "paid"]


def test_the_title_carries_the_number(home: Asking) -> None:
    text = home.get("/en/board").body.decode()
    total = page_of(home, "/en/board").totals[0].cells["gross"][0]
    assert f"<title>CNY {total} · " in text


def test_a_pinned_version_stays_as_it_was(home: Asking) -> None:
    day = today().isoformat()
    pinned = page_of(home, "/en/board", as_of="38", date=day)
    newest = page_of(home, "/en/board")
    assert pinned.slots["version"] == "Version 38"
    assert len(pinned.rows) < len(newest.rows)
    # What does not change needs neither script nor reloading.
    assert not [one for one in pinned.all("meta") if one.get("http-equiv") == "refresh"]
    assert [one for one in newest.all("meta") if one.get("http-equiv") == "refresh"]
    for row in pinned.rows:
        assert all("as_of=38" in address for _, _, address in row.cells.values())


@pytest.mark.slow
def test_every_number_leads_to_its_trace_and_every_head_to_its_definition(home: Asking) -> None:
    page = page_of(home, "/zh/board", province="Haidong")
    definitions = home.get("/zh/definitions").body.decode()
    heads = [a["href"] for a in page.all("a") if "definitions#" in a["href"]]
    assert {head.partition("#")[2] for head in heads} == {*BOARD_MEASURES, *TOTAL_MEASURES}
    for head in heads:
        assert f'id="{head.partition("#")[2]}"' in definitions
    for row in (*page.totals, page.rows[0]):
        for measure, (_, _, address) in row.cells.items():
            found = home.get(address)
            assert found.status == 200, address
            said = home.get("/api/v1/trace?" + address.partition("?")[2])
            value = said.json["values"][0][measure]
            exact = "–" if value is None else f"{Decimal(str(value)):,f}"
            assert exact.rstrip("0").rstrip(".") in found.body.decode()


def test_arrows_lead_to_the_days_beside(home: Asking) -> None:
    day = today() - timedelta(2)
    page = page_of(home, "/en/board", date=day.isoformat(), chain="Maple")
    links = [a["href"] for a in page.all("a") if a.get("class") == "arrow"]
    for link, beside in zip(links, (day - timedelta(1), day + timedelta(1)), strict=True):
        assert link == f"/en/board?date={beside.isoformat()}&chain=Maple"
    (latest,) = [a["href"] for a in page.all("a") if a.get("class") == "latest"]
    assert latest == "/en/board?chain=Maple"


def test_the_form_leads_to_a_plain_address(home: Asking) -> None:
    day = today().isoformat()
    found = home.get("/en/board", date=day, place="province=Haidong", cinema="")
    assert (found.status, found.headers["location"]) == (
        303, f"/en/board?date={day}&province=Haidong",
    )  # fmt: skip
    found = home.get("/en/board", date=day, place="province=Haidong", cinema="meadow")
    assert found.headers["location"] == f"/en/board?date={day}&cinema=meadow"


def test_the_total_is_there_to_the_last_digit_in_every_language(home: Asking) -> None:
    (total,) = asked(home, {}, TOTAL_MEASURES, "")["rows"]
    exact = half_up(Fraction(total["gross"]), 2)
    assert page_of(home, "/en/board").totals[0].cells["gross"][0] == exact
    assert page_of(home, "/zh/board").totals[0].texts["gross_exact"] == exact


def test_json_is_exact(home: Asking) -> None:
    body = home.get("/en/board.json").body
    said = json.loads(body, parse_float=Decimal)
    shares = [film["box_office_share"] for film in said["sections"][0]["films"]]
    assert all(isinstance(share, Decimal) for share in shares)
    assert date.fromisoformat(said["date"]) == today()
