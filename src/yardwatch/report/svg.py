"""SVG that can stand in a page: deterministic, self-contained, no ids that clash, colours that follow the page."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import matplotlib as mpl
import numpy as np
from markupsafe import Markup, escape
from matplotlib.figure import Figure
from numpy.typing import NDArray

from yardwatch.report.ink import VARIABLES

LOOK: dict[Any, Any] = {
    "text.parse_math": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "yardwatch",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def figure_svg(figure: Figure, name: str, title: str, description: str) -> Markup:
    """A matplotlib figure as inline SVG; same figure, same bytes.

    `name` (an HTML id) goes before every id; title and description are for those who do not see it.
    """
    out = io.StringIO()
    with mpl.rc_context(LOOK):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Type": None, "Format": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(\bid="|url\(#|xlink:href="#)', rf"\g<1>{name}-", text)
    for sentinel, variable in VARIABLES.items():
        text = text.replace(sentinel, variable)
    view = re.search(r'viewBox="([^"]+)"', text)
    body = text[text.index(">") + 1 :]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="chart" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" viewBox="{view[1] if view else "0 0 100 100"}">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    )
    return Markup(head + body.strip())  # noqa: S704 -- every string in it was escaped by matplotlib or here


def png_data_uri(data: NDArray[np.float32], visible: NDArray[np.bool_]) -> str:
    """(band, y, x) 0..1 as a PNG data URI; what is not visible is transparent. One band is shown grey."""
    from matplotlib.image import imsave

    shown = data[:3] if data.shape[0] >= 3 else np.repeat(data[:1], 3, axis=0)
    rgba = np.concatenate([np.clip(np.nan_to_num(shown), 0, 1), visible[np.newaxis].astype(np.float32)])
    out = io.BytesIO()
    pixels = np.round(np.moveaxis(rgba, 0, -1) * 255).astype(np.uint8)
    nameless: dict[str, Any] = {"Software": None}
    imsave(out, pixels, format="png", metadata=nameless, pil_kwargs={"optimize": True})
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")
