"""Everything Yardwatch can refuse, as a tree.

    YardwatchError              exit 1   nothing could be computed, or a check failed
    ├── InputError              exit 2   what the user gave is wrong; the message says what and what to do
    │   ├── SceneError                   an image: no CRS, truncated, not over the site, no date
    │   └── SiteError                    a site folder: site.yaml, zones, tracks, record, events
    ├── UnavailableError        exit 3   a file or service could not be reached
    └── RefusedError            exit 1   the question is sound, the evidence does not carry an answer

Every message names the thing, what is wrong with it, and the remedy, in that order, on one line.
"""

from __future__ import annotations


class YardwatchError(Exception):
    """Base of all errors a user may meet; its text is shown without a traceback."""

    exit_code: int = 1


class InputError(YardwatchError):
    """What was given cannot be used: bad file, bad option, bad value."""

    exit_code = 2


class SceneError(InputError):
    """An image that cannot be used as a scene."""


class SiteError(InputError):
    """A site folder, or a file in it, that cannot be used."""


class UnavailableError(YardwatchError):
    """A file or service that could not be reached."""

    exit_code = 3


class RefusedError(YardwatchError):
    """An answer the evidence does not carry; the message is the reason."""
