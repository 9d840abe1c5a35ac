"""Drafting: what columns are called, how dates and numbers are written, what is asked."""

import tomllib
from datetime import date
from importlib import resources
from typing import Any

import pytest

from pharos.arrive.documents import Shown
from pharos.arrive.drafting.dates import date_inside, date_written, time_written
from pharos.arrive.drafting.draft import Draft, draft
from pharos.arrive.drafting.numbers import is_number, numbers_written
from pharos.arrive.drafting.words import HOMES, fields_of, total_word
from pharos.arrive.extract import extract
from pharos.arrive.formats import read
from pharos.arrive.mapping import parse_mapping
from pharos.arrive.reading import Nowhere
from pharos.errors import UnreadableTable
from tests.arrive.workbooks import Lines, book, saved


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Film", "work"), ("FILM TITLE", "work"), ("影片名称", "work"), ("영화명", "work"),
        ("Umsatz (EUR)", "gross"), ("票房(元)", "gross"), ("매출액 ", "gross"),
        ("Recette TTC", "gross"), ("Recaudación", "gross"), ("Incasso", "gross"),
        ("Receita", "gross"), ("Wpływy", "gross"), ("Сборы", "gross"), ("興行収入", "gross"),
        ("Besucher", "admissions"), ("Entrées", "admissions"), ("觀影人次", "admissions"),
        ("Uhrzeit:", "time"), ("場次", "time"), ("Gross £", "gross"),
    ],
)  # fmt: skip
def test_headings_are_known_in_many_languages(heading: str, field: str) -> None:
    assert fields_of(heading)[0][0] == field


@pytest.mark.parametrize(
    "heading",
    ["누적매출액", "매출액 점유율", "Total Gross to date", "% change on last week", "累计票房",
     "票房占比", "Site average", "Rank", "Cashier", ""],
)  # fmt: skip
def test_running_sums_and_shares_are_no_figures_of_the_day(heading: str) -> None:
    assert fields_of(heading) == ()


def test_every_language_has_the_needed_words() -> None:
    assert len(HOMES) == 12
    for language in HOMES:
        for field in ("work", "date", "time", "admissions", "gross"):
            assert any(
                found == field and language in langs
                for word in _words(language, field)
                for found, langs, _ in fields_of(word)
            ), (language, field)


def _words(language: str, field: str) -> list[str]:
    text = resources.files("pharos.arrive.drafting") / "headings.toml"
    found: list[str] = tomllib.loads(text.read_text(encoding="utf-8"))[language][field]
    return found


@pytest.mark.parametrize(
    ("cell", "how"),
    [("合计", "equals"), ("Summe:", "equals"), ("Total général", "equals"), ("Итого", "equals"),
     ("Summe 01.03.", "starts_with"), ("Total Recall", "starts_with"), ("Sum of Us", "starts_with"),
     ("Totally", ""), ("Film", ""), ("", "")],
)  # fmt: skip
def test_words_of_totals(cell: str, how: str) -> None:
    assert total_word(cell) == how


@pytest.mark.parametrize(
    ("cells", "formats", "twin"),
    [
        (["2024-03-01", "2024-03-02"], (), ""),
        (["2024-03-01 19:30:00"], (), ""),
        (["01.03.2024", "28.03.2024"], ("%d.%m.%Y",), ""),
        (["01/03/2024", "28/03/2024"], ("%d/%m/%Y",), ""),
        (["03/28/2024", "03/01/2024"], ("%m/%d/%Y",), ""),
        (["03/01/2024"], ("%d/%m/%Y",), "%m/%d/%Y"),
        (["03/03/2024"], ("%d/%m/%Y",), ""),
        (["2024年3月1日"], ("%Y年%m月%d日",), ""),
        (["2024. 3. 1."], ("%Y. %m. %d.",), ""),
        (["Mar 16, 2018 5:00:00 PM"], ("%b %d, %Y %I:%M:%S %p",), ""),
        (["01.03.2024 19:30"], ("%d.%m.%Y %H:%M",), ""),
        (["20240301"], ("%Y%m%d",), ""),
        ([f"{day:02}.03.2024" for day in range(1, 20)] + ["soon"], ("%d.%m.%Y",), ""),
        ([f"03/{day:02}/2024" for day in range(5, 20)] + ["31/3/24"], ("%m/%d/%Y",), ""),
    ],
)
def test_how_dates_are_written(cells: list[str], formats: tuple[str, ...], twin: str) -> None:
    written = date_written(cells)
    assert written is not None
    assert (written.formats, written.twin, written.pattern) == (formats, twin, "")


def test_dates_in_other_words_are_taken_out() -> None:
    written = date_written(["Fr 01.03.2024", "Sa 02.03.2024"])
    assert written is not None
    assert (written.formats, written.pattern) == (("%d.%m.%Y",), r"(\d{1,2}\.\d{1,2}\.\d{4})")
    assert date_inside(["rex_20240301.csv"]) is not None
    assert date_inside(["no date"]) is None
    assert date_written(["soon", "01.03.2024"]) is None
    assert date_written([]) is None


