"""Rules by which a mapping knows the total rows of a table.

In: the cells that bear words of totals. Out: rules as values. Knows no figures.
"""

from typing import Any

from pharos.arrive.drafting.words import total_word

#: So many different cells of one column are listed; more are told by how they begin.
_LISTED = 4


def total_rules(cells: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """A rule for each cell of a column, or for how its cells begin where they are many."""
    by_column: dict[str, list[str]] = {}
    for column, cell in dict.fromkeys(cells):
        by_column.setdefault(column, []).append(cell)
    found: list[dict[str, Any]] = []
    for column, said in by_column.items():
        if len(said) <= _LISTED:
            found += [{"column": column, "equals": [cell]} for cell in said]
        else:
            words = dict.fromkeys(_beginning(cell) for cell in said)
            found += [{"column": column, "starts_with": [word]} for word in words]
    return found


def _beginning(cell: str) -> str:
    """The words of a total cell up to the first that differs: "Summe Montag" begins "Summe "."""
    first, space, _ = cell.partition(" ")
    return f"{first}{space}" if total_word(first) else cell
