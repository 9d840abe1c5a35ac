"""What columns and total rows are called in many languages.

In: the text of a cell. Out: what it may be the heading of. Knows no table.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

#: Parts of headings of columns that are no figures of the day: shares, changes, running sums.
_OTHERWISE = re.compile(
    r"cum|to date|share|%|change|average|avg|rank|last week|previous|누적|점유|증감|순위|累计|累計"
    r"|占比|同比|环比|均|率|schnitt|vorwoche|acumul|moyen|médi|medi[ao]\b|накоп|средн|średni|anteil"
    r"|累積|シェア|前週|前日"
)
_NO_FIELD = {"home", "encoding", "total"}
_BRACKETS = re.compile(r"[(\[{（【〔].*?[)\]}）】〕]")
_SIGNS = re.compile(r"[^\w%]+|_")


@dataclass(frozen=True, slots=True)
class Home:
    """Where tables of a language most likely come from."""

    territory: str
    zone: str
    currency: str
    encoding: str


def _read() -> dict[str, dict[str, list[str]]]:
    text = (resources.files(__package__) / "headings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """A heading in small letters, without brackets and signs."""
    said = unicodedata.normalize("NFKC", text).casefold()
    bare = _BRACKETS.sub(" ", said)
    return " ".join(_SIGNS.sub(" ", bare if bare.strip() else said).split())


_LANGUAGES = _read()
HOMES = {
    language: Home(words["home"][0], words["home"][1], words["home"][2], str(words["encoding"]))
    for language, words in _LANGUAGES.items()
}
_FIELDS: dict[str, dict[str, set[str]]] = {}
_TOTALS: dict[str, set[str]] = {}
for _language, _words in _LANGUAGES.items():
    for _word in _words["total"]:
        _TOTALS.setdefault(plain(_word), set()).add(_language)
    for _field in _words.keys() - _NO_FIELD:
        for _word in _words[_field]:
            _FIELDS.setdefault(plain(_word), {}).setdefault(_field, set()).add(_language)
_BY_LENGTH = sorted(_FIELDS, key=len, reverse=True)


@lru_cache(maxsize=16_384)
def fields_of(heading: str) -> tuple[tuple[str, frozenset[str], int], ...]:
    """The fields that a heading may stand for, their languages, and how well it fits."""
    said = plain(heading)
    if not said or _OTHERWISE.search(heading.casefold()):
        return ()
    if said in _FIELDS:
        return tuple((field, frozenset(langs), 2) for field, langs in _FIELDS[said].items())
    for word in _BY_LENGTH:
        if said.startswith(f"{word} ") or said.endswith(f" {word}") or _inside(word, said):
            return tuple((field, frozenset(langs), 1) for field, langs in _FIELDS[word].items())
    return ()


def _inside(word: str, said: str) -> bool:
    # Chinese, Japanese and Korean words stand without spaces.
    return (
        len(word) > 1 and ord(word[0]) > 0x2E80 and (said.startswith(word) or said.endswith(word))
    )


@lru_cache(maxsize=65_536)
def total_word(cell: str) -> str:
    """``equals`` or ``starts_with`` if a cell bears a word of totals, else nothing."""
    said = plain(cell)
    if not said:
        return ""
    if said in _TOTALS:
        return "equals"
    for word in _TOTALS:
        if said.startswith(f"{word} ") or (ord(word[0]) > 0x2E80 and said.startswith(word)):
            return "starts_with"
        if said.endswith(f" {word}") or (ord(word[0]) > 0x2E80 and said.endswith(word)):
            return "equals"
    return ""
