"""Rehearsed and real reports never meet in one home, and a rehearsed home lives in its own time."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pharos.arrive.administration import Setting
from pharos.serve.home import Home, init
from pharos.words.home import HomeSettings
from pharos.words.report import Verdict
from pharos.words.territory import packaged_territory
from tests.serve.terminal import native

BEGAN = datetime(2022, 9, 29, tzinfo=UTC)
LATER = datetime(2026, 1, 1, tzinfo=UTC)
TICKET = {"kind": "tickets", "cinema": "c", "screening": "s", "work": "W", "number": 1,
          "start": "2022-10-01T20:00:00+08:00", "sold_at": "2022-10-01T12:00:00+08:00",
          "paid": "40.00"}  # fmt: skip


@pytest.fixture(params=["rows", "columns"])
def body(request: pytest.FixtureRequest) -> "Body":
    return Body(columns=request.param == "columns")


class Body:
    """One ticket in either form, rehearsed at a moment or not."""

    def __init__(self, *, columns: bool) -> None:
        self.columns = columns

    def __call__(self, rehearsed: str = "", number: int = 1) -> bytes:
        header = {"rehearsed": rehearsed} if rehearsed else {}
        if not self.columns:
            return native(TICKET | {"number": number}, **header)
        said = {"screening": ["s"], "start": ["2022-10-01T20:00:00+08:00"], "work": ["W"]}
        events = {"screening": [0], "number": [number], "sold_at": [1664596800], "paid": [4000]}
        return native(columnar="tickets", cinema="c", screenings=said, columns=events, **header)


def home_at(path: Path, *, rehearsed: bool) -> Home:
    settings = HomeSettings(
        scope="nation", territories=("CN",), currency="CNY", rehearsed=rehearsed
    )
    init(path, settings, lambda: BEGAN)
    return Home(path, lambda: LATER)


def test_a_real_home_refuses_what_is_rehearsed(tmp_path: Path, body: Body) -> None:
    with home_at(tmp_path / "home", rehearsed=False) as home:
        before = home.journal.size
        done = home.send("vendor", "", "1", body("2022-10-01T12:00:00+08:00"))
        assert (done.receipt, done.verdict) == (None, Verdict.REFUSED)
        assert done.findings[0].rule == "rehearsed"
        assert home.journal.size == before
        assert home.send("vendor", "", "1", body()).verdict is not Verdict.REFUSED


def test_a_rehearsed_home_refuses_what_is_real(tmp_path: Path, body: Body) -> None:
    with home_at(tmp_path / "home", rehearsed=True) as home:
        done = home.send("vendor", "", "1", body())
        assert (done.receipt, done.verdict) == (None, Verdict.REFUSED)
        assert done.findings[0].rule == "not_rehearsed"
        taken = home.send("vendor", "", "1", body("2022-10-01T12:00:00+08:00"))
        assert taken.verdict is Verdict.ACCEPTED_WITH_FINDINGS


@pytest.mark.slow
def test_a_report_arrives_at_the_moment_that_it_bears(tmp_path: Path, body: Body) -> None:
    with home_at(tmp_path / "home", rehearsed=True) as home:
        first = home.send("vendor", "", "1", body("2022-10-01T12:00:00+08:00")).receipt
        assert first is not None
        assert first.arrived_at == datetime(2022, 10, 1, 4, tzinfo=UTC)
        # What overtook it on the way does not turn the clock back.
        late = home.send("vendor", "", "2", body("2022-10-01T11:00:00+08:00", 2)).receipt
        assert late is not None
        assert late.arrived_at == first.arrived_at
        home.send("vendor", "", "3", body("2022-10-01T19:00:00+08:00", 3))
    with Home(tmp_path / "home", lambda: LATER) as home:
        # It goes on from there after a restart, and answers look from there.
        answer = home.ask("admissions", period="2022-10-01")
        assert answer.as_of == "2022-10-01T11:00:00+00:00"
        assert answer.status == "live"
        noon = home.ask("admissions", as_of=datetime(2022, 10, 1, 5, tzinfo=UTC))
        assert [row["admissions"] for row in noon] == [2]
        assert home.trace("admissions", period="2022-10-01").to_json()["status"] == "live"
        done = home.administer(Setting(kind="territory", name="CN", text=packaged_territory("CN")))
        assert done.receipt is not None
        assert done.receipt.arrived_at == datetime(2022, 10, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize("rehearsed", [True, False])
def test_what_a_home_is_stays(tmp_path: Path, *, rehearsed: bool) -> None:
    with home_at(tmp_path / "home", rehearsed=rehearsed) as home:
        other = HomeSettings(
            scope="nation", territories=("CN",), currency="CNY", rehearsed=not rehearsed
        )
        done = home.administer(Setting(kind="home", name="home", text=other.text()))
        assert (done.receipt, done.verdict) == (None, Verdict.REFUSED)
        assert "make another home" in done.findings[0].sentence


def test_a_moment_that_cannot_be_is_refused(tmp_path: Path, body: Body) -> None:
    with home_at(tmp_path / "home", rehearsed=True) as home:
        for moment in ("yesterday", "2022-10-01T12:00:00", "9999-12-31T23:59:59-23:00"):
            done = home.send("vendor", "", "1", body(moment))
            assert (done.receipt, done.verdict) == (None, Verdict.REFUSED), moment
