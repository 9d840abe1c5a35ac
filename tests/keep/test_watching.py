"""Who watches a ledger hears what was committed, all of it, in order, and nothing else."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pharos.keep.pen import Pen
from tests.measure.small_home import TICKET, send, small_home

Heard = list[dict[str, list[int]]]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("CREATE TABLE item (n INTEGER)")
        made.execute("CREATE TABLE other (n INTEGER)")
        yield made


@pytest.fixture
def pen(connection: duckdb.DuckDBPyConnection) -> Iterator[Pen]:
    made = Pen(connection)
    yield made
    made.close()


@pytest.fixture
def heard(pen: Pen) -> Heard:
    """What an observer of the pen has heard."""
    batches: Heard = []
    pen.watch(lambda rows: batches.append({n: t.column("n").to_pylist() for n, t in rows.items()}))
    return batches


def rows(*numbers: int) -> pa.Table:
    return pa.table({"n": pa.array(numbers, pa.int32())})


def test_each_batch_is_told_by_table_after_its_commit(pen: Pen, heard: Heard) -> None:
    for numbers in ((1, 2), (3,)):
        pen.begin()
        pen.add("item", rows(*numbers))
        pen.add("other", rows(-numbers[0]))
        pen.commit(lambda: None)
    pen.wait()
    assert heard == [{"item": [1, 2], "other": [-1]}, {"item": [3], "other": [-3]}]


def test_rows_that_were_written_early_are_told_with_their_batch(pen: Pen, heard: Heard) -> None:
    pen.begin()
    pen.add("item", rows(1))
    pen.settle()
    assert heard == []
    pen.add("item", rows(2))
    pen.commit(lambda: None)
    pen.wait()
    assert heard == [{"item": [1, 2]}]


def test_what_is_rolled_back_is_not_told(pen: Pen, heard: Heard) -> None:
    pen.begin()
    pen.add("item", rows(1))
    pen.settle()
    pen.add("item", rows(2))
    pen.roll_back()
    pen.begin()
    pen.add("item", rows(3))
    pen.commit(lambda: None)
    pen.wait()
    assert heard == [{"item": [3]}]


def test_a_batch_that_could_not_be_written_is_not_told(pen: Pen, heard: Heard) -> None:
    for late in (False, True):
        pen.begin()
        pen.add("nowhere", rows(1))
        if late:
            with pytest.raises(duckdb.Error):
                pen.settle()
            pen.roll_back()
        else:
            pen.commit(lambda: None)
            with pytest.raises(duckdb.Error):
                pen.wait()
            pen.renew()
    pen.begin()
    pen.add("item", rows(2))
    pen.commit(lambda: None)
    pen.wait()
    assert heard == [{"item": [2]}]


def test_an_observer_that_fails_harms_neither_the_ledger_nor_the_others(
    pen: Pen, connection: duckdb.DuckDBPyConnection
) -> None:
    told: list[int] = []

    def fails(_: Mapping[str, pa.Table]) -> None:
        raise ZeroDivisionError("it cannot count")

    pen.watch(fails)
    pen.watch(lambda batch: told.append(batch["item"].num_rows))
    for number in (1, 2):
        pen.begin()
        pen.add("item", rows(number))
        pen.commit(lambda: None)
    pen.wait()
    found = connection.cursor().execute("SELECT n FROM item ORDER BY n").fetchall()
    assert found == [(1,), (2,)]
    assert told == [1, 1]
    assert isinstance(pen.watch_failure, ZeroDivisionError)
    assert str(pen.watch_failure) == "it cannot count"


def test_who_no_longer_watches_hears_nothing(pen: Pen) -> None:
    told: list[object] = []

    def observer(batch: Mapping[str, pa.Table]) -> None:
        told.append(batch)

    pen.watch(observer)
    pen.unwatch(observer)
    pen.begin()
    pen.add("item", rows(1))
    pen.commit(lambda: None)
    pen.wait()
    assert told == []


def test_the_rows_that_are_told_are_those_of_the_ledger(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        batches: list[Mapping[str, pa.Table]] = []
        home.ledger.watch(batches.append)
        send(home, "1", TICKET)
        send(home, "2", TICKET | {"number": 2, "start": "2024-03-05T21:00:00-05:00"})
        home.ledger.wait()
        assert len(batches) == 2
        for table in ("account", "posting", "spoke", "moved", "applied", "term", "report"):
            told = sum(batch[table].num_rows for batch in batches if table in batch)
            since = "" if table == "term" else " WHERE position > 1"
            stored = home.ledger.connection.execute(f"SELECT count(*) FROM {table}{since}")
            assert told == (stored.fetchone() or (-1,))[0], table
        assert batches[-1]["applied"].column("position").to_pylist() == [home.ledger.position]
        assert home.ledger.watch_failure is None
