"""A file, whatever its form, to the linter; a report to the chain below a claim."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from yardwatch.assess.chain import Link, chain
from yardwatch.assess.lint import Finding, Lexicon, Sentence, Statement, against, lint, read_lexicon, sentences
from yardwatch.assess.lint.pages import html_sentences, html_statements, markdown_sentences, report_sentences
from yardwatch.assess.lint.statements import is_report, of_report
from yardwatch.errors import InputError, UnavailableError

MAX_BYTES = 64 * 1024 * 1024
"""A report with its pictures is a few megabytes."""


@cache
def lexicon() -> Lexicon:
    """The rules that come with Yardwatch."""
    return read_lexicon(resources.files("yardwatch.assess.lint").joinpath("rules.toml").read_text(encoding="utf-8"))


def lint_file(path: Path, report: Path | None = None) -> tuple[Finding, ...]:
    """Findings of a file; with `report`, of a quotation held against that report.

    Plain text (a sentence a line, or paragraphs), Markdown, HTML, and reports of ours as HTML or JSON.
    Raises InputError or UnavailableError.
    """
    read = read_sentences(path)
    if report is None:
        return lint(read, lexicon())
    return against(read, read_statements(report), lexicon())


def lint_text(text: str) -> tuple[Finding, ...]:
    """Findings of plain text."""
    return lint(sentences(text.splitlines()), lexicon())


def read_sentences(path: Path) -> tuple[Sentence, ...]:
    """The sentences of a file."""
    text = _text(path)
    match path.suffix.lower():
        case ".html" | ".htm":
            return html_sentences(text)
        case ".json":
            return report_sentences(_report(path, text), text.splitlines())
        case ".md" | ".markdown":
            return markdown_sentences(text)
    return sentences(text.splitlines())


def read_statements(path: Path) -> tuple[Statement, ...]:
    """What a report states: from its JSON, or from its page (and the JSON beside it, which knows the numbers)."""
    if path.suffix.lower() in (".html", ".htm"):
        beside = path.with_suffix(".json")
        found = read_statements(beside) if beside.is_file() else html_statements(_text(path))
        if not found:
            raise InputError(f"{path.name} holds no claims; name a .html or .json that `yardwatch report` wrote")
        return found
    return of_report(_report(path, _text(path)))


def read_report(path: Path) -> dict[str, Any]:
    """A report's JSON. Raises InputError where the file is none of ours."""
    return _report(path, _text(path))


def _refuse_bundle(path: Path) -> None:
    if path.suffix.lower() == ".zip":
        raise InputError(
            f"{path.name} is an evidence bundle; take the report out of it (unzip -j {path.name} '*/report.json') and "
            "name that, or check the whole of it with `yardwatch verify`"
        )


def _report(path: Path, text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{path.name} is not JSON ({error}); name a report that `yardwatch report` wrote") from None
    if not isinstance(document, dict) or not is_report(document):
        raise InputError(f"{path.name} is no report of Yardwatch; name the .json that `yardwatch report` wrote")
    return document


def _text(path: Path) -> str:
    _refuse_bundle(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path.name} has more than {MAX_BYTES} bytes; cut it smaller")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8 (byte {error.start}); save it again as UTF-8 text") from None
    except OSError as error:
        raise UnavailableError(f"{path.name} cannot be read: {error.strerror or error}; check the path") from None
    if not text.strip():
        raise InputError(f"{path.name} is empty; name a file with text in it")
    return text


def trace_claim(report: Path, claim: str) -> Link:
    """The chain below a claim of a report; of its page by the JSON beside it, which holds the evidence.

    Raises InputError for a file that is no report, and for a claim it has not.
    """
    file = report.with_suffix(".json") if report.suffix.lower() in (".html", ".htm") else report
    return chain(_report(file, _text(file)), claim)
