"""PAGE: figures, pages, templates."""