@pytest.mark.parametrize(
    ("cell", "form"),
    [("19:30", "%H:%M"), ("19:30:00", "%H:%M:%S"), ("20h30", "%Hh%M"), ("7:30 PM", "%I:%M %p"),
     ("19.30", "%H.%M"), ("19:30 Uhr", "%H:%M Uhr"), ("19時30分", "%H時%M分"), ("late", None)],
)  # fmt: skip
def test_how_times_are_written(cell: str, form: str | None) -> None:
    assert time_written([cell]) == form


@pytest.mark.parametrize(
    ("cells", "language", "decimal", "thousands", "signs"),
    [
        (["1.257,75", "9,50"], "de", ",", ".", ()),
        (["1,257.75", "9.50"], "en", ".", ",", ()),
        (["1,257"], "en", ".", ",", ()),
        (["1.257"], "de", ",", ".", ()),
        (["1.257"], "en", ",", ".", ()),
        (["1 257,75"], "fr", ",", " ", ()),
        (["1'257.75"], "de", ".", "'", ()),
        (["9,50 €", "1,00 €"], "de", ",", "", ("€",)),
        (["$9.50"], "en", ".", "", ("$",)),
        (["12 Stk", "3 Stk"], "de", ",", "", ("Stk",)),
        (["9.50", "4O", "3.00", "2.00", "1.00", "0.50"], "en", ".", "", ()),
        ([Shown("9.5"), Shown("1257.75")], "de", ".", "", ()),
        (["399,00 €", "1.121,00 €", "2B", "-"], "de", ",", ".", ("€",)),
        ([], "de", ".", "", ()),
    ],
)
def test_how_numbers_are_written(
    cells: list[str], language: str, decimal: str, thousands: str, signs: tuple[str, ...]
) -> None:
    found = numbers_written(cells, language)
    assert (found.decimal, found.thousands, found.signs) == (decimal, thousands, signs)


def test_what_stands_for_nothing_is_no_number() -> None:
    assert numbers_written(["-", "9.50", "–"], "en").nothing == ("-", "–")
    assert not is_number("-")
    assert not is_number("The 39 Steps of Hitchcock")


def drafted(table: str, file: str = "Rex_week_9.csv", **wishes: Any) -> Draft:  # noqa: ANN401
    return draft(table.encode(), file, wishes)


LINES = "Date,Film,Admissions,Gross\n2024-03-01,One,3,27.50\n2024-03-02,Two,2,19.00\n"


def test_a_plain_table_makes_a_plain_mapping() -> None:
    made = drafted(LINES)
    assert made.text.startswith("# Drafted from Rex_week_9.csv.")
    mapping = parse_mapping(made.trial)
    assert (mapping.name, mapping.kind) == ("rex-week-9", "day_totals")
    assert [q.key for q in made.questions] == ["cinema", "territory", "zone", "currency"]
    assert made.fields == ["date", "work", "admissions", "gross"]
    assert [line.mark for line in made.lines] == ["header", "row", "row"]
    assert "[table]" not in made.text
    assert '# ASK: cinema = ""' in made.text


def test_answers_take_the_place_of_questions() -> None:
    made = drafted(LINES, answers={"cinema": "rex", "zone": "Europe/London", "currency": "GBP"})
    assert [q.key for q in made.questions] == ["territory"]
    assert 'cinema = "rex"\n' in made.text
    parse_mapping(made.text)


def test_a_date_with_two_readings_is_asked_and_answered() -> None:
    table = LINES.replace("2024-03-01", "01/03/2024").replace("2024-03-02", "02/03/2024")
    made = drafted(table)
    assert "dates" in [q.key for q in made.questions]
    assert "# ASK: is the day or the month first?" in made.text
    for answer, form in (("day first", "%d/%m/%Y"), ("month first", "%m/%d/%Y")):
        answered = drafted(table, answers={"dates": answer})
        assert f'format = "{form}"' in answered.text
        assert "dates" not in [q.key for q in answered.questions]


def test_columns_with_unknown_names_are_asked_and_answered() -> None:
    table = "When,What,Heads,Money\n2024-03-01,One,3,27.50\n2024-03-02,Two,2,19.00\n"
    made = drafted(table)
    assert {"date", "work", "gross"} <= {q.key for q in made.questions}
    columns = {"date": "When", "work": "What", "admissions": "Heads", "gross": "Money"}
    answered = drafted(table, answers=columns | {"cinema": "rex"})
    assert len(parse_mapping(answered.text).columns) == 4


def test_the_kind_may_be_wished() -> None:
    timed = LINES.replace("Date,", "Date,Time,").replace(",One", ",19:30,One").replace(
        ",Two", ",19:30,Two")  # fmt: skip
    assert 'kind = "screening_totals"' in drafted(timed).text
    days = drafted(timed, kind="day_totals")
    assert parse_mapping(days.trial).kind == "day_totals"
    assert "screening_key" not in days.text


