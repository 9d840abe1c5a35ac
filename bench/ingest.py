"""Part A: how fast ticket events are applied from journal bytes, beside other engines.

In: sizes. Out: events a second for each engine, design and batch size. Runs alone with
``python bench/ingest.py [--profile]``.
"""

import argparse
import cProfile
import io
import pstats
import tempfile
from pathlib import Path

from bench.market import Market, Size
from bench.messages import Mail, batches
from bench.path import Path1, close_batches_at


def profile(options: argparse.Namespace) -> str:
    """Where the time of Pharos goes: the calls that take most of it."""
    market = Market(Size(options.cinemas, options.screenings, options.tickets))
    mail = Mail(market)
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        pharos = Path1(Path(folder), market)
        opened = round(options.screenings * 0.9)
        close_batches_at(100_000)
        seconds = pharos.apply(list(mail.messages(market.opening(opened), 2000)))
        text = [f"preload: {opened} events, all of screenings never seen, "
                f"batches of 100,000: {opened / seconds:,.0f} events/s"]  # fmt: skip
        close_batches_at(10_000)
        for run in range(3):
            work = list(batches(mail.messages(market.slice(options.events), options.message), 10_000))
            took = [pharos.apply(one) for one in work]
            count = sum(m.events for one in work for m in one)
            text.append(f"run {run}: {count} events in batches of 10,000, messages of "
                        f"{options.message}: {count / sum(took):,.0f} events/s")  # fmt: skip
        work = list(batches(mail.messages(market.slice(options.events), options.message), 10_000))
        profiler = cProfile.Profile()
        for one in work:
            pharos.keep(one)
            profiler.enable()
            pharos.receive()
            profiler.disable()
        for order in ("cumulative", "tottime"):
            out = io.StringIO()
            pstats.Stats(profiler, stream=out).strip_dirs().sort_stats(order).print_stats(40)
            text.append(out.getvalue())
        pharos.close()
    return "\n".join(text)


def main() -> None:
    """Measure part A alone."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--cinemas", type=int, default=12_000)
    parser.add_argument("--screenings", type=int, default=450_000)
    parser.add_argument("--tickets", type=int, default=36_000_000)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--message", type=int, default=200)
    options = parser.parse_args()
    print(profile(options))


if __name__ == "__main__":
    main()
