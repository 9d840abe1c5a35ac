"""Sending a file: through a mapping or as it is, for real or only to see what it would change.

In: a file's bytes and how to read them. Out: what became of it. The mapping is kept in the
journal before the first file that needs it.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from pharos.arrive.administration import Setting, administration_body
from pharos.arrive.code_pages import marked
from pharos.arrive.extract import TableHeader
from pharos.arrive.journal import Draft
from pharos.arrive.mapping import packaged_mapping, parse_mapping
from pharos.check.parameters import parse_parameters
from pharos.errors import BadNotes, BadQuestion, NoSuchFile
from pharos.keep.decide import batches
from pharos.keep.receive import Step, undecided
from pharos.serve.addressed import (
    act_of_home,
    addressed,
    digest_of,
    mapping_setting,
    require_sender,
)
from pharos.serve.apart import extract_apart
from pharos.serve.home import Home, Submitted, guarded, submitted
from pharos.words.notes import parse_notes
from pharos.words.report import Envelope, Message, Verdict
from pharos.words.territory import parse_territory
from pharos.words.toml import toml

#: Sender of files that are submitted by hand without --sender.
LOCAL_SENDER = "local"


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
    """The text of a file. Raises NoSuchFile."""
    return read_file(path).decode("utf-8", errors="replace")


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
    text = mapping_text(mapping)
    name = parse_mapping(text).name
    body = extract_apart(path, text)
    header = msgspec.json.decode(body.split(b"\n", 1)[0], type=TableHeader)
    own_id = f"{header.original}.{digest_of(text.encode())[:16]}"
    return Parcel(addressed(who, body, f"files:{name}", own_id), text)


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
    if "columns" in keys:
        parse_mapping(text)
        return mapping_setting(text)
    raise BadQuestion(
        f"{path} is neither rules, nor a territory, nor a mapping; a table needs --map NAME"
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


def _tried(home: Home, message: Message, conflicts: frozenset[int]) -> Iterator[Step]:
    for batch in batches(home.writer, [message], conflicts):
        yield batch, home.writer.apply_within(batch)


def rehearse_submit(home: Home, parcel: Parcel, now: datetime) -> Submitted:
    """What a parcel would change; nothing is kept.

    The home must be closed afterwards: what its writer has in mind is then ahead of the ledger.
    """
    draft = parcel.draft
    found = home.journal.find(draft.sender, draft.stream, draft.id)
    digest = hashlib.sha256(draft.body)
    if found is not None and found.digest == digest.hexdigest():
        return Submitted(found, Verdict.EXISTS, home.findings_of(found.position))
    registers = home.writer.registers
    if parcel.mapping is not None:
        registers.learn(mapping_setting(parcel.mapping))
    position = home.journal.size + 1
    envelope = Envelope(draft.sender, draft.stream, draft.id, now, digest.digest())
    message = Message(position, envelope, draft.body)
    conflicts = frozenset([position] if found is not None else [])
    with home.ledger.rehearsal():
        step = guarded(_tried(home, message, conflicts))
        if isinstance(step, tuple):
            batch, outcome = step
            return submitted(home.ledger, None, batch.reports[0], outcome)
    reading = undecided(step or LookupError())
    return Submitted(None, Verdict.REFUSED, tuple(reading.findings))
