"""How the specs send a table as a file through a mapping.

In: a message whose rows stand for a file. Out: what became of it.
Must not know what any answer should be.
"""

import csv
import io

from pharos.arrive.administration import Setting
from pharos.arrive.extract import extract
from pharos.arrive.mapping import parse_mapping
from pharos.serve.home import Home, Submitted
from tests.oracle_said import Sent

_FORMATS = {"start": "%Y-%m-%dT%H:%M:%S%z", "date": "%Y-%m-%d"}


def send_file(home: Home, message: Sent) -> Submitted:
    """Send the rows of a message as a CSV through a mapping whose columns bear their names."""
    rows = [dict(row) for row in message.rows]
    kind = rows[0]["kind"]
    names = list(dict.fromkeys(name for row in rows for name in row if name != "kind"))
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    text = _mapping(kind, names)
    digest = parse_mapping(text).digest
    if home.writer.registers.mapping(digest) is None:
        home.administer(Setting(kind="mapping", name=digest, text=text))
    body = extract(sheet.getvalue().encode(), "report.csv", text)
    return home.send(message.sender, message.stream, message.id, body)


def _mapping(kind: str, names: list[str]) -> str:
    key = "screening" if kind == "screening_totals" else "date"
    lines = [
        'name = "spec"',
        'title = "a table in a spec"',
        f'kind = "{kind}"',
        f'row_key = ["{key}", "work"]',
        "[columns]",
    ]
    for name in names:
        form = _FORMATS.get(name)
        spec = f'{{ column = "{name}", format = "{form}" }}' if form else f'"{name}"'
        lines.append(f"{name} = {spec}")
    return "\n".join([*lines, "[scope]", 'kind = "span"', ""])
