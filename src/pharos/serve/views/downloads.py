"""What can be taken away: the rows of every page as files, and the interface for programs.

In: nothing. Out: a table of pages with the addresses of their files, and a table of questions as
commands to copy.
"""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from pharos.measure.board import latest_day
from pharos.serve.views.asking import Asker
from pharos.serve.views.links import kept
from pharos.serve.views.names import ENDS, PAGE_NAMES, PUBLISHED_PAGES
from pharos.serve.views.table import Cell, Head, Row, Table
from pharos.serve.views.view import Page, View


def _make(asker: Asker) -> View:
    say = asker.language.say
    return View(say("downloads_page.title"), (_files(asker), _questions(asker)),
                lead=say("downloads_page.lead"))  # fmt: skip


def _files(asker: Asker) -> Table:
    """Every page that this reader may see, with its files."""
    language = asker.language
    heads = (
        Head("page", language.say("downloads_page.page")),
        *(Head(kind, language.say("downloads_page.kind", kind=kind.upper())) for kind in ENDS),
    )
    rows = []
    for name in ("board", *PAGE_NAMES):
        address = f"/{language.code}/{name}"
        if not asker.sight.offers(address):
            continue
        # A basis of tickets is none of published figures.
        said = kept(replace(asker.wanted, page=name) if name in PUBLISHED_PAGES else asker.wanted)
        query = f"?{urlencode(said)}" if said else ""
        section = "site" if name == "board" else f"{name}_page"
        text = language.say(f"{section}.{'board' if name == 'board' else 'nav'}")
        take = language.say("downloads_page.take")
        files = (
            _file(f"{address}.{kind}{query}", take, f"{text}, {kind.upper()}") for kind in ENDS
        )
        rows.append(Row((Cell(name, text, link=address + query), *files)))
    return Table("downloads", language.say("downloads_page.files"), heads, tuple(rows))


def _file(address: str, text: str, title: str) -> Cell:
    return Cell(address, text, title, address)


def _questions(asker: Asker) -> Table:
    """The same question in the words of a shell and of Python."""
    say = asker.language.say
    heads = (
        Head("question", say("downloads_page.question")),
        Head("curl", say("downloads_page.shell")),
        Head("python", say("downloads_page.python")),
    )
    rows = tuple(
        Row((Cell(text, text), Cell(curl, curl, lang="en"), Cell(python, python, lang="en")))
        for text, curl, python in _examples(asker)
    )
    return Table("interface", say("downloads_page.interface"), heads, rows)


def _examples(asker: Asker) -> Iterator[tuple[str, str, str]]:
    """What is asked, and how; of the latest day, so that the answer is not empty."""
    say, day = asker.language.say, latest_day(asker.edition, asker.now)
    for text, measures, by, period in (
        (say("downloads_page.total"), ("gross", "admissions"), (), f"{day}"),
        (say("downloads_page.films"), ("gross", "box_office_share"), ("work",), f"{day}"),
        (say("downloads_page.month"), ("gross", "screenings"), ("business_date",), f"{day:%Y-%m}"),
    ):
        query = [("measure", one) for one in measures]
        query += [("by", ",".join(by))] if by else []
        asked = urlencode([*query, ("period", period)])
        words = ", ".join(f'"{one}"' for one in measures)
        split = f', by="{",".join(by)}"' if by else ""
        yield (
            text,
            f'curl "http://127.0.0.1:8080/api/v1/ask?{asked}"',
            f'pharos.Client("http://127.0.0.1:8080").ask({words}{split}, period="{period}")',
        )


PAGE = Page("downloads", (), ("downloads", "interface"), _make)
