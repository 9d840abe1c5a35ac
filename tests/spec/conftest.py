"""Each spec runs twice: on the oracle, and on the ledger once there is one."""

from collections.abc import Iterator

import pytest

from tests.spec.harness import LEDGER, LEDGER_MISSING, ORACLE, Spec


@pytest.fixture(params=[ORACLE, LEDGER])
def spec(request: pytest.FixtureRequest) -> Iterator[Spec]:
    """An empty spec on one side; a spec that asks nothing proves nothing."""
    if request.param == LEDGER and LEDGER_MISSING:
        pytest.skip(LEDGER_MISSING)
    made = Spec(request.param)
    yield made
    assert made.asked, "this spec asks nothing"
