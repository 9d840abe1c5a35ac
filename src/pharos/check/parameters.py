"""The parameters of the rules, as data.

In: the text of a rules file (TOML). Out: a frozen value. Knows no rule.
"""

import tomllib
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Literal

import msgspec

from pharos.errors import BadRules
from pharos.words.toml import toml

BookName = Literal["tickets", "screening_totals", "day_totals"]


class _Books(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    order: tuple[BookName, ...]


class _Screenings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    earliest: date
    furthest_days: int
    sold_after_start_hours: int


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    books: _Books
    screenings: _Screenings


class Parameters(msgspec.Struct, frozen=True):
    """What the rules go by; see `rules.toml` for what each means."""

    book_order: tuple[str, ...]
    earliest: date
    furthest_days: int
    sold_after_start_hours: int


def packaged_rules() -> str:
    """The text of the rules file that comes with Pharos."""
    return resources.files("pharos.check").joinpath("rules.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def parse_parameters(text: str | None) -> Parameters:
    """The parameters of a rules file; None means the packaged one. Raises BadRules."""
    try:
        rules = msgspec.convert(toml(packaged_rules() if text is None else text), _Rules)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadRules(str(error)) from error
    if sorted(rules.books.order) != ["day_totals", "screening_totals", "tickets"]:
        raise BadRules("books.order names each of tickets, screening_totals, day_totals once")
    return Parameters(
        book_order=rules.books.order,
        earliest=rules.screenings.earliest,
        furthest_days=rules.screenings.furthest_days,
        sold_after_start_hours=rules.screenings.sold_after_start_hours,
    )
