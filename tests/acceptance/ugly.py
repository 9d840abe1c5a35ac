"""Tables as people send them, made in the manner of real ones, and what they truly say.

In: nothing. Out: files with the figures that stand in them. Must not know how any is read.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import openpyxl
import xlwt

from tests.arrive.workbooks import open_document_of, saved


class Said(NamedTuple):
    """One line of figures: gross in minor units."""

    day: date
    work: str
    admissions: int
    gross: int
    cinema: str = "rex"


@dataclass(frozen=True)
class Ugly:
    """A file; its lines, its held rows, how many figures its totals state; what a person edits.

    ``edits`` are lines of the draft by how they begin, and what each becomes.
    """

    file: str
    content: bytes
    lines: tuple[Said, ...]
    totals: int
    edits: tuple[tuple[str, str], ...]
    territory: str = "DE"
    held: frozenset[int] = frozenset()


MONTH_FIRST = "%m/%d/%Y %I:%M %p"
FRIDAY = date(2024, 3, 1)
REX = ("# ASK: cinema", 'cinema = "rex"')


def zone(name: str) -> tuple[str, str]:
    return ("# ASK: zone", f'zone = "{name}"')


class Sale(NamedTuple):
    """A line of a till."""

    day: date
    clock: time
    screen: int
    work: str
    kind: str
    sold: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.sold * self.price

    def said(self, cinema: str = "rex") -> Said:
        return Said(self.day, self.work, self.sold, int(self.amount * 100), cinema)


def sales(works: Iterable[str], kinds: Iterable[str], days: int = 3, seed: int = 1) -> list[Sale]:
    """A few days of a house: every work once a day, every kind of ticket."""
    found = []
    for day in range(days):
        for screen, work in enumerate(works, 1):
            for place, kind in enumerate(kinds):
                sold = (seed * 37 + day * 53 + screen * 29 + place * 17) % 90 + 3
                price = Decimal(1150 - 325 * place) / 100
                clock = time(14 + 3 * screen, 30)
                found.append(Sale(FRIDAY + timedelta(day), clock, screen, work, kind, sold, price))
    return found


def comma(number: Decimal, thousands: str = ".") -> str:
    """A number as most of Europe writes it."""
    whole, _, cents = f"{number:,.2f}".partition(".")
    return f"{whole.replace(',', thousands)},{cents}"


def total(some: Iterable[Sale]) -> tuple[int, Decimal]:
    listed = list(some)
    return sum(s.sold for s in listed), sum((s.amount for s in listed), Decimal(0))


def by_day(some: list[Sale]) -> Iterator[tuple[date, list[Sale]]]:
    for day in dict.fromkeys(s.day for s in some):
        yield day, [s for s in some if s.day == day]


def by_work(some: list[Sale]) -> Iterator[tuple[str, list[Sale]]]:
    for work in dict.fromkeys(s.work for s in some):
        yield work, [s for s in some if s.work == work]


def kinokasse() -> Ugly:
    """German till: semicolons, decimal commas, Windows letters, sums of days and of all, footer."""
    some = sales(("Das Böse unter der Sonne", "Fräulein Smilla"), ("Erwachsene", "Ermäßigt"), 4, 7)
    rows = ["Filmtheater Rex GmbH;;;;;;;", "Wochenabrechnung;01.03.2024 - 04.03.2024;;;;;;", ""]
    rows.append("Datum;Uhrzeit;Saal;Film;Kartenart;Anzahl;Preis;Umsatz;Kassierer")
    for day, part in by_day(some):
        rows += [
            f"{s.day:%d.%m.%Y};{s.clock:%H:%M};{s.screen};{s.work};{s.kind};{s.sold};"
            f"{comma(s.price)} €;{comma(s.amount)} €;Kasse 1"
            for s in part
        ]
        sold, amount = total(part)
        rows.append(f"Summe {day:%d.%m.};;;;;{sold};;{comma(amount)} €;")
    sold, amount = total(some)
    rows += [f"Gesamt;;;;;{sold};;{comma(amount)} €;", "", "Erstellt von Jana, 05.03.2024;;;;;;;;"]
    return Ugly(
        "Abrechnung_KW09.csv", "\r\n".join(rows).encode("windows-1252"),
        tuple(s.said() for s in some), 10, (REX, zone("Europe/Berlin")),
    )  # fmt: skip


def chinese_export() -> Ugly:
    """A Chinese export: GB 18030, a column for the cinema, units in brackets, a total below."""
    some = sales(("流浪地球2", "满江红"), ("会员票", "零售票"), 3, 3)
    rows = ["影院名称,影片名称,日期,场次时间,影厅,票类,人次,票价(元),票房(元)"]
    rows += [
        f"北京影城,{s.work},{s.day:%Y-%m-%d},{s.clock:%H:%M},{s.screen}号厅,{s.kind},{s.sold},"
        f'{s.price},"{s.amount:,.2f}"'
        for s in some
    ]
    sold, amount = total(some)
    rows.append(f'合计,,,,,,{sold},,"{amount:,.2f}"')
    return Ugly(
        "票房明细.csv", "\n".join(rows).encode("gb18030"),
        tuple(s.said("北京影城") for s in some), 2, (zone("Asia/Shanghai"),), "CN",
    )  # fmt: skip


def korean_blocks() -> Ugly:
    """A Korean office: a block for each day, its date above, two header rows, a total below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["■ 일별 박스오피스"])
    sheet.append(["- 조회일: 2024-12-28"])
    lines: list[Said] = []
    for day, part in by_day(sales(("영웅", "교섭", "유령"), ("일반",), 3, 5)):
        sheet.append([])
        sheet.append([f"●{day:%Y년 %m월 %d일}(금)"])
        sheet.append(["순위", "영화명", "개봉일", "매출액 ", "매출액", "관객수 ", "상영횟수 "])
        sheet.append([None, None, None, None, "점유율 ", None, None])
        row = sheet.max_row
        for column in "ABCDFG":
            sheet.merge_cells(f"{column}{row - 1}:{column}{row}")
        for rank, s in enumerate(part, 1):
            sheet.append([rank, s.work, date(2024, 2, 1), s.sold * 9000, 0.3, s.sold, 4 + rank])
            lines.append(Said(day, s.work, s.sold, s.sold * 9000))
        sold = sum(s.sold for s in part)
        sheet.append(["합계", None, None, sold * 9000, None, sold, 21])
        if sum(4 + rank for rank in range(1, len(part) + 1)) != 18:
            raise ValueError(part)
        sheet.cell(sheet.max_row, 7).value = 18
    return Ugly("일별.xlsx", saved(book), tuple(lines), 9, (REX,), "KR")


