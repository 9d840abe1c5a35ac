"""Addresses of pages of tables, for the tests that hold for all of them.

In: nothing. Out: for each page the queries that are tried. A new page has a line here.
"""

from tests.serve.pages.week import today

#: By page: queries, the first the plain page.
EXAMPLES: dict[str, tuple[str, ...]] = {
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
}
#: All of them.
ADDRESSES = tuple(
    f"{page}?{query}" if query else page for page, asked in EXAMPLES.items() for query in asked
)
