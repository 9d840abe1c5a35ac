"""Random damage to good bytes, and many tries with it.

In: good bytes, pieces that readers dislike, a seeded generator. Out: other bytes; what was raised
is raised again with the input that raised it.
"""

from collections.abc import Callable, Sequence
from random import Random


def damaged(good: bytes, chance: Random, pieces: Sequence[bytes]) -> bytes:
    """Bytes with a few of them replaced, removed, doubled or moved."""
    made = bytearray(good)
    for _ in range(chance.randint(1, 6)):
        place = chance.randint(0, len(made))
        end = min(len(made), place + chance.choice((0, 1, 2, 8, 64)))
        how = chance.randint(0, 4)
        if how == 0:
            made[place:end] = chance.choice(pieces)
        elif how == 1:
            del made[place:end]
        elif how == 2:
            made[place:place] = made[place:end] * chance.choice((1, 2, 20))
        elif how == 3:
            made[place:end] = chance.randbytes(chance.randint(0, 4))
        else:
            made[place:place] = chance.choice(pieces)
    return bytes(made)


def fuzz(one: Callable[[Random], None], times: int, seed: int) -> None:
    """Try ``one`` with so many damages."""
    chance = Random(seed)
    for count in range(times):
        state = chance.getstate()
        try:
            one(chance)
        except Exception as raised:
            raised.add_note(f"{one.__name__}, seed {seed}, input {count}: {hash(state)}")
            raise
