"""Where the words of a table lead: each film, place and date to the page about it.

In: a dimension and one of its ids. Out: an address. Knows no figures.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from pharos.measure.question import BASES
from pharos.measure.standings import BOARD_PLACES
from pharos.serve.language import Language
from pharos.serve.views.asking import Wanted
from pharos.serve.views.names import PAGE_NAMES

#: The page about one value of a dimension, and the word under which its address says the value.
_PAGES = {"work": ("film", "work"), "business_date": ("board", "date")} | {
    place: ("board", place) for place in BOARD_PLACES
}


def page_about(
    language: Language, wanted: Wanted, dimension: str, value: str, day: str = ""
) -> str:
    """The address of the page about a work, a place or a date; empty if there is none.

    It keeps the version and the basis that are wanted. Places lead to their board of a ``day``.
    """
    if dimension not in _PAGES or not value:
        return ""
    page, name = _PAGES[dimension]
    if page not in (*PAGE_NAMES, "board"):
        return ""
    said = {name: value.removeprefix(f"{dimension}:"), **kept(wanted)}
    if day and dimension in BOARD_PLACES:
        said["date"] = day
    return f"/{language.code}/{page}?{urlencode(said)}"


def period_page(language: Language, wanted: Wanted, period: str) -> str:
    """The address of the page that splits a period by place, of the film and place wanted."""
    words = ("work", *BOARD_PLACES)
    said = {name: text for name in words if (text := wanted.get(name))}
    return f"/{language.code}/places?{urlencode({'period': period, **said, **kept(wanted)})}"


def kept(wanted: Wanted) -> dict[str, str]:
    """What every link keeps: another basis than the first, and the version."""
    # A basis of statements is none of tickets: it leads nowhere else.
    other = not wanted.is_published and wanted.basis != BASES[0]
    said = {"basis": wanted.basis if other else "", "as_of": wanted.get("as_of")}
    return {name: text for name, text in said.items() if text}


def published_page(language: Language, wanted: Wanted, page: str, **said: str) -> str:
    """The address of a page of published figures; it keeps the version that is wanted."""
    words = {**said, "as_of": wanted.get("as_of")}
    query = urlencode({name: text for name, text in words.items() if text})
    return f"/{language.code}/{page}" + (f"?{query}" if query else "")


def trace_of(asked: Mapping[str, Sequence[str]], language: Language, edition: int) -> str:
    """Where the numbers of a row lead once a measure is put behind: to their trace, in an edition.

    ``asked`` has what the row is of: ``where``, ``period``, perhaps ``basis`` and ``sold_until``.
    """
    said = {name: text for name, text in asked.items() if text}
    query = urlencode({**said, "as_of": str(edition)}, doseq=True)
    return f"/{language.code}/trace?{query}&measure="
