"""The words of the command line.

In: nothing. Out: the parser of ``pharos``. Knows no home.
"""

import argparse

from pharos.measure import catalogue, dimensions
from pharos.measure.chart_periods import CHARTS
from pharos.measure.identities import IDENTITIES
from pharos.measure.question import BASES
from pharos.measure.records import RECORDS
from pharos.rehearse.scenario import scenarios
from pharos.serve.listing import LISTS
from pharos.words.published import Basis

_BOOKS = ("tickets", "screening_totals", "day_totals")
_BOOK = f"where it stands in several: {', '.join(_BOOKS)}"
_LISTED = {
    "works": "works that reports have named",
    "cinemas": "cinemas that reports have named",
    "screenings": "screenings and their figures",
    "reports": "what arrived, and what became of it",
    "findings": "what rules have noticed",
    "held": "rows that do not count, and how to mend them",
}
_PERIODS = "2022-10-01, 2022-10-01..2022-10-07, 2022-W39, 2022-10, 2022-Q4, 2022, window:NAME/YEAR"


#: What is rehearsed when nothing is named.
SCENARIO = "national-day-2022"

_SERVER = "do it through a server on this machine"
#: What a server does as well as a home.
OVER_HTTP = (
    *(
        "submit",
        "ask",
        "chart",
        "compare",
        "records",
        "identities",
        "restated",
        "board",
        "trace",
        "join",
        "unjoin",
        "close",
        "correct",
    ),
    *LISTS,
)


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = argparse.ArgumentParser(prog="pharos", description="Box office, counted exactly.")
    top.add_argument("--home", help="folder of the home (else PHAROS_HOME, else ./pharos-home)")
    top.add_argument("--url", default="", help="a server on this machine (else PHAROS_URL)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _init(commands)
    _serve(commands)
    _rehearse(commands)
    _submit(commands)
    _map(commands)
    _ask(commands)
    _chart(commands)
    _board(commands)
    _trace(commands)
    _judgements(commands)
    _correct(commands)
    _lists(commands)
    _care(commands)
    for name in OVER_HTTP:
        # Behind the command as well; what stands nowhere must not undo what stands in front.
        commands.choices[name].add_argument("--url", default=argparse.SUPPRESS, help=_SERVER)
    return top


def _init(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    init = commands.add_parser("init", help="make a home")
    init.add_argument(
        "--territory",
        action="append",
        required=True,
        help="CN, US ... or a territory file (.toml); repeatable",
    )
    scopes = ("nation", "chain", "distributor", "cinema")
    init.add_argument("--scope", choices=scopes, default="nation", help="what the home speaks for")
    init.add_argument("--currency", help="currency of the home (else its first territory's)")
    init.add_argument("--cinemas", help="CSV of expected cinemas: id,name,city,...,from,to")
    init.add_argument("--json", action="store_true")


def _serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = commands.add_parser("serve", help="take reports and answer over HTTP")
    serve.add_argument("--host", default="127.0.0.1", help="a loopback address (127.0.0.1)")
    serve.add_argument("--port", type=int, default=8080, help="8080")
    serve.add_argument(
        "--show-port",
        type=int,
        default=0,
        metavar="PORT",
        help="show the pages to crowds on a port of their own, by processes of their own",
    )
    serve.add_argument(
        "--show-processes", type=int, default=1, metavar="N", help="how many of them (1)"
    )
    serve.add_argument(
        "--policy", metavar="FILE", help="what anonymous readers may see (docs/policy.md)"
    )
    serve.add_argument(
        "--inbox", metavar="DIR", help="a folder to watch, with one folder for each sender"
    )
    serve.add_argument(
        "--deadline",
        type=int,
        default=10,
        metavar="SECONDS",
        help="for the headers of a request, and before its body must have kept pace (10)",
    )
    serve.add_argument(
        "--spare",
        type=int,
        default=64,
        metavar="MIB",
        help="take no reports while less is free on the disk (64)",
    )


def _rehearse(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    play = commands.add_parser("rehearse", help="play a made-up country to a home of its own")
    play.add_argument(
        "scenario", nargs="?", default=SCENARIO, help=f"{', '.join(scenarios())} ({SCENARIO})"
    )
    play.add_argument("--cinemas", type=int, help="how many cinemas (else the scenario's own)")
    play.add_argument("--seed", type=int, default=1, help="another seed, another country (1)")
    play.add_argument(
        "--speed",
        type=float,
        default=60.0,
        help="how many times as fast as life; 0 is as fast as it goes (60)",
    )
    play.add_argument("--begin", default="", metavar="TIME", help="send what is earlier at once")
    play.add_argument("--events", type=int, default=200, help="ticket events a message (200)")
    play.add_argument("--port", type=int, default=8080, help="where its board is served (8080)")
    play.add_argument(
        "--check", action="store_true", help="compare every figure with what was sent, at the end"
    )
    play.add_argument("--stay", action="store_true", help="go on serving once it is over")


def _submit(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    submit = commands.add_parser("submit", help="send a report")
    submit.add_argument("file", help="native JSON Lines, or a table that a mapping explains")
    what = submit.add_mutually_exclusive_group()
    what.add_argument("--map", metavar="NAME_OR_FILE", help="mapping of a table (CSV, XLSX)")
    what.add_argument(
        "--notes", action="store_true", help="a CSV of events and holidays: first,last,name,kind"
    )
    submit.add_argument("--sender", help="who says it (default: local)")
    submit.add_argument(
        "--dry-run", action="store_true", help="show what would change, keep nothing"
    )
    submit.add_argument("--json", action="store_true")


def _map(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    draft = commands.add_parser("map", help="draft a mapping for a table that nobody described")
    draft.add_argument("file", help="CSV, XLSX, XLS, XLSB, ODS")
    draft.add_argument("--kind", choices=("screening_totals", "day_totals"), help="(else guessed)")
    draft.add_argument("--cinema", metavar="ID", help="the cinema that it speaks of")
    draft.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="K=V",
        help="territory=KR, zone=Asia/Seoul, currency=KRW, encoding=big5, dates='day first', or a "
        "field and its column: gross=Takings; repeatable",
    )
    draft.add_argument("-o", "--output", metavar="FILE", help="write the mapping to a new file")
    draft.add_argument("--json", action="store_true")


def _question(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--where", action="append", default=[], metavar="K=V", help="condition; repeatable"
    )
    command.add_argument("--period", default="", help=_PERIODS)
    command.add_argument("--territory", default="", help="one territory of the home")
    command.add_argument("--basis", default="paid", choices=BASES)
    command.add_argument("--source", default="postings")
    command.add_argument("--as-of", metavar="N|TIME", help="an edition, or a moment (ISO 8601)")
    command.add_argument("--sold-until", metavar="TIME", help="tickets sold up to a moment")
    command.add_argument("--json", action="store_true")


def _ask(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    ask = commands.add_parser(
        "ask",
        help="ask for measures",
        epilog=f"measures: {', '.join(m.name for m in catalogue.MEASURES)}. "
        f"dimensions: {', '.join(d.name for d in dimensions.DIMENSIONS)}.",
    )
    ask.add_argument("measures", nargs="+", metavar="MEASURE")
    ask.add_argument("--by", default="", metavar="D,D", help="dimensions to split by")
    _question(ask)
    ask.add_argument("--order", default="", help="a column; -gross puts the largest first")
    ask.add_argument("--limit", type=int)
    ask.add_argument("--sql", action="store_true", help="show the SQL text as well")


def _chart(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    chart = commands.add_parser("chart", help="rank works by published figures")
    chart.add_argument("kind", choices=CHARTS, help="what is ranked: days, weekends, weeks ...")
    chart.add_argument("--period", required=True, help=_PERIODS)
    chart.add_argument("--publisher", default="", metavar="NAME", help="whose figures")
    chart.add_argument("--limit", type=int, help="places of each period")
    _published(chart)
    records = commands.add_parser("records", help="the largest, by published daily figures")
    records.add_argument("name", choices=tuple(RECORDS), help="which record")
    records.add_argument("--publisher", default="", metavar="NAME", help="whose figures")
    records.add_argument("--nth", type=int, default=1, help="which weekend of a run (1)")
    records.add_argument("--threshold", default="", metavar="AMOUNT", help="of fastest")
    records.add_argument("--limit", type=int, default=20, help="places (20)")
    _published(records)
    identities = commands.add_parser("identities", help="what does not add up in published figures")
    names = ("", *(one.name for one in IDENTITIES))
    identities.add_argument("--identity", default="", choices=names, metavar="NAME", help="one")
    identities.add_argument("--territory", default="", help="of one territory")
    identities.add_argument("--publisher", default="", metavar="NAME", help="of one publisher")
    identities.add_argument("--limit", type=int, default=20, help="breaks shown of each (20)")
    identities.add_argument("--as-of", metavar="N|TIME", help="an edition, or a moment (ISO 8601)")
    identities.add_argument("--json", action="store_true")
    restated = commands.add_parser("restated", help="published figures that were revised")
    restated.add_argument("--territory", default="", help="of one territory")
    restated.add_argument("--publisher", default="", metavar="NAME", help="of one publisher")
    restated.add_argument("--limit", type=int, default=100, help="rows, the latest first (100)")
    restated.add_argument("--as-of", metavar="N|TIME", help="an edition, or a moment (ISO 8601)")
    restated.add_argument("--json", action="store_true")
    compare = commands.add_parser("compare", help="windows or periods beside one another")
    compare.add_argument("period", nargs="+", metavar="PERIOD", help=_PERIODS)
    _published(compare)


def _published(command: argparse.ArgumentParser) -> None:
    command.add_argument("--territory", default="", help="one territory of the home")
    command.add_argument("--basis", default="", choices=("", *Basis), metavar="BASIS")
    command.add_argument("--as-of", metavar="N|TIME", help="an edition, or a moment (ISO 8601)")
    command.add_argument("--json", action="store_true")


def _board(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    board = commands.add_parser("board", help="show a day's films, once or as they change")
    board.add_argument("--date", default="", help="a business date (the latest)")
    for place in ("province", "city", "city_tier", "chain", "cinema"):
        name = f"--{place.replace('_', '-')}"
        board.add_argument(name, default="", metavar="NAME", help="of one place only")
    board.add_argument("--basis", default="", choices=["", *BASES], metavar="BASIS", help="paid")
    board.add_argument("--as-of", default="", help="a version or a moment")
    board.add_argument("--lang", default="en", choices=("en", "zh"), help="en")
    board.add_argument("--watch", action="store_true", help="go on while figures change (Ctrl-C)")
    board.add_argument("--json", action="store_true")


def _trace(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    trace = commands.add_parser("trace", help="explain a number down to the rows of reports")
    trace.add_argument("measure", metavar="MEASURE")
    _question(trace)
    trace.add_argument("--rows", type=int, default=20, help="postings listed for each report")


def _judgements(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for name, text in (("join", "say that two ids are one"), ("unjoin", "take a join back")):
        command = commands.add_parser(name, help=text)
        command.add_argument("one", metavar="work:A")
        command.add_argument("other", metavar="work:B")
        command.add_argument("--why", required=True, metavar="TEXT")
        command.add_argument("--json", action="store_true")
    close = commands.add_parser("close", help="close business dates: their figures are final")
    close.add_argument("period", help=_PERIODS)
    close.add_argument("--why", default="", metavar="TEXT")
    close.add_argument("--json", action="store_true")


def _correct(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    correct = commands.add_parser("correct", help="set a screening's or a day's figures right")
    correct.add_argument("--cinema", required=True, metavar="ID")
    correct.add_argument("--screening", default="", metavar="ID", help="the screening, or")
    correct.add_argument("--date", default="", metavar="DAY", help="the business date, and")
    correct.add_argument("--work", default="", metavar="ID", help="the work, of day totals")
    correct.add_argument("--book", default="", choices=_BOOKS, metavar="BOOK", help=_BOOK)
    correct.add_argument(
        "--set",
        action="append",
        required=True,
        metavar="gross=610.00,admissions=51",
        help="what shall stand; what is not named stays",
    )
    correct.add_argument("--by", required=True, metavar="ROLE", help="who says so: auditor")
    correct.add_argument("--why", required=True, metavar="TEXT")
    correct.add_argument("--sender", help="who sends it (default: local)")
    correct.add_argument("--yes", action="store_true", help="do not ask")
    correct.add_argument("--json", action="store_true")


def _lists(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for name, (query, _) in LISTS.items():
        command = commands.add_parser(name, help=_LISTED[name])
        for said, field in query.model_fields.items():
            option = f"--{said.replace('_', '-')}"
            kind = int if said == "limit" else str
            default = field.default if said == "limit" else ""
            text = (field.description or "").replace("%", "%%")
            command.add_argument(
                option, type=kind, default=default, help=text, required=field.is_required()
            )
        command.add_argument("--json", action="store_true")


def _care(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rebuild = commands.add_parser("rebuild", help="make the ledger again from the journal")
    rebuild.add_argument("--full", action="store_true", help="and verify the whole journal first")
    rebuild.add_argument("--json", action="store_true")
    doctor = commands.add_parser("doctor", help="is what is stored what was written?")
    doctor.add_argument("--json", action="store_true")
