"""A question without an honest answer is refused, and the refusal says why."""

import pytest

from tests.spec.harness import Spec
from tests.spec.refusals import NEEDS, QUESTIONS, REFUSALS, Question

ONE_TICKET = """
    cinema | screening | start            | work | number | paid  | sold_at
    A1     | s1        | 2024-03-01 19:00 | X    | 1      | 12.00 | 2024-03-01 18:00
"""
PAIRS = [(m, d, r.word) for r in REFUSALS for m in r.measures for d in r.dimensions]
PERIOD = "2024-03-01"


def test_screenings_have_no_ticket_type(spec: Spec) -> None:
    """Nor a channel, nor an hour of sale: every screening is offered to all."""
    spec.send("tickets", ONE_TICKET)
    spec.ask("screenings", by="ticket_type", gives="refused: screening")
    spec.ask("occupancy", by="channel", gives="refused: screening")
    spec.ask("seats_offered", where="ticket_type=adult", gives="refused: screening")
    spec.ask("gross admissions", by="ticket_type channel", gives={(None, None): (12_00, 1)})


def test_a_share_needs_something_to_share(spec: Spec) -> None:
    """By cinema alone, every film's share of its own cinema would be the whole."""
    spec.send("tickets", ONE_TICKET)
    spec.ask("box_office_share", by="cinema", gives="refused: denominator")
    spec.ask("online_share", by="channel", gives="refused: denominator")


def test_cumulative_figures_are_of_a_work(spec: Spec) -> None:
    """A run belongs to a work; the hours of the day have no run."""
    spec.send("tickets", ONE_TICKET)
    spec.ask("cumulative_gross", by="cinema", gives="refused: work")
    spec.ask("cumulative_gross", by="work screening_hour", gives="refused: run")


def test_a_change_needs_dates(spec: Spec) -> None:
    """Against what would all time be compared?"""
    spec.send("tickets", ONE_TICKET)
    spec.ask("change_day", by="work", gives="refused: period")
    spec.ask("change_week", by="weekday", period="2024-03", gives="refused: period")


@pytest.mark.parametrize(("measure", "dimension", "word"), PAIRS)
def test_every_refused_pair(spec: Spec, measure: str, dimension: str, word: str) -> None:
    spec.send("tickets", ONE_TICKET)
    by = " ".join(dict.fromkeys(("work", dimension)))
    spec.ask(measure, by=by, period=PERIOD, gives=f"refused: {word}")
    spec.ask(measure, by="work", where=f"{dimension}=1", period=PERIOD, gives=f"refused: {word}")


@pytest.mark.parametrize(("measure", "word"), [(m, n.word) for n in NEEDS for m in n.measures])
def test_every_need(spec: Spec, measure: str, word: str) -> None:
    spec.send("tickets", ONE_TICKET)
    spec.ask(measure, by="business_date", period=PERIOD, gives=f"refused: {word}")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.sentence)
def test_every_refused_question(spec: Spec, question: Question) -> None:
    spec.home_in(question.territory)
    spec.send("tickets", ONE_TICKET)
    where = ", ".join(f"{name}={value}" for name, value in question.where.items())
    spec.ask(
        question.measures,
        by=question.by,
        where=where,
        period=question.period,
        gives=f"refused: {question.word}",
    )
