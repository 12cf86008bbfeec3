"""A figure as PNG at print size: what a newsroom's page takes where it takes no SVG."""

from __future__ import annotations

import io

from yardwatch.report.pdf import load
from yardwatch.report.still import as_image, shape

PRINT_MM = 170.0
"""Width of a figure across the text of an A4 page."""
DPI = 300
MM_PER_INCH = 25.4
COMPRESS = 3
"""Of nine: half the time of the usual six, for a file a tenth larger."""


def png(svg: str, alt: str) -> bytes:
    """A figure of its own (see `still`) as PNG, 170 mm wide at 300 dots an inch; the same figure gives the same bytes.

    Drawn by the library that makes the PDF, so that both show the same. Raises UnavailableError where pango is missing.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(_sheet(svg, alt))
    image = document[0].render(scale=DPI / 72).to_pil().convert("RGB")
    out = io.BytesIO()
    image.save(out, format="PNG", dpi=(DPI, DPI), compress_level=COMPRESS)
    return out.getvalue()


def _sheet(svg: str, alt: str) -> bytes:
    """One page that holds the figure alone."""
    load()
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    height = PRINT_MM / shape(svg)
    style = f"@page{{size:{PRINT_MM}mm {height:.3f}mm;margin:0}}body{{margin:0}}img{{display:block;width:100%}}"
    page = f'<html lang="en"><style>{style}</style><title>{alt[:1]}</title><body>{as_image(svg)}</body></html>'
    fetcher = URLFetcher(allowed_protocols=["data"])
    return bytes(HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_identifier=b"0" * 16))
