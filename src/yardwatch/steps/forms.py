"""A finished report in each form asked for, and all of them with their evidence in one bundle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from yardwatch.report.bundle import Bundle, bundle
from yardwatch.report.endnotes import Endnote
from yardwatch.report.markdown import markdown
from yardwatch.report.outline import Block
from yardwatch.report.outlined import outline
from yardwatch.report.page import Rendered
from yardwatch.report.pdf import pdf
from yardwatch.report.plates import Plate, plates
from yardwatch.report.png import png
from yardwatch.report.printer import PRINTED, Printer
from yardwatch.report.spreadsheet import observations_csv
from yardwatch.report.word import word
from yardwatch.sites.files import write_bytes
from yardwatch.sites.folder import SiteFolder
from yardwatch.steps.storing import has_store
from yardwatch.store.custody import LOG, Line, lines_of


def write_forms(
    report: Rendered, forms: Sequence[str], stem: Path, folder: SiteFolder, printer: Printer | None = None
) -> tuple[Path, ...]:
    """Write each form beside the others; returns the paths, figures as their folder. The printer makes the PDF."""
    made = Forms(report, stem.name, printer)
    paths = {form: _write_form(made, form, stem, folder) for form in sorted(forms, key=PRINTED.__contains__)}
    return tuple(paths[form] for form in forms)


def _write_form(made: Forms, form: str, stem: Path, folder: SiteFolder) -> Path:
    if form == "figures":
        return _write_all(stem.with_name(f"{stem.name}-figures"), made.figures)
    if form == "bundle":
        return _write(stem.with_name(f"{stem.name}.zip"), made.bundle(folder))
    if form == "md":
        _write_all(stem.with_name(f"{stem.name}-figures"), made.figures)
    return _write(stem.with_name(f"{stem.name}.{form}"), made.file(form))


class Forms:
    """One report's forms, each made once and only when asked for."""

    def __init__(self, report: Rendered, name: str, printer: Printer | None = None) -> None:
        self.report, self.name, self._printer = report, name, printer
        if printer is not None:
            printer.begin(report.html, self._as_of)

    def file(self, form: str) -> bytes:
        """One form as bytes."""
        makers: Mapping[str, Callable[[], bytes]] = {
            "html": self.report.html.encode,
            "json": self.report.json_text.encode,
            "md": lambda: self._markdown(f"{self.name}-figures").encode(),
            "docx": lambda: word(self._blocks, self._sources, self._pictures, self._as_of),
            "pdf": lambda: self._pdf,
        }
        return makers[form]()

    @cached_property
    def figures(self) -> Mapping[str, bytes]:
        """Each figure as SVG and PNG, by file name."""
        drawn = {f"{plate.name}.svg": plate.svg.encode() for plate in self._plates}
        return drawn | {f"{name}.png": data for name, data in self._pictures.items()}

    def bundle(self, folder: SiteFolder) -> bytes:
        """The evidence bundle."""
        files = {f"report.{form}": self.file(form) for form in ("html", "json", "docx", "pdf")}
        files["report.md"] = self._markdown("figures").encode()
        files |= {f"figures/{name}": data for name, data in self.figures.items()}
        files["data/observations.csv"] = observations_csv(self.report.content.record).encode()
        left_out = self._add_store(files, folder)
        pixels = {f"figures/{plate.name}.png": scene for plate in self._plates for scene in plate.scenes}
        made = Bundle(name=f"{self.name}.zip", report=self.report.json, files=files, pixels=pixels, left_out=left_out)
        return bundle(made)

    def _add_store(self, files: dict[str, bytes], folder: SiteFolder) -> tuple[str, ...]:
        """The store and the custody log; not where a public edition must not say exactly where things are.

        The log names people and what they typed, so a public edition holds only its head: the hash that seals it.
        """
        content = self.report.content
        if content.edition == "public" and content.public_decimals is not None:
            return ("data/site.gpkg: the site gives its coordinates rounded in public editions",)
        left_out: tuple[str, ...] = ()
        if folder.store_path.is_file():
            files["data/site.gpkg"] = folder.store_path.read_bytes()
        elif has_store(folder):
            left_out = ("data/site.gpkg: the store is on a server; `yardwatch export --format gpkg` writes it",)
        log = folder.path / LOG
        if log.is_file():
            whole = _until_last_report(log.read_bytes())
            if content.edition == "public":
                files["data/custody-head.json"] = _head(whole)
                left_out += (f"data/{LOG}: it names people and what they typed; the internal edition holds it",)
            else:
                files[f"data/{LOG}"] = whole
        return left_out

    @cached_property
    def _plates(self) -> tuple[Plate, ...]:
        return plates(self.report.content, self.report.view)

    @cached_property
    def _pictures(self) -> Mapping[str, bytes]:
        return {plate.name: png(plate.svg, plate.alt) for plate in self._plates}

    @cached_property
    def _pdf(self) -> bytes:
        return pdf(self.report.html, self._as_of) if self._printer is None else self._printer.result()

    @cached_property
    def _blocks(self) -> Sequence[Block]:
        return outline(self.report.content, self.report.view, self.report.json["id"])

    def _markdown(self, pictures: str) -> str:
        return markdown(self._blocks, self._sources, pictures)

    @property
    def _sources(self) -> Sequence[Endnote]:
        return self.report.view.notes.listed

    @property
    def _as_of(self) -> date:
        return self.report.content.assessment.question.as_of


def _until_last_report(log: bytes) -> bytes:
    """The log without the reports at its end: a report written twice adds a line, and its bundle stays the same.

    What is left is a whole chain: each line is sealed with the hash of the one before, none with that of a later one.
    """
    rows = log.splitlines(keepends=True)
    while rows and Line(number=len(rows), raw=rows[-1]).content.get("what") == "reported":
        rows.pop()
    return b"".join(rows)


def _head(log: bytes) -> bytes:
    """How long the log is and the hash of its last line: whoever is shown the log can hold it against this."""
    lines = lines_of(log)
    return json.dumps({"lines": len(lines), "head": lines[-1].digest if lines else ""}).encode() + b"\n"


def _write_all(target: Path, files: Mapping[str, bytes]) -> Path:
    target.mkdir(exist_ok=True)
    for name, data in files.items():
        _write(target / name, data)
    return target


def _write(path: Path, data: bytes) -> Path:
    write_bytes(path, data)
    return path
