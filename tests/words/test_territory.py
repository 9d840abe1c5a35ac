from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from pharos.errors import BadTerritory, UnknownCurrency, UnknownTerritory
from pharos.words.money import exponent
from pharos.words.territory import (
    Territory,
    Window,
    packaged_codes,
    packaged_territory,
    parse_territory,
)

ALL = {code: parse_territory(packaged_territory(code)) for code in packaged_codes()}
SMALL = """
code = "XX"
currency = "EUR"
zones = ["Europe/Paris"]
[names]
en = "Examplia"
"""
FRI_SUN, THU_SUN = (4, 5, 6), (3, 4, 5, 6)


def test_the_territories_that_come_with_pharos() -> None:
    assert " ".join(ALL) == "BR CA CN DE ES FR GB IE IT KR PL PT RU TW US"


@pytest.mark.parametrize(
    ("code", "week_first", "weekend"),
    [
        ("CN", 0, FRI_SUN),
        ("US", 4, FRI_SUN),
        ("CA", 4, FRI_SUN),
        ("GB", 4, FRI_SUN),
        ("IE", 4, FRI_SUN),
        ("FR", 2, None),
        ("ES", 0, FRI_SUN),
        ("KR", 0, FRI_SUN),
        ("PL", 0, FRI_SUN),
        ("PT", 3, None),
        ("IT", 3, THU_SUN),
        ("DE", 3, THU_SUN),
        ("TW", 0, None),
        ("BR", 3, THU_SUN),
        ("RU", None, None),
    ],
)
def test_weeks_and_weekends(
    code: str, week_first: int | None, weekend: tuple[int, ...] | None
) -> None:
    assert (ALL[code].week_first, ALL[code].weekend) == (week_first, weekend)


@pytest.mark.parametrize("territory", ALL.values(), ids=ALL)
def test_every_file_is_whole(territory: Territory) -> None:
    assert ALL[territory.code] is territory
    assert {"en", "zh"} <= set(territory.names)
    assert exponent(territory.currency) in {0, 2}
    assert territory.day_start == time(6)
    assert territory.prime_time == (time(18), time(21))
    assert territory.run_gap_days == 120
    assert all(ZoneInfo(zone).key == zone for zone in territory.zones)
    assert len(set(territory.zones)) == len(territory.zones)
    assert hash(territory) == hash(ALL[territory.code])


@pytest.mark.parametrize(
    ("code", "zone"), [("CN", "Asia/Shanghai"), ("DE", "Europe/Berlin"), ("US", None), ("ES", None)]
)
def test_a_territory_of_one_zone_gives_it(code: str, zone: str | None) -> None:
    assert ALL[code].zone == zone


def test_a_small_file_takes_the_defaults() -> None:
    territory = parse_territory(SMALL)
    assert territory.zone == "Europe/Paris"
    assert (territory.week_first, territory.weekend, territory.windows) == (None, None, ())
    assert (territory.day_start, territory.run_gap_days) == (time(6), 120)


def test_a_weekend_may_pass_sunday() -> None:
    text = SMALL.replace("[names]", 'weekend = ["saturday", "sunday", "monday"]\n[names]')
    assert parse_territory(text).weekend == (5, 6, 0)


def test_a_code_without_a_file_names_those_there_are() -> None:
    with pytest.raises(UnknownTerritory, match=r"no territory 'JP' .* known are: BR, CA, CN"):
        packaged_territory("JP")
    with pytest.raises(UnknownTerritory, match=r"did you mean CN\?"):
        packaged_territory("cn")
    with pytest.raises(UnknownTerritory):
        packaged_territory("../territories/CN")


def test_a_window_may_be_written_as_an_entry_of_its_own_or_in_a_list() -> None:
    """Homes keep the texts that they were given: every form stays readable."""
    said = 'name = "w", year = 2022, first = 2022-01-01, last = 2022-01-03, source = "s"'
    alone = parse_territory(SMALL + "\n[[window]]\n" + said.replace(", ", "\n"))
    listed = parse_territory(f"window = [\n    {{ {said} }},\n]\n{SMALL}")
    expected = Window("w", 2022, "official", date(2022, 1, 1), date(2022, 1, 3), "s")
    assert alone.windows == listed.windows == (expected,)
    assert (expected.length, expected.merged, expected.workdays) == (3, (), ())
    more = 'merged = ["v"], workdays = [2022-01-08, 2022-01-09]'
    (window,) = parse_territory(f"window = [{{ {said}, {more} }}]\n{SMALL}").windows
    assert window.merged == ("v",)
    assert window.workdays == (date(2022, 1, 8), date(2022, 1, 9))


WINDOW = '\n[[window]]\nname = "w"\nyear = 2022\nfirst = 2022-01-01\nlast = {}\nsource = "s"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code = ", "the territory file cannot be read: .*; correct it"),
        (SMALL.replace("XX", "xx"), "cannot be read: .*code"),
        (SMALL.replace("[names]", "colour = 1\n[names]"), "unknown field `colour`"),
        (SMALL.replace("[names]", "run_gap_days = 1.5\n[names]"), "Expected `int`, got `float`"),
        (SMALL.replace("[names]", "run_gap_days = 0\n[names]"), "run_gap_days"),
        (SMALL.replace("[names]", 'week_first = "mon"\n[names]'), "week_first"),
        (SMALL.replace("[names]", "weekend = []\n[names]"), "weekend"),
        (SMALL.replace('["Europe/Paris"]', "[]"), "zones"),
        (SMALL.replace("Europe/Paris", "Europe/Lutetia"), "no time zone; give IANA names"),
        (SMALL.replace("Europe/Paris", "../zone.tab"), "no time zone; give IANA names"),
        (SMALL.replace("en =", "fr ="), r"no English name; add en = \.\.\. under"),
        (SMALL.replace("[names]", "day_start = 18:00:00\n[names]"), "give a time before 12:00"),
        (
            SMALL.replace("[names]", "prime_time = [21:00:00, 18:00:00]\n[names]"),
            "prime time ends before it begins; give two times in order",
        ),
        (
            SMALL.replace("[names]", 'weekend = ["friday", "sunday"]\n[names]'),
            "no run of consecutive weekdays; list them in order",
        ),
        (SMALL + WINDOW.format("2021-12-31"), "window w/2022/official ends before it begins"),
        (SMALL + 2 * WINDOW.format("2022-01-03"), "w/2022/official is there twice; keep one"),
        (SMALL + WINDOW.format("2022-01-03").replace('"w"', '"W/1"'), "name"),
        (
            SMALL + WINDOW.format("2022-01-03") + "workdays = [2022-01-03]\n",
            "w/2022/official holds its own adjusted working day 2022-01-03; correct one",
        ),
        (
            SMALL
            + WINDOW.format("2022-01-03")
            + WINDOW.format("2022-01-03").replace('"w"', '"v"')
            + 'merged = ["w"]\n',
            "v/2022/official is merged with w, which is there as well; keep one",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, sentence: str) -> None:
    with pytest.raises(BadTerritory, match=sentence):
        parse_territory(text)


def test_a_territory_needs_a_currency_that_exists() -> None:
    with pytest.raises(UnknownCurrency):
        parse_territory(SMALL.replace("EUR", "EURO"))
