"""The collector of cycles passes over what has settled, and only over that.

In: objects of a process of its own. Out: which of them are collected.
"""

import subprocess
import sys

PROGRAM = """
import gc, weakref
from pharos.serve.memory import hold_collector, release_objects, settle_objects

class Thing:
    def __init__(self):
        self.me = self

hold_collector()
assert not gc.isenabled()
settle_objects()
assert gc.isenabled()
dropped, kept = Thing(), Thing()
gone = weakref.ref(dropped)
del dropped
settle_objects()
assert gone() is None, "what was dropped before is given back"
assert gc.get_freeze_count() > 0
assert not any(one is kept for one in gc.get_objects()), "what is needed is not looked at again"
later = Thing()
gone = weakref.ref(later)
del later
gc.collect()
assert gone() is None, "what is made and dropped afterwards is found as ever"
gone = weakref.ref(kept)
del kept
gc.collect()
assert gone() is not None
release_objects()
assert gone() is None, "who ends gives everything back"
"""


def test_what_has_settled_is_not_looked_at_again() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_process_that_only_shows_reads_no_engine() -> None:
    """It starts at once after a crash, and is small: there may be one for each processor."""
    program = "import sys, pharos.serve.web; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    read = set(done.stdout.split())
    assert "granian" in read
    assert not read & {"duckdb", "numpy", "pyarrow", "fastapi", "xlsxwriter"}
