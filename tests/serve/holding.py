"""A description of an interface held against what the interface does.

In: the description, one of its operations, how many requests. Out: a failure where an answer is
not as described. Must not know which operations there are.
"""

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

#: What no schema can say: a period that names no week, which texts are reports, who is known.
BEYOND_SCHEMAS: list[Any] = [positive_data_acceptance]


def hold_against(
    described: BaseSchema, operation: tuple[str, str], mode: GenerationMode, requests: int
) -> None:
    """Make requests by the description of an operation, and hold every answer against it."""
    path, method = operation

    @given(described[path][method].as_strategy(generation_mode=mode))
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
