"""A small made-up week of a pretend country up to today, in every form that reports have.

In: the last business date. Out: a home with it. Every name in it is invented. Must not know what
any page should say.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pharos.serve.home import Home, init
from pharos.words.home import HomeSettings
from tests.serve.terminal import native

Row = dict[str, Any]

#: id, Chinese name, English name, province, city, tier, chain.
CINEMAS = (
    ("lantern", "灯笼影城", "Lantern", "Haidong", "Linhai", "1", "Great Lamp"),
    ("harbour", "海港影城", "Harbour", "Haidong", "Linhai", "1", "Maple"),
    ("orchard", "果园影城", "Orchard", "Haidong", "Dongze", "2", "Great Lamp"),
    ("summit", "山顶影城", "Summit", "Shannan", "Yunling", "2", "Maple"),
    ("meadow", "草原影城", "Meadow", "Shannan", "Lüyuan", "3", "Great Lamp"),
    ("quiet", "静水影城", "Quiet Water", "Shannan", "Lüyuan", "3", "Maple"),
)
#: id, Chinese name, English name, days on release at the end, price in fen, how many come.
WORKS = (
    ("keeper", "守灯人", "The Lamp Keeper", 3, 4500, 96),
    ("salt", "盐与海港", "Salt and Harbour", 3, 4250, 71),
    ("ferry", "夜渡", "Night Ferry", 6, 3990, 64),
    ("orchid", "兰花巷", "Orchid Lane", 10, 3800, 48),
    ("comet", "彗星邮差", "The Comet Postman", 17, 3500, 39),
    ("kites", "一万只风筝", "Ten Thousand Kites", 5, 4100, 33),
    ("north", "北方来信", "Letters from the North", 31, 3650, 21),
    ("clock", "钟表匠的女儿", "The Clockmaker's Daughter", 12, 3700, 17),
    ("rice", "稻浪", "Waves of Rice", 40, 3000, 9),
    ("<script>alert(1)</script>", "<script>alert('坏')</script>", '"><img src=x onerror=alert(2)>',
     2, 3000, 5),
)  # fmt: skip
EVIL_CINEMA = '"><img src=x onerror=alert(3)>'
_OFFSET = "+08:00"


def today() -> date:
    """The business date in China now."""
    return (datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(hours=6)).date()


def registers(last: date) -> Iterator[Row]:
    """Cinemas and works of the country, and when they were released."""
    since = (last - timedelta(days=90)).isoformat()
    for said, chinese, english, province, city, tier, chain in CINEMAS:
        names = [{"language": "zh", "name": chinese}, {"language": "en", "name": english}]
        place = {"territory": "CN", "province": province, "city": city, "tier": tier}
        yield {"kind": "register", "cinema": {
            "id": said, "names": names, **place, "chain": chain, "expected": True, "from": since,
        }}  # fmt: skip
    yield {"kind": "register", "cinema": {
        "id": "evil", "name": EVIL_CINEMA, "territory": "CN", "city": EVIL_CINEMA, "from": since,
    }}  # fmt: skip
    for said, chinese, english, days, *_ in WORKS:
        names = [{"language": "zh", "name": chinese}, {"language": "en", "name": english}]
        yield {"kind": "register", "work": {"id": said, "names": names}}
        released = (last - timedelta(days=days - 1)).isoformat()
        yield {"kind": "register", "release": {"work": said, "territory": "CN", "date": released}}
    yield from published(last)


def published(last: date) -> Iterator[Row]:
    """What others published: two days of films, and a window over some years."""
    plain = {"kind": "published", "territory": "CN", "measure": "gross", "basis": "with_fee"}
    for back, values in ((1, ("300.50", "280.00", "90.00")), (0, ("310.25", "320.00", "95.00"))):
        day = {**plain, "publisher": "票房公报", "date": (last - timedelta(back)).isoformat()}
        for work, value in zip(("keeper", "salt", "ferry"), values, strict=True):
            yield day | {"work": work, "value": value, "unit": "10000 CNY", "coverage": "whole"}
        yield day | {"value": "740.00", "unit": "10000 CNY"}
    for year, until, value, more in (
        (2014, 7, "10.84", {"basis": "without_fee"}),
        (2020, 8, "39.52", {}),
        (2022, 7, "14.97", {"source": "一份报纸"}),
        (2022, 7, "14.96", {"publisher": "票房公报", "stated_at": "2022-10-08"}),
    ):
        days = {"from": f"{year}-10-01", "to": f"{year}-10-{until:02}"}
        yield {**plain, "publisher": "院线通讯", "value": value, "unit": "1e8 CNY", **days, **more}
    held = {**plain, "publisher": "票房公报", "from": "2022-10-01", "to": "2022-10-07"}
    yield held | {"work": "orchid", "value": "10.22", "unit": "1e8 CNY", "coverage": "top"}


def _screening(cinema: str, day: date, nth: int, hour: int) -> Row:
    start = f"{day}T{hour:02}:{15 * (nth % 4):02}:00{_OFFSET}"
    return {
        "kind": "screening_totals", "cinema": cinema, "screening": f"{day:%m%d}-{nth}-{hour}",
        "start": start, "screen": str(1 + nth % 5), "seats": 120,
    }  # fmt: skip


def day_of(cinema: str, place: int, day: date) -> Iterator[Row]:
    """A cinema's screening totals of one day."""
    for nth, (work, _, _, _, price, crowd) in enumerate(WORKS):
        for hour in (10, 14, 19, 21)[: 1 + (crowd > 20) + 2 * (crowd > 60)]:
            admissions = min(120, crowd * (hour + 7 * place + day.weekday()) % 113 + crowd // 5)
            gross = f"{admissions * price // 100}.{admissions * price % 100:02}"
            row = _screening(cinema, day, nth, hour) | {"admissions": admissions, "gross": gross}
            if (nth, hour) == (7, 10):
                yield row | {"programme": [{"work": work, "weight": 2}, {"work": "rice"}]}
            else:
                yield row | {"work": work}


def tickets(cinema: str, day: date, first: int, count: int) -> Iterator[Row]:
    """Ticket events of one screening; every third was sold two days before."""
    for number in range(first, first + count):
        sold = day - timedelta(days=0 if number % 3 else 2)
        yield {
            "kind": "tickets", "cinema": cinema, "screening": f"t{day:%m%d}", "work": "ferry",
            "start": f"{day}T20:00:00{_OFFSET}", "screen": "1", "seats": 400, "number": number,
            "sold_at": f"{sold}T08:{number % 60:02}:00{_OFFSET}", "paid": "41.40", "fee": "3.00",
        }  # fmt: skip


def reports(last: date) -> Iterator[tuple[str, bytes]]:
    """Every report of the week: sender and body."""
    yield "office", native(*registers(last))
    for back in range(6, -1, -1):
        day = last - timedelta(days=back)
        for place, (cinema, *_) in enumerate(CINEMAS[:4]):
            yield cinema, native(*day_of(cinema, place, day))
        yield "meadow", native(*tickets("meadow", day, 1 + 100 * (6 - back), 30 + 5 * (6 - back)))
    silent = {"kind": "no_screenings", "cinema": "quiet", "date": (last - timedelta(1)).isoformat()}
    sums = {"kind": "day_totals", "cinema": "evil", "date": last.isoformat(), "work": "unheard",
            "admissions": 4, "gross": "120.00", "screenings": 1, "seats": 60}  # fmt: skip
    # Yesterday it did not say how many screenings there were.
    before = {"date": (last - timedelta(1)).isoformat(), "admissions": 3, "gross": "90.00"}
    yield "evil", native({"kind": "day_totals", "cinema": "evil", "work": "unheard", **before})
    yield "quiet", native(silent)
    # The second row lacks its start: it is held.
    yield "evil", native(sums, {"kind": "screening_totals", "cinema": "evil", "screening": "1",
                                "work": "ferry", "admissions": 1, "gross": "30.00"})  # fmt: skip


def made_week(path: Path, last: date, *, rehearsed: bool = False) -> Path:
    """A home with the week."""
    settings = HomeSettings("nation", ("CN",), "CNY", rehearsed)
    init(path, settings)
    with Home(path) as home:
        for nth, (sender, body) in enumerate(reports(last)):
            home.send(sender, "week", str(nth), body)
    return path
