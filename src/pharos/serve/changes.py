"""What changes one version of a board into the next, so that viewers get a kilobyte, not a page.

In: two views of a board as their JSON says them. Out: a change, and a view again when it is
applied. Knows no HTTP and no measure.

A change has ``view`` (what differs around the tables) and ``sections``, one for each table: its
``currency``, what differs in its ``total``, ``order`` (the films, if their order or their set is
another) and ``films`` (by id what differs in each; a film that is new in full). What differs in a
row is its new values, under ``shown`` the new texts, under ``gone`` the names that it has no more.
The link to what stands behind a row differs in its version only and is not said.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

View = Mapping[str, Any]

#: What must be the same for one view to be changed into another.
_SHAPE = ("language", "state", "date", "place", "basis", "pinned")
_VERSION = re.compile(r"(?<=as_of=)\d+")


def change_of(before: View, after: View) -> dict[str, Any] | None:
    """What changes a view into another; None where a viewer has to read it whole."""
    if _shape(before) != _shape(after):
        return None
    pairs = zip(before["sections"], after["sections"], strict=True)
    return {
        "view": _differing({**before, "sections": 0}, {**after, "sections": 0}),
        "sections": [_section(was, now) for was, now in pairs],
    }


def changed(view: View, change: Mapping[str, Any]) -> dict[str, Any]:
    """A view after a change."""
    made = _merged(view, change["view"])
    pairs = zip(view["sections"], change["sections"], strict=True)
    made["sections"] = [_changed_section(was, told, made["edition"]) for was, told in pairs]
    return made


def _shape(view: View) -> tuple[Any, ...]:
    return (*map(view.get, _SHAPE), [section["currency"] for section in view["sections"]])


def _section(before: View, after: View) -> dict[str, Any]:
    was = {row["work_id"]: row for row in before["films"]}
    made: dict[str, Any] = {"currency": after["currency"]}
    if total := _row(before["total"], after["total"]):
        made["total"] = total
    order = [row["work_id"] for row in after["films"]]
    if order != list(was):
        made["order"] = order
    films = {
        row["work_id"]: _row(was[row["work_id"]], row) if row["work_id"] in was else row
        for row in after["films"]
    }
    made["films"] = {work: told for work, told in films.items() if told}
    return made


def _row(before: View, after: View) -> dict[str, Any]:
    plain = ("shown", "trace")
    told = _differing(_without(before, plain), _without(after, plain))
    if shown := _differing(before["shown"], after["shown"]):
        told["shown"] = shown
    return told


def _without(row: View, names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _differing(before: View, after: View) -> dict[str, Any]:
    """New values, and under ``gone`` the names that are no more."""
    told = {
        name: value for name, value in after.items() if name not in before or before[name] != value
    }
    if gone := sorted(before.keys() - after.keys()):
        told["gone"] = gone
    return told


def _merged(before: View, told: View) -> dict[str, Any]:
    made = {**before, **told}
    for name in made.pop("gone", ()):
        made.pop(name, None)
    return made


def _changed_section(before: View, told: View, edition: int) -> dict[str, Any]:
    was = {row["work_id"]: row for row in before["films"]}
    films = told["films"]
    return {
        **before,
        "total": _changed_row(before["total"], told.get("total", {}), edition),
        "films": [
            _changed_row(was.get(work, {}), films.get(work, {}), edition)
            for work in told.get("order", list(was))
        ],
    }


def _changed_row(before: View, told: View, edition: int) -> dict[str, Any]:
    shown = _merged(before.get("shown", {}), told.get("shown", {}))
    made = {**_merged(before, told), "shown": shown}
    return made | {"trace": _VERSION.sub(str(edition), made["trace"])}
