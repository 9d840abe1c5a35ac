"""The films of a home, to choose one from.

In: perhaps a part of a name. Out: a table of films with what each has reached and its dates.
"""

from dataclasses import replace

from pharos.measure.answer import Answer
from pharos.measure.lists import Registered, works
from pharos.measure.paging import MOST, Page
from pharos.serve.language import NOTHING
from pharos.serve.views.answered import About, Asked, answered
from pharos.serve.views.asking import Asker
from pharos.serve.views.table import Cell, Head, Table, beside
from pharos.serve.views.view import Control, View

_MEASURES = ("cumulative_gross", "cumulative_admissions", "days_on_release")


def film_list(asker: Asker) -> View:
    """Films with figures or screenings, those with the largest gross first."""
    say, name = asker.language.say, asker.wanted.get("name")
    control = Control("name", say("film_page.name"), name, "search")
    view = View(say("film_page.films"), (), lead=say("film_page.choose"), controls=(control,))
    where = _called(asker, name)
    if name and not where:
        nobody = Table("film", "", (), ())
        return replace(view, tables=(nobody,), empty=say("film_page.no_such"))
    asked = Asked(_MEASURES, ("work",), where)
    answer = asked.answer(asker)
    table = answered(asker, About("film", "", "-cumulative_gross"), asked, answer)
    return replace(view, tables=(_dated(asker, table, answer),), stands=answer)


def _dated(asker: Asker, table: Table, answer: Answer) -> Table:
    """The table with two dates of each film: its release, and since when its run is counted."""
    say, known = asker.language.say, _releases(asker)
    heads = Head("release", say("film_page.release")), Head("since", say("film_page.since"))
    dates = (
        (known.get(row["work_id"].removeprefix("work:")), row["cumulative_gross_since"])
        for row in answer.rows
    )
    cells = [[Cell(day, day or NOTHING) for day in both] for both in dates]
    return beside(table, heads, cells, at=2)


def _releases(asker: Asker) -> dict[str, str]:
    """The last declared release of each film, in the home's first territory if there are many."""
    edition = asker.edition
    found: dict[str, str] = {}
    for (work, territory), releases in edition.releases().items():
        if territory == edition.default_territory or work not in found:
            found[work] = releases[-1][0].isoformat()
    return found


def _called(asker: Asker, name: str) -> tuple[str, ...]:
    """The condition that a film has a name in which these words stand."""
    if not name:
        return ()
    found = works(asker.edition, Page(MOST), Registered(name=name))
    return tuple(f"work={row['work_id'].removeprefix('work:')}" for row in found.rows)
