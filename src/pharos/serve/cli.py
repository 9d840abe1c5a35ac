"""The command ``pharos``.

In: words of a command line. Out: text or JSON, and an exit code: 0 ok, 2 usage, 3 refused,
5 verification failed, 6 unreachable, 70 nobody foresaw it. No arithmetic.
"""

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from pharos.errors import BadQuestion, PharosError
from pharos.serve.arguments import OVER_HTTP, parser
from pharos.serve.encoded import as_json
from pharos.serve.listing import LISTS

#: The module and the function of each command; only the one that is wanted is imported.
COMMANDS = {
    "init": "commands.init",
    "serve": "serving.serve",
    "rehearse": "rehearsing.rehearse",
    "submit": "commands.submit",
    "map": "mapping_draft.map_file",
    "ask": "commands.ask",
    "chart": "history_commands.chart",
    "compare": "history_commands.compare",
    "records": "history_commands.records",
    "restated": "history_commands.restated",
    "identities": "history_commands.identities",
    "board": "board_command.board",
    "trace": "commands.trace",
    "join": "acting.join",
    "unjoin": "acting.unjoin",
    "close": "acting.close",
    "correct": "acting.correct",
    **dict.fromkeys(LISTS, "acting.listed"),
    "rebuild": "commands.rebuild",
    "doctor": "commands.doctor",
}


#: Exit code of a failure that has no class of its own: a full disk, missing rights, our mistake.
UNFORESEEN = 70


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    arguments = parser().parse_args(joined(sys.argv[1:] if words is None else words))
    _where(arguments)
    try:
        return _done(arguments)
    except PharosError as error:
        return _complained(arguments, error.code, str(error), error.exit_code)
    except BrokenPipeError:
        # Somebody closed the pipe (head, less): they have what they wanted.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("pharos: interrupted; what was acknowledged is kept", file=sys.stderr)
        return 130
    except Exception as error:
        if os.environ.get("PHAROS_DEBUG"):
            traceback.print_exc()
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        sentence = (
            f"something failed that Pharos did not foresee ({said}); what was acknowledged is "
            "kept. Run `pharos doctor`; with PHAROS_DEBUG=1 the command shows where it failed"
        )
        return _complained(arguments, "unforeseen", sentence, UNFORESEEN)


def _done(arguments: argparse.Namespace) -> int:
    if arguments.url and arguments.command not in OVER_HTTP:
        raise BadQuestion(f"{arguments.command} is done at a home: leave --url out")
    return command(arguments.command)(arguments)


def command(name: str) -> Callable[[argparse.Namespace], int]:
    """What does a command."""
    module, _, function = COMMANDS[name].partition(".")
    found: Callable[[argparse.Namespace], int] = getattr(
        importlib.import_module(f"pharos.serve.{module}"), function
    )
    return found


def _where(arguments: argparse.Namespace) -> None:
    """The home or the server that is meant: a word counts before the environment."""
    if not arguments.url and not arguments.home and arguments.command in OVER_HTTP:
        arguments.url = os.environ.get("PHAROS_URL", "")
    arguments.home = Path(arguments.home or os.environ.get("PHAROS_HOME") or "pharos-home")


def _complained(arguments: argparse.Namespace, code: str, sentence: str, exit_code: int) -> int:
    if getattr(arguments, "json", False):
        print(as_json({"error": code, "message": sentence}))
    print(f"pharos: {sentence}", file=sys.stderr)
    return exit_code


def joined(words: Sequence[str]) -> list[str]:
    """The words with ``--order -gross`` as one, which argparse would take for two options."""
    found: list[str] = []
    for word in words:
        if found and found[-1] == "--order":
            found[-1] = f"--order={word}"
        else:
            found.append(word)
    return found


if __name__ == "__main__":
    sys.exit(main())
