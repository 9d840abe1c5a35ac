"""How many worlds are tried: four in `make test`, many in `make torture`.

`PHAROS_WORLDS` says how many those are.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

#: Worlds are found small first; to shrink one further would cost minutes and say little more.
_COMMON = settings(
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
DEFAULT = settings(_COMMON, max_examples=4, derandomize=True)
TORTURE = settings(
    _COMMON, max_examples=int(os.environ.get("PHAROS_WORLDS", "250")), print_blob=True
)


@pytest.fixture
def profile(request: pytest.FixtureRequest) -> settings:
    """The profile of a test by its marks; a quick test has one world."""
    if request.node.get_closest_marker("torture"):
        return TORTURE
    return DEFAULT if request.node.get_closest_marker("slow") else settings(DEFAULT, max_examples=1)
