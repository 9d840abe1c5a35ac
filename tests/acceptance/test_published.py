"""Tables of real publishers become figures that can be asked again, through the command line.

In: the tables beside the repository. Out: what charts, comparisons and identities say of them,
beside plain sums over the same rows.
"""

import io
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.acceptance.published import DATA, WHY_NOT, Row, rows_of, text_of
from tests.serve.terminal import pharos

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not DATA.exists(), reason=WHY_NOT)]

KOBIS = DATA / "kr-kobis/daily_top10_2018_2022.csv.zst"
BOM = DATA / "us-daily/daily_2000_2020.csv.zst"
FOUR = [f"window:national-day/{year}" for year in (2022, 2014, 2015, 2021)]


def sent(home: Path, territory: str, *tables: tuple[str, str]) -> Path:
    assert pharos(home, "init", "--territory", territory).code == 0
    for table, mapping in tables:
        done = pharos(home, "submit", str(DATA / table), "--map", mapping, "--json")
        assert (done.code, done.json["held"]) == (0, 0), done.err + done.out
    return home


def told(home: Path, *words: str) -> Any:  # noqa: ANN401
    done = pharos(home, *words, "--json")
    assert done.code == 0, done.err + done.out
    return done.json


def identities(home: Path, publisher: str) -> dict[tuple[str, int], tuple[int, int]]:
    """Pairs and breaks of a publisher by identity and length."""
    found = told(home, "identities", "--publisher", publisher, "--limit", "0")
    return {
        (one["identity"], group["days"]): (group["pairs"], group["broken"])
        for one in found["rows"]
        for group in one["groups"]
    }


