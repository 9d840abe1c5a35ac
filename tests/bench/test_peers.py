from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bench.lineup import DESIGNS, ENGINES, absent, peer
from bench.market import Market, Size
from bench.messages import Mail, Sent, batches
from bench.path import Pharos
from bench.peers.peer import Sums
from bench.peers.postgres_server import Server

SMALL = Size(cinemas=40, screenings=600, tickets=40_000)


def sent(seed: int) -> tuple[list[list[Sent]], Sums]:
    market = Market(SMALL, seed)
    mail = Mail(market)
    slices = [market.opening(200), market.slice(6_000), market.slice(6_000)]
    messages = [list(batches(mail.messages(one, 100), 1)) for one in slices]
    sums = sum((np.array(one.sums()) for one in slices), np.zeros(3, dtype=np.int64))
    return [[m for b in one for m in b] for one in messages], Sums(*sums.tolist())


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert sent(3) == sent(3)
    assert sent(3) != sent(4)


@pytest.mark.slow
def test_a_slice_holds_repeats_late_events_and_conflicts() -> None:
    market = Market(Size(cinemas=400, screenings=15_000, tickets=1_200_000))
    market.opening(10_000)
    one = market.slice(400_000)
    assert len(one) == pytest.approx(400_000, abs=1)
    assert (one.kind != 0).mean() == pytest.approx(0.05 / 1.05, rel=0.01)
    assert 0 < (one.kind == 2).sum() < 40


@pytest.mark.slow
def test_pharos_agrees_with_what_was_generated(tmp_path: Path) -> None:
    parts, sums = sent(3)
    pharos = Pharos(tmp_path, Market(SMALL, 3))
    pharos.apply(parts)
    assert pharos.sums() == sums
    pharos.close()


@pytest.fixture
def server() -> Iterator[str]:
    if absent("postgres"):
        yield ""
        return
    running = Server()
    yield running.connection_text()
    running.close()


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_peer_agrees_with_what_was_generated(
    engine: str, design: str, server: str, tmp_path: Path
) -> None:
    if reason := absent(engine):
        pytest.skip(reason)
    parts, sums = sent(3)
    one = peer(engine, design, tmp_path, server)
    assert len(one.apply(parts)) == len(parts)
    assert one.sums() == sums
    one.close()
