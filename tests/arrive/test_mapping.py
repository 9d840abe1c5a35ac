"""Mappings: what can be written, and what is said of what cannot."""

from hashlib import sha256

import pytest

from pharos.arrive.cells import Notation, plain_number, read_time, whole_number
from pharos.arrive.checks import parse_check
from pharos.arrive.mapping import packaged_mapping, parse_mapping
from pharos.errors import BadMapping, UnknownMapping, UnreadableRow
from pharos.words.figures import ABSENT

SIMPLE = """
name = "house-totals"
kind = "screening_totals"
screening_key = ["Start", "Title"]
ignore = ["Till"]

[constants]
cinema = "A1"
zone = "Asia/Shanghai"
currency = "CNY"

[columns]
work = "Title"
start = { column = "Start", format = "%d.%m.%Y %H:%M" }
admissions = "Tickets"
gross = "Gross"
"""


def test_a_mapping_names_its_columns_once_and_never_the_ignored() -> None:
    mapping = parse_mapping(SIMPLE)
    assert mapping.named_columns() == ("Title", "Start", "Tickets", "Gross")
    assert mapping.digest == sha256(SIMPLE.encode()).hexdigest()
    assert mapping.title == "house-totals"
    assert not mapping.spans


def test_the_packaged_mapping_is_complete() -> None:
    mapping = parse_mapping(packaged_mapping("agile-showings"))
    assert mapping.kind == "screening_totals"
    assert mapping.spans
    assert "Folder" not in mapping.named_columns()


