"""The pen writes whole batches in order, and nothing after a failure."""

from collections.abc import Callable, Iterator

import duckdb
import pyarrow as pa
import pytest

from pharos.keep.pen import Pen


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("CREATE TABLE item (n INTEGER)")
        yield made


@pytest.fixture
def pen(connection: duckdb.DuckDBPyConnection) -> Iterator[Pen]:
    made = Pen(connection)
    yield made
    made.close()


def rows(*numbers: int) -> pa.Table:
    return pa.table({"n": pa.array(numbers, pa.int32())})


def stored(connection: duckdb.DuckDBPyConnection) -> list[int]:
    found = connection.cursor().execute("SELECT n FROM item ORDER BY n").fetchall()
    return [n for (n,) in found]


def write(pen: Pen, *numbers: int, record: Callable[[], None] = lambda: None) -> None:
    pen.begin()
    pen.add("item", rows(*numbers))
    pen.commit(record)


def test_what_is_committed_is_there_after_waiting(
    pen: Pen, connection: duckdb.DuckDBPyConnection
) -> None:
    write(pen, 1, 2)
    write(pen, 3)
    pen.wait()
    assert stored(connection) == [1, 2, 3]


def test_a_decision_is_recorded_after_the_rows_and_before_they_count(
    pen: Pen, connection: duckdb.DuckDBPyConnection
) -> None:
    seen: list[tuple[list[int], int]] = []

    def record() -> None:
        inside = connection.execute("SELECT count(*) FROM item").fetchone()
        seen.append((stored(connection), inside[0] if inside else -1))

    write(pen, 1, 2, record=record)
    pen.wait()
    assert seen == [([], 2)]


def test_what_was_added_can_be_read_before_its_batch_ends(
    pen: Pen, connection: duckdb.DuckDBPyConnection
) -> None:
    pen.begin()
    pen.add("item", rows(1))
    pen.settle()
    assert connection.execute("SELECT n FROM item").fetchall() == [(1,)]
    pen.add("item", rows(2))
    assert stored(connection) == []
    pen.commit(lambda: None)
    assert stored(connection) == [1, 2]


@pytest.mark.parametrize("settled", [False, True])
def test_what_is_rolled_back_was_never_there(
    pen: Pen, connection: duckdb.DuckDBPyConnection, settled: bool
) -> None:
    pen.begin()
    pen.add("item", rows(1))
    if settled:
        pen.settle()
    pen.roll_back()
    write(pen, 2)
    pen.wait()
    assert stored(connection) == [2]


def fail() -> None:
    raise OSError("the disk is full")


def test_after_a_failure_nothing_is_written_until_it_is_renewed(
    pen: Pen, connection: duckdb.DuckDBPyConnection
) -> None:
    write(pen, 1)
    write(pen, 2, record=fail)
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            write(pen, 3)
    with pytest.raises(OSError, match="full"):
        pen.wait()
    assert stored(connection) == [1]
    pen.renew()
    write(pen, 4)
    pen.wait()
    assert stored(connection) == [1, 4]


def test_rows_that_do_not_fit_take_their_whole_batch_with_them(
    pen: Pen, connection: duckdb.DuckDBPyConnection
) -> None:
    recorded: list[int] = []
    pen.begin()
    pen.add("item", rows(1))
    pen.add("item", pa.table({"n": pa.array([2**40], pa.int64())}))
    pen.commit(lambda: recorded.append(1))
    with pytest.raises(duckdb.ConversionException):
        pen.wait()
    assert (stored(connection), recorded) == ([], [])
