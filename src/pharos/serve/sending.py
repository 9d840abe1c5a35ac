"""Sending a file: through a mapping or as it is.

In: a file's bytes and how to read them. Out: what became of it. The mapping is kept in the
journal before the first file that needs it.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pharos.arrive.administration import Setting, administration_body
from pharos.arrive.code_pages import marked
from pharos.arrive.extract import TableHeader, in_parts
from pharos.arrive.journal import Draft
from pharos.arrive.mapping import packaged_mapping, parse_mapping
from pharos.check.parameters import parse_parameters
from pharos.errors import BadNotes, BadQuestion, NoSuchFile
from pharos.serve.addressed import (
    LOCAL_SENDER,
    act_of_home,
    addressed,
    digest_of,
    mapping_setting,
    require_sender,
)
from pharos.serve.apart import extract_apart
from pharos.serve.home import Home, Submitted
from pharos.words.notes import parse_notes
from pharos.words.sources import parse_sources
from pharos.words.territory import parse_territory
from pharos.words.toml import toml

#: Rows of a table of published figures that go into one message.
PART_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Parcel:
    """A report ready to be sent, and the text of the mapping that it needs, if it needs one."""

    draft: Draft
    mapping: str | None = None


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises NoSuchFile."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NoSuchFile(path, error.strerror or str(error)) from error


def read_text(path: Path) -> str:
    """The text of a file. Raises NoSuchFile and BadQuestion."""
    return text_of(str(path), read_file(path))


def text_of(name: str, content: bytes) -> str:
    """The text of what is written in TOML, which is always UTF-8. Raises BadQuestion."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadQuestion(f"{name[:200]} is not written in UTF-8; save it as UTF-8") from None


def mapping_text(name: str) -> str:
    """A mapping by its file, else by the name of one that comes with Pharos."""
    path = Path(name)
    if path.suffix == ".toml" or path.exists():
        return read_text(path)
    return packaged_mapping(name)


def pack(path: Path, mapping: str | None, sender: str | None) -> Parcel:
    """A file as a message; its id is its digest, so that the same file is known again."""
    who = sender or LOCAL_SENDER
    require_sender(who)
    if mapping is None:
        return Parcel(addressed(who, read_file(path)))
    return pack_table(path, mapping_text(mapping), who)


def pack_table(path: Path, text: str, who: str, stream: str = "") -> Parcel:
    """A table as a message, through the text of a mapping; ``stream`` empty takes its own."""
    name = parse_mapping(text).name
    body = extract_apart(path, text)
    header = msgspec.json.decode(body.split(b"\n", 1)[0], type=TableHeader)
    own_id = f"{header.original}.{digest_of(text.encode())[:16]}"
    return Parcel(addressed(who, body, stream or f"files:{name}", own_id), text)


def pack_parts(path: Path, mapping: str | None, sender: str | None) -> list[Parcel]:
    """The same in several messages, where a table of published figures has very many rows.

    Each of them is small, so that its sender sees how far it is and no other sender waits.
    """
    whole = pack(path, mapping, sender)
    draft = whole.draft
    if whole.mapping is None or not _may_be_parted(whole.mapping):
        return [whole]
    bodies = in_parts(draft.body, PART_ROWS)
    if len(bodies) == 1:
        return [whole]
    return [
        Parcel(addressed(draft.sender, body, draft.stream, f"{draft.id}.{nth}"), whole.mapping)
        for nth, body in enumerate(bodies, 1)
    ]


def _may_be_parted(text: str) -> bool:
    mapping = parse_mapping(text)
    return mapping.kind == "published" and not mapping.totals


def setting(path: Path) -> Setting:
    """A TOML file that decides numbers: rules, territory or mapping.

    Raises BadQuestion when it is none of them, or what its own kind finds wrong.
    """
    text = read_text(path)
    try:
        keys = set(toml(text))
    except tomllib.TOMLDecodeError as error:
        raise BadQuestion(f"{path} is no TOML: {error}") from error
    if {"books", "screenings"} <= keys:
        parse_parameters(text)
        return Setting(kind="rules", name="rules", text=text)
    if {"code", "currency"} <= keys:
        return Setting(kind="territory", name=parse_territory(text).code, text=text)
    if keys == {"sources"}:
        parse_sources(text)
        return Setting(kind="sources", name="sources", text=text)
    if "columns" in keys:
        parse_mapping(text)
        return mapping_setting(text)
    raise BadQuestion(
        f"{path} is neither rules, nor a territory, nor sources, nor a mapping; a table needs "
        "--map NAME"
    )


def notes_setting(path: Path) -> Setting:
    """A file of notes as a home keeps it. Raises BadNotes, with every line that is wrong."""
    content = read_file(path)
    try:
        text = content.decode(marked(content) or "utf-8")
    except UnicodeError as error:
        raise BadNotes(f"{path} is not written in UTF-8; save it as CSV UTF-8") from error
    parse_notes(text)
    return Setting(kind="notes", name="notes", text=text)


def setting_parcel(setting: Setting) -> Parcel:
    """A setting as a message, to see what would become of it."""
    body = administration_body(setting)
    return Parcel(act_of_home(digest_of(body), body))


def submit(home: Home, parcel: Parcel) -> Submitted:
    """Send a parcel for good."""
    if parcel.mapping is not None:
        known_by = mapping_setting(parcel.mapping)
        if home.writer.registers.mapping(known_by.name) is None:
            home.administer(known_by)
    draft = parcel.draft
    return home.send(draft.sender, draft.stream, draft.id, draft.body)
