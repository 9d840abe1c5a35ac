"""Which pages of tables there are, in the order in which they are named on every page.

In: nothing. Out: PAGES. A new page is one line.
"""

from pharos.serve.views import (
    calendar,
    charts,
    compare,
    downloads,
    film,
    places,
    reports,
    tomorrow,
    windows,
)
from pharos.serve.views.view import Page

PAGES: tuple[Page, ...] = (
    film.PAGE,
    places.PAGE,
    tomorrow.PAGE,
    calendar.PAGE,
    compare.PAGE,
    charts.PAGE,
    windows.PAGE,
    reports.PAGE,
    downloads.PAGE,
)
