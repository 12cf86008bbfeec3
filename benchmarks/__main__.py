"""`python -m benchmarks`: all tables, under ten minutes on two cores."""

from __future__ import annotations

import sys

from benchmarks import accuracy, muttenz, speed
from benchmarks.results import show, write


def main() -> int:
    """Run every benchmark; what cannot run for want of data says so and is not written."""
    for measure in (speed.measure, accuracy.measure, muttenz.measure):
        table = measure()
        if isinstance(table, str):
            print(f"skipped: {table}\n")
            continue
        show(table)
        print(f"  → {write(table)}\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
