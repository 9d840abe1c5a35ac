"""The pages of docs/spec are what the specs say today.

In: the specs and the pages. Out: the pages that are stale. Must not know what they say.
"""

import ast

from tools.docs import CHAPTERS, PAGES, SPECS, pages
from tools.spec_sums import cell


def test_the_pages_are_up_to_date() -> None:
    made = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert sorted(there) == sorted(made), "run `make docs`"
    stale = [name for name in made if made[name] != there[name]]
    assert stale == [], "run `make docs`"


def test_every_section_is_rendered() -> None:
    there = {(path.parent.name, path.stem) for path in SPECS.glob("*/test_*.py")}
    told = {(chapter, f"test_{name}") for chapter in CHAPTERS for name in CHAPTERS[chapter][1]}
    assert told == there


def test_sums_are_shown_in_the_currency() -> None:
    def shown(measure: str, value: int, currency: str, text: str) -> str:
        return cell(measure, value, currency, ast.parse(text, mode="eval").body)

    assert shown("gross", 435_50, "USD", "400_00 + 35_50") == "400.00 + 35.50 = **435.50**"
    assert shown("gross", 183_500, "KRW", "140_000 + 43_500") == "140,000 + 43,500 = **183,500**"
    assert shown("gross", 687_00, "USD", "20 * (11_45 + 22_90)") == (
        "20 × (11.45 + 22.90) = **687.00**"
    )
    assert shown("admissions", 3, "", "1 + 1 + 1") == "1 + 1 + 1 = **3**"
    assert shown("tax", 16, "CNY", "16") == "**0.16**"