def bordereau() -> Ugly:
    """A French bordereau in the old XLS form: real dates, times such as 20h30, sums of films."""
    some = sales(("L'été dernier", "Le Règne animal"), ("Plein tarif", "Réduit"), 3, 11)
    book = xlwt.Workbook()
    sheet = book.add_sheet("Bordereau")
    dated = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    head = ["Film", "Date", "Heure", "Salle", "Tarif", "Entrées", "Prix", "Recette TTC"]
    lines: list[list[Any]] = [["Bordereau de recettes"], ["Cinéma : Le Rex", "", "Visa 12345"], []]
    lines.append(head)
    for work, part in by_work(some):
        lines += [
            [work, s.day, f"{s.clock:%Hh%M}", s.screen, s.kind, s.sold, s.price, s.amount]
            for s in part
        ]
        sold, amount = total(part)
        lines.append(["Sous-total", "", "", "", "", sold, "", amount])
    sold, amount = total(some)
    lines.append(["Total général", "", "", "", "", sold, "", amount])
    lines += [[], ["Certifié exact, le directeur"]]
    for row, cells in enumerate(lines):
        for place, cell in enumerate(cells):
            value = float(cell) if isinstance(cell, Decimal) else cell
            style = [dated] if isinstance(cell, date) else []
            sheet.write(row, place, value, *style)
    content = io.BytesIO()
    book.save(content)
    return Ugly(
        "bordereau.xls", content.getvalue(), tuple(s.said() for s in some), 6,
        (REX, zone("Europe/Paris")), "FR",
    )  # fmt: skip


def sheet_a_day() -> Ugly:
    """One sheet for each day, named by it; a summary that must not count; a row that is held."""
    some = sales(("Night Ferry", "Total Recall"), ("Adult", "Child"), 3, 2)
    book = openpyxl.Workbook()
    summary = book.active
    summary.title = "Summary"
    summary.append(["Rex Cinema", "all days"])
    for day, part in by_day(some):
        sheet = book.create_sheet(f"{day:%Y-%m-%d}")
        sheet.append(["Daily return", None, None, "printed by Jane"])
        sheet.append([])
        sheet.append(["Film", "Time", "Screen", "Ticket type", "Sold", "Price", "Gross"])
        for s in part:
            sheet.append([s.work, s.clock, s.screen, s.kind, s.sold, s.price, s.amount])
        sold, amount = total(part)
        sheet.append(["Total", None, None, None, sold, None, amount])
    book[f"{FRIDAY:%Y-%m-%d}"]["E4"] = "2O"
    lines = tuple(s.said() for s in some[1:])
    return Ugly(
        "returns.xlsx", saved(book), lines, 6, (REX, zone("Europe/London")), "GB",
        frozenset({2_000_004}),
    )  # fmt: skip


