"""Questions to published figures: each kind of question, its name, and what answers it.

In: an edition and a question. Out: the answer as one value for JSON. A new kind of question is one
entry of HISTORY: the command line, HTTP and Python read it from here.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pharos.measure.charts import ChartAsked, chart
from pharos.measure.comparing import CompareAsked
from pharos.measure.edition import Edition
from pharos.measure.identities import CheckAsked, identities_said
from pharos.measure.period_parts import compared
from pharos.measure.records import RecordsAsked, records
from pharos.measure.restated import RestatedAsked, restated

HistoryAsked = ChartAsked | CompareAsked | RecordsAsked | RestatedAsked | CheckAsked

#: What answers each kind of question, and the name by which it is asked for.
HISTORY: Mapping[type[HistoryAsked], tuple[str, Callable[[Edition, Any], Mapping[str, Any]]]] = {
    ChartAsked: ("chart", lambda edition, asked: chart(edition, asked).to_json()),
    CompareAsked: ("compare", compared),
    RecordsAsked: ("records", records),
    RestatedAsked: ("restated", restated),
    CheckAsked: ("identities", identities_said),
}


def history(edition: Edition, asked: HistoryAsked) -> Mapping[str, Any]:
    """The answer to a question of any kind. Raises what its kind raises."""
    _, answer = HISTORY[type(asked)]
    return answer(edition, asked)
