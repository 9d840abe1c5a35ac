"""Pages of a list: so many rows, and a cursor from which the next page goes on.

In: rows in the order of their keys. Out: one page. A cursor names the last key shown and no
number of rows, so that what is added meanwhile neither repeats nor hides a row.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pharos.errors import BadQuestion
from pharos.measure.edition import Edition

#: The most rows of one page.
MOST = 1000

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted: at most ``limit`` rows behind the cursor ``after``."""

    limit: int = 100
    after: str = ""

    def key(self, start: Key) -> Key:
        """The key behind which the page begins; ``start`` lies before all keys and has their form.

        Raises BadQuestion.
        """
        if not self.after:
            return start
        try:
            found = json.loads(base64.urlsafe_b64decode(self.after.encode()))
        except (binascii.Error, ValueError):
            found = None
        if not isinstance(found, list) or not _fits(found, start):
            raise self.refused()
        return tuple(found)

    def refused(self) -> BadQuestion:
        """What is said of a cursor that no page has given."""
        return BadQuestion(f"after={self.after[:40]!r} is no cursor; take `next` of a page")


def _fits(found: list[Any], start: Key) -> bool:
    """Whether these are a key of the same form, which the ledger can compare."""
    if [type(one) for one in found] != [type(one) for one in start]:
        return False
    return all(abs(one) < 1 << 63 for one in found if isinstance(one, int)) and all(
        one.encode("utf-8", "ignore").decode() == one for one in found if isinstance(one, str)
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """One page; ``following`` is the cursor of the next one, empty where there is none."""

    rows: tuple[Mapping[str, Any], ...]
    following: str
    edition: Edition

    def to_json(self) -> dict[str, Any]:
        """Everything as one value for JSON."""
        return {
            "rows": [dict(row) for row in self.rows],
            "next": self.following or None,
            "edition": self.edition.position,
            "as_of": self.edition.at.isoformat(),
        }


def listed(edition: Edition, page: Page, rows: Iterable[tuple[Key, Mapping[str, Any]]]) -> Listed:
    """A page of rows with their keys, in order; one row beyond the page shows that more follow."""
    found = list(rows)
    shown = found[: page.limit]
    following = cursor(shown[-1][0]) if len(found) > page.limit else ""
    return Listed(tuple(row for _, row in shown), following, edition)


def cursor(key: Key) -> str:
    """A key as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode()
