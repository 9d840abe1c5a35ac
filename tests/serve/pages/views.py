"""Addresses of pages of tables, for the tests that hold for all of them.

In: nothing. Out: for each page the queries that are tried. A new page has a line here.
"""

from datetime import timedelta

from tests.serve.pages.week import today

#: By page: queries, the first the plain page.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "places": ("", "by=cinema&rows=2&page.places=2", f"by=city&work=ferry&period={today()}"),
    "reports": (
        "",
        f"period={today() - timedelta(6)}..{today()}&sort.cinemas=-days_missing",
        "show=reports&sender=evil&verdict=accepted_with_findings",
        "show=findings&rows=3",
        "show=held",
    ),
}
#: All of them.
ADDRESSES = tuple(
    f"{page}?{query}" if query else page for page, asked in EXAMPLES.items() for query in asked
)
