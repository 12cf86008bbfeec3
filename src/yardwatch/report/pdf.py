"""The page as PDF/UA-1: tagged, titled, with its language, bookmarks, page numbers and words for every figure.

WeasyPrint lays out the same HTML a browser shows, with the same style sheet's print rules, so that nothing is said
in the PDF that the page does not say. The same page gives the same bytes: the PDF's id is a hash of the page, its
dates are those of the as-of day, and nothing is fetched.
"""

from __future__ import annotations

import hashlib
import logging
import re
from datetime import date

from yardwatch.errors import UnavailableError
from yardwatch.report.still import as_image, replaced

MISSING = (
    "PDF: the text layout library pango cannot be loaded ({why}); install it (Debian: apt install libpango-1.0-0 "
    "libpangoft2-1.0-0 libharfbuzz-subset0) or leave pdf out of --form"
)


def pdf(page: str, as_of: date) -> bytes:
    """The finished HTML page as PDF/UA-1. Raises UnavailableError where pango is missing."""
    load()
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    _quiet()
    identifier = hashlib.sha256(page.encode()).digest()[:16]
    own_data = URLFetcher(allowed_protocols=["data"])  # a report fetches nothing
    document = HTML(string=_printable(page, as_of), url_fetcher=own_data)
    made = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return bytes(made)


def load() -> None:
    """Load the layout library. Raises UnavailableError where pango is missing."""
    try:
        import weasyprint  # noqa: F401 -- loading it is the test
    except (ImportError, OSError) as error:
        raise UnavailableError(MISSING.format(why=str(error).splitlines()[0])) from None


def _printable(page: str, as_of: date) -> str:
    """The page with each figure once, as an image that carries its words, folded parts open, the day as its date."""
    day = f'<meta name="dcterms.created" content="{as_of}"><meta name="dcterms.modified" content="{as_of}">'
    opened = re.sub(r"<details(?![^>]*\bopen\b)", "<details open", page)
    wide = re.sub(r'<div class="slim">.*?</div>', "", opened, flags=re.DOTALL)
    return replaced(wide.replace("</head>", f"{day}</head>", 1), as_image)


def _quiet() -> None:
    """WeasyPrint warns of each rule meant for screens alone; what matters is tested."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
