"""Searching: which images of a site a STAC API offers, read with distrust.

presets     the APIs known by name
asking      one search over pystac-client
places      where an item says it lies, and what of each zone it covers
found       an item as a value, with what is odd about it
assets      which of its files is an image to be read
"""
