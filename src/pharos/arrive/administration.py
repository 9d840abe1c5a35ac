"""Administration: what decides a number beside the figures, as messages like any other.

In: the body of an administration message. Out: facts (home, settings, judgements, closings).
Knows no journal; a home writes such a body with `administration_body`.
"""

from datetime import date

import msgspec

from pharos.arrive.mapping import parse_mapping
from pharos.arrive.reading import Fact, Places, Reading, refusal
from pharos.errors import BadRules, PharosError
from pharos.words.figures import Figures, Mentions, empty_lines
from pharos.words.home import HomeSettings
from pharos.words.notes import parse_notes
from pharos.words.sources import parse_sources
from pharos.words.territory import parse_territory

#: Sender and stream under which a home writes its own messages.
HOME_SENDER = "home"
HOME_STREAM = "administration"


class _Act(msgspec.Struct, frozen=True, kw_only=True, tag_field="fact", forbid_unknown_fields=True):
    """``row`` is the place of the act in its message (first is 1)."""

    row: int = 1


class Setting(_Act, frozen=True, kw_only=True, tag="setting"):
    """A text that decides or explains numbers: as a whole it replaces the earlier of its name.

    Kinds: ``home`` (JSON of `words.home.HomeSettings`), ``territory`` (TOML, by code), ``rules``
    (TOML), ``mapping`` (TOML, by SHA-256 of its text), ``notes`` (CSV, see `words.notes`),
    ``sources`` (TOML, see `words.sources`).
    """

    kind: str
    name: str
    text: str


class Judgement(_Act, frozen=True, kw_only=True, tag="judgement"):
    """Two said ids are one work or one cinema (``same``), or no longer are."""

    kind: str
    one: str
    other: str
    same: bool
    why: str


class Closing(_Act, frozen=True, kw_only=True, tag="closing"):
    """The business dates from ``first`` to ``last`` are closed: their figures are final."""

    first: date
    last: date
    territory: str = ""
    why: str = ""


Act = Setting | Judgement | Closing


class AdministrationBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of an administration message."""

    pharos: int
    administration: tuple[Act, ...]


def administration_body(*acts: Act) -> bytes:
    """The bytes of a message with these acts."""
    return msgspec.json.encode(AdministrationBody(pharos=1, administration=acts))


def rehearses(body: bytes) -> bool | None:
    """Whether a message declares a rehearsed home; None if it declares no home."""
    try:
        acts = msgspec.json.decode(body, type=AdministrationBody).administration
        homes = [act for act in acts if isinstance(act, Setting) and act.kind == "home"]
        return any(HomeSettings.parse(act.text).rehearsed for act in homes) if homes else None
    except (ValueError, RecursionError):
        return None


def _check_setting(setting: Setting) -> None:
    """Raise what is wrong with a setting, before anybody has to live with it."""
    match setting.kind:
        case "territory":
            parse_territory(setting.text)
        case "mapping":
            parse_mapping(setting.text)
        case "home":
            HomeSettings.parse(setting.text)
        case "notes":
            parse_notes(setting.text)
        case "sources":
            parse_sources(setting.text)
        case "rules":
            # What they say is checked where they are used.
            return
        case _:
            raise BadRules(f"{setting.kind!r} is no kind of setting")


def read_administration(body: bytes, places: Places) -> Reading:  # noqa: ARG001
    """What an administration message says; refused when it is not one."""
    try:
        decoded = msgspec.json.decode(body, type=AdministrationBody)
    except msgspec.ValidationError as error:
        return refusal("administration", f"not an administration message: {error}")
    except (ValueError, RecursionError) as error:
        # What is no UTF-8 is told by a ValueError of Python's own.
        return refusal("administration", f"not JSON: {error}")
    try:
        for act in decoded.administration:
            if isinstance(act, Setting):
                _check_setting(act)
    except (PharosError, msgspec.MsgspecError) as error:
        return refusal("administration", f"a setting cannot be used: {error}")
    facts: list[Fact] = list(decoded.administration)  # type: ignore[arg-type]
    return Reading(Figures(Mentions(), empty_lines(0)), facts=facts)
