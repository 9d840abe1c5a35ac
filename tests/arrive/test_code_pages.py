"""Text files in any encoding are read as they were written, or refused: never as another one."""

import codecs

import pytest

from pharos.arrive.code_pages import decoded
from pharos.errors import UnreadableTable

TEXT = "影片,票房\n流浪地球,9.50\n"
KOREAN = "영화명,매출액\n기생충,9500\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TEXT, "utf-8"), (TEXT, "utf-16"), (TEXT, "gb18030"), (TEXT, "utf-8-sig"),
        ("影片,票房\n臺北,9\n", "big5"), (KOREAN, "cp949"),
        ("映画,売上\n天気の子,9\n", "shift_jis"),
        ("Film,Erlös\nDas Böse,9\n", "windows-1252"), ("Фильм,Сбор\n", "windows-1251"),
        ("Film,Wpływ\n", "windows-1250"),
    ],
)  # fmt: skip
def test_a_declared_encoding_is_read(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding), "t.csv", (encoding,), ()) == text
    assert decoded(text.encode(encoding), "t.csv", ("utf-8", encoding), ()) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_makes_the_encoding_sure(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding), "t.csv", ("auto",), ()) == TEXT
    with pytest.raises(UnreadableTable, match=f"mark of {encoding.removesuffix('-sig')}"):
        decoded(TEXT.encode(encoding), "t.csv", ("gb18030",), ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_the_order_of_bytes_may_be_declared_and_its_mark_is_no_letter(encoding: str) -> None:
    mark = codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE
    assert decoded(mark + TEXT.encode(encoding), "t.csv", (encoding,), ()) == TEXT


def test_two_encodings_that_both_fit_are_told_apart_by_the_columns_or_not_at_all() -> None:
    content = KOREAN.encode("cp949")
    assert content.decode("gb18030") != KOREAN
    assert decoded(content, "t.csv", ("gb18030", "cp949"), ("영화명",)) == KOREAN
    with pytest.raises(UnreadableTable, match="gb18030 and cp949"):
        decoded(content, "t.csv", ("gb18030", "cp949"), ())


@pytest.mark.parametrize(
    ("content", "encodings", "says"),
    [
        (TEXT.encode("gb18030"), ("utf-8",), "not written in utf-8"),
        (TEXT.encode("gb18030"), ("auto",), "none of the encodings"),
        (b"\xff\xff", ("utf-8", "gb18030"), "none of the encodings"),
        ("a,b\n".encode("utf-16-le"), ("utf-8",), "NUL"),
        (b"\0" * 100, ("utf-8",), "NUL"),
        (b"\xff\xfea", ("auto",), "none of the encodings"),
    ],
)
def test_what_fits_nothing_is_refused_with_what_to_do(
    content: bytes, encodings: tuple[str, ...], says: str
) -> None:
    with pytest.raises(UnreadableTable, match=says) as refused:
        decoded(content, "t.csv", encodings, ())
    assert "encoding" in str(refused.value)
