"""Tracing: centre lines of tracks proposed from the image itself, for a person to check. Pure.

image → contrast → heat and direction (network) → ridge points → lines → smooth, sure enough, kept apart
"""