def test_a_mapping_that_does_not_come_along_is_named() -> None:
    with pytest.raises(UnknownMapping, match="did you mean agile-showings"):
        packaged_mapping("agile-showing")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind = "screening_totals"', 'kinds = "screening_totals"', "did you mean kind"),
        ('kind = "screening_totals"', 'kind = "totals"', "kind"),
        ('kind = "screening_totals"', 'kind = "tickets"', "sold_at"),
        ('kind = "screening_totals"', 'kind = "day_totals"', "day_totals rows have no field"),
        ('name = "house-totals"', 'name = "House totals"', "name"),
        ("[columns]", "[colums]", "did you mean columns"),
        ("[columns]", '[scope]\nkind = "month"\n[columns]', "kind"),
        ("[columns]", '[scope]\nkinds = "span"\n[columns]', "[scope] has no key"),
        ("[columns]", '[table]\nencoding = "latin-999"\n[columns]', "encoding"),
        ("[columns]", '[table]\nencoding = "rot13"\n[columns]', "encoding"),
        ("[columns]", '[table]\ndelimiter = ";;"\n[columns]', "delimiter"),
        ("[columns]", '[table]\nquote = ","\n[columns]', "two signs"),
        ("[columns]", '[numbers]\ndecimal = ","\nthousands = ","\n[columns]', "two signs"),
        ("[columns]", '[[skip]]\ncolum = "Title"\n[columns]', "did you mean column"),
        ('gross = "Gross"', 'groß = "Gross"', "TOML"),
        ('gross = "Gross"', 'grosss = "Gross"', "did you mean gross"),
        ('gross = "Gross"', "", "need gross"),
        ('gross = "Gross"', 'gross = { colum = "Gross" }', "columns.gross has no key"),
        ('gross = "Gross"', 'gross = { column = "" }', "names no column"),
        ('gross = "Gross"', 'gross = { column = "Gross", format = "%d" }', "has a format"),
        ('gross = "Gross"', 'gross = "Till"', "both read and ignored"),
        ('kind = "screening_totals"', 'kind = "screening_totals"\nrow_key = ["Till"]', "both read"),
        ("%d.%m.%Y", "%d.%m.%Q", "%Q"),
        ("%d.%m.%Y", "%c", "%c"),
        ("%d.%m.%Y", "%d.%d.%Y", "twice"),
        ('screening_key = ["Start", "Title"]', "", "told apart"),
        ('work = "Title"', 'work = "Title"\nscreening = "Id"', "told apart"),
        ('ignore = ["Till"]', 'checks = ["admissions + gross = gross"]', "units"),
        ('ignore = ["Till"]', 'checks = ["gross * net = gross"]', "units"),
        ('ignore = ["Till"]', 'checks = ["admissions * prise = gross"]', "did you mean price"),
        ('ignore = ["Till"]', 'checks = ["gross is right"]', "cannot be read"),
        ('zone = "Asia/Shanghai"', 'zone = "Asia/Shangai"', "IANA"),
        ('currency = "CNY"', 'currency = "RMB"', "RMB"),
        ('currency = "CNY"', 'territory = "China"', "ISO 3166"),
        ('currency = "CNY"', 'curency = "CNY"', "did you mean currency"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_was_meant(old: str, new: str, says: str) -> None:
    assert old in SIMPLE
    with pytest.raises(BadMapping, match=r".") as refused:
        parse_mapping(SIMPLE.replace(old, new, 1))
    assert says in str(refused.value)


def test_totals_of_days_need_no_screening() -> None:
    text = """
        name = "days"
        kind = "day_totals"
        [constants]
        cinema = "A1"
        [columns]
        date = "Day"
        work = "Title"
        gross = "Gross"
        [scope]
        kind = "span"
    """
    assert parse_mapping(text).spans
    with pytest.raises(BadMapping, match="no screenings"):
        parse_mapping('screening_key = ["Day"]' + text)


def test_only_totals_replace_what_was_said() -> None:
    schedule = SIMPLE.replace("screening_totals", "schedule")
    schedule = schedule.replace('admissions = "Tickets"', "").replace('gross = "Gross"', "")
    assert parse_mapping(schedule).kind == "schedule"
    with pytest.raises(BadMapping, match="only totals do"):
        parse_mapping(schedule + '[scope]\nkind = "span"')


def test_tickets_need_what_tells_a_repeat() -> None:
    tickets = SIMPLE.replace("screening_totals", "tickets").replace('admissions = "Tickets"', "")
    tickets = tickets.replace("gross", "paid") + 'sold_at = "Sold"\n'
    with pytest.raises(BadMapping, match="number or event_id"):
        parse_mapping(tickets)
    assert parse_mapping(tickets + 'number = "No"').kind == "tickets"


@pytest.mark.parametrize(
    ("cell", "notation", "plain"),
    [
        ("1257.75", Notation(), "1257.75"),
        (" 1257 ", Notation(), "1257"),
        ("1,257.75", Notation(thousands=","), "1257.75"),
        ("$1,257", Notation(thousands=",", signs=("$",)), "1257"),
        ("12,34,567.5", Notation(thousands=","), "1234567.5"),
        ("1.257,75 €", Notation(decimal=",", thousands=".", signs=("€",)), "1257.75"),
        ("1 257,75", Notation(decimal=",", thousands=" "), "1257.75"),
        ("1\u202f257,75", Notation(decimal=",", thousands=" "), "1257.75"),
        ("0", Notation(thousands=","), "0"),
        ("-5", Notation(), "-5"),
        ("\N{MINUS SIGN}5", Notation(), "-5"),
        ("5.", Notation(), "5"),
    ],
)
def test_numbers_are_read_as_they_are_written(cell: str, notation: Notation, plain: str) -> None:
    assert plain_number("gross", cell, notation) == plain


@pytest.mark.parametrize(
    ("cell", "notation"),
    [
        ("12,57", Notation(thousands=",")),
        ("1,257", Notation()),
        ("1.257,75", Notation(thousands=",")),
        ("12 57", Notation()),
        ("1,2570", Notation(thousands=",")),
        ("(5.00)", Notation()),
        ("$5", Notation()),
        ("", Notation()),
        ("1e3", Notation()),
        ("٣", Notation()),
    ],
)
def test_a_number_in_another_notation_is_never_guessed(cell: str, notation: Notation) -> None:
    with pytest.raises(UnreadableRow):
        plain_number("gross", cell, notation)


def test_whole_numbers_may_show_zeros() -> None:
    assert whole_number("admissions", "6.00", Notation()) == 6
    with pytest.raises(UnreadableRow, match="whole number"):
        whole_number("admissions", "6.5", Notation())


def test_times_are_read_by_the_first_format_that_fits_then_as_iso() -> None:
    formats = ("%b %d, %Y %I:%M:%S %p", "%d.%m.%Y")
    assert str(read_time("start", "Mar 16, 2018  5:00:00 PM", formats)) == "2018-03-16 17:00:00"
    assert str(read_time("start", "16.3.2018", formats)) == "2018-03-16 00:00:00"
    assert str(read_time("start", "2018-03-16 17:00", formats)) == "2018-03-16 17:00:00"
    with pytest.raises(UnreadableRow, match="format in the mapping"):
        read_time("start", "16/3/2018", formats)


def test_a_check_speaks_only_of_what_is_said() -> None:
    check = parse_check("net + tax = gross")
    assert check.problem({"net": 900, "tax": 100, "gross": 1000}, "USD") is None
    assert check.problem({"net": 900, "tax": ABSENT, "gross": 1000}, "USD") is None
    problem = check.problem({"net": 900, "tax": 90, "gross": 1000}, "USD")
    assert problem is not None
    assert "9.00 USD + 0.90 USD is 9.90 USD, the row says 10.00 USD" in problem
