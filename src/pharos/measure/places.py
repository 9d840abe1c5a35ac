"""The places of a home, and which lies in which, as its registers say last.

In: an edition. Out: names of places. Never writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pharos.measure.edition import Edition
from pharos.measure.standings import BOARD_PLACES

#: A dimension of place and its value; of cinemas the id.
Place = tuple[str, str]
#: Where a register calls a dimension by another word.
_ATTRIBUTES = {"city_tier": "tier"}
#: Dimensions that hold one another, the widest first; chains lie across places, and hold cinemas.
_HOLDERS = ("province", "city", "chain")
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


def known_places(edition: Edition) -> dict[str, tuple[str, ...]]:
    """The values of each dimension of place that registers know, cinemas apart, in order."""
    memo: dict[str, dict[str, tuple[str, ...]]] = edition.memo
    if "places_known" not in memo:
        memo["places_known"] = {
            name: _values(edition, _ATTRIBUTES.get(name, name))
            for name in BOARD_PLACES
            if name != "cinema"
        }
    return memo["places_known"]


def _values(edition: Edition, attribute: str) -> tuple[str, ...]:
    stays = (stay.attributes for several in edition.stays.values() for stay in several)
    return tuple(sorted({said for one in stays if (said := one.get(attribute))}))


def around(edition: Edition, place: Place | None) -> Around:
    """What holds a place and what it holds; of no place, the parts of the whole home.

    A place lies in another if all of its cinemas do.
    """
    dimension, value = place or ("", "")
    inside = [one for one in _cinemas(edition) if not place or one.get(dimension) == value]
    kinds = _HOLDERS[: _HOLDERS.index(dimension)] if dimension in _HOLDERS else _HOLDERS
    holders = []
    for kind in kinds if dimension in (*_HOLDERS, "cinema") else ():
        values = {one.get(kind) for one in inside}
        if len(values) == 1 and (one := values.pop()):
            holders.append((kind, one))
    part = _PARTS.get(dimension)
    parts = sorted({said for one in inside if (said := one.get(part))}) if part else []
    if part is None or len(parts) > MOST_PARTS:
        parts = []
    return Around(tuple(holders), tuple((str(part), said) for said in parts))


def _cinemas(edition: Edition) -> Iterator[Mapping[str, Any]]:
    """Each cinema's places as they are now, by dimension."""
    for cinema, stays in edition.stays.items():
        said = stays[-1].attributes if stays else {}
        yield {"cinema": cinema} | {
            name: said.get(_ATTRIBUTES.get(name, name)) for name in BOARD_PLACES if name != "cinema"
        }
