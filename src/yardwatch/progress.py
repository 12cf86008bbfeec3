"""Progress of long work: what the steps report, and the bars a terminal shows for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Item = TypeVar("Item")
Report = Callable[[str, int, int], None]
"""`report(stage, done, total)`; called with done = 0 when a stage begins."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """Report nothing."""


def tracked(items: Iterable[Item], stage: str, report: Report, total: int | None = None) -> Iterator[Item]:
    """The items, each reported once the caller is done with it. A sized iterable, or its total, is needed."""
    if total is None:
        total = len(items) if isinstance(items, Sized) else 0
    report(stage, 0, total)
    for done, item in enumerate(items, start=1):
        yield item
        report(stage, done, total)


@contextmanager
def bars(console: Console, *, hidden: bool = False) -> Iterator[Report]:
    """A bar for each stage, on the console; plain lines where it is no terminal."""
    if hidden:
        yield silent
        return
    columns = (TextColumn("{task.description:<34}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done, total=total)
            if not console.is_terminal and done == total:
                console.print(f"{stage}: {done} of {total}")

        yield report
