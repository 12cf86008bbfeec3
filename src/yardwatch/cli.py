"""One command a step; no logic."""


def main() -> None:
    """Console script."""
