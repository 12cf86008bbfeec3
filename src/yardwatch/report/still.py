"""SVG made to stand alone: colours that follow a page become plain ones, and a figure says in words what it shows."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable

_FOLLOWING = re.compile(r"var\(--[a-z]+,\s*([^)]+)\)")
_EDGE = re.compile(r"<svg\b|</svg\s*>")
_SPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def still(svg: str) -> str:
    """An inline SVG as a file of its own: with its name spaces, and in the colours of white paper."""
    text = _FOLLOWING.sub(r"\1", svg)
    head, _, rest = text.partition(">")
    missing = " ".join(space for space in _SPACES.split() if space.split("=")[0] not in head)
    return f"{head} {missing}>{rest}" if missing else text


def described(svg: str) -> str:
    """What a figure shows, in words: its `desc`."""
    found = re.search(r"<desc\b[^>]*>(.*?)</desc>", svg, re.DOTALL)
    return html.unescape(found[1]).strip() if found else ""


def shape(svg: str) -> float:
    """Width over height, from the view box."""
    found = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', svg)
    return float(found[1]) / float(found[2]) if found else 1.0


def replaced(page: str, change: Callable[[str], str]) -> str:
    """A page with each of its outermost SVGs changed."""
    parts, start, depth, opened = [], 0, 0, 0
    for edge in _EDGE.finditer(page):
        if not edge[0].startswith("</"):
            opened = edge.start() if depth == 0 else opened
            depth += 1
            continue
        depth -= 1
        if depth == 0:
            parts += [page[start:opened], change(page[opened : edge.end()])]
            start = edge.end()
    return "".join([*parts, page[start:]])


def as_image(svg: str) -> str:
    """An inline SVG as an `img` with its words as `alt`: what a tagged PDF needs of a figure."""
    kind = re.search(r'<svg\b[^>]*?class="([^"]*)"', svg)
    data = base64.b64encode(still(svg).encode()).decode("ascii")
    name = html.escape(kind[1] if kind else "", quote=True)
    return (
        f'<img class="{name}" alt="{html.escape(described(svg), quote=True)}" src="data:image/svg+xml;base64,{data}">'
    )
