"""A railway goes somewhere: hand-laid lines."""

from __future__ import annotations

import shapely

from yardwatch.cars.tracing.company import TracedLine
from yardwatch.cars.tracing.leading import leading

IMAGE = shapely.box(0, 0, 1000, 600)


def line(*xy):
    return TracedLine(line=shapely.LineString(xy), confidence=0.9)


def test_a_roof_s_ridges_are_left_out_and_a_yard_stays():
    through = line((0, 300), (1000, 300))
    siding = line((200, 305), (450, 305))
    second = line((220, 310), (400, 310))
    ridges = [line((600, 100 + 5 * k), (740, 100 + 5 * k)) for k in range(6)]
    stay, out = leading([through, *ridges, siding, second], IMAGE)
    assert stay == [through, siding, second]
    assert out == ridges


def test_a_long_line_needs_no_edge_and_a_cut_one_reaches_it():
    inside = line((300, 500), (650, 500))
    corner = line((960, 598), (880, 540))
    assert leading([inside, corner], IMAGE) == ([inside, corner], [])


def test_no_lines_lead_nowhere():
    assert leading([], IMAGE) == ([], [])
