"""The description of the sending routes is true, held against a running server."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.schemas import BaseSchema

from pharos.serve.encoded import as_bytes
from tests.serve.asking_home import filled_home
from tests.serve.holding import hold_against
from tests.serve.served import Served, serving

MESSAGES, BATCHES = "/api/v1/messages", "/api/v1/batches"
OPERATIONS = (
    (MESSAGES, "POST"), (MESSAGES, "GET"), (f"{MESSAGES}/{{position}}", "GET"), (BATCHES, "POST"),
    ("/api/v1/administration", "POST"),
)  # fmt: skip
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@schemathesis.serializer("application/x-ndjson")
def as_it_is(_: object, value: Any) -> bytes:  # noqa: ANN401
    """A text as its bytes; what a wrong type would be sent as is JSON."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else as_bytes(value)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(filled_home(tmp_path_factory.mktemp("described") / "home")) as running:
        yield running
    assert not running.complaints()


@pytest.fixture(scope="module")
def described(server: Served) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


@pytest.mark.slow
def test_every_sending_route_is_described(described: BaseSchema) -> None:
    assert {path for path, _ in OPERATIONS} <= set(described)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_few_requests(described: BaseSchema, operation: tuple[str, str], mode: Any) -> None:  # noqa: ANN401
    hold_against(described, operation, mode, 10)


@pytest.mark.torture
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_many_requests(described: BaseSchema, operation: tuple[str, str], mode: Any) -> None:  # noqa: ANN401
    hold_against(described, operation, mode, 500)
