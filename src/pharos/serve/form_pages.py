"""The forms by which somebody sends a file or corrects a figure, as they are shown.

In: an edition, what an address or an earlier try says. Out: what their templates show. Writes
nothing: what is sent from them goes to the intake (`forms.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pharos.arrive.administration import HOME_SENDER
from pharos.arrive.mapping import packaged_mappings
from pharos.errors import PharosError
from pharos.measure.arrived import senders
from pharos.measure.edition import Edition
from pharos.measure.mapped import mappings
from pharos.measure.standing import Thing, standing
from pharos.serve.addressed import LOCAL_SENDER, digest_of
from pharos.serve.asking import day, said_once
from pharos.serve.language import NO_LANGUAGE, NOTHING, Language

#: What each form may be asked with.
UPLOAD_WORDS = ("sender", "stream", "mapping")
CORRECT_WORDS = ("cinema", "screening", "date", "work", "book", "gross", "admissions", "by",
                 "why", "sender")  # fmt: skip
#: Senders that are offered; others are typed.
_OFFERED = 500

Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody said in a form, and why it could not be done; None: nothing was tried yet."""

    said: Said
    problem: PharosError | None = None


def asked(pairs: Sequence[tuple[str, str]], known: Sequence[str]) -> Tried:
    """What an address says of a form. Raises BadQuestion."""
    return Tried(said_once(pairs, known))


def upload_view(edition: Edition, spoken: Language, tried: Tried) -> dict[str, Any]:
    """The form for a file."""
    known = {digest: f"{name} ({digest[:8]})" for digest, name in mappings(edition).items()}
    packaged = {digest_of(text.encode()): name for name, text in packaged_mappings().items()}
    own = [one for one in senders(edition) if one != HOME_SENDER]
    said = {name: tried.said.get(name, "") for name in UPLOAD_WORDS}
    return _around(edition, spoken, tried) | {
        "said": said,
        "senders": own[:_OFFERED],
        "mappings": list((packaged | known).items()),
    }


def correct_view(edition: Edition, spoken: Language, tried: Tried) -> dict[str, Any]:
    """The form for a correction: which figure, what stands of it, what shall stand."""
    said = {name: tried.said.get(name, "") for name in CORRECT_WORDS}
    said["sender"] = said["sender"] or LOCAL_SENDER
    rows: list[dict[str, Any]] = []
    if said["cinema"] and (said["screening"] or (said["date"] and said["work"])):
        try:
            rows = standing(edition, thing_of(said))["rows"]
        except PharosError as problem:
            tried = Tried(tried.said, tried.problem or problem)
    books = [row for row in rows if said["book"] in ("", row["book"])]
    chosen = books[0] if len(books) == 1 else None
    if chosen is not None:
        said["book"] = chosen["book"]
        said["gross"] = said["gross"] or chosen["gross"] or ""
        said["admissions"] = said["admissions"] or str(chosen["admissions"])
    return _around(edition, spoken, tried) | {
        "said": said,
        "asked": bool(said["cinema"]),
        "chosen": chosen and _figures(spoken, chosen, said),
        "others": [_figures(spoken, row, said) for row in books] if chosen is None else [],
    }


def thing_of(said: Said) -> Thing:
    """Which figure is meant. Raises BadQuestion."""
    meant = day("date", said.get("date", ""))
    return Thing(said.get("cinema", ""), said.get("screening", ""), meant, said.get("work", ""))


def _figures(spoken: Language, row: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """What stands in a book, and where it is chosen."""
    of = {name: said[name] for name in ("cinema", "screening", "date", "work") if said[name]}
    query = urlencode(of | {"book": row["book"]})
    gross = row["gross"]
    return {
        "book": spoken.words["books"][row["book"]],
        "sender": row["sender"],
        "business_date": row["business_date"],
        "works": ", ".join(row["works"]),
        "currency": row["currency"] or "",
        "gross": NOTHING if gross is None else spoken.exact(gross),
        "admissions": spoken.exact(row["admissions"]),
        "address": f"/{spoken.code}/correct?{query}",
    }


def _around(edition: Edition, spoken: Language, tried: Tried) -> dict[str, Any]:
    """What both forms show around their fields."""
    problem = tried.problem
    told, lang = spoken.sentence(str(problem)) if problem else ("", "")
    return {
        "language": spoken.code,
        "rehearsed": edition.home.rehearsed,
        "problem": problem and {"sentence": told, "lang": lang, "code": problem.code},
        "no_language": NO_LANGUAGE,
    }
