"""The description of the reading interface is true: whatever it allows is answered as it says."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.serve.asking_home import asking, filled_home

API = ("ask", "trace", "works", "cinemas", "screenings", "reports", "findings", "held", "overdue")
HANDS = ("standing", "acts/judgement", "acts/closing")
ASKING = tuple(f"/api/v1/{name}" for name in (*API, *HANDS))
PATHS = (*ASKING, "/health", "/ready")
#: Nothing wrong can be said where nothing can be said at all.
KINDS = (
    *((path, GenerationMode.POSITIVE) for path in PATHS),
    *((path, GenerationMode.NEGATIVE) for path in ASKING),
)
#: What no schema can say: a period that names no week, a work that nobody has heard of.
BEYOND_SCHEMAS: list[Any] = [positive_data_acceptance]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    with asking(filled_home(tmp_path_factory.mktemp("described") / "home")) as home:
        yield schemathesis.openapi.from_asgi("/openapi.json", home.app)


def hold_against(described: BaseSchema, path: str, mode: GenerationMode, requests: int) -> None:
    """Make requests by the description of a path, and hold every answer against it."""

    @given(described[path]["GET"].as_strategy(generation_mode=mode))
    @settings(
        max_examples=requests,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: Case[Any]) -> None:
        case.call_and_validate(excluded_checks=BEYOND_SCHEMAS)

    holds()


def test_every_path_is_held_against_its_description(described: BaseSchema) -> None:
    assert set(described) == set(PATHS)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "mode"), KINDS)
def test_a_few_requests(described: BaseSchema, path: str, mode: GenerationMode) -> None:
    hold_against(described, path, mode, 10)


@pytest.mark.torture
@pytest.mark.parametrize(("path", "mode"), KINDS)
def test_many_requests(described: BaseSchema, path: str, mode: GenerationMode) -> None:
    hold_against(described, path, mode, 500)
