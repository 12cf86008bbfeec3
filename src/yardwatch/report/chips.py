"""A change as one picture: before, during and after side by side, on one contrast and one ground grid.

What must stay with a picture is in it: dates, scale, north, outline, who took it and under which licence, and the mark
of what is simulated. A side whose licence forbids it shows no pixel in the public edition, only the reason.
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from yardwatch.model import Change, Scene
from yardwatch.report.drawing import bar_metres
from yardwatch.report.evidence import Evidence, Side, headline, particulars
from yardwatch.report.figure import footer, scene_date
from yardwatch.report.mark import TEXT
from yardwatch.report.raster import font, outlined, picture

WIDTH = 1560
"""Of the whole picture, pixels: three panels of 500 are sharp on a page and in an article."""
GAP = 24
WIDE = 1.9
"""Width ÷ height of the ground from which panels stand one below the other, each over the whole width."""
HEAD = 34
"""Above each panel: its role and date, the scale bar, the north arrow."""
TITLE, TEXT_PX, SMALL = 24, 17, 15
LINE = 1.4
NARROW_M, STANDS_OFF_M = 6.0, 3.0
"""Of what is narrower than the first the outline is drawn outside by the second, or it would cover it."""
PAPER, INK, FAINT, GROUND = "#ffffff", "#1b1b1b", "#5c5c5c", "#8d8d8d"
ROLES = {"before": "Before", "during": "During", "after": "After"}


@dataclass(frozen=True)
class Layout:
    """Where the panels of a picture stand."""

    panel: tuple[int, int]
    columns: int
    rows: int

    @classmethod
    def of(cls, evidence: Evidence) -> Layout:
        """Side by side, or one below the other for ground much wider than high."""
        grid, sides = evidence.sides[0].pixels.grid, len(evidence.sides)
        columns = 1 if grid.width / grid.height > WIDE else sides
        width = (WIDTH - GAP * (max(columns, 2) - 1)) // (1 if columns == 1 else max(columns, 2))
        return cls((width, max(1, round(width * grid.height / grid.width))), columns, -(-sides // columns))


def chips_png(evidence: Evidence) -> bytes:
    """The picture of one change as PNG; the same evidence gives the same bytes."""
    layout = Layout.of(evidence)
    top = _head_lines(evidence)
    foot = _foot_lines(evidence)
    across = layout.columns * layout.panel[0] + (layout.columns - 1) * GAP + 2 * GAP
    head = GAP + sum(round(size * LINE) for _, size, _ in top) + 8
    below = head + layout.rows * (HEAD + layout.panel[1] + 12)
    sheet = Image.new("RGB", (across, below + sum(round(size * LINE) for _, size, _ in foot) + GAP), PAPER)
    _write(sheet, top, GAP)
    for k, side in enumerate(evidence.sides):
        x = GAP + (k % layout.columns) * (layout.panel[0] + GAP)
        y = head + (k // layout.columns) * (HEAD + layout.panel[1] + 12)
        _heading(sheet, side, (x, y), layout.panel[0])
        sheet.paste(_panel(evidence, side, layout.panel), (x, y + HEAD))
    _write(sheet, foot, below + 4)
    return png(sheet, {"Title": headline(evidence.change), "Copyright": "; ".join(credits_of(evidence))}, evidence)


def credits_of(evidence: Evidence) -> tuple[str, ...]:
    """Who took what, once each, of the sides whose pixels are shown."""
    return tuple(dict.fromkeys(rights(side.scene) for side in evidence.shown))


def rights(scene: Scene) -> str:
    """Attribution and licence of one scene, in one line."""
    return f"{scene.licence.attribution or 'attribution not stated'} ({scene.licence.name})"


def png(image: Image.Image, said: dict[str, str], evidence: Evidence) -> bytes:
    """A PNG whose own text fields say what it is, for whoever meets the file alone."""
    info = PngInfo()
    for name, text in (said | ({"Comment": TEXT} if evidence.synthetic else {})).items():
        info.add_itxt(name, text)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6, pnginfo=info)
    return out.getvalue()


Lines = list[tuple[str, int, dict[str, Any]]]
"""Text, size, and how it is written."""


def _head_lines(evidence: Evidence) -> Lines:
    mark = f"{TEXT} · " if evidence.synthetic else ""
    lines: Lines = [(mark + headline(evidence.change), TITLE, {"bold": True, "fill": INK})]
    said = [part for line in particulars(evidence) for part in _wrapped(line, evidence)]
    return lines + [(line, TEXT_PX, {"fill": FAINT}) for line in said]


def _foot_lines(evidence: Evidence) -> Lines:
    stretch, step = evidence.stretch, evidence.sides[0].pixels.grid.step_m
    shown = f"Black and white stand for the same values in every panel ({stretch.low:.2f}–{stretch.high:.2f} of 0–1)"
    lines = [f"{ROLES[side.role]}: " + " · ".join(_rights(evidence, side)) for side in evidence.sides]
    off = f", drawn {STANDS_OFF_M:.0f} m outside it" if is_narrow(evidence.change) else ""
    lines += [f"{shown}; one ground grid of {step:.2f} m, north up; the outline is that of the newest search{off}."]
    if evidence.edition == "internal" and any(not s.scene.licence.may_publish_pixels for s in evidence.sides):
        lines += ["INTERNAL: the licence of at least one panel does not allow its pixels to be published."]
    return [(part, SMALL, {"fill": INK}) for line in lines for part in _wrapped(line, evidence)]


def _rights(evidence: Evidence, side: Side) -> tuple[str, ...]:
    return footer(side.scene, side.left_out(evidence.edition))


def _wrapped(line: str, evidence: Evidence) -> list[str]:
    layout = Layout.of(evidence)
    across = layout.columns * (layout.panel[0] + GAP) - GAP
    return textwrap.wrap(line, max(40, round(across / (SMALL * 0.6))))


def _write(sheet: Image.Image, lines: Lines, y: int) -> None:
    draw = ImageDraw.Draw(sheet)
    for text, size, how in lines:
        draw.text((GAP, y), text, fill=how["fill"], font=font(size, bold=bool(how.get("bold"))))
        y += round(size * LINE)


def _heading(sheet: Image.Image, side: Side, at: tuple[int, int], width: int) -> None:
    """Role and date on the left, scale bar and north arrow on the right."""
    draw, (x, y) = ImageDraw.Draw(sheet), at
    draw.text((x, y + 6), f"{ROLES[side.role]}: {scene_date(side.scene)}", fill=INK, font=font(TEXT_PX, bold=True))
    grid, right, base = side.pixels.grid, x + width, y + HEAD - 8
    draw.polygon([(right - 7, base - 20), (right, base), (right - 7, base - 5), (right - 14, base)], fill=INK)
    draw.text((right - 34, base - 19), "N", fill=INK, font=font(SMALL, bold=True))
    across_m = grid.width * grid.step_m
    bar = bar_metres(across_m)
    end = right - 48
    start = end - round(bar / across_m * width)
    draw.line([(start, base - 8), (start, base), (end, base), (end, base - 8)], fill=INK, width=2)
    label = f"{bar} m"
    draw.text((start - 8 - draw.textlength(label, font(SMALL)), base - 15), label, fill=INK, font=font(SMALL))


def _panel(evidence: Evidence, side: Side, size: tuple[int, int]) -> Image.Image:
    why = side.left_out(evidence.edition)
    if why is None:
        shown = picture(side.pixels, evidence.stretch, size, synthetic=side.scene.synthetic)
    else:
        shown = Image.new("RGB", size, GROUND)
        text = "\n".join(textwrap.wrap(why[0].upper() + why[1:], max(12, size[0] // 11)))
        ImageDraw.Draw(shown).multiline_text((14, 12), text, fill=PAPER, font=font(TEXT_PX))
    ring = evidence.change.polygon.buffer(STANDS_OFF_M) if is_narrow(evidence.change) else evidence.change.polygon
    return outlined(shown, side.pixels.grid, ring)


def is_narrow(change: Change) -> bool:
    """Whether an outline drawn where it lies would hide what it shows: a wall, a track."""
    ring = shapely.minimum_rotated_rectangle(change.polygon).exterior
    corners = shapely.get_coordinates(ring)[:3]
    return change.length_m is not None or bool(np.hypot(*np.diff(corners, axis=0).T).min() < NARROW_M)