def test_the_gross_is_found_by_what_it_is_the_product_of() -> None:
    table = "Date,Film,Qty,Item Price,Wert\n2024-03-01,One,3,9.50,28.50\n2024-03-02,Two,2,9.50,19\n"
    assert 'gross = "Wert"' in drafted(table).text


def test_a_film_called_total_is_no_total() -> None:
    table = LINES + "2024-03-02,Total Recall,1,9.50\n,Total,6,56.00\n"
    made = drafted(table)
    assert made.text.count("[[total]]") == 1
    assert 'equals = ["Total"]' in made.text
    assert parse_mapping(made.trial).totals[0].over == "lines"


def test_a_total_that_nothing_makes_is_a_remark() -> None:
    made = drafted(LINES + ",Total,60,560.00\n")
    assert made.remarks == ["no lines were found that make what the total 'Total' states"]


def test_sheets_that_are_no_tables_are_left_out() -> None:
    header = ["Date", "Film", "Admissions", "Gross"]
    row = ["2024-03-01", "One", 3, 27.5]
    content = saved(book(Notes=[["by hand"]], Avon=[header, row], Bath=[header, row]))
    made = draft(content, "chain.xlsx", {})
    mapping = parse_mapping(made.trial)
    assert (mapping.shape.sheets, mapping.shape.except_sheets) == (("*",), ("Notes",))
    assert 'house = { sheet = "(.*)" }' in made.text


@pytest.mark.parametrize("content", [b"", b"\n\n", b"hello\n", b"1,2,3\n4,5,6\n", b"\0" * 100])
def test_what_holds_no_table_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(UnreadableTable, match=r"by hand|export|encoding|empty"):
        draft(content, "t.csv", {})


@pytest.mark.parametrize(
    ("names", "file"),
    [
        (("3月1日", "3月2日"), "票房2024.xlsx"),
        (("Fr 01.03.", "Sa 02.03."), "2024 KW 9.xlsx"),
        (("01.03", "02.03"), "Rex 2024.xlsx"),
    ],
)
def test_a_day_without_its_year_takes_it_from_elsewhere(names: tuple[str, str], file: str) -> None:
    header = ["Film", "Admissions", "Gross"]
    sheets: dict[str, Lines] = {name: [header, ["One", 3, 27.5]] for name in names}
    content = saved(book(**sheets))
    made = draft(content, file, {"answers": {"cinema": "rex", "currency": "EUR"}})
    reading = read(extract(content, file, made.text), Nowhere(), lambda _: made.text)
    days = [reading.figures.mentions.column("business_date")[place] for place in (0, 1)]
    assert days == [date(2024, 3, 1), date(2024, 3, 2)]


def test_the_year_of_a_column_stands_above_the_table() -> None:
    table = "Woche 9 / 2024,,\nDatum,Film,Besucher,Umsatz\nFr 1.3.,Eins,3,27\nSa 2.3.,Zwei,2,19\n"
    made = drafted(table, answers={"cinema": "rex", "currency": "EUR"})
    assert "year = { top = " in made.text
    assert 'format = "%d.%m. %Y"' in made.text
    body = extract(table.encode(), "t.csv", made.text)
    assert len(read(body, Nowhere(), lambda _: made.text).figures) == 2


def test_many_different_totals_are_told_by_how_they_begin() -> None:
    table = "Datum,Film,Besucher,Umsatz\n" + "".join(
        f"0{day}.03.2024,Eins,{day},10\nSumme 0{day}.03.,,{day},10\n" for day in range(1, 8)
    )
    made = drafted(table)
    assert 'starts_with = ["Summe "]' in made.text
    assert made.text.count("[[total]]") == 1


@pytest.mark.parametrize("line", [",,5,46.50,Total", ",,5,46.50,,Total"])
def test_a_total_that_no_column_names_is_no_rule(line: str) -> None:
    made = drafted(LINES.replace("Gross\n", "Gross,\n") + f"{line}\n")
    assert "[[total]]" not in made.text


def test_no_sign_of_a_file_breaks_the_text_of_its_mapping() -> None:
    table = LINES.replace("Gross", "Gross,Cl\x7ferk").replace("Film", "Film,\x1b[A\\")
    made = drafted(
        table.replace("One,", "One,,").replace("Two,", "Two,,"), file="a\nname = 1\x7f.csv"
    )
    assert parse_mapping(made.trial).ignored
    parse_mapping(made.text.replace('# ASK: cinema = ""', 'cinema = "rex"'))
    assert not [letter for letter in made.text if ord(letter) in (27, 127)]


def test_a_header_of_two_rows_is_drafted_as_one() -> None:
    table = "Day,Film,Adult,,Admissions,Gross\n,,sold,paid,,\n2024-03-01,One,3,27,3,27\n"
    assert parse_mapping(drafted(table).trial).shape.header_rows == 2
