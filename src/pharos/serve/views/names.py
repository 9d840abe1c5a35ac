"""The names of all pages of tables, in the order in which every page leads to them.

In: nothing. Out: PAGE_NAMES. Apart from `registry.py`, so that what prints pages knows no page.
"""

PAGE_NAMES = ("film", "places", "tomorrow", "calendar", "compare", "reports", "downloads")
