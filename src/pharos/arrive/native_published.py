"""A published figure of the native format becomes a statement.

In: typed rows, and which territory is meant. Out: the statement and its one figure. Knows no
table and no mapping.
"""

from pharos.arrive.native_facts import check_territory
from pharos.arrive.native_rows import PublishedSaid
from pharos.arrive.reading import Places
from pharos.arrive.stating import StatedFigure, Statement, number_of, unit_of
from pharos.errors import UnreadableRow
from pharos.words.published import Scope
from pharos.words.works import tidy_name


def stated(said: PublishedSaid, places: Places) -> tuple[Statement, StatedFigure]:
    """What a row states. Raises UnreadableRow."""
    if said.territory:
        check_territory("territory", said.territory)
    place = places.place("", said.territory or "")
    first, last = said.on or said.first, said.on or said.last
    if first is None or last is None or (said.on and (said.first or said.last)):
        raise UnreadableRow("bad_field", "say either date, or both from and to")
    scope, subject = _subject(said)
    factor, own = unit_of(said.unit or "")
    statement = Statement(
        publisher=tidy_name(said.publisher),
        territory=place.territory,
        scope=scope,
        subject=subject,
        first=first,
        last=last,
        status=said.status,
        coverage=said.coverage,
        stated_as=said.stated_at or "",
        zone=place.zone or "",
        source=said.source or "",
    )
    figure = StatedFigure(
        measure=said.measure,
        number=number_of("value", said.value),
        factor=factor,
        relation=said.relation,
        basis=said.basis,
        currency=own or said.currency or place.currency,
    )
    return statement, figure


def _subject(said: PublishedSaid) -> tuple[Scope, str]:
    """What a figure speaks of: the scope that is named, with its id. Raises UnreadableRow."""
    named: dict[Scope, str] = {
        one: tidy_name(getattr(said, one.value) or "") for one in Scope if one is not Scope.NATION
    }
    given = [one for one, subject in named.items() if subject]
    scope = said.scope or next(iter(given), Scope.NATION)
    if given != ([] if scope is Scope.NATION else [scope]):
        raise UnreadableRow(
            "bad_field",
            f"a figure of a {scope.value} names "
            f"{'nothing else' if scope is Scope.NATION else f'one {scope.value} and nothing else'}",
        )
    return scope, named.get(scope, "")
