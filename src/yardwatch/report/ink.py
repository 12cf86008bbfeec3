"""Colours and marks: told apart by shape and lightness first, colour second.

The palette is that of Okabe and Ito (2008), safe for colour-blind readers. `INK` and `FAINT` stand for the page's
own text colours, so that a chart follows the page into dark mode; alone, an SVG falls back to the given greys.
"""

from __future__ import annotations

OWN = "#0072B2"
PUBLISHED = "#D55E00"
CROSS_CHECK = "#009E73"
CHILD = "#CC79A7"
ONSET = "#E69F00"
CAR = "#E69F00"
OTHER_VEHICLE = "#56B4E9"
CHANGE = "#F0E442"
BAND = "#56B4E9"
LEVEL = "#005A8C"
"""A darker shade of `OWN`: levels are means of looks."""
OTHER_UNIT = "#7A5195"

INK, FAINT, PAPER = "#010203", "#040506", "#070809"
"""Sentinels no palette uses; replaced by CSS variables once a chart is drawn."""
VARIABLES = {INK: "var(--ink, #1b1b1b)", FAINT: "var(--faint, #767676)", PAPER: "var(--paper, #ffffff)"}