def sheet_a_cinema() -> Ugly:
    """A chain: one sheet for each house, named by it."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    lines: list[Said] = []
    for seed, house in enumerate(("Avon", "Bath", "Cork"), 1):
        sheet = book.create_sheet(house)
        sheet.append([f"{house} weekly return"])
        sheet.append(["Date", "Title", "Shows", "Admissions", "Gross Box Office", "Remarks"])
        some = sales(("Salt & Harbour", "The Lamp Keeper"), ("Adult",), 4, seed)
        for s in some:
            sheet.append([s.day, s.work, 1, s.sold, s.amount, None])
        lines += [s.said(house) for s in some]
        sold, amount = total(some)
        sheet.append(["Grand Total", None, len(some), sold, amount, "checked"])
    return Ugly("chain.xlsx", saved(book), tuple(lines), 9, (), "GB")


def merged_films() -> Ugly:
    """A Spanish sheet: the film's cell is merged over its sessions, a sum below each film."""
    some = sales(("Cerrar los ojos", "La sociedad"), ("Normal", "Reducida"), 3, 4)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Informe de taquilla"])
    sheet.append(["Película", "Fecha", "Hora", "Sala", "Tarifa", "Espectadores", "Recaudación"])
    for work, part in by_work(some):
        first = sheet.max_row + 1
        for place, s in enumerate(part):
            sheet.append(
                [None if place else work, s.day, s.clock, s.screen, s.kind, s.sold, s.amount]
            )
        sheet.merge_cells(f"A{first}:A{sheet.max_row}")
        sold, amount = total(part)
        sheet.append(["Subtotal", None, None, None, None, sold, amount])
    sold, amount = total(some)
    sheet.append(["Total general", None, None, None, None, sold, amount])
    return Ugly(
        "taquilla.xlsx", saved(book), tuple(s.said() for s in some), 6,
        (REX, zone("Europe/Madrid")), "ES",
    )  # fmt: skip


