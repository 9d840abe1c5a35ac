"""Notes of a calendar: what a file says, and every line that is wrong with it."""

from datetime import date

import pytest

from pharos.errors import BadNotes
from pharos.words.notes import COLUMNS, MOST_NOTES, Note, parse_notes

HEAD = ",".join(COLUMNS) + "\n"


def test_notes_stand_in_the_order_of_their_dates() -> None:
    text = (
        HEAD
        + "2022-10-08,,Typhoon,closure,city=Linhai\n"
        + '2022-07-01,2022-08-31,"Summer holiday, long",school-holiday,\n'
    )
    assert parse_notes(text) == (
        Note(date(2022, 7, 1), date(2022, 8, 31), "Summer holiday, long", "school-holiday"),
        Note(date(2022, 10, 8), date(2022, 10, 8), "Typhoon", "closure", "city=Linhai"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "first,name,kind\n2022-10-08,World  Cup,event",
        "\N{ZERO WIDTH NO-BREAK SPACE}first,name,kind\r\n2022-10-08,World Cup,event\r\n,,\r\n",
        "Kind;Name;First;Last\nevent;World Cup;2022-10-08;\n\n",
        "kind\tname\tfirst\tplace\nevent\tWorld Cup\t2022-10-08\t\t\n",
    ],
)
def test_files_as_spreadsheets_write_them(text: str) -> None:
    day = date(2022, 10, 8)
    assert parse_notes(text) == (Note(day, day, "World Cup", "event"),)


def test_a_head_alone_has_no_notes() -> None:
    assert parse_notes(HEAD) == ()


def test_every_wrong_line_is_told_with_its_number() -> None:
    lines = (
        "2022-13-01,,a,event,",
        "20221001,,a,event,",
        "2022-10-02,2022-10-01,a,event,",
        '2022-10-02,,"  ",event,',
        "2022-10-02,,a,school holiday,",
        "2022-10-02,,a,event,Linhai",
        "2022-10-02,,a,event,town=Linhai",
        "2022-10-02,,a,event,city=Linhai,more",
        "2022-10-02,,a,event,",
        "2022-10-02,2022-10-02,a,event,",
    )
    with pytest.raises(BadNotes) as told:
        parse_notes(HEAD + "\n".join(lines))
    said = str(told.value)
    for part in (
        "line 2: first '2022-13-01' is no date",
        "line 3: first '20221001' is no date",
        "line 4: it ends on 2022-10-01, before it begins on 2022-10-02",
        "line 5: it has no name",
        "line 6: there is no kind 'school holiday'",
        "school-holiday",
        "line 7: place 'Linhai' is none",
        "line 8: place 'town=Linhai' is none",
        "line 9: 6 cells under 5 columns",
        "line 11: the same as line 10",
    ):
        assert part in said
    assert "line 10" not in said.replace("as line 10", "")


def test_many_wrong_lines_are_counted() -> None:
    with pytest.raises(BadNotes, match=r"line 11: .*; and 5 more$"):
        parse_notes(HEAD + "x,,a,event,\n" * 15)


@pytest.mark.parametrize(
    "text",
    ["", "name,kind\na,event", "first,name,kind,who\n", "first,name,kind,name\n", '"a\nb', "\0"],
)
def test_what_is_no_file_of_notes(text: str) -> None:
    with pytest.raises(BadNotes):
        parse_notes(text)


def test_what_is_no_letter_and_no_end() -> None:
    with pytest.raises(BadNotes, match="line 2: its name"):
        parse_notes(HEAD + "2022-10-01,,a\x07b,event,\n")
    with pytest.raises(BadNotes, match="line 2: its name"):
        parse_notes(HEAD + f"2022-10-01,,{'a' * 201},event,\n")
    with pytest.raises(BadNotes, match="over 10,000 lines"):
        parse_notes(HEAD + "".join(f"2022-10-01,,{n},event,\n" for n in range(MOST_NOTES + 1)))
