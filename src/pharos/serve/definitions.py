"""What the page of definitions says: every measure, and how final a number can be.

In: the catalogue. Out: a value for the page. Knows no figures.
"""

from typing import Any

from pharos.measure.catalogue import MEASURES, Measure
from pharos.measure.edition import Edition
from pharos.serve.language import Language


def view(edition: Edition, language: Language) -> dict[str, Any]:
    """Everything that the page says."""
    words = language.words
    made: dict[str, Any] = {
        "rehearsed": edition.home.rehearsed,
        "title": language.say("definitions.title"),
        "measures": [_described(measure, language) for measure in MEASURES],
        "statuses": [
            {"id": name, "name": words["statuses"][name], "meaning": sentence}
            for name, sentence in words["status_sentences"].items()
        ],
    }
    return made


def measure_name(measure: Measure, language: Language) -> str:
    """What a measure is called."""
    return measure.chinese if language.code == "zh" else _in_english(measure)


def _in_english(measure: Measure) -> str:
    words = measure.name.replace("_", " ")
    return words[:1].upper() + words[1:]


def meaning_of(measure: Measure, language: Language) -> tuple[str, str]:
    """The sentence and the formula of a measure; English is the catalogue's own."""
    if language.code == "en":
        return measure.sentence, measure.formula
    return language.words["meanings"][measure.name], language.words["formulas"][measure.name]


def _described(measure: Measure, language: Language) -> dict[str, Any]:
    meaning, formula = meaning_of(measure, language)
    other = _in_english(measure) if language.code == "zh" else measure.chinese
    return {
        "id": measure.name,
        "name": measure_name(measure, language),
        "other": other,
        "other_tag": "en" if language.code == "zh" else "zh-Hans",
        "meaning": meaning,
        "formula": formula,
        "unit": language.words["units"][measure.unit],
        "version": language.say("definitions.version", version=measure.version),
    }
