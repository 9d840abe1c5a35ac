"""Run the commands of the pages and write the output that they give today into them.

In: README.md and docs/*.md, or the pages named. Out: the same pages with their outputs renewed.
Must not know what any page says. ``...`` that still fits is left as it is written.
"""

import sys
import tempfile
from pathlib import Path

from tests.docs.pages import run_page, runnable


def main(names: list[str]) -> None:
    """Renew the pages named, or all that can be run."""
    for page in [Path(name).resolve() for name in names] or runnable():
        text = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory(prefix="pharos-page-") as folder:
            renewed = run_page(text, Path(folder))
        page.write_text(renewed, encoding="utf-8")
        print(f"{page.name}: {'as it was' if renewed == text else 'renewed'}")


if __name__ == "__main__":
    main(sys.argv[1:])
