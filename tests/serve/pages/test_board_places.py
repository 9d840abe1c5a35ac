"""From the whole home to a cinema and back: where a board's place lies, and its parts."""

from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.serve.asking_home import Asking

pytestmark = pytest.mark.slow


class Path(HTMLParser):
    """The links of the way to a place, and those of its parts, as (text, address)."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path: list[tuple[str, str]] = []
        self.parts: list[tuple[str, str]] = []
        self._inside = self._parts = False
        self._href = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "nav":
            self._inside = said.get("class") == "path"
        self._parts = self._inside and (self._parts or said.get("class") == "parts")
        self._href = (said.get("href") or "") if tag == "a" and self._inside else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "nav"
        self._href = ""

    def handle_data(self, data: str) -> None:
        if self._href:
            (self.parts if self._parts else self.path).append((data, self._href))


def gross(home: Asking, address: str) -> Decimal:
    parts = urlsplit(address)
    found = home.get(parts.path + ".json", None, **dict(parse_qsl(parts.query))).json
    return sum((Decimal(one["total"]["gross"]) for one in found["sections"]), Decimal(0))


#: (place, the way to it, its parts)
WAYS: tuple[tuple[str, list[str], list[str]], ...] = (
    ("", [], ["Haidong", "Shannan"]),
    ("province=Haidong", ["All places"], ["Dongze", "Linhai"]),
    ("city=Linhai", ["All places", "Haidong"], ["Harbour", "Lantern"]),
    ("chain=Maple", ["All places"], ["Harbour", "Quiet Water", "Summit"]),
    ("city_tier=3", ["All places"], ["Lüyuan"]),
    ("cinema=meadow", ["All places", "Shannan", "Lüyuan", "Great Lamp"], []),
)


@pytest.mark.parametrize(("place", "path", "parts"), WAYS)
def test_the_way_to_a_place_and_on(
    home: Asking, place: str, path: list[str], parts: list[str]
) -> None:
    address = f"/en/board?{place}" if place else "/en/board"
    found = Path(home.get(address).body.decode())
    assert [text for text, _ in found.path] == path
    assert [text for text, _ in found.parts] == parts
    whole = gross(home, address)
    for _, link in found.path:
        assert gross(home, link) >= whole
    # What lies in no province, as one cinema here, is in no part of the whole home.
    if parts and place:
        assert sum(gross(home, link) for _, link in found.parts) == whole


def test_the_way_keeps_the_day_and_the_basis(home: Asking) -> None:
    shown = home.get("/zh/board", None, city="Linhai", basis="without_fee").body.decode()
    found = Path(shown)
    assert [text for text, _ in found.parts] == ["海港影城", "灯笼影城"]
    for _, link in (*found.path, *found.parts):
        assert "basis=without_fee" in link
        assert link.startswith("/zh/board?")


def test_who_sees_no_places_reads_of_none(home: Asking) -> None:
    shown = home.get("/en/board", {"pharos-reader": "anonymous"}).body.decode()
    assert 'class="path"' not in shown
    assert "Haidong" not in shown
