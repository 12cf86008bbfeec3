"""The PDF made in a process of its own, beside the other forms: laying out pages is half of what a report takes.

The process is started before there is a page, so that it has loaded its libraries by the time it gets one. It takes
the page on its standard input and gives the PDF on its standard output; the bytes are those `pdf` gives here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import date
from types import TracebackType
from typing import Self

from yardwatch.errors import UnavailableError

PRINTED = frozenset({"pdf", "bundle"})
"""Forms that hold a PDF."""
WORK = "from yardwatch.report.printer import work; work()"
LACKING = 3
"""Exit status of the process where pango is missing."""


def printer_for(forms: Collection[str]) -> AbstractContextManager[Printer | None]:
    """A printer where any of the forms needs one."""
    return Printer() if PRINTED & set(forms) else nullcontext()


class Printer:
    """One PDF, made elsewhere: `begin` with the page, then `result`. Leaving the context ends the process."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 -- a pipe nobody reads would stop the process
        command = [sys.executable, "-P", "-c", WORK]  # -P: no module of the folder the user stands in is run
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=self._told)  # noqa: S603 -- our own

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout, self._told):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()

    def begin(self, page: str, as_of: date) -> None:
        """Hand over the finished HTML page."""
        pipe = self._process.stdin
        if pipe is None or pipe.closed:
            return
        try:
            with pipe:
                pipe.write(f"{as_of.isoformat()}\n{page}".encode())
        except BrokenPipeError:
            return  # it ended early; `result` tells why

    def result(self) -> bytes:
        """The PDF. Raises UnavailableError where pango is missing, or the process came to grief."""
        made = self._process.stdout.read() if self._process.stdout else b""
        status = self._process.wait()
        self._told.seek(0)
        told = self._told.read().decode(errors="replace").strip()
        if status == LACKING:
            raise UnavailableError(told)
        if status != 0:
            last = told.splitlines()[-1] if told else f"it ended with status {status}"
            remedy = "try again, or leave pdf out of --form"
            raise UnavailableError(f"PDF: the process that makes it failed ({last}); {remedy}")
        return made


def work() -> None:
    """The other process: a day and a page in, a PDF out; nothing in, nothing done."""
    from yardwatch.report.pdf import load, pdf

    try:
        load()
        day, _, page = sys.stdin.buffer.read().decode().partition("\n")
        if page:
            sys.stdout.buffer.write(pdf(page, date.fromisoformat(day)))
    except UnavailableError as error:
        sys.stderr.write(str(error))
        sys.exit(LACKING)
