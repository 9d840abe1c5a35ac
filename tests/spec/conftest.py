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


#: Refusals are tried one by one on the ledger, each with a home of its own: too many for `quick`.
SLOW_FILES = ("test_refusals.py",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make test` the ledger's side of the grids of refused questions."""
    for item in items:
        if item.path.name in SLOW_FILES and LEDGER in item.name:
            item.add_marker(pytest.mark.slow)
