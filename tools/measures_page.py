"""The dictionary of measures and dimensions, as a page made from the catalogue.

In: MEASURES and DIMENSIONS. Out: the text of docs/measures.md. Must not know any measure by name.
"""

from pathlib import Path

from pharos.measure.catalogue import MEASURES, Measure
from pharos.measure.dimensions import DIMENSIONS, Dimension
from pharos.measure.question import refusal

PAGE = Path(__file__).parents[1] / "docs" / "measures.md"

_INTRODUCTION = """\
<!-- Made by `make docs` from the catalogue; edit src/pharos/measure, not this page. -->

# Measures and dimensions

The dictionary of `pharos ask`: what each number means, by which formula, and what it cannot be
asked by. A ratio is always a ratio of sums. Where a part of a formula was not stated, there is no
number and the reason is given. How to ask: [Asking](asking.md). What comes out, sum by sum: the
[examples](spec/README.md).

"""
_UNITS = {
    "money": "money",
    "admissions": "admissions",
    "count": "a count",
    "ratio": "a ratio",
    "days": "days",
    "rank": "a place",
}
_FAMILIES = {
    "work": "what was shown",
    "place": "where",
    "time": "when",
    "ticket": "how tickets were sold",
    "book": "how finely it was reported",
}


def page() -> str:
    """The whole page."""
    measures = "\n".join(_measure(measure) for measure in MEASURES)
    return f"{_INTRODUCTION}{_index()}\n## Measures\n\n{measures}\n{_dimensions()}"


def _index() -> str:
    lines = ["| measure | 中文 | unit | formula |", "|---|---|---|---|"]
    lines += [
        f"| [`{m.name}`](#{m.name}) | {m.chinese} | {_UNITS[m.unit]} | {m.formula} |"
        for m in MEASURES
    ]
    return "\n".join(lines) + "\n"


def _measure(measure: Measure) -> str:
    lines = [
        f"### {measure.name}\n",
        f"{measure.chinese} · {_UNITS[measure.unit]} · definition {measure.version}\n",
        f"{measure.sentence}\n",
        f"= {measure.formula}\n",
    ]
    for reason, names in _refused(measure).items():
        listed = ", ".join(f"`{name}`" for name in names)
        lines.append(f"Not by {listed}: {reason}.\n")
    return "\n".join(lines)


def _refused(measure: Measure) -> dict[str, list[str]]:
    """Dimensions that a measure refuses, by the reason."""
    found: dict[str, list[str]] = {}
    for dimension in DIMENSIONS:
        if reason := refusal(measure, dimension):
            found.setdefault(reason, []).append(dimension.name)
    return found


def _dimensions() -> str:
    lines = ["## Dimensions\n", "| dimension | 中文 | says | shown as |", "|---|---|---|---|"]
    lines += [f"| `{d.name}` | {d.chinese} | {_says(d)} | {_shown(d)} |" for d in DIMENSIONS]
    return "\n".join(lines) + "\n"


def _says(dimension: Dimension) -> str:
    return "who said it" if dimension.shape == "sender" else _FAMILIES[dimension.family]


def _shown(dimension: Dimension) -> str:
    return _KEYS.get(dimension.name) or _SHAPES.get(dimension.shape, "text")


#: Dimensions whose texts Pharos gives itself.
_KEYS = {
    "daypart": "`prime` (as the territory has it) or `other`",
    "window": "`NAME/YEAR`",
}


#: How the ids of each shape are written in an answer, and in a condition.
_SHAPES = {
    "work": "`work:ID` and its name",
    "cinema": "`cinema:ID` and its name",
    "screen": "`screen:CINEMA/SCREEN`",
    "version": "`version:ID`",
    "sender": "`sender:ID`",
    "hour": "0 to 23, local",
    "date": "a date; of a span, its first",
    "week": "its first date, and `2022-W39`",
    "month": "its first date, and `2022-10`",
    "quarter": "its first date, and `2022-Q4`",
    "year": "`2022`",
    "weekday": "1 (Monday) to 7, and its name",
    "number": "a number",
    "book": "`tickets`, `screening_totals`, `day_totals`, `supply`",
    "run": "the number of the run",
}
