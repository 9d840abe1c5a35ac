"""Addresses of pages of tables, for the tests that hold for all of them.

In: nothing. Out: for each page the queries that are tried. A new page has a line here.
"""

from datetime import timedelta

from tests.serve.pages.week import today

#: By page: queries, the first the plain page.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "film": (
        "",
        "name=lamp",
        "name=nothing+of+this+name",
        "work=ferry",
        "work=ferry&by=weekend",
        "work=keeper&by=week&sort.film=-gross",
        f"work=ferry&by=hour&period={today()}",
        "work=ferry&by=province",
        "work=ferry&by=city&rows=1&page.film=2",
        "work=salt&by=city_tier",
        "work=salt&by=chain&basis=without_fee",
        "work=ferry&by=version",
        "work=ferry&by=price",
        "work=rice&by=run&run=1",
        "work=ferry&by=revision",
        "work=ferry&period=2001-01-01",
        "work=unheard",
    ),
    "places": (
        "",
        "by=cinema&rows=2&page.places=2",
        f"by=city&work=ferry&period={today()}",
        f"by=chain&period={today():%G-W%V}&province=Haidong&name=a&sort.dayparts=-occupancy",
    ),
    "tomorrow": (
        "",
        f"date={today()}&chain=Great%20Lamp&name=a&sort.pace=-admissions&rows=2",
        f"date={today()}&cinema=meadow&work=ferry",
    ),
    "calendar": (
        "",
        "measure=occupancy&province=Shannan&rows=3&page.days=2",
        f"year={today().year}&work=ferry&measure=average_ticket_price&sort.days=-gross",
        "year=2031",
    ),
    "compare": (
        "",
        "works=ferry",
        "works=keeper,ferry",
        "works=keeper,ferry,salt&align=day",
        "works=keeper,ferry&measure=cumulative_gross&align=day&rows=2&page.compare=2",
        "places=city:Linhai,province:Shannan,cinema:meadow",
        "places=city:Linhai,city:Dongze&work=ferry&align=day&measure=box_office_share",
        "runs=ferry:1&works=salt",
        "works=keeper,salt&period=2001-01-01",
        "places=city:Linhai,city:Dongze&align=day",
        "works=ferry,salt&places=city:Linhai",
        "works=keeper,salt,ferry,orchid,comet,kites,north,clock,rice",
    ),
    "charts": (
        "",
        "kind=week&limit=2&rows=1&page.charts=2",
        "kind=window&period=window:national-day/2022&sort.charts=-gross",
        "kind=daily&period=2001-01-01",
    ),
    "windows": (
        "",
        "name=national-day&years=2014,2022&basis=with_fee&sort.windows=-gross",
        "name=mid-autumn",
        "name=summer",
    ),
    "reports": (
        "",
        f"period={today() - timedelta(6)}..{today()}&sort.cinemas=-days_missing",
        "show=reports&sender=evil&verdict=accepted_with_findings",
        "show=findings&rows=3",
        "show=held",
    ),
    "downloads": ("", "sort.downloads=page&basis=without_fee"),
}
#: All of them.
ADDRESSES = tuple(
    f"{page}?{query}" if query else page for page, asked in EXAMPLES.items() for query in asked
)
