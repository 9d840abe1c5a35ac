"""What templates draw without a script: the points of a small line, and which way a change goes.

In: exact values of an answer. Out: whole numbers of a grid, words. Knows no page and no colour.
"""

from collections.abc import Sequence
from decimal import Decimal

#: The grid of a small line; a page may show it at any size.
WIDTH, HEIGHT = 120, 28
#: Room for the width of the line above and below.
_EDGE = 2
_CHANGE = "change_"

Value = str | int | Decimal | None


def small_line(values: Sequence[Value]) -> list[list[tuple[int, int]]]:
    """The points of a line through values, from zero up; a value that is not known leaves a gap."""
    known = [Decimal(value) for value in values if value is not None]
    low, high = min(known, default=Decimal(0)), max(known, default=Decimal(0))
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    span = high - low or Decimal(1)
    step = Decimal(WIDTH - 2 * _EDGE) / max(1, len(values) - 1)
    lines: list[list[tuple[int, int]]] = [[]]
    for nth, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        down = (high - Decimal(value)) * (HEIGHT - 2 * _EDGE) / span
        lines[-1].append((_EDGE + round(nth * step), _EDGE + round(down)))
    return [line for line in lines if line]


def line_path(values: Sequence[Value]) -> str:
    """A small line as the path of a drawing (SVG 2, 9.3): it breaks where a value is not known.

    Fewer than two values, or none above zero, are not drawn.
    """
    known = [Decimal(value) for value in values if value is not None]
    if len(known) < 2 or max(known) <= 0:
        return ""
    return "".join(
        f"{'L' if nth else 'M'}{x} {y}"
        for points in small_line(values)
        for nth, (x, y) in enumerate(points)
    )


def rises(measure: str, value: Value) -> str:
    """``up`` or ``down`` for a measure that is a change; empty if it is none, or there is none."""
    if value is None or not measure.startswith(_CHANGE):
        return ""
    exact = Decimal(value)
    return "up" if exact > 0 else "down" if exact < 0 else ""
