"""Which pages of tables there are, in the order in which they are named on every page.

In: nothing. Out: PAGES. A new page is one line.
"""

from pharos.serve.views import calendar, compare, downloads, film, places, reports, tomorrow
from pharos.serve.views.view import Page

PAGES: tuple[Page, ...] = (
    film.PAGE,
    places.PAGE,
    tomorrow.PAGE,
    calendar.PAGE,
    compare.PAGE,
    reports.PAGE,
    downloads.PAGE,
)