@pytest.fixture(scope="module")
def korea(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("kr") / "home"
    return sent(home, "KR", ("kr-kobis/daily_top10_2018_2022.csv.zst", "kobis-daily"))


@pytest.fixture(scope="module")
def china(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("cn") / "home"
    board = ("cn-maoyan/maoyan_second_2017-11-25.json", "maoyan-board")
    return sent(home, "CN", ("cn-windows/claims.csv", "published-claims"), board)


# --- Korea: weekends of five years


def test_weekends_of_a_top_ten_are_totals_only_where_every_day_is_there(korea: Path) -> None:
    days: dict[tuple[str, date], Row] = {
        (row["movieCd"], date.fromisoformat(row["date"])): row for row in rows_of(KOBIS)
    }
    works: dict[date, set[str]] = defaultdict(set)
    for work, day in days:
        if day.weekday() >= 4:
            works[day - timedelta(days=day.weekday() - 4)].add(work)
    charts = told(korea, "chart", "weekend", "--period", "2018-01-01..2022-12-31")
    found = {(row["work_id"], row["period_start"]): row for row in charts["rows"]}
    fridays = [friday for friday in works if friday >= date(2018, 1, 5)]
    assert len(found) == sum(len(works[friday]) for friday in fridays)
    complete = 0
    for friday in fridays:
        for work in works[friday]:
            row = found[work, str(friday)]
            said = [days.get((work, friday + timedelta(days=n))) for n in range(3)]
            known = [one for one in said if one is not None]
            assert row["complete"] == (len(known) == 3)
            assert row["known_gross_minor"] == sum(int(one["salesAmt"]) for one in known)
            if not row["complete"]:
                assert (row["gross"], row["gross_minor"], row["rank"]) == (None, None, None)
                continue
            complete += 1
            assert row["gross_minor"] == sum(int(one["salesAmt"]) for one in known)
            assert row["admissions"] == sum(int(one["audiCnt"]) for one in known)
            assert row["screenings"] == sum(int(one["showCnt"]) for one in known)
            assert row["cumulative_gross_minor"] == int(known[2]["salesAcc"])
    assert complete > 2_000


def test_the_cumulatives_of_korea_hold_in_every_pair(korea: Path) -> None:
    found = identities(korea, "KOBIS")
    assert found["cumulative-gross", 1] == found["cumulative-admissions", 1] == (15_365, 0)


def test_an_export_of_a_week_makes_the_nation_of_each_day(tmp_path: Path) -> None:
    table = "kr-kobis/kobis_daily_export_2023-01-10_16.xlsx"
    home = sent(tmp_path / "home", "KR", (table, "kobis-export"))
    assert identities(home, "KOBIS")["works-make-nation", 1] == (21, 0)
    saturday = told(home, "chart", "daily", "--period", "2023-01-14")
    (nation,) = saturday["nation"]
    assert nation["gross_minor"] == nation["works_gross_minor"] == 6_328_689_622
    assert sum(row["admissions"] for row in saturday["rows"]) == 558_815
    assert sum(row["screenings"] for row in saturday["rows"]) == 17_711


# --- China: a live board, and what was published of windows


def test_a_live_board_is_what_its_own_figures_make(china: Path) -> None:
    found = identities(china, "Maoyan")
    assert found["share-of-nation", 1] == found["average-price", 1] == (82, 0)
    assert found["per-screening", 1] == (41, 0)
    nations = {"with_fee": ("137513000.00", 97.2), "without_fee": ("129418000.00", 97.1)}
    for basis, (nation, share) in nations.items():
        board = told(china, "chart", "daily", "--period", "2017-11-25", "--basis", basis)
        (stated,) = board["nation"]
        assert (len(board["rows"]), stated["gross"]) == (41, nation)
        assert round(stated["works_share_pct"], 1) == share


def test_every_published_version_of_four_windows(china: Path) -> None:
    found = told(china, "compare", *FOUR, "--territory", "CN")
    million = 100_000_000
    versions: dict[str, list[float]] = defaultdict(list)
    apart: dict[str, list[float]] = defaultdict(list)
    for row in found["rows"]:
        versions[row["window"]].append(row["gross_minor"] / million)
        apart[row["window"]].append(row["difference_from_first_minor"] / million)
        assert row["reference"]["gross"] == "1497000000.00"
        assert (row["days"], row["window_days"]) == (7, 7)
    assert versions == {
        FOUR[0]: [1497, 1496, 1496, 1500, 1497],
        FOUR[1]: [1084, 1091, 1118],
        FOUR[2]: [1849, 1850, 1862],
        FOUR[3]: [4370, 4385, 4387, 4388],
    }
    assert apart[FOUR[1]] == [-413, -406, -379]
    assert min(apart[FOUR[2]]) == 352
    assert apart[FOUR[3]] == [2873, 2888, 2890, 2891]
    printed = found["rows"][5]
    assert printed["sum_of_days"] == {
        "gross": "1084000000.00",
        "gross_minor": 108_400_000_000,
        "equal": True,
    }


def test_windows_of_eight_days_say_so(china: Path) -> None:
    years = (2009, 2012, 2017, 2020, 2023, 2025)
    windows = [f"window:national-day/{year}" for year in (2022, *years)]
    found = told(china, "compare", *windows, "--territory", "CN")
    assert {r["window"] for r in found["rows"] if r["window_days"] == 8} == set(windows[1:])
    eight = next(row for row in found["rows"] if row["publisher"] == "EntGroup")
    assert (eight["days"], eight["per_day"]) == (8, "328750000.00")
    assert any("compare per day" in note for note in found["notes"])


# --- other publishers


@pytest.mark.parametrize(
    ("territory", "table", "mapping", "publisher", "expected"),
    [
        ("TW", "tw-weekly/tw_history_2016_2018.csv.zst", "tfai-weekly", "TFAI",
         {("cumulative-gross", 7): (1872, 227)}),
        ("GB", "uk-bfi/bfi_weekend_2022-11-13.xls", "bfi-weekend", "BFI",
         {("per-theatre", 3): (56, 0)}),
        ("US", "netflix-top10/all_weeks_global_to_2025-06.tsv.zst", "netflix-top10", "Netflix",
         {("views", 7): (4280, 157)}),
    ],
)  # fmt: skip
def test_identities_of(
    tmp_path: Path,
    territory: str,
    table: str,
    mapping: str,
    publisher: str,
    expected: Any,  # noqa: ANN401
) -> None:
    home = sent(tmp_path / "home", territory, (table, mapping))
    found = identities(home, publisher)
    assert expected.items() <= found.items()


def test_weeks_in_ten_thousands(tmp_path: Path) -> None:
    home = sent(tmp_path / "home", "CN", ("cn-weekly/weekly_244_films_2008_2017.csv", "cn-weekly"))
    rows = list(rows_of(DATA / "cn-weekly/weekly_244_films_2008_2017.csv"))
    found = told(home, "chart", "week", "--period", "2008-01-01..2017-12-31")["rows"]
    last_words = {(row["title"], row["period_end"]): int(row["box_wan_cny"]) for row in rows}
    assert {(r["work_id"], r["period_end"]): r["gross_minor"] for r in found} == {
        key: value * 1_000_000
        for key, value in last_words.items()
        if date.fromisoformat(key[1]).weekday() == 6
        and date(2008, 1, 7) <= date.fromisoformat(key[1])
    }


#: The totals that the same source states of the films whose weeks it lists.
TOTALS = """
name = "cn-totals"
kind = "published"
ignore = ["genre", "region", "avg_ticket_price_cny"]
[constants]
publisher = "cn-weekly"
territory = "CN"
currency = "CNY"
date = "2017-12-31"
[columns]
work = "title"
[[figure]]
measure = "cumulative_gross"
column = "total_wan_cny"
unit = "10000 CNY"
"""


def test_weeks_that_do_not_make_a_films_total(tmp_path: Path) -> None:
    folder = DATA / "cn-weekly"
    (tmp_path / "totals.toml").write_text(TOTALS)
    home = sent(tmp_path / "home", "CN", ("cn-weekly/weekly_244_films_2008_2017.csv", "cn-weekly"))
    table = str(folder / "films_244_totals.csv")
    done = pharos(home, "submit", table, "--map", str(tmp_path / "totals.toml"), "--json")
    assert done.code == 0, done.out
    weeks: dict[str, list[int]] = {}
    for row in rows_of(folder / "weekly_244_films_2008_2017.csv"):
        weeks.setdefault(row["title"], []).append(int(row["box_wan_cny"]))
    totals = {
        row["title"]: int(row["total_wan_cny"]) for row in rows_of(folder / "films_244_totals.csv")
    }
    several = {title: sum(made) for title, made in weeks.items() if len(made) > 1}
    wrong = {
        title: (total, several[title])
        for title, total in totals.items()
        if title in several and not 0.95 <= total / several[title] <= 1.05
    }
    (found,) = told(home, "identities", "--identity", "periods-make-total", "--limit", "99")["rows"]
    assert (found["pairs"], found["broken"]) == (len(several), len(wrong))
    assert {
        one["subject_id"]: (
            int(float(one["stated"])) // 10_000,
            int(float(one["expected"])) // 10_000,
        )
        for one in found["breaks"]
    } == wrong
    guessed = {one["subject_id"]: one["looks_like"] for one in found["breaks"]}
    # Weeks that were counted twice, and weeks in dollars beside a total in yuan.
    assert [title for title, guess in guessed.items() if guess == "doubled"] == ["智取威虎山"]
    assert {title for title, guess in guessed.items() if guess == "currency"} == {
        title for title, (total, made) in wrong.items() if 6 <= total / made <= 8.8
    }
    assert sum(guess == "currency" for guess in guessed.values()) >= 5


# --- twenty years of the United States


def of_years(tmp_path: Path, *years: str) -> Path:
    """A packed table of some years alone."""
    head, *lines = text_of(BOM).splitlines()
    kept = [line for line in lines if line[:4] in years]
    path = tmp_path / "years.csv.zst"
    path.write_bytes(zstandard.ZstdCompressor().compress("\n".join([head, *kept]).encode()))
    return path


def test_a_year_of_the_united_states_with_its_slip(tmp_path: Path) -> None:
    table = of_years(tmp_path, "2002")
    home = tmp_path / "home"
    assert pharos(home, "init", "--territory", "US").code == 0
    done = pharos(home, "submit", str(table), "--map", "bom-daily", "--json")
    rows = list(rows_of(table))
    assert (done.code, done.json["rows"]) == (0, len(rows))
    found = told(home, "identities", "--identity", "cumulative-gross", "--limit", "10000")["rows"]
    assert broken(found[0]) == broken_in(rows)
    assert ("Bad Company", "2002-06-17", "-20000000.00", True) in broken(found[0], names=True)


@pytest.mark.torture
def test_twenty_years_of_the_united_states(tmp_path: Path) -> None:
    home = sent(tmp_path / "home", "US", ("us-daily/daily_2000_2020.csv.zst", "bom-daily"))
    rows = list(rows_of(BOM))
    found = told(home, "identities", "--identity", "cumulative-gross", "--limit", "10000")["rows"]
    assert broken(found[0]) == broken_in(rows)
    windows = told(home, "chart", "window", "--period", "2000-01-01..2020-12-31")["rows"]
    spans = {(row["period_start"], row["period_end"]) for row in windows}
    for first, last in spans:
        inside = [row for row in rows if first <= row["date"] <= last]
        summed: dict[str, int] = defaultdict(int)
        for row in inside:
            summed[row["release_id"]] += int(row["gross_usd"]) * 100
        assert {
            row["work_id"]: row["known_gross_minor"]
            for row in windows
            if (row["period_start"], row["period_end"]) == (first, last)
        } == summed


def broken(found: Any, *, names: bool = False) -> set[tuple[Any, ...]]:  # noqa: ANN401
    """The breaks that were found: works and days, or what they say."""
    return {
        (one["subject"], one["start"], one["difference"], one["undone_next"])
        if names
        else (one["subject_id"], one["start"])
        for one in found["breaks"]
    }


def broken_in(rows: list[Row]) -> set[tuple[str, str]]:
    """Works and days on which to-date is not the day before's and the day."""
    said = {(row["release_id"], row["date"]): row for row in rows}
    breaks = set()
    for (work, day), row in said.items():
        before = said.get((work, str(date.fromisoformat(day) - timedelta(days=1))))
        if before is None or not before["to_date_usd"] or not row["to_date_usd"]:
            continue
        if int(before["to_date_usd"]) + int(row["gross_usd"]) != int(row["to_date_usd"]):
            breaks.add((work, day))
    return breaks


def test_a_packed_table_that_bursts_is_refused(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zstandard.ZstdCompressor().stream_writer(bomb, closefd=False) as packed:
        for _ in range(300):
            packed.write(b"0" * (1 << 20))
    path = tmp_path / "burst.csv.zst"
    path.write_bytes(bomb.getvalue())
    pharos(tmp_path / "home", "init", "--territory", "US")
    done = pharos(tmp_path / "home", "submit", str(path), "--map", "bom-daily")
    assert done.code == 3
    assert "send it in parts" in done.err
