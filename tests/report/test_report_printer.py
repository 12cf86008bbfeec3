"""The PDF of a second process is the one made here, and its troubles are told in one line."""

from __future__ import annotations

import os
from datetime import date

import pytest

from yardwatch.errors import UnavailableError
from yardwatch.report import printer
from yardwatch.report.pdf import pdf
from yardwatch.report.printer import Printer, printer_for

PAGE = "<html lang='en'><head><title>Yard</title></head><body><h1>두만강 73</h1></body></html>"
DAY = date(2023, 10, 6)


def test_the_same_bytes_as_here():
    pytest.importorskip("weasyprint", reason="pango is missing")
    with printer_for(["html", "json"]) as none:
        assert none is None, "page and data need no printer"
    with printer_for(["html", "bundle"]) as one:
        one.begin(PAGE, DAY)
        assert one.result() == pdf(PAGE, DAY)


def test_left_without_a_page_it_ends():
    with Printer() as one:
        running = one._process
        assert running.poll() is None
    assert running.poll() is not None
    with pytest.raises(ProcessLookupError):
        os.kill(running.pid, 0)


@pytest.mark.parametrize(
    ("work", "says"),
    [
        ("import sys; sys.stdin.read(); sys.stderr.write('PDF: no pango; install it'); sys.exit(3)", "no pango"),
        ("import sys; sys.stdin.read(); raise MemoryError('too little')", "the process that makes it failed"),
        ("import os, sys; sys.stdin.read(); os.kill(os.getpid(), 9)", "it ended with status -9"),
        ("raise SystemExit(1)", "failed"),
    ],
)
def test_what_goes_wrong_there_is_told_here(monkeypatch, work, says):
    monkeypatch.setattr(printer, "WORK", work)
    with Printer() as one:
        one.begin(PAGE * 20_000, DAY)
        with pytest.raises(UnavailableError, match=says) as told:
            one.result()
    assert "\n" not in str(told.value)


def test_no_module_of_the_folder_one_stands_in_is_run(monkeypatch, tmp_path):
    pytest.importorskip("weasyprint", reason="pango is missing")
    (tmp_path / "html.py").write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    with Printer() as one:
        one.begin(PAGE, DAY)
        assert one.result().startswith(b"%PDF")
