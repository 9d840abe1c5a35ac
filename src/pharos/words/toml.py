"""Texts in TOML become plain values.

In: text. Out: a mapping. Knows no key.
"""

import tomllib
from typing import Any


def toml(text: str) -> dict[str, Any]:
    """What a text says. Raises TOMLDecodeError, also for what is nested too deeply to be read."""
    try:
        return tomllib.loads(text)
    except RecursionError as problem:
        raise tomllib.TOMLDecodeError("it is nested too deeply") from problem
