"""Who is who: the register rows that a rehearsal begins with.

In: the country and the programme. Out: rows of the native format. Knows no message.
"""

from collections.abc import Iterator
from typing import Any

from pharos.rehearse.country import Country
from pharos.rehearse.programme import Programme

Row = dict[str, Any]
#: Whose register and brought-forward figures these are.
REGISTRY = "registry"


def cinemas(country: Country) -> Iterator[Row]:
    """Every cinema with its place, chain, screens and reporter."""
    for cinema in range(len(country)):
        yield {"kind": "register", "cinema": _cinema(country, cinema)}


def works(country: Country, programme: Programme) -> Iterator[Row]:
    """Works, versions, releases, and what works had made before."""
    territory = country.said.territory
    for work in programme.works:
        names = _named(work.names.en, work.names.zh)
        year = {"year": work.year} if work.year else {}
        yield {"kind": "register", "work": {"id": work.id, "names": names} | year}
        if work.release:
            yield {
                "kind": "register",
                "release": {"work": work.id, "territory": territory, "date": work.release},
            }
    for version in programme.versions:
        said = {"id": version.id, "work": programme.works[version.work].id}
        yield {"kind": "register", "version": said | {"format": version.format}}


def brought_forward(country: Country, programme: Programme, part: float) -> Iterator[Row]:
    """What works had made before the rehearsal, for the part of a country that is rehearsed."""
    said = country.said
    for work in programme.works:
        if work.brought_forward:
            yield {
                "kind": "opening_balance",
                "work": work.id,
                "territory": said.territory,
                "through": work.brought_forward.through,
                "gross": str(round(work.brought_forward.gross * part)),
                "currency": said.currency,
                "publisher": REGISTRY,
            }


def _named(english: str, chinese: str) -> list[Row]:
    return [{"language": "en", "name": english}, {"language": "zh", "name": chinese}]


def _cinema(country: Country, cinema: int) -> Row:
    said, city = country.said, country.cities[country.city[cinema]]
    chain, word = said.chain[country.chain[cinema]], said.word[country.word[cinema]]
    nth = cinema + 1
    english = said.name.en.format(chain=chain.en, word=word.en, city=city.name, nth=nth)
    chinese = said.name.zh.format(chain=chain.zh, word=word.zh, city=city.chinese, nth=nth)
    screens = slice(country.first_screen[cinema], country.first_screen[cinema + 1])
    return {
        "id": country.cinema_id(cinema),
        "names": _named(english[:1].upper() + english[1:], chinese),
        "territory": said.territory,
        "zone": said.zone,
        "currency": said.currency,
        "city": city.name,
        "province": city.province,
        "tier": city.tier,
        "chain": chain.en,
        "screens": [
            {"id": str(screen + 1), "seats": seats}
            for screen, seats in enumerate(country.screen_seats[screens].tolist())
        ],
        "expected": True,
        "reporter": country.reporter(cinema),
    }
