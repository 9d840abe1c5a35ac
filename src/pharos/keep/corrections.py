"""Corrections: set a screening's or a day's figures to what is right, with a reason and a guard.

In: a correction fact. Out: a finding if the guard does not hold, else the postings that make the
difference. Nothing is changed in place; the correction is one more posting.
"""

from typing import Any

import numpy as np

from pharos.arrive.reading import Correction
from pharos.keep.ledger import Ledger
from pharos.keep.postings import CORRECTED, Columns, Parts, share
from pharos.keep.schema import QUANTITIES
from pharos.words.figures import ABSENT
from pharos.words.money import decimal_text
from pharos.words.report import Finding, Severity


def problem(ledger: Ledger, fact: Correction) -> Finding | None:
    """Why a correction cannot be applied, or None."""
    found = _standing(ledger, fact)
    if not found:
        where = fact.screening or f"{fact.business_date} {fact.work}"
        return held(
            fact, f"nothing is said of {where!r} in cinema {fact.cinema!r} in the book "
            f"{fact.book.name.lower()}; check the ids, or send the figures themselves",
        )  # fmt: skip
    if len({row["sender"] for row in found}) > 1:
        return held(fact, "several senders speak of it; correct through the sender's own report")
    if len({row["screening"] for row in found}) > 1:
        return held(
            fact,
            "it stands for several things (versions of a work, or an id used again); send the "
            "right figures as a statement of its sender",
        )
    gross = sum(row["gross"] for row in found)
    admissions = found[0]["admissions"]
    if (gross, admissions) != (fact.expect_gross, fact.expect_admissions):
        return held(
            fact,
            f"it says {decimal_text(gross, fact.currency)} and {admissions} admissions now, not "
            f"{decimal_text(fact.expect_gross, fact.currency)} and {fact.expect_admissions} as "
            "expected; look at the present figures and correct those",
        )
    return None


def postings(ledger: Ledger, fact: Correction, position: int) -> Columns:
    """What is to be added to the accounts so that they say what the correction sets."""
    found = _standing(ledger, fact)
    made = {name: np.zeros(1, dtype=np.int64) for name in QUANTITIES}
    made |= {n: np.zeros(1, dtype=np.int64) for n in ("ticket_type", "channel")}
    # A correction states what was paid and how many came, not which part was fee or tax.
    for name in ("said", "fee_missing", "tax_missing", "levy_missing"):
        made[name] += 1
    made["gross"] += fact.set_gross - fact.expect_gross
    made["admissions"] += fact.set_admissions - fact.expect_admissions
    # Nor does it say how many of those who came, or did not come after all, had paid nothing.
    made["free_missing"] += int(fact.set_admissions != fact.expect_admissions)
    made["position"] = np.array([position])
    made["row"] = np.array([fact.row])
    made["book"] = np.array([int(fact.book)])
    made["event"] = np.array([CORRECTED])
    made["sold_at"] = np.array([ABSENT])
    made["line"] = np.array([-position])
    made["ticket_type"] += ledger.terms["ticket_type"].code("")
    made["channel"] += ledger.terms["channel"].code("")
    first = found[0]["account"]
    made["account"] = np.array([first])
    weights = tuple(row["weight"] for row in found)
    return share(made, Parts(made["account"], np.array([len(found)]), {first: weights}))


def _standing(ledger: Ledger, fact: Correction) -> list[dict[str, Any]]:
    terms = ledger.terms
    cinema = terms["cinema"].known(fact.cinema)
    if cinema is None:
        return []
    parameters: list[Any] = [cinema, int(fact.book)]
    if fact.screening:
        where = "a.level = 0 AND a.said = ?"
        parameters.append(fact.screening)
    else:
        where = "a.level = 1 AND a.business_date = ? AND a.work = ?"
        parameters += [fact.business_date, terms["work"].known(fact.work)]
    rows = ledger.rows(_STANDING.format(where), parameters)
    first: dict[int, int] = {}
    for row in rows:
        nth = row["account"] - first.setdefault(row["screening"], row["account"])
        row["weight"] = _weights(row["programme"])[nth]
    return rows


def _weights(programme: str) -> list[int]:
    return [int(part.rsplit("\x1f", 1)[1]) for part in programme.split("\x1e")]


def held(fact: Correction, sentence: str) -> Finding:
    """The finding that holds a correction."""
    return Finding("correction", Severity.HOLD, sentence, fact.row, f"cinema:{fact.cinema}")


_STANDING = """
SELECT a.account, a.screening, a.sender, a.programme, CAST(sum(p.gross) AS BIGINT) AS gross,
       CAST(sum(p.admissions) AS BIGINT) AS admissions
FROM account a JOIN posting p USING (account)
WHERE a.cinema = ? AND p.book = ? AND {}
GROUP BY a.account, a.screening, a.sender, a.programme HAVING sum(p.said) > 0 ORDER BY a.account
"""
