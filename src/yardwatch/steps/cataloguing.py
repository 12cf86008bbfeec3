"""Where a site's scenes are: in its folder, or in a bucket that `site.yaml` names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from yardwatch.errors import InputError
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.imagery.holdings import FolderHoldings, Holdings
from yardwatch.sites.folder import SiteFolder


def catalogue_of(folder: SiteFolder) -> Catalogue:
    """The catalogue of a site. Raises InputError where a bucket is named and obstore is not installed."""
    if folder.scenes_address is None:
        return Catalogue(folder.scenes_path)
    with _needs_obstore(folder):
        from yardwatch.imagery.bucket import Bucket, BucketCatalogue
    return BucketCatalogue(Bucket(folder.scenes_address), folder.scenes_path)


def holdings_of(folder: SiteFolder) -> Holdings:
    """Every file of a site's catalogue. Raises InputError as `catalogue_of` does."""
    if folder.scenes_address is None:
        return FolderHoldings(folder.scenes_path)
    with _needs_obstore(folder):
        from yardwatch.imagery.bucket import Bucket
    return Bucket(folder.scenes_address)


@contextmanager
def _needs_obstore(folder: SiteFolder) -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise InputError(
            f"{folder.path}: its scenes are in S3, and obstore is not installed; pip install 'yardwatch[s3]'"
        ) from None
