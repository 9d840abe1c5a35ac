"""What a question can be asked by: every dimension is one declaration.

In: nothing. Out: DIMENSIONS. A dimension's ``key`` is a SQL expression over the tables that the
builder joins (`measure.sql`): p a posting with what its account says, place, calendar, version,
work, run, window; {date} is the business date of the frame. A new dimension is one entry.
"""

from dataclasses import dataclass
from typing import Literal

from pharos.measure.catalogue import BOOK, PLACE, TICKET, TIME, WORK

Shape = Literal["work", "cinema", "screen", "version", "sender", "term", "text", "hour", "date",
                "week", "month", "quarter", "year", "weekday", "number", "book", "run"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to split: its family, key, the tables it needs and how its keys are shown."""

    name: str
    chinese: str
    family: str
    key: str
    shape: Shape
    needs: tuple[str, ...] = ()
    of: str = ""


_MINUTE = "p.minute"

DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("work", "影片", WORK, "{work}", "work", ("joined_work",)),
    Dimension("version", "版本", WORK, "nullif(p.version, {no_version})", "version"),
    Dimension("format", "制式", WORK, "version.format", "text", ("version",)),
    Dimension("language", "语言", WORK, "version.audio", "text", ("version",)),
    Dimension(
        "distributor", "发行方", WORK, "work_detail.distributor", "text",
        ("joined_work", "work_detail"),
    ),
    Dimension("run", "轮次", WORK, "{run}", "run", ("joined_work", "place", "run")),
    Dimension(
        "day_of_release", "上映日序", WORK, "{day_of_release}", "number",
        ("joined_work", "place", "run"),
    ),
    Dimension("cinema", "影院", PLACE, "{cinema}", "cinema", ("joined_cinema",)),
    Dimension(
        "screen", "影厅", PLACE, "{cinema} * 4294967296 + nullif(p.screen, {no_screen})", "screen",
        ("joined_cinema",),
    ),
    Dimension("city", "城市", PLACE, "place.city", "text", ("joined_cinema", "place")),
    Dimension("province", "省份", PLACE, "place.province", "text", ("joined_cinema", "place")),
    Dimension("city_tier", "城市级别", PLACE, "place.tier", "text", ("joined_cinema", "place")),
    Dimension("chain", "院线", PLACE, "place.chain", "text", ("joined_cinema", "place")),
    Dimension("territory", "地区", PLACE, "place.territory", "text", ("joined_cinema", "place")),
    Dimension("sender", "报送方", PLACE, "p.sender", "sender"),
    Dimension("screening_hour", "开场时段", TIME, f"{_MINUTE} // 60", "hour"),
    Dimension(
        "daypart", "时段", TIME,
        f"CASE WHEN {_MINUTE} IS NULL THEN NULL WHEN {{prime}} THEN 'prime' ELSE 'other' END",
        "text", ("joined_cinema", "place"),
    ),
    Dimension("business_date", "营业日", TIME, "{date}", "date"),
    Dimension("weekday", "星期", TIME, "isodow({date})", "weekday"),
    Dimension(
        "week", "周", TIME, "calendar.week", "week", ("joined_cinema", "place", "calendar")
    ),
    Dimension(
        "weekend", "周末", TIME, "calendar.weekend", "date", ("joined_cinema", "place", "calendar")
    ),
    Dimension("month", "月", TIME, "{date} - CAST(day({date}) - 1 AS INTEGER)", "month"),
    Dimension("quarter", "季度", TIME, "CAST(date_trunc('quarter', {date}) AS DATE)", "quarter"),
    Dimension("year", "年", TIME, "year({date})", "year"),
    Dimension(
        "window", "档期", TIME, "holiday.label", "text", ("joined_cinema", "place", "holiday")
    ),
    Dimension(
        "day_of_window", "档期日序", TIME, "holiday.nth", "number",
        ("joined_cinema", "place", "holiday"),
    ),
    Dimension("sale_hour", "售票时段", TICKET, "{sale_hour}", "hour"),
    Dimension(
        "ticket_type", "票种", TICKET,
        "CASE WHEN p.book > 0 THEN nullif(p.ticket_type, {no_ticket_type}) END", "term",
        of="ticket_type",
    ),
    Dimension(
        "channel", "渠道", TICKET,
        "CASE WHEN p.book > 0 THEN nullif(p.channel, {no_channel}) END", "term", of="channel",
    ),
    Dimension("grain", "粒度", BOOK, "{grain}", "book", ("grain",)),
)  # fmt: skip

BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}
