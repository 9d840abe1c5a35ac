"""The description of the reading interface is true: whatever it allows is answered as it says."""

from collections.abc import Iterator

import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.schemas import BaseSchema

from tests.serve.asking_home import asking, filled_home
from tests.serve.holding import hold_against

API = (
    *("ask", "trace", "works", "cinemas", "screenings", "reports", "findings", "held", "overdue"),
    *("chart", "compare", "records", "restated", "identities"),
)
HANDS = ("standing", "acts/judgement", "acts/closing")
ASKING = tuple(f"/api/v1/{name}" for name in (*API, *HANDS))
PATHS = (*ASKING, "/health", "/ready")
#: Nothing wrong can be said where nothing can be said at all.
KINDS = (
    *((path, GenerationMode.POSITIVE) for path in PATHS),
    *((path, GenerationMode.NEGATIVE) for path in ASKING),
)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    with asking(filled_home(tmp_path_factory.mktemp("described") / "home")) as home:
        yield schemathesis.openapi.from_asgi("/openapi.json", home.app)


@pytest.mark.slow
def test_every_path_is_held_against_its_description(described: BaseSchema) -> None:
    assert set(described) == set(PATHS)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "mode"), KINDS)
def test_a_few_requests(described: BaseSchema, path: str, mode: GenerationMode) -> None:
    hold_against(described, (path, "GET"), mode, 10)


@pytest.mark.torture
@pytest.mark.parametrize(("path", "mode"), KINDS)
def test_many_requests(described: BaseSchema, path: str, mode: GenerationMode) -> None:
    hold_against(described, (path, "GET"), mode, 500)