def two_headers() -> Ugly:
    """A Polish sheet with groups over its columns: only the sums of both groups are read."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Kino: Rex"])
    sheet.append(["Data", "Film", "Normalny", None, "Ulgowy", None, "Liczba widzów", "Wpływy"])
    sheet.append([None, None, "szt", "zł", "szt", "zł", None, None])
    for cells in ("A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3", "H2:H3"):
        sheet.merge_cells(cells)
    lines: list[Said] = []
    some = sales(("Chłopi", "Zielona granica"), ("n", "u"), 3, 8)
    for one, two in zip(some[::2], some[1::2], strict=True):
        sold, amount = total((one, two))
        sheet.append([one.day, one.work, one.sold, one.amount, two.sold, two.amount, sold, amount])
        lines.append(Said(one.day, one.work, sold, int(amount * 100)))
    sold, amount = total(some)
    sheet.append(["Razem", None, None, None, None, None, sold, amount])
    return Ugly("raport.xlsx", saved(book), tuple(lines), 2, (REX,), "PL")


def unicode_text() -> Ugly:
    """What Excel calls Unicode text: UTF-16, tabs, decimal commas, narrow spaces, in Russian."""
    some = sales(("Чебурашка", "Вызов"), ("взрослый",), 4, 6)
    rows = ["Отчёт за неделю", "Дата\tФильм\tСеансы\tЗрители\tСумма"]
    rows += [
        f"{s.day:%d.%m.%Y}\t{s.work}\t2\t{s.sold}\t{comma(s.amount * 10, chr(0xA0))}" for s in some
    ]
    sold, amount = total(some)
    rows.append(f"Итого\t\t{2 * len(some)}\t{sold}\t{comma(amount * 10, chr(0xA0))}")
    lines = tuple(Said(s.day, s.work, s.sold, int(s.amount * 1000)) for s in some)
    return Ugly("отчёт.txt", "\r\n".join(rows).encode("utf-16"), lines, 3, (REX,), "RU")


def open_document() -> Ugly:
    """An ODS from Portugal: the date in a title, film names only in the first row of each."""
    some = sales(("Mal Viver", "Great Yarmouth"), ("Normal", "Criança"), 1, 9)
    rows: list[list[Any]] = [["Folha de bilheteira"], ["Dia 01/03/2024 (sexta)"], []]
    rows.append(["Filme", "Hora", "Tipo de bilhete", "Bilhetes", "Preço", "Receita"])
    for work, part in by_work(some):
        for place, s in enumerate(part):
            name = "" if place else work
            rows.append([name, f"{s.clock:%H:%M}", s.kind, s.sold, s.price, s.amount])
    sold, amount = total(some)
    rows.append(["Total", "", "", sold, "", amount])
    edits = (
        REX, zone("Europe/Lisbon"), ("# ASK: is the day", "# the day stands first"),
    )  # fmt: skip
    return Ugly("dia.ods", open_document_of(rows), tuple(s.said() for s in some), 2, edits, "PT")


def shift_jis() -> Ugly:
    """A Japanese list: Shift JIS, amounts in quotes with commas, the total above the lines."""
    some = sales(("天気の子", "すずめの戸締まり"), ("一般", "学生"), 2, 12)
    head = "上映日,作品名,開始時刻,スクリーン,券種,動員数,興収"
    sold = sum(s.sold for s in some)
    rows = ["劇場: レックス", head, f',合計,,,,{sold},"{sold * 1900:,}"']
    rows += [
        f"{s.day:%Y/%m/%d},{s.work},{s.clock:%H:%M},{s.screen},{s.kind},{s.sold},"
        f'"{s.sold * 1900:,}"'
        for s in some
    ]
    lines = tuple(Said(s.day, s.work, s.sold, s.sold * 1900) for s in some)
    edits = (REX, zone("Asia/Tokyo"), ("# ASK: currency", 'currency = "JPY"'))
    return Ugly("興収.csv", "\r\n".join(rows).encode("shift_jis"), lines, 2, edits, "KR")


def american() -> Ugly:
    """An American list: month first, twelve hours, dollar signs, a total that is wrong."""
    some = sales(("Night Ferry", "Sum of Us"), ("ADT", "CHD"), 3, 10)
    rows = ['"Rex Theatre, 12 Main St"', "Show Date,Show Time,Title,Ticket Type,Qty,Price,Total"]
    rows += [
        f"{s.day:%m/%d/%Y},{s.clock:%I:%M %p},{s.work},{s.kind},{s.sold},${s.price},"
        f'"${s.amount:,.2f}"'
        for s in some
    ]
    sold, amount = total(some)
    rows += [f'Grand Total,,,,{sold},,"${amount + 10:,.2f}"', "Run date 03/05/2024"]
    columns = '["Show Date", "Show Time"]'
    edits = (
        REX, zone("America/Chicago"),
        ("start = ", f"start = {{ columns = {columns}, format = {MONTH_FIRST!r} }}"),
        ("# ASK: is the day", "# the month stands first"),
    )  # fmt: skip
    return Ugly(
        "show list.csv", "\n".join(rows).encode(), tuple(s.said() for s in some), 2, edits, "US"
    )


def taiwanese() -> Ugly:
    """A Taiwanese list in Big5, with a sum of each film among its rows and of all at the end."""
    some = sales(("關於我和鬼", "周處除三害"), ("全票", "優待"), 2, 13)
    rows = ["戲院名稱;片名;放映日期;場次時間;票種;票數;金額"]
    for _, part in by_work(some):
        rows += [
            f"真善美;{s.work};{s.day:%Y/%m/%d};{s.clock:%H:%M};{s.kind};{s.sold};{s.sold * 270}"
            for s in part
        ]
        sold = sum(s.sold for s in part)
        rows.append(f";小計;;;;{sold};{sold * 270}")
    sold = sum(s.sold for s in some)
    rows.append(f";總計;;;;{sold};{sold * 270}")
    lines = tuple(Said(s.day, s.work, s.sold, s.sold * 27000, "真善美") for s in some)
    return Ugly(
        "票房.csv", "\r\n".join(rows).encode("big5"), lines, 6, (zone("Asia/Taipei"),), "TW"
    )


UGLY: tuple[Callable[[], Ugly], ...] = (
    *(kinokasse, chinese_export, korean_blocks, bordereau, sheet_a_day, sheet_a_cinema),
    *(merged_films, two_headers, unicode_text, open_document, shift_jis, american, taiwanese),
)
