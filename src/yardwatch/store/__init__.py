"""MEMORY: one protocol; GeoPackage embedded, a memory fake beside it."""
