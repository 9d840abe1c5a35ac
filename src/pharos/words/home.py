"""What a home is: its scope, territories and currency, as declared when it was made.

In: the settings somebody declares. Out: a frozen value and its JSON. Knows no file.
"""

from typing import Literal

import msgspec

Scope = Literal["nation", "chain", "distributor", "cinema"]


class HomeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One installation's declaration; ``rehearsed`` homes never hold real reports."""

    scope: Scope
    territories: tuple[str, ...]
    currency: str
    rehearsed: bool = False

    def text(self) -> str:
        """The settings as JSON."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def parse(cls, text: str) -> "HomeSettings":
        """The settings that `text` wrote."""
        return msgspec.json.decode(text, type=cls)
