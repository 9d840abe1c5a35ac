import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharos.errors import BadProgramme
from pharos.words.works import Name, Part, Programme, Release, Version, Work, tidy_name

IDS = st.text(min_size=1).filter(lambda text: not {"\x1e", "\x1f"} & set(text))
PARTS = st.builds(Part, IDS, st.just("") | IDS, st.integers(1, 10_000))


@pytest.mark.parametrize(
    ("said", "tidy"),
    [
        ("  Mid  90s \t", "Mid 90s"),
        ("Ame\u0301lie", "Amélie"),
        ("万里归途\u3000", "万里归途"),
        ("a\x1fb\x1ec", "a b c"),
        ("\n", ""),
    ],
)
def test_tidy_name(said: str, tidy: str) -> None:
    assert tidy_name(said) == tidy


@given(st.text())
def test_a_tidy_name_stays_as_it_is(text: str) -> None:
    tidy = tidy_name(text)
    assert tidy_name(tidy) == tidy
    assert unicodedata.is_normalized("NFC", tidy)
    assert not {"\x1e", "\x1f", "\n"} & set(tidy)


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_a_programme_and_its_text_are_each_others_inverse(parts: list[Part]) -> None:
    programme = Programme(tuple(parts))
    assert Programme.parse(programme.text()) == programme


def test_the_text_of_a_programme() -> None:
    double = Programme((Part("X", "3D", 2), Part("Y")))
    assert double.text() == "X\x1f3D\x1f2\x1eY\x1f\x1f1"
    assert Programme.single("X", "3D").text() == "X\x1f3D\x1f1"
    assert Programme.single("X") == Programme((Part("X"),))


@pytest.mark.parametrize(
    "text", ["", "X", "X\x1f", "X\x1f\x1f", "X\x1f\x1fone", "X\x1f\x1f-1", "X\x1f\x1f1\x1e", "\x1e"]
)
def test_a_text_that_no_programme_wrote(text: str) -> None:
    with pytest.raises(BadProgramme, match="each part is work, version and weight"):
        Programme.parse(text)


def test_a_weight_of_many_digits_is_refused_in_no_time() -> None:
    with pytest.raises(BadProgramme):
        Programme.parse("X\x1f\x1f" + "9" * 100_000)


@pytest.mark.parametrize("weight", [0, -1, 10_001])
def test_a_weight_that_cannot_share_money(weight: int) -> None:
    with pytest.raises(BadProgramme, match=r"work 'X' .* give a whole number from 1 to 10000"):
        Part("X", weight=weight)


def test_a_part_names_its_work() -> None:
    with pytest.raises(BadProgramme, match="give the work's id or name"):
        Part("")


@pytest.mark.parametrize(("work", "version"), [("a\x1fb", ""), ("a", "\x1e")])
def test_the_marks_of_the_text_are_not_in_an_id(work: str, version: str) -> None:
    with pytest.raises(BadProgramme, match="send the id without it"):
        Part(work, version)


def test_an_empty_programme() -> None:
    with pytest.raises(BadProgramme, match="name at least one"):
        Programme(())


def test_values_say_nothing_that_was_not_said() -> None:
    names = (Name("en", "Home Coming"), Name("zh", "万里归途", "original"))
    assert Work("X", names).year is None
    assert Version("X-3D", "X").audio == ""
    assert Release("X", "CN", date(2022, 9, 30)).run == 1
