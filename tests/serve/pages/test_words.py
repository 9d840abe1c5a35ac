"""Every word of the pages is there in every language, is used, and is translated."""

import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pharos.keep import postings
from pharos.measure import compute, trace
from pharos.measure.catalogue import MEASURES
from pharos.measure.chart_periods import CHARTS
from pharos.measure.coverage import PLACES
from pharos.measure.question import BASES
from pharos.serve import language as languages
from pharos.serve.language import LANGUAGES, language, preferred
from pharos.words.figures import Book
from pharos.words.published import Basis, Status
from pharos.words.report import Verdict
from pharos.words.territory import packaged_codes, packaged_territory, parse_territory
from tests.serve.asking_home import Asking
from tests.serve.pages.page import Page
from tests.serve.pages.views import ADDRESSES
from tests.serve.pages.week import CINEMAS, EVIL_CINEMA, WORKS, today

ROOT = Path(__file__).parents[3]
SERVE = ROOT / "src" / "pharos" / "serve"
#: Sections that only a translation needs: English has these from the program.
TRANSLATIONS = ("reasons", "meanings", "formulas", "sentences")
#: Latin letters that a Chinese page may show: what is the same in every language.
SAME = {"Pharos", "OpenAPI", "English", "CNY", "UTC", "Lüyuan", "pharos", "NAME", "FILE",
        "JSON", "CSV", "XLSX", "PARQUET", "curl", "Python"}  # fmt: skip


def flat(words: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Keys with their sections, and what they say."""
    for name, said in words.items():
        if isinstance(said, Mapping):
            yield from flat(said, f"{above}{name}.")
        else:
            yield f"{above}{name}", said


def own(code: str) -> dict[str, str]:
    """The words of a language, translations apart."""
    found = dict(flat(language(code).words))
    return {key: said for key, said in found.items() if key.split(".")[0] not in TRANSLATIONS}


def parts(said: str) -> set[str]:
    """The names of what is filled into a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(said) if name}


def test_every_language_has_the_same_words_with_the_same_parts() -> None:
    first = own(LANGUAGES[0])
    for code in LANGUAGES[1:]:
        other = own(code)
        assert first.keys() == other.keys()
        for key, said in first.items():
            assert parts(said) == parts(other[key]), key
            assert other[key].strip(), key


def test_what_the_program_names_has_a_word() -> None:
    wanted = {
        "meanings": {m.name for m in MEASURES},
        "formulas": {m.name for m in MEASURES},
        "bases": set(BASES),
        "units": {m.unit for m in MEASURES},
        "events": set(trace._EVENTS.values()),
        "books": {book.name.lower() for book in Book},
        "verdicts": set(Verdict),
        "quantities": {s.quantity for m in MEASURES for s in trace._sums(m)},
        "published_bases": set(Basis),
        "published_statuses": set(Status),
        "chart_kinds": set(CHARTS),
        "statuses": {"live", "provisional", "final", "corrected"},
        "status_sentences": {"live", "provisional", "final", "corrected"},
    }
    assert postings.WITHDRAWN in trace._EVENTS
    for section, names in wanted.items():
        for code in LANGUAGES[1:] if section in TRANSLATIONS else LANGUAGES:
            assert set(language(code).words[section]) == names, (code, section)
    for code in LANGUAGES:
        assert set(language(code).words["places"]) == PLACES.keys() - {"territory"}


def test_every_window_that_comes_with_pharos_has_a_name() -> None:
    rules = [parse_territory(packaged_territory(code)) for code in packaged_codes()]
    names = {name for one in rules for w in one.windows for name in (w.name, *w.merged)}
    assert len(names) > 10
    for code in LANGUAGES:
        assert set(language(code).words["windows"]) == names


def test_heads_are_the_words_of_the_catalogue() -> None:
    names = {measure.name: measure.chinese for measure in MEASURES}
    for name, head in language("zh").words["heads"].items():
        assert head == names[name]


