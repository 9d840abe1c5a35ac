"""The command ``pharos``.

In: words of a command line. Out: text or JSON, and an exit code: 0 ok, 2 usage, 3 refused,
5 verification failed, 6 unreachable, 70 nobody foresaw it. No arithmetic.
"""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from pharos.errors import PharosError
from pharos.serve import commands, serving
from pharos.serve.arguments import parser
from pharos.serve.encoded import as_json
from pharos.serve.mapping_draft import map_file

COMMANDS = {
    "init": commands.init,
    "serve": serving.serve,
    "submit": commands.submit,
    "map": map_file,
    "ask": commands.ask,
    "trace": commands.trace,
    "join": commands.join,
    "unjoin": commands.unjoin,
    "close": commands.close,
    "rebuild": commands.rebuild,
    "doctor": commands.doctor,
    "demo": commands.demo,
}


#: Exit code of a failure that has no class of its own: a full disk, missing rights, our mistake.
UNFORESEEN = 70


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    arguments = parser().parse_args(joined(sys.argv[1:] if words is None else words))
    arguments.home = Path(arguments.home or os.environ.get("PHAROS_HOME") or "pharos-home")
    try:
        return COMMANDS[arguments.command](arguments)
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
