"""Cinemas and their screens.

In: what a register says about a cinema. Out: frozen values.
Knows no register and no history: each value holds for the dates it states.
"""

from dataclasses import dataclass
from datetime import date

from pharos.words.works import Name


@dataclass(frozen=True, slots=True)
class Screen:
    """One auditorium and the seats that can be sold in it."""

    id: str
    seats: int


@dataclass(frozen=True, slots=True)
class Cinema:
    """One site as its register entry describes it from ``first`` to ``last``, both included.

    Empty text means not said; ``first`` or ``last`` None leaves that end open. ``chain``,
    ``management`` and ``owner`` are the exhibitors in their three roles.
    """

    id: str
    names: tuple[Name, ...] = ()
    territory: str = ""
    zone: str = ""
    city: str = ""
    province: str = ""
    tier: str = ""
    chain: str = ""
    management: str = ""
    owner: str = ""
    first: date | None = None
    last: date | None = None
