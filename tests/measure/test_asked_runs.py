"""Runs of the works that are asked are found without looking at any other work."""

from pathlib import Path

from pharos.measure.edition import edition_in
from pharos.measure.passes import Passes
from pharos.serve.asking import asked
from pharos.serve.home import Home
from tests.serve.asking_home import filled_home


def test_only_the_runs_of_works_that_are_asked_are_worked_out(tmp_path: Path) -> None:
    with Home(filled_home(tmp_path / "home")) as home, home.ledger.view() as view:
        edition = edition_in(view, None)

        def works(measure: str, *where: str) -> set[str]:
            passes = Passes(edition, asked([measure], ["work", "run"], list(where)))
            return {work for work, _ in passes.runs(passes._works_asked()).all()}

        everything = {"w1", "w2", "片名 one"}
        assert works("gross") == everything
        assert works("gross", "work=w1") == {"w1"}
        assert works("gross", "work=w1", "work=Salt and Harbour") == {"w1", "w2"}
        # A rank is among those that are not asked, too.
        assert works("rank", "work=w1") == everything
