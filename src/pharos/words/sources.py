"""Whose published figures come first in a territory, as data.

In: the text of a sources file (TOML). Out: publishers by territory, the first before the others.
"""

import tomllib
from collections.abc import Mapping

import msgspec

from pharos.errors import BadQuestion
from pharos.words.toml import toml


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """A sources file, as written."""

    sources: dict[str, tuple[str, ...]]


def parse_sources(text: str) -> Mapping[str, tuple[str, ...]]:
    """Publishers by territory, in their order. Raises BadQuestion."""
    try:
        return msgspec.convert(toml(text), _File).sources
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise BadQuestion(
            f"the sources cannot be read ({problem}); write them as [sources] with lines such as "
            'KR = ["KOBIS"]'
        ) from problem
