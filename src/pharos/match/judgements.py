"""Joining and unjoining works and cinemas.

In: two ids with their kind in front, a reason. Out: a Judgement that can be sent, or an error
that says why it would change nothing. Writes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from pharos.arrive.administration import Judgement
from pharos.errors import BadJudgement, nearest
from pharos.keep.terms import Terms
from pharos.words.identity import Joined, clusters, standing_joins
from pharos.words.works import tidy_name

KINDS = ("work", "cinema")


class Registered(Protocol):
    """What has to be known of the registers."""

    @property
    def works(self) -> Collection[str]:
        """Registered works."""

    @property
    def cinemas(self) -> Collection[str]:
        """Registered cinemas."""

    @property
    def joins(self) -> Mapping[str, Sequence[Joined]]:
        """Judgements by kind, in their order."""


def judgement(
    registers: Registered,
    terms: Mapping[str, Terms],
    pair: tuple[str, str],
    why: str,
    *,
    same: bool,
) -> Judgement:
    """The judgement that two ids such as ``work:A`` and ``work:B`` are one, or no longer are.

    Raises BadJudgement.
    """
    kinds, said = zip(*(_split(one) for one in pair), strict=True)
    if kinds[0] != kinds[1]:
        raise BadJudgement(f"a {kinds[0]} and a {kinds[1]} cannot be one")
    if said[0] == said[1]:
        raise BadJudgement(f"{pair[0]} is the same id twice")
    if not why.strip():
        raise BadJudgement("say why, with --why TEXT: somebody will ask")
    kind = kinds[0]
    registered = registers.works if kind == "work" else registers.cinemas
    known = {*terms[kind].texts, *registered}
    for one in said:
        if one not in known:
            raise BadJudgement(f"nobody has spoken of {kind}:{one}; {nearest(one, known)}")
    made = Judgement(kind=kind, one=said[0], other=said[1], same=same, why=why.strip())
    _must_change(registers.joins[kind], made)
    return made


def _split(text: str) -> tuple[str, str]:
    kind, colon, said = text.partition(":")
    if not colon or kind not in KINDS or not said.strip():
        raise BadJudgement(f"{text!r} is no id; write work:ID or cinema:ID")
    return kind, tidy_name(said)


def _must_change(judged: Sequence[Joined], made: Judgement) -> None:
    before = standing_joins(judged)
    after = standing_joins([*judged, Joined(made.one, made.other, made.same)])
    together = any({made.one, made.other} <= cluster for cluster in clusters(before))
    if made.same and together:
        raise BadJudgement(f"{made.one} and {made.other} are one already")
    if not made.same and before == after:
        direct = sorted(
            " = ".join(sorted(pair)) for pair in before if {made.one, made.other} & pair
        )
        said = f"; their joins are: {', '.join(direct)}" if direct else ""
        raise BadJudgement(f"{made.one} and {made.other} were not joined directly{said}")
