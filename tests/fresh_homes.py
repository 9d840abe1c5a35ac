"""Homes that nobody has spoken to yet: made once for each kind, and copied for each test.

In: territories and a moment. Out: a folder with a home that was made at that moment.
Must not know what a test does with it.
"""

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pharos.serve.home import init
from pharos.words.home import HomeSettings
from pharos.words.territory import packaged_territory, parse_territory

_LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def fresh_home(
    path: Path, territories: tuple[str, ...] = ("US",), made_at: datetime = _LONG_AGO
) -> Path:
    """A home of a nation at ``path``, as if `init` had just made it."""
    return Path(shutil.copytree(_made_once(territories, made_at), path))


@cache
def _made_once(territories: tuple[str, ...], made_at: datetime) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pharos-fresh-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    currency = parse_territory(packaged_territory(territories[0])).currency
    settings = HomeSettings(scope="nation", territories=territories, currency=currency)
    init(folder / "home", settings, lambda: made_at)
    return folder / "home"
