"""The pages that people read agree with the code and with each other.

In: pyproject.toml, the lock, errors and every page. Out: what is missing, by name.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pharos import errors
from pharos.measure.catalogue import MEASURES, Measure
from pharos.measure.dimensions import DIMENSIONS, Dimension
from pharos.serve.cinemas import COLUMNS
from tools import measures_page

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
EXIT_CODES = {2, 3, 4, 5, 6}

CODE_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
RECORD = re.compile(r"(\d{4})-[a-z0-9-]+\.md")


def page(name: str) -> str:
    """The text of a page by its path from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def package_names(requirements: list[str]) -> set[str]:
    """The names alone, without versions."""
    return {re.split(r"[^\w.-]", wanted)[0].lower() for wanted in requirements}


def dependencies() -> set[str]:
    """All that pyproject.toml asks for, to run, to build and to test."""
    project = PROJECT["project"]
    lists = [
        PROJECT["build-system"]["requires"],
        project["dependencies"],
        *project.get("optional-dependencies", {}).values(),
        *PROJECT["dependency-groups"].values(),
    ]
    return {name for wanted in lists for name in package_names(wanted)}


def all_errors(kind: type[errors.PharosError]) -> Iterator[type[errors.PharosError]]:
    """A class of failure and all below it."""
    yield kind
    for below in kind.__subclasses__():
        yield from all_errors(below)


def anchors(text: str) -> set[str]:
    """The headings of a page as a link names them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path: Path, text: str) -> list[str]:
    """Relative links of a page that lead nowhere, anchors included."""
    broken = []
    for link in LINK.findall(CODE_BLOCK.sub("", text)):
        if link.startswith(("https:", "http:", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if not target.exists() or (
            anchor and anchor not in anchors(target.read_text(encoding="utf-8"))
        ):
            broken.append(f"{path.name} links to {link}")
    return broken


def test_every_dependency_has_its_reason() -> None:
    explained = set(re.findall(r"^\| `([^`]+)` \|", page("docs/dependencies.md"), re.MULTILINE))
    assert explained == dependencies()


def test_the_lock_holds_every_dependency_with_a_hash() -> None:
    lock = page("requirements.lock")
    blocks = re.findall(r"^([\w.-]+)==\S+(.*?)(?=^\S|\Z)", lock, re.DOTALL | re.MULTILINE)
    assert dependencies() <= {name for name, _ in blocks}
    assert not [name for name, rest in blocks if "--hash=sha256:" not in rest]


def test_the_lock_names_no_address_and_no_place() -> None:
    lock = page("requirements.lock")
    assert not re.search(r"https?:|--(?:extra-)?index|--find-links|[ =\"](?:/|\.\./)", lock)


def test_the_changelog_opens_with_the_version_of_the_package() -> None:
    versions = re.findall(r"^## (\d\S*)", page("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == PROJECT["project"]["version"]


def test_every_failure_has_a_code_of_its_own() -> None:
    kinds = list(all_errors(errors.PharosError))
    codes = [kind.code for kind in kinds]
    assert sorted(codes) == sorted(set(codes))
    assert not [kind.__name__ for kind in kinds if "code" not in vars(kind)]
    assert not [code for code in codes if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", code)]


@pytest.mark.parametrize("kind", list(all_errors(errors.PharosError))[1:])
def test_every_failure_says_what_it_is_and_how_to_exit(kind: type[errors.PharosError]) -> None:
    assert kind.__doc__
    assert kind.exit_code in EXIT_CODES


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(path: Path) -> None:
    assert broken_links(path, path.read_text(encoding="utf-8")) == []


def test_a_broken_link_is_seen() -> None:
    text = "[a](nowhere.md) [b](README.md#no-such-heading) [c](#start) [d](README.md#start)"
    here = ROOT / "README.md"
    assert len(broken_links(here, text)) == 2


def test_decisions_are_numbered_listed_and_of_one_shape() -> None:
    records = sorted(ROOT.glob("docs/decisions/[0-9]*.md"))
    numbers = [match[1] for one in records if (match := RECORD.fullmatch(one.name))]
    assert numbers == [f"{number:04}" for number in range(1, len(records) + 1)]
    listed = page("docs/decisions/README.md")
    for record in records:
        text = record.read_text(encoding="utf-8")
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert text.startswith(f"# {record.name[:4]}: ")
        assert {"Question", "Decision", "What follows"} <= set(headings)
        assert f"({record.name})" in listed


@pytest.mark.parametrize("word", [*MEASURES, *DIMENSIONS], ids=lambda word: word.name)
def test_every_measure_and_dimension_stands_in_the_glossary(word: Measure | Dimension) -> None:
    assert f"| `{word.name}` | {word.chinese} |" in page("GLOSSARY.md")


@pytest.mark.parametrize("word", DIMENSIONS, ids=lambda word: word.name)
def test_a_term_has_one_chinese_word(word: Dimension) -> None:
    """A thing, and the dimension that splits by it, are called the same where both are terms."""
    terms = dict(re.findall(r"^\| (work|version|run|cinema|screen|sender) \| (\S+) \|",
                            page("GLOSSARY.md"), re.MULTILINE))  # fmt: skip
    assert len(terms) == 6
    assert terms.get(word.name, word.chinese) == word.chinese


def test_what_the_glossary_calls_not_counted_is_not_counted() -> None:
    text = page("GLOSSARY.md").partition("Named, and not counted yet:")[2].partition("## ")[0]
    named = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert named
    assert not {measure.name for measure in MEASURES} & set(named)


def test_the_dictionary_of_measures_is_up_to_date() -> None:
    assert page("docs/measures.md") == measures_page.page(), "run `make docs`"


def test_every_page_for_users_is_in_the_index() -> None:
    index = page("docs/README.md")
    for path in sorted(ROOT.glob("docs/*.md")):
        assert path.name == "README.md" or f"({path.name})" in index


def test_the_path_of_a_report_names_the_files_of_the_drawing() -> None:
    drawing = page("src/pharos/__init__.py")
    walked = page("docs/path-of-a-report.md")
    for name in re.findall(r"\b(?:keep|measure|arrive|check|serve)/\w+", drawing):
        assert name in walked, f"{name} is in src/pharos/__init__.py and not on the page"


def test_every_exit_code_is_explained() -> None:
    codes = {kind.exit_code for kind in all_errors(errors.PharosError)} - {1}
    told = set(map(int, re.findall(r"^\| (\d+) \|", page("docs/homes.md"), re.MULTILINE)))
    assert codes | {0} <= told


def test_every_column_of_a_list_of_cinemas_is_explained() -> None:
    section = page("docs/homes.md").partition("## Expected cinemas")[2].partition("##")[0]
    assert set(COLUMNS) <= set(re.findall(r"`(\w+)`", section))


def test_every_territory_is_in_the_changelog() -> None:
    known = sorted(path.stem for path in (ROOT / "src/pharos/words/territories").glob("*.toml"))
    assert ", ".join(known) in page("CHANGELOG.md").replace("\n  ", " ")
