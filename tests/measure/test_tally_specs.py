"""The tally follows every spec: what the specs send, told batch by batch, and any cut after it.

In: the messages of the specs. Out: a failure where the tally differs from SQL or from the oracle.
"""

import importlib
import inspect
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pharos.measure.tally import Tally
from pharos.serve.home import Home
from tests.measure.tallied import BYS, compare, drawn_there, same_as_oracle, same_when_rebuilt
from tests.oracle import Oracle
from tests.spec import ledger_adapter
from tests.spec.harness import Spec, territory

SPECS = Path(__file__).parents[1] / "spec"
#: How often a cut is compared while a spec goes on.
OFTEN = 0.15
#: Specs in which sums are made in many ways; `quick` follows these.
QUICK = ("test_programmes",)

Told = Callable[[Spec], None]


def specs() -> Iterator[tuple[str, Told]]:
    """Every spec that speaks of one home."""
    for path in sorted(SPECS.glob("*/test_*.py")):
        module = importlib.import_module(f"tests.spec.{path.parent.name}.{path.stem}")
        for name, test in vars(module).items():
            if name.startswith("test_") and list(inspect.signature(test).parameters) == ["spec"]:
                yield path.stem, test


def followed() -> Iterator[Any]:
    """Each spec with as many cuts as are compared at its end; the long form follows all of them."""
    for nth, (stem, test) in enumerate(specs()):
        name = f"{stem}-{test.__name__}"
        slow = () if stem in QUICK else (pytest.mark.slow,)
        if nth % 2 == 0 or stem in QUICK:
            yield pytest.param(test, 1, id=name, marks=slow)
        yield pytest.param(test, 9, id=f"{name}-long", marks=pytest.mark.torture)


@pytest.mark.parametrize(("told", "cuts"), list(followed()))
def test_the_tally_follows_a_spec(told: Told, cuts: int) -> None:
    """So many cuts are compared at its end."""
    spec = Spec()
    told(spec)
    random = Random(told.__name__)
    sent = spec.messages[: random.randrange(len(spec.messages))]
    rest = spec.messages[len(sent) :]
    try:
        home = ledger_adapter.home_of(spec.home, sent)
        first = random.choice((date.min, date.min, date(2024, 3, 8), date(2024, 3, 1)))
        tally = Tally(home.ledger, first)
        for nth, message in enumerate(rest):
            sent.append(message)
            ledger_adapter.home_of(spec.home, sent)
            last = nth + 1 == len(rest)
            for _ in range(cuts if last else int(random.random() < OFTEN)):
                _compare(spec, home, tally, random, len(sent))
        same_when_rebuilt(tally, Tally(home.ledger, first))
    finally:
        ledger_adapter.close_all()


def _compare(spec: Spec, home: Home, tally: Tally, random: Random, sent: int) -> None:
    home.ledger.wait()
    if not tally.days:
        return
    cut, by = drawn_there(random, tally), random.choice(BYS)
    compare(home, tally, cut, by)
    territories = {code: territory(code) for code in spec.home.territories}
    oracle = Oracle(spec.messages[:sent], territories, spec.home.territories[0])
    same_as_oracle(oracle, tally, cut, by)
