from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharos.errors import BadPeriod, NoWeek, PharosError, UnknownWindow
from pharos.words.period import Period, parse_period
from pharos.words.territory import Window, packaged_territory, parse_territory

CHINA = parse_territory(packaged_territory("CN"))
US = parse_territory(packaged_territory("US"))
RUSSIA = parse_territory(packaged_territory("RU"))


@pytest.mark.parametrize(
    ("text", "first", "last", "days"),
    [
        ("2022-10-01", date(2022, 10, 1), date(2022, 10, 1), 1),
        ("2022-10-01..2022-10-07", date(2022, 10, 1), date(2022, 10, 7), 7),
        ("2022-W39", date(2022, 9, 26), date(2022, 10, 2), 7),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3), 7),
        ("2022-10", date(2022, 10, 1), date(2022, 10, 31), 31),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), 29),
        ("2022-12", date(2022, 12, 1), date(2022, 12, 31), 31),
        ("2022-Q1", date(2022, 1, 1), date(2022, 3, 31), 90),
        ("2022-Q4", date(2022, 10, 1), date(2022, 12, 31), 92),
        ("2022", date(2022, 1, 1), date(2022, 12, 31), 365),
        ("2999", date(2999, 1, 1), date(2999, 12, 31), 365),
        ("window:national-day/2022", date(2022, 10, 1), date(2022, 10, 7), 7),
        ("window:national-day/2023/official", date(2023, 9, 29), date(2023, 10, 6), 8),
        ("window:new-year/2024", date(2023, 12, 30), date(2024, 1, 1), 3),
        ("window:summer/2019", date(2019, 6, 1), date(2019, 8, 31), 92),
        ("window:summer/2019/trade", date(2019, 6, 1), date(2019, 8, 31), 92),
    ],
)
def test_every_form(text: str, first: date, last: date, days: int) -> None:
    period = parse_period(text, CHINA)
    assert period == Period(first, last, text)
    assert period.days == days


def test_space_around_a_period_is_no_part_of_it() -> None:
    assert parse_period(" 2022-10 \n", CHINA).text == "2022-10"


def test_a_week_is_the_week_of_its_territory() -> None:
    assert parse_period("2022-W39", US).first == date(2022, 9, 23)  # a Friday
    assert parse_period("2022-W39", US).last == date(2022, 9, 29)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "22-10-01",
        "2022-13",
        "2022-Q5",
        "2022-1",
        "0000",
        "9999",
        "20221001",
        "2022-W9",
        "2022-W39-1",
        "2022-10-01...2022-10-07",
        "2022-10..2022-11",
        "2022-10-01/2022-10-07",
        "window:national-day",
        "window:/2022",
        "window:national-day/2022/official/x",
        "２０２２",
    ],
)
def test_a_text_that_is_no_period_is_told_the_forms(text: str) -> None:
    with pytest.raises(BadPeriod, match=r"is no period; write it as one of 2022-10-01, 2022-10-01"):
        parse_period(text, CHINA)


def test_a_day_that_the_calendar_does_not_have() -> None:
    with pytest.raises(BadPeriod, match="2022-02-29 is no day of the calendar; correct it"):
        parse_period("2022-02-29", CHINA)
    with pytest.raises(BadPeriod, match="2022-02-30 is no day"):
        parse_period("2022-02-01..2022-02-30", CHINA)


def test_a_period_that_ends_before_it_begins() -> None:
    with pytest.raises(BadPeriod, match="ends before it begins; write the earlier date first"):
        parse_period("2022-10-07..2022-10-01", CHINA)


@pytest.mark.parametrize(("text", "last"), [("2022-W53", 52), ("2022-W00", 52), ("2020-W54", 53)])
def test_a_week_that_the_year_does_not_have(text: str, last: int) -> None:
    year = text[:4]
    sentence = f"territory CN; write a week from {year}-W01 to {year}-W{last}"
    with pytest.raises(BadPeriod, match=sentence):
        parse_period(text, CHINA)


def test_a_week_where_the_territory_has_no_rule() -> None:
    sentence = r"territory RU has no rule for its week.*give two dates.*or set week_first"
    with pytest.raises(NoWeek, match=sentence):
        parse_period("2022-W39", RUSSIA)


def test_a_window_nobody_knows_names_the_nearest() -> None:
    sentence = r"no window 'nationalday'; add it to its file, or did you mean national-day\?"
    with pytest.raises(UnknownWindow, match=sentence):
        parse_period("window:nationalday/2022", CHINA)


def test_a_window_in_a_territory_without_any() -> None:
    with pytest.raises(UnknownWindow, match="add it to its file, or known are: none yet"):
        parse_period("window:national-day/2022", RUSSIA)


def test_a_window_of_a_year_not_known() -> None:
    sentence = r"is not known for 2031, only for 2004, .*, 2026; add the year to its file, or give"
    with pytest.raises(UnknownWindow, match=sentence):
        parse_period("window:national-day/2031", CHINA)


@pytest.mark.parametrize("variant", ["", "/official"])
def test_a_window_that_is_merged_with_another_names_it(variant: str) -> None:
    sentence = "mid-autumn/2020 of territory CN is one run of days with national-day; write window:"
    with pytest.raises(UnknownWindow, match=sentence + "national-day/2020"):
        parse_period(f"window:mid-autumn/2020{variant}", CHINA)
    assert parse_period("window:mid-autumn/2021", CHINA).days == 3


def test_a_variant_beside_the_official_one_is_asked_by_its_name() -> None:
    official = parse_period("window:spring-festival/2016", CHINA)
    lunar = parse_period("window:spring-festival/2016/lunar", CHINA)
    assert (official.first, lunar.first) == (date(2016, 2, 7), date(2016, 2, 8))


def test_a_variant_not_known() -> None:
    sentence = r"has the variants official; write one of them, as in window:national-day/2022/off"
    with pytest.raises(UnknownWindow, match=sentence):
        parse_period("window:national-day/2022/maoyan", CHINA)


def _spring(variant: str, last: int) -> Window:
    return Window("spring", 2016, variant, date(2016, 2, 8), date(2016, 2, last), "a test")


def test_the_official_variant_is_meant_when_none_is_said() -> None:
    home = replace(RUSSIA, windows=(_spring("trade", 13), _spring("official", 14)))
    assert parse_period("window:spring/2016", home).last == date(2016, 2, 14)
    assert parse_period("window:spring/2016/trade", home).last == date(2016, 2, 13)


def test_two_variants_and_none_official_must_be_told_apart() -> None:
    home = replace(RUSSIA, windows=(_spring("trade", 13), _spring("maoyan", 14)))
    with pytest.raises(UnknownWindow, match=r"has the variants maoyan, trade; write one of them"):
        parse_period("window:spring/2016", home)


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{4}-?[QW]?[0-9]{0,2}(\.\.[0-9-]{10})?"))
def test_any_text_is_a_period_or_a_sentence(text: str) -> None:
    try:
        period = parse_period(text, CHINA)
    except PharosError as error:
        assert len(str(error)) > 20  # noqa: PT017 - both outcomes are right
    else:
        assert period.days >= 1
