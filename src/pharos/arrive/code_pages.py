"""The bytes of a text file become text; what is not certain is refused.

In: bytes and the encodings that a mapping declares. Out: text. Knows no table.
"""

import codecs

from pharos.errors import UnreadableTable

#: The marks that a file may begin with, the longer first, and the encoding that each makes sure.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: A file with more NULs than one in so many bytes is no text of the declared encoding.
_TEXT_TO_NUL = 32

_ADVICE = "set encoding in the mapping's [table], such as gb18030, cp949 or windows-1252"


def marked(content: bytes) -> str | None:
    """The encoding that a byte order mark makes sure; None without one."""
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)


def decoded(content: bytes, name: str, encodings: tuple[str, ...], known: tuple[str, ...]) -> str:
    """The text of a file in one of the encodings. Raises UnreadableTable.

    One encoding alone is taken at its word. Of several, a byte order mark decides, then strict
    UTF-8 if it is among them, then the only one that fits: the one in which the ``known`` words
    stand in the text.
    """
    text = _only(content, name, encodings[0]) if len(encodings) == 1 else None
    if text is None:
        text = _first(content, name, tuple(e for e in encodings if e != AUTO), known)
    if text.count("\0") * _TEXT_TO_NUL > len(text):
        raise UnreadableTable(
            f"{name} is no text: it is full of NUL characters from line 1 on; it may be UTF-16 "
            '(set encoding = "utf-16" in the mapping\'s [table]) or damaged: export it anew as CSV'
        )
    return text


#: Stands for: whatever a byte order mark says, else UTF-8.
AUTO = "auto"


def _only(content: bytes, name: str, encoding: str) -> str | None:
    if encoding == AUTO:
        return None
    mark = marked(content)
    if mark is not None and not codecs.lookup(encoding).name.startswith(said := _plain(mark)):
        raise UnreadableTable(
            f"{name} is not written in {encoding}: it begins with the mark of {said}; set "
            f'encoding = "{said}" in the mapping\'s [table]'
        )
    try:
        return _unmarked(content.decode(encoding))
    except UnicodeError as problem:
        raise UnreadableTable(
            f"{name} is not written in {encoding} ({problem}); {_ADVICE}"
        ) from problem


def _first(content: bytes, name: str, encodings: tuple[str, ...], known: tuple[str, ...]) -> str:
    mark = marked(content)
    utf8 = [e for e in encodings or ("utf-8",) if codecs.lookup(e).name.startswith("utf-8")]
    for encoding in [mark] if mark else utf8:
        if (text := _tried(content, encoding)) is not None:
            return _unmarked(text)
    found = {e: text for e in encodings if (text := _tried(content, e)) is not None}
    if len(set(found.values())) > 1:
        found = {e: text for e, text in found.items() if all(word in text for word in known)}
    if len(set(found.values())) != 1:
        told = " and ".join(found) if found else "none of the encodings that the mapping names"
        raise UnreadableTable(
            f"{name} can be read in {told}, so that nobody knows how it is meant; {_ADVICE}"
        )
    return next(iter(found.values()))


def _plain(mark: str) -> str:
    return mark.removesuffix("-sig")


def _unmarked(text: str) -> str:
    # A byte order mark is no part of the first column's name.
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def _tried(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None
