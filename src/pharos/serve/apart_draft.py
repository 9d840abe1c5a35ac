"""The process in which a mapping is drafted; the other one starts faster without what it needs.

In: a job on its standard input. Out: a `Draft` as JSON. Knows no home.
"""

import msgspec

from pharos.arrive.drafting.draft import draft
from pharos.serve.apart_child import do_job


def main() -> None:
    """Draft the mapping of a file."""
    do_job(lambda content, name, job: msgspec.json.encode(draft(content, name, job["wishes"])))
