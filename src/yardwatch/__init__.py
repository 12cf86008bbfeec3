"""Yardwatch: from satellite images of a rail yard to a finding that survives being quoted."""

__version__ = "0.1.0"
