"""What every command shares: the applications, the consoles, common options and how a day is read."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from yardwatch.errors import InputError
from yardwatch.sites.location import locate

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
scenes_app = typer.Typer(no_args_is_help=True, help="Receive images and list them.")
tracks_app = typer.Typer(no_args_is_help=True, help="Get the tracks cars stand on.")
app.add_typer(scenes_app, name="scenes")
app.add_typer(tracks_app, name="tracks")


class Terminal(Console):
    """A console whose tables fit the terminal; plain lines, which a reader may want to copy, are left to wrap."""

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401
        """Print; a file or a pipe gets every line whole."""
        options.setdefault("soft_wrap", not self.is_terminal or all(isinstance(one, str) for one in objects))
        super().print(*objects, **options)


out = Terminal(highlight=False, width=None if sys.stdout.isatty() else 200)
err = Terminal(stderr=True, highlight=False)

Where = TypeVar("Where", str, Path, None)


def is_site(where: Where) -> Where:
    """Refuse what is no site before anything heavy is loaded. Raises SiteError."""
    if where is not None:
        locate(where)
    return where


SiteArg = Annotated[
    str, typer.Argument(callback=is_site, help="Site folder, or the name of a bundled site (tumangang, khasan).")
]
FolderArg = Annotated[Path, typer.Argument(callback=is_site, help="Site folder.")]
JsonOpt = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else.")]
QuietOpt = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")]


def _version(wanted: bool) -> None:
    if wanted:
        from yardwatch import __version__

        typer.echo(f"yardwatch {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    verbose: Annotated[int, typer.Option("-v", "--verbose", count=True, help="Log steps (-v) or details (-vv).")] = 0,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """How many freight cars, compared with what, how sure, from which pixels, and what cannot be known.

    Begin with `yardwatch demo`, or with your own image: `yardwatch count IMAGE --tracks TRACKS.geojson`.
    """
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)


def print_json(value: dict[str, Any]) -> None:
    """An answer on stdout, alone."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def day_of(text: str, option: str) -> date:
    """The day an option names; InputError says how to write one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text!r} is not a day; write it as 2023-10-06") from None


def today() -> date:
    """Today in UTC."""
    return datetime.now(UTC).date()
