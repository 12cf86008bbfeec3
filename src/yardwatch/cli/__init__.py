"""One command a step; no logic.

Exit codes: 0 printed what was asked, whatever the finding; 1 nothing could be computed or a check failed; 2 bad
input; 3 a service or file could not be reached; 130 interrupted. With `--json`, stdout carries the JSON alone.
"""

from __future__ import annotations

import sys

import typer
from typer.exceptions import TyperException

from yardwatch.cli import (  # noqa: F401 - registers commands, in the order of the help
    counting,
    custody,
    finding,
    forecasts,
    ground,
    history,
    pages,
    scenes,
    sources,
    tracks,
    words,
)
from yardwatch.cli.frame import app, err
from yardwatch.errors import InputError, UnavailableError, YardwatchError

__all__ = ["app", "main"]

INTERRUPTED = 130


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr, never a traceback."""
    try:
        code = app(standalone_mode=False) or 0
        if code == INTERRUPTED:
            err.print("interrupted; run the same command again to go on")
        sys.exit(code)
    except (KeyboardInterrupt, typer.Abort):
        err.print("interrupted; run the same command again to go on")
        sys.exit(130)
    except YardwatchError as error:
        err.print(f"yardwatch: {error}", markup=False)
        sys.exit(error.exit_code)
    except OSError as error:
        err.print(f"yardwatch: {error}", markup=False)
        sys.exit(UnavailableError.exit_code)
    except TyperException as error:
        err.print(f"yardwatch: {error.format_message()}", markup=False)
        sys.exit(InputError.exit_code)
