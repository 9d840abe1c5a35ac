"""The way from the whole home to a board's place, and from there on, as links.

In: an edition, the place that is asked, who reads. Out: texts and addresses. No arithmetic.
"""

from typing import Any

from pharos.measure.edition import Edition
from pharos.measure.places import Place, around
from pharos.measure.standings import BOARD_PLACES
from pharos.serve.board import Asked
from pharos.serve.language import Language
from pharos.serve.names import in_language
from pharos.serve.policy import Sight

Links = list[dict[str, Any]]


def path(edition: Edition, wanted: Asked, language: Language, sight: Sight) -> dict[str, Links]:
    """What holds the place (``path``, the whole home first) and its ``parts``.

    Nothing for somebody anonymous: which places have a day that is told is not known beforehand,
    and of a place that is not told he does not even read the name.
    """
    if sight.is_anonymous:
        return {"path": [], "parts": []}
    elsewhere: dict[str, str | None] = dict.fromkeys(BOARD_PLACES)

    def link(place: Place) -> dict[str, Any]:
        kind, value = place
        text = in_language(edition, kind, value, language.code)[0] if kind == "cinema" else value
        return {"text": text, "address": wanted.address(language, **elsewhere | {kind: value})}

    found = around(edition, wanted.place)
    holders = [link(place) for place in found.holders]
    parts = [link(place) for place in found.parts]
    home = {"text": language.words["board"]["everywhere"]}
    home["address"] = wanted.address(language, **elsewhere)
    return {
        "path": [home, *holders] if wanted.place else [],
        "parts": sorted(parts, key=lambda one: str(one["text"])),
    }