def test_reasons_are_translated() -> None:
    spoken = language("zh")
    written = "".join(path.read_text("utf-8") for path in ROOT.glob("src/pharos/measure/*.py"))
    reasons = re.findall(r'NoNumber\(f?"([^"]+)"', written)
    assert len(reasons) > 10
    for reason in (*compute._LACKING.values(), *reasons):
        assert spoken.reason(reason) != reason, reason
    assert spoken.reason("nothing to divide by: screenings = 0") == "分母为零"
    assert spoken.reason("preview: not released yet") == "点映：尚未上映"
    assert spoken.reason("something new") == "something new"
    assert language("en").reason("preview: not released yet") == "preview: not released yet"


def test_every_word_is_used() -> None:
    sources = [*SERVE.rglob("*.py"), *SERVE.glob("templates/*.html")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    listed = {"heads", "statuses", "status_sentences", "bases", "units", "places", "quantities",
              "events", "books", "verdicts", "errors", "dayparts", "dimensions", "beside",
              "note_kinds", "windows", "rules", "severities", "report_heads", "counts",
              "interface_groups", "published_bases", "published_statuses",
              "chart_kinds"}  # fmt: skip
    for key in own("en"):
        section, _, name = key.partition(".")
        of_a_total = key in {"board.national", "board.total_of"} and f'"{name}"' in text
        whole = section in listed or key in {"tag", "name"} or of_a_total or name == "nav"
        assert whole or f"{section}.{name}" in text, key


def test_every_word_that_is_used_is_there() -> None:
    known = own("en")
    for path in SERVE.glob("templates/*.html"):
        for section, name in re.findall(r"\bwords\.(\w+)\.(\w+)", path.read_text("utf-8")):
            assert f"{section}.{name}" in known, (path.name, section, name)


@pytest.mark.slow
def test_a_chinese_page_has_no_english_word(home: Asking) -> None:
    names = [name for one in (*CINEMAS, *WORKS) for name in map(str, one) if not name.isdigit()]
    for path in ("board", "board?chain=Maple", f"trace?measure=gross&period={today()}",
                 "board?date=2001-01-01", "nowhere", *ADDRESSES):  # fmt: skip
        page = Page(home.get(f"/zh/{path}").body.decode())
        text = page.own_text
        titles = [said[name] for _, said in page.elements
                  for name in ("title", "aria-label", "placeholder") if name in said]  # fmt: skip
        for shown in [text, *titles]:
            left = shown
            for name in sorted(
                [*names, EVIL_CINEMA, "unheard", "week /", "week", "office", "evil", "start"],
                key=len,
                reverse=True,
            ):
                left = left.replace(name, " ")
            left = re.sub(r"[0-9a-f]{64}|t?\d{4}-\d+(-\d+)?|\bt\d+", " ", left)
            found = set(re.findall(r"[A-Za-zÀ-ÿ]{2,}", left))
            if path == "nowhere":
                # What the program says is in English, and said to be.
                found -= set(re.findall(r"\w+", "there is nothing at this path openapi json "
                                        "lists what not found"))  # fmt: skip
            assert found <= SAME, (path, found - SAME)


def test_definitions_are_in_the_language_of_the_page(home: Asking) -> None:
    chinese = home.get("/zh/definitions").body.decode()
    english = home.get("/en/definitions").body.decode()
    for measure in MEASURES:
        assert measure.sentence not in chinese
        assert measure.chinese in chinese
        assert measure.chinese in english
        assert language("zh").words["meanings"][measure.name] in chinese


@pytest.mark.parametrize("code", LANGUAGES)
def test_money_names_its_currency(code: str) -> None:
    spoken = languages.language(code)
    assert spoken.money("12.30", "USD") == {"en": "USD 12.30", "zh": "12.30美元"}[code]
    assert spoken.money("1.20万", "CNY") == {"en": "CNY 1.20万", "zh": "1.20万元"}[code]
    assert preferred(code) == code
