"""What pages of published figures have in common: cells, choices, and what a territory is called.

In: values of `measure.charts` and `measure.comparing`. Out: cells and fields of a form. No
arithmetic. Their heads name no measure: what others stated is none of this home's, and has no
trace but its source.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pharos.serve.language import NOTHING, Language
from pharos.serve.views.answered import dimension_name, measure_text
from pharos.serve.views.asking import Asker
from pharos.serve.views.table import Cell, Head
from pharos.serve.views.view import Control
from pharos.words.money import exponent
from pharos.words.published import Basis

#: One per cent as a ratio: percents are written by what writes ratios.
_PER_CENT = -2


def money_head(name: str, text: str, currencies: Iterable[str | None]) -> Head:
    """The head of amounts, with the decimals of their currencies."""
    places = max((exponent(code) for code in currencies if code), default=0)
    return Head(name, text, "decimal", places)


def amount(value: str | int | None, language: Language, why: str = "") -> Cell:
    """An amount or a count, exactly and as a reader sees it; ``why`` says why there is none."""
    if value is None:
        return Cell(None, NOTHING, why)
    text, exact = language.amount(value), language.exact(value)
    title = "" if exact == text else language.say("board.exactly", exact=exact)
    return Cell(Decimal(value) if isinstance(value, str) else value, text, title)


def difference(value: str | None, language: Language) -> Cell:
    """An amount more or less than another, its sign always with it."""
    cell = amount(value, language)
    above = isinstance(cell.value, Decimal) and cell.value > 0
    return Cell(cell.value, f"+{cell.text}" if above else cell.text, cell.title)


def change(percent: Decimal | None, language: Language, why: str = "") -> Cell:
    """A change in per cent."""
    if percent is None:
        return Cell(None, NOTHING, why)
    return Cell(percent, language.number("change_week", percent.scaleb(_PER_CENT)))


def share(percent: Decimal, language: Language) -> str:
    """A part of a whole, known in per cent."""
    return language.number("box_office_share", percent.scaleb(_PER_CENT))


def word(said: str | None, text: str = "") -> Cell:
    """A text; what nobody said is left out."""
    return Cell(said or None, (text or said) if said else NOTHING)


def yes_no(value: bool | None, texts: tuple[str, str]) -> Cell:
    """A yes or no in words, the first for yes."""
    return Cell(value, NOTHING if value is None else texts[not value])


def heads_text(name: str, language: Language) -> str:
    """What a published measure is called above a column, as everywhere else."""
    return measure_text(name, language)


def territory_name(asker: Asker, code: str) -> str:
    """What a territory is called in the language of the page."""
    rules = asker.edition.territories.get(code)
    return rules.names.get(asker.language.code, code) if rules else code


def span_text(first: str, last: str, language: Language) -> str:
    """Dates from the first to the last; a single one by itself."""
    return first if first == last else language.say("published.span", first=first, last=last)


def listed(texts: Iterable[str], language: Language) -> str:
    """Texts one after the other, each once."""
    return language.say("published.between").join(dict.fromkeys(texts))


def years_text(years: Iterable[int], language: Language) -> str:
    """Years in order; those that follow one another as a span."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    said = (
        str(one[0]) if len(one) == 1
        else language.say("published.years", first=one[0], last=one[-1])
        for one in spans
    )  # fmt: skip
    return listed(said, language)


def choices(asker: Asker, publishers: Sequence[str] = ()) -> Iterable[Control]:
    """Fields of every page of published figures: territory, publisher, basis."""
    language, wanted = asker.language, asker.wanted
    words: Mapping[str, Any] = language.words["published_bases"]
    codes = asker.edition.home.territories
    if len(codes) > 1:
        options = tuple((code, territory_name(asker, code)) for code in codes)
        shown = wanted.get("territory") or asker.edition.default_territory
        name = dimension_name("territory", language)
        yield Control("territory", name, shown, "select", options)
    if publishers:
        first = ("", language.say("published.first_source"))
        named = (first, *((one, one) for one in publishers))
        label = language.say("published.publisher")
        yield Control("publisher", label, wanted.get("publisher"), "select", named)
    bases = (("", language.say("published.any_basis")), *((str(b), words[b]) for b in Basis))
    yield Control("basis", language.say("published.basis"), wanted.basis, "select", bases)
