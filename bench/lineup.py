"""Who takes part: every peer that this machine has, in each of its designs.

In: names of engines and designs. Out: open peers, or why one is absent. Knows no timing.
"""

import importlib
import importlib.util
from pathlib import Path

from bench.peers.peer import Peer
from bench.peers.postgres_server import binary

DESIGNS = ("keyed", "marked")
_CLASSES = {
    "sqlite": ("bench.peers.sqlite", "Sqlite"),
    "postgres": ("bench.peers.postgres", "Postgres"),
    "chdb": ("bench.peers.clickhouse", "Chdb"),
    "polars": ("bench.peers.frames", "Frames"),
}
ENGINES = tuple(_CLASSES)
_NEEDS = {"postgres": "psycopg", "chdb": "chdb", "polars": "polars"}


def absent(engine: str) -> str:
    """Why an engine cannot take part; empty if it can."""
    module = _NEEDS.get(engine)
    if module and importlib.util.find_spec(module) is None:
        return f"{engine}: not run, {module} is not installed (make bench installs it)"
    if engine == "postgres" and not (binary("postgres") and binary("initdb")):
        return "postgres: not run, its server is not installed"
    return ""


def peer(engine: str, design: str, folder: Path, server: str = "") -> Peer:
    """An open peer; ``server`` says how to connect to one. Loaded only where it is installed."""
    module, prefix = _CLASSES[engine]
    made: type[Peer] = getattr(importlib.import_module(module), prefix + design.title())
    return made(folder, server) if server and engine == "postgres" else made(folder)
