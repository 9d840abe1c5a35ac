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


#: Refusals are tried one by one on the ledger, each with a home of its own, and the large mixed
#: office sends for eighty cinemas: too much for `quick`.
SLOW = ("test_refusals.py", "test_sixty_cinemas_")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make test` the ledger's side of what takes it seconds."""
    for item in items:
        named = item.path.name.startswith(SLOW) or item.name.startswith(SLOW)
        if named and LEDGER in item.name:
            item.add_marker(pytest.mark.slow)
