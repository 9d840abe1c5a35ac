"""What a page says to somebody who reads its source.

In: HTML. Out: its rows, texts and addresses. Must not know what any of them should be.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Elements that have no end.
VOID = {"meta", "link", "input", "br", "img", "rect"}


@dataclass
class Row:
    """A row of films, or a total: its cells by measure, as (text, title, address)."""

    key: str
    cells: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """A page taken apart."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self.totals: list[Row] = []
        self.slots: dict[str, str] = {}
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        #: What is not said to be in another language than the page's.
        self.own_text = ""
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.elements.append((tag, said))
        if tag not in VOID:
            self._open.append((tag, said))
        if said.get("data-key"):
            self.rows.append(Row(said["data-key"]))
        if said.get("class") == "total":
            self.totals.append(Row(said["data-currency"]))
        if "data-measure" in said and not self._inside("template"):
            found = ("", said.get("title", ""), said["href"])
            self._row().cells[said["data-measure"]] = found

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._inside("template") or self._inside("script") or self._inside("style"):
            return
        self.text += data
        tags = [said["lang"] for _, said in self._open if "lang" in said]
        if len(tags) < 2 or tags[-1] == tags[0]:
            self.own_text += data
        for _, said in self._open:
            if "data-measure" in said:
                cells, name = self._row().cells, said["data-measure"]
                text, title, address = cells[name]
                cells[name] = (text + data, title, address)
            if "data-text" in said:
                texts, name = self._row().texts, said["data-text"]
                texts[name] = texts.get(name, "") + data
            if "data-slot" in said:
                self.slots[said["data-slot"]] = self.slots.get(said["data-slot"], "") + data

    def _inside(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._open)

    def _row(self) -> Row:
        return self.rows[-1] if self._in_films() else self.totals[-1]

    def _in_films(self) -> bool:
        return any("data-key" in said for _, said in self._open)

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of a kind."""
        return [said for name, said in self.elements if name == tag]
