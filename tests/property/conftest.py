"""How many worlds are tried: one in `make quick`, more in `make test`, many in `make torture`."""

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
PROFILES = {
    "quick": settings(_COMMON, max_examples=1, derandomize=True),
    "default": settings(_COMMON, max_examples=8, derandomize=True),
    "torture": settings(
        _COMMON, max_examples=int(os.environ.get("PHAROS_WORLDS", "250")), print_blob=True
    ),
}


@pytest.fixture
def profile(request: pytest.FixtureRequest) -> settings:
    """The profile follows the marks that are asked for."""
    if request.node.get_closest_marker("torture"):
        return PROFILES["torture"]
    return PROFILES["quick" if "not slow" in request.config.getoption("markexpr") else "default"]
