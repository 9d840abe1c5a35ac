"""Descriptions keep their numbers, and their columns say what the mentions say."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from pharos.words.descriptions import TEXTS, Answers, Descriptions, Mention, Numbering, text_hash
from pharos.words.figures import ABSENT, Mentions

FIRST = Mention(0, "c1", "s1", 5, 60, "2", "W", date(2024, 3, 1), 90, False, "EUR")
SECOND = FIRST._replace(screening="s2", cinema="c2", seats=ABSENT, cancelled=True)
DAY = Mention(1, "c1", "", ABSENT, 0, "", "W", date(1969, 12, 31), ABSENT, False, "EUR")


def test_a_description_has_one_number() -> None:
    known = Descriptions()
    assert known.numbers([FIRST, SECOND, FIRST, DAY]).tolist() == [0, 1, 0, 2]
    assert known.items == [FIRST, SECOND, DAY]


def test_columns_say_what_the_mentions_say() -> None:
    known = Descriptions()
    mentions = Mentions(known.numbers([FIRST, DAY]), known)
    for name in ("level", "start", "offset_minutes", "seats", "cancelled"):
        assert mentions.ints(name).tolist() == [getattr(FIRST, name), getattr(DAY, name)]
    assert mentions.ints("day").tolist() == [19_783, -1]
    for name in TEXTS:
        assert mentions.texts(name).tolist() == mentions.column(name)
    prints = mentions.ints("screening_print").tolist()
    assert prints == [text_hash("s1"), text_hash("")]
    assert mentions[1] == DAY


def test_columns_follow_what_comes_later() -> None:
    known = Descriptions()
    known.number(FIRST)
    assert known.column("seats")[0] == 90
    known.numbers([SECOND._replace(seats=n) for n in range(100)])
    assert known.column("seats")[1:101].tolist() == list(range(100))


def test_beginning_anew_keeps_the_numbers_of_cinemas() -> None:
    known = Descriptions()
    old = Mentions(known.numbers([FIRST, SECOND]), known)
    assert known.column("cinema")[:2].tolist() == [0, 1]
    anew = Descriptions(known)
    assert len(anew) == 0
    assert Mentions(anew.numbers([SECOND]), anew).ints("cinema").tolist() == [1]
    assert old[1] == SECOND


@dataclass
class Asked:
    known: dict[str, int]
    texts: list[str] = field(default_factory=list)

    def __call__(self, text: str) -> int | None:
        self.texts.append(text)
        return self.known.get(text)


def test_a_question_is_asked_once_until_it_is_answered() -> None:
    numbering, asked = Numbering(["a", "b"]), Asked({"a": 7})
    answers = Answers(numbering, asked)
    assert answers.of(np.array([0, 1, 0])).tolist() == [7, -1, 7]
    asked.known["b"] = 0
    assert numbering["c"] == 2
    assert answers.of(np.array([0, 1, 2])).tolist() == [7, 0, -1]
    assert sorted(asked.texts) == ["a", "b", "b", "c"]
