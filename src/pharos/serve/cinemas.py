"""A list of expected cinemas as a register message.

In: a CSV with a header. Out: the body of a native message. Unknown columns are refused by name.
"""

import csv
import io
import json
from pathlib import Path

from pharos.errors import BadQuestion, nearest
from pharos.serve.sending import read_file

#: Columns that a list of cinemas may have.
COLUMNS = (
    "id", "name", "territory", "zone", "currency", "city", "province", "tier", "chain",
    "management", "owner", "from", "to", "reporter",
)  # fmt: skip


def cinemas_body(path: Path) -> bytes:
    """The register message for a CSV of cinemas, each of them expected to report.

    Raises BadQuestion when a column is not known or ``id`` is missing.
    """
    text = read_file(path).decode("utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    names = [name.strip() for name in reader.fieldnames or []]
    for name in names:
        if name not in COLUMNS:
            raise BadQuestion(f"{path}: there is no column {name!r}; {nearest(name, COLUMNS)}")
    if "id" not in names:
        raise BadQuestion(f"{path}: the column id is missing; each cinema needs one")
    lines = ['{"pharos": 1}']
    for row in reader:
        said = {n: (row[n] or "").strip() for n in names}
        cinema = {n: value for n, value in said.items() if value} | {"expected": True}
        lines.append(json.dumps({"kind": "register", "cinema": cinema}, ensure_ascii=False))
    return "\n".join(lines).encode() + b"\n"
