"""The places of a home, and which lies in which, as its registers say last.

In: an edition. Out: names of places. Never writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pharos.measure.edition import Edition, once_for_facts
from pharos.measure.standings import BOARD_PLACES

#: A dimension of place and its value; of cinemas the id.
Place = tuple[str, str]
#: Where a register calls a dimension by another word.
_ATTRIBUTES = {"city_tier": "tier"}
#: What a place may lie in, the widest first; chains lie across places.
_HELD_BY = {
    "city": ("province",), "chain": ("province", "city"), "cinema": ("province", "city", "chain"),
}  # fmt: skip
#: What a place is split into; the whole home into its provinces.
_PARTS = {"": "province", "province": "city", "city_tier": "city", "city": "cinema",
          "chain": "cinema"}  # fmt: skip
#: More parts than these nobody reads through.
MOST_PARTS = 60


@dataclass(frozen=True, slots=True)
class Around:
    """Where a place lies: what it lies in, the widest first, and its parts (none if too many)."""

    holders: tuple[Place, ...]
    parts: tuple[Place, ...]


@once_for_facts
def known_places(edition: Edition) -> dict[str, tuple[str, ...]]:
    """The values of each dimension of place that registers know, cinemas apart, in order."""
    return {
        name: _values(edition, _ATTRIBUTES.get(name, name))
        for name in BOARD_PLACES
        if name != "cinema"
    }


def _values(edition: Edition, attribute: str) -> tuple[str, ...]:
    stays = (stay.attributes for several in edition.stays.values() for stay in several)
    return tuple(sorted({said for one in stays if (said := one.get(attribute))}))


def around(edition: Edition, place: Place | None) -> Around:
    """What holds a place and what it holds, by name; of no place, the parts of the whole home.

    A place lies in another if all of its cinemas do.
    """
    dimension, value = place or ("", "")
    inside = [one for one in _cinemas(edition) if not place or one.get(dimension) == value]
    held = ((kind, {one.get(kind) for one in inside}) for kind in _HELD_BY.get(dimension, ()))
    holders = ((kind, one) for kind, said in held if len(said) == 1 for one in said if one)
    part = _PARTS.get(dimension, "")
    parts = {said for one in inside if (said := one.get(part))}
    shown = sorted(parts) if len(parts) <= MOST_PARTS else ()
    return Around(tuple(holders), tuple((part, said) for said in shown))


@once_for_facts
def _cinemas(edition: Edition) -> Sequence[Mapping[str, Any]]:
    """Each cinema's places as they are now, by dimension."""
    said = {cinema: stays[-1].attributes for cinema, stays in edition.stays.items() if stays}
    return [
        {name: one.get(_ATTRIBUTES.get(name, name)) for name in BOARD_PLACES} | {"cinema": cinema}
        for cinema, one in said.items()
    ]
