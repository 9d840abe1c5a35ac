"""One group commit in the making: drafts become rows with positions, salts and leaves.

In: drafts and what is stored under their ids. Out: the new rows, the grown tree, a receipt for
every draft. Writes nothing.
"""

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from pharos.arrive.envelope import pack_envelope
from pharos.arrive.journal_rows import Stored
from pharos.arrive.merkle import CompactRange, leaf_hash
from pharos.errors import BadDraft, BodyTooLarge
from pharos.words.report import Receipt

FIELD_LIMIT = 200
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it comes in: the sender's name for it, and its bytes."""

    sender: str
    stream: str
    id: str
    body: bytes


class Batch:
    """The rows of one commit, and the receipts that may leave once it is on the disk."""

    def __init__(
        self,
        tree: CompactRange,
        arrived_at: int,
        salt: Callable[[int], bytes],
        attempts: Callable[[str, str, str], list[Stored]],
    ) -> None:
        self.tree = tree.copy()
        self.messages: list[Stored] = []
        self.bodies: list[bytes] = []
        self._arrived_at = arrived_at
        self._salt = salt
        self._attempts = attempts
        self._known: dict[tuple[str, str, str], list[Stored]] = {}

    def take(self, draft: Draft) -> Receipt:
        """The receipt of a draft: the old one for a repeat, else that of a new position."""
        key = (draft.sender, draft.stream, draft.id)
        if key not in self._known:
            self._known[key] = self._attempts(*key)
        before = self._known[key]
        digest = hashlib.sha256(draft.body).digest()
        for stored in before:
            if stored.digest == digest:
                return stored.receipt(exists=True)
        stored = self._next(draft, digest, attempt=len(before))
        before.append(stored)
        return stored.receipt(exists=False)

    def _next(self, draft: Draft, digest: bytes, *, attempt: int) -> Stored:
        sender, stream, key = (text.encode() for text in (draft.sender, draft.stream, draft.id))
        envelope = pack_envelope(sender, stream, key, self._arrived_at, digest)
        salt = self._salt(SALT_BYTES)
        leaf = leaf_hash(salt + envelope)
        self.tree.append(leaf)
        stored = Stored(
            self.tree.size,
            draft.sender,
            draft.stream,
            draft.id,
            attempt,
            self._arrived_at,
            digest,
            salt,
            envelope,
            leaf,
        )
        self.messages.append(stored)
        self.bodies.append(bytes(draft.body))
        return stored


def check_draft(draft: Draft, body_limit: int) -> None:
    """Refuse what could not be kept or found again; ``body_limit`` in bytes."""
    for name, text in (("sender", draft.sender), ("stream", draft.stream), ("id", draft.id)):
        if not text and name != "stream":
            raise BadDraft(f"the message has no {name}. Say who sends it and under which id.")
        if len(text) > FIELD_LIMIT:
            raise BadDraft(
                f"the {name} of the message has {len(text)} characters; use at most {FIELD_LIMIT}."
            )
        if not (text.isprintable() or all(map(_is_text, text))):
            raise BadDraft(f"the {name} {text!a} has characters that are no text; leave them out.")
    if len(draft.body) > body_limit:
        raise BodyTooLarge(
            f"the body of message {draft.id!a} has {len(draft.body):,} bytes; this journal takes "
            f"at most {body_limit:,}. Send it in several messages."
        )


def _is_text(character: str) -> bool:
    """Whether it is neither a control character nor half of a surrogate pair."""
    return unicodedata.category(character) not in {"Cc", "Cs"}
