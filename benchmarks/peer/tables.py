"""The comparison as it is printed and kept: one table a kind of data."""

from __future__ import annotations

from typing import Any

Table = dict[str, dict[str, Any]]

REAL_NOTES = """
- Both blocks are one yard on one day, and smears of the publisher's outlines betray the vehicles' ends: upper bounds
  for either counter.
- The strip counter is given the tracks. The peer knows none; its boxes are carried over to the given track within
  1.6 m of their middle, and those on no track count neither way.
- What score makes a box a vehicle is set on simulated yards that no table scores, for each detector. In hindsight:
  the thresholds best on the very scenes that are scored, more than a user of the peer could know.
- The strip counter reads its strips four ways; so does the peer in its second row of each pair.
- Total: the mean of the strip counter's distribution; the number of the peer's boxes, but those on vehicles less than
  half seen.
- Seconds are processor time of one core, pixels in memory to vehicles, both in one process.
"""
SIMULATED_NOTES = """
- The strip counter reads along lines mis-set by up to 1.5 m; the peer's boxes are carried over to the true ones.
- Intervals are over yards drawn anew, both pairs of weights together. Error of the count: sum over yards of
  |found − true| over all true rail vehicles; and of the total.
"""
OPENING = """# A peer beside the strip counter

A centre-point detector of usual design, trained on the same sources, on the same scenes by the same rule. Its weights
are not shipped; `benchmarks/peer` makes them.
"""
ENDS = "| F1 in hindsight | strip counter better by (90 %) | s per km | s per megapixel |"
REAL_HEAD = "| labelled yard | F1, both ways | 90 % | on northeast | on west | hit / false / missed | total (error) "
SIMULATED_HEAD = "| simulated yards | F1 | 90 % | hit / false / missed | error of the count a yard | of the total "


def real_markdown(table: Table) -> str:
    """Rows by GSD and counter."""
    lines = [REAL_HEAD + ENDS, "|---" * 11 + "|"]
    for name, row in table.items():
        way, total = row["each_way"], row["total"]
        lines.append(
            f"| {name} | {row['f1']:.3f} | {_span(row['interval_90'])} | {way['northeast']:.3f} | {way['west']:.3f} "
            f"| {row['hit']} / {row['false']} / {row['missed']} | {total['mean']:.1f} of {total['true']} "
            f"({total['error']:+.1%}) | {_ends(row)}"
        )
    return "\n".join(lines)


def simulated_markdown(table: Table) -> str:
    """Rows by counter."""
    lines = [SIMULATED_HEAD + ENDS, "|---" * 10 + "|"]
    lines += [
        f"| {name} | {row['f1']:.3f} | {_span(row['interval_90'])} | {row['hit']} / {row['false']} / {row['missed']} "
        f"| {row['count_error']:.1%} | {row['total_error']:+.1%} | {_ends(row)}"
        for name, row in table.items()
    ]
    return "\n".join(lines)


def page(table: Table, yards: Table, number: int) -> str:
    """Both, with what must be quoted beside them."""
    return "\n".join([
        OPENING, "## Real, across blocks (upper bounds)", "", real_markdown(table), REAL_NOTES,
        f"## Simulated, {number} yards of unseen seeds, each by both pairs of weights", "", simulated_markdown(yards),
        SIMULATED_NOTES,
    ]).rstrip() + "\n"  # fmt: skip


def _ends(row: dict[str, Any]) -> str:
    """F1 in hindsight, difference and times; the strip counter has no threshold."""
    best, better = row.get("in_hindsight"), row.get("strip_counter_better_by")
    told = f"{best['f1']:.3f}" if best else "–"
    apart = f"{better['f1']:+.3f} ({_span(better['interval_90'], '+')})" if better else "–"
    return f"{told} | {apart} | {row['seconds_per_km']:.2f} | {row['seconds_per_megapixel']:.1f} |"


def _span(ends: list[float], sign: str = "") -> str:
    return " to ".join(f"{end:{sign}.2f}" for end in ends)
