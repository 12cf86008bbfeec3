"""The report: whose its numbers are, what it takes with 200 scenes, and whether it is the same bytes again.

The large site is a fictional yard: one look is rendered, delivered under 200 dates and received as any image is. Its
rows in the store are written here, not counted: what a report takes does not depend on how its rows came about.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.report_site import AS_OF, SCENES, large_site
from benchmarks.results import Table, show, write
from yardwatch.report.page import render
from yardwatch.report.traced import numbers
from yardwatch.sites.folder import open_site
from yardwatch.steps.assessing import Asked
from yardwatch.steps.reporting import gather

MOST_S, MOST_MB = 20, 1024
FORMS = ("html,json", "html,json,pdf", "html,json,md,docx,pdf,figures,bundle")


def traced(folder: Path) -> Table:
    """Numbers of finished pages and whose they are."""
    cases = [("tumangang", date(2023, 10, 6)), ("tumangang", date(2024, 6, 18)), (str(folder), AS_OF)]
    rows = []
    for where, day in cases:
        for edition in ("public", "internal"):
            site = open_site(where)
            said = numbers(render(gather(site, Asked(as_of=day), edition)).html)
            kinds = Counter("claim" if one.claim else one.furniture or "nobody" for one in said)
            kept = {kind: kinds[kind] for kind in ("claim", "date", "definition", "name", "note", "nobody")}
            share = 1 - kinds["nobody"] / len(said)
            rows.append(
                {
                    "report": f"{site.site.id} {day} {edition}",
                    "texts": len(said),
                    **kept,
                    "answered for": f"{share:.0%}",
                }
            )
    notes = ("texts: pieces of text with a digit on the finished page, words for the blind included.",)
    return Table(
        name="report_traced", title="Numbers of the page and whose they are", data="none", rows=tuple(rows), notes=notes
    )


def cost(folder: Path) -> Table:
    """Seconds and memory of the whole command, each in a process of its own, twice."""
    rows = []
    for forms in FORMS:
        first, second = (_once(folder, forms) for _ in range(2))
        rows.append(
            {
                "forms": forms, "scenes": SCENES, "seconds": round(min(first[0], second[0]), 1),
                "cpu s": round(min(first[1], second[1]), 1), "MB": round(max(first[2], second[2])),
                "same bytes": "yes" if first[3] == second[3] else "NO",
                "kept": "yes" if min(first[0], second[0]) <= MOST_S and max(first[2], second[2]) <= MOST_MB else "no",
            }
        )  # fmt: skip
    notes = (
        f"whole command from the start of the process; kept: within {MOST_S} s and {MOST_MB} MB.",
        "same bytes: SHA-256 over every file of two runs, with different hash seeds.",
    )
    return Table(name="report_cost", title=f"A report of {SCENES} scenes", data="none", rows=tuple(rows), notes=notes)


def _once(folder: Path, forms: str) -> tuple[float, float, float, str]:
    """Seconds, CPU seconds, peak MB, and one hash over all files written."""
    code = (
        "import resource, sys, subprocess\n"
        "done = subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    with tempfile.TemporaryDirectory() as out:
        words = ["report", str(folder), "--as-of", AS_OF.isoformat(), "--form", forms, "--out", out]
        command = [sys.executable, "-c", code, sys.executable, "-m", "yardwatch", *words]
        started = time.perf_counter()
        seeded = os.environ | {"PYTHONHASHSEED": str(time.time_ns() % 1000 + 1)}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=seeded)
        seconds = time.perf_counter() - started
        cpu, kilobytes = done.stdout.split()
        digest = hashlib.sha256()
        for path in sorted(path for path in Path(out).rglob("*") if path.is_file()):
            digest.update(path.name.encode() + path.read_bytes())
    return seconds, float(cpu), float(kilobytes) / 1024, digest.hexdigest()


def main() -> None:
    """Print and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, help="a large site made before, to measure again")
    wanted = parser.parse_args().site
    with tempfile.TemporaryDirectory() as scratch:
        folder = wanted or large_site(Path(scratch) / "yard", now=datetime(2026, 1, 1, tzinfo=UTC))
        for table in (traced(folder), cost(folder)):
            show(table)
            print(f"  {write(table)}")
    print(f"  this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
