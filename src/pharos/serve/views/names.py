"""The names of all pages of tables, in the order in which every page leads to them, and their ends.

In: nothing. Out: PAGE_NAMES, PUBLISHED_PAGES, ENDS. Apart from `registry.py` and `exports.py`, so
that what prints pages knows no page, and the process that only shows reads no library of
spreadsheets.
"""

PAGE_NAMES = (
    "film", "places", "tomorrow", "calendar", "compare", "charts", "windows", "reports",
    "downloads",
)  # fmt: skip
#: Pages of what others published: their amounts are on the bases of statements, not of tickets.
PUBLISHED_PAGES = ("charts", "windows")
#: Every end that the address of a page of rows may have; the writers of all but the first stand in
#: `exports.py`.
ENDS = ("json", "csv", "xlsx", "parquet")
