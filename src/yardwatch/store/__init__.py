"""MEMORY: one protocol; GeoPackage embedded, a memory fake beside it.

`rows` says what is kept, `protocol` what a store can do, `geopackage` keeps it in one file that opens in QGIS,
`lock` lets one run at a time work in a site, `export` hands the rows on.
"""
