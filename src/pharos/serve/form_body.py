"""What a browser sends of a form: its fields and its files.

In: a content type and a body. Out: texts by name, files by name. Judges nothing that they say.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from pharos.errors import BadQuestion

_BOUNDARY = re.compile(r'boundary="?([!-~]{1,200}?)"?\s*(?:;|$)', re.IGNORECASE)
_NAME = re.compile(rb'(?:^|[;\s])name="([^"]*)"', re.IGNORECASE)
_FILE_NAME = re.compile(rb'filename="([^"]*)"', re.IGNORECASE)
_DISPOSITION = re.compile(rb"^content-disposition:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
#: Parts of one form; ours have a dozen.
MOST_PARTS = 40
#: Characters of a field.
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as a browser sends it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, without white space around them, and its files."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, Sheet] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """A field; empty if it is not said."""
        return self.fields.get(name, "")


def read_form(content_type: str, body: bytes) -> Form:
    """A form as either of the two ways of browsers encodes it. Raises BadQuestion."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return Form(_fields(body))
    found = _BOUNDARY.search(content_type)
    if kind != "multipart/form-data" or found is None:
        raise BadQuestion(f"a form is expected here, and this is {kind[:60]!r}")
    return _parts(body, found[1].encode())


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_PARTS, errors="strict"
        )
    except ValueError as problem:
        raise BadQuestion(f"the form cannot be read ({problem})") from None
    return {name: _checked(name, text) for name, text in pairs}


def _parts(body: bytes, boundary: bytes) -> Form:
    form = Form()
    # What stands before the first boundary, and behind the last, is nothing.
    mark = b"\r\n--" + boundary
    parts = (b"\r\n" + body).split(mark, MOST_PARTS + 1)
    if len(parts) > MOST_PARTS + 1:
        raise BadQuestion(f"the form has more than {MOST_PARTS} parts")
    if len(parts) < 2 or not parts[-1].startswith(b"--"):
        raise BadQuestion("the form broke off before its end; nothing of it was kept")
    for part in parts[1:-1]:
        head, blank, content = part.partition(b"\r\n\r\n")
        said = _DISPOSITION.search(head.lstrip(b"\r\n"))
        name = _NAME.search(said[1]) if said else None
        if said is None or name is None or not blank:
            raise BadQuestion("a part of the form has no name")
        file = _FILE_NAME.search(said[1])
        if file is None:
            form.fields[_text(name[1])] = _checked(_text(name[1]), _text(content))
        elif file[1] or content:
            form.files[_text(name[1])] = Sheet(_file_name(_text(file[1])), content)
    return form


def _file_name(said: str) -> str:
    """The last part of a name, whichever system it comes from."""
    plain = said.replace("%22", '"').replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in plain if c.isprintable())[-200:] or "file"


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise BadQuestion("the form holds text that is not UTF-8") from None


def _checked(name: str, text: str) -> str:
    if len(text) > LONGEST:
        raise BadQuestion(f"{name[:40]} has more than {LONGEST:,} characters; shorten it")
    return text.strip()
