"""Where a site's scenes are: in its folder, or in a bucket that `site.yaml` names."""

from __future__ import annotations

from yardwatch.imagery.catalogue import Catalogue
from yardwatch.imagery.holdings import FolderHoldings, Holdings
from yardwatch.sites.folder import SiteFolder


def catalogue_of(folder: SiteFolder) -> Catalogue:
    """The catalogue of a site."""
    return Catalogue(folder.scenes_path)


def holdings_of(folder: SiteFolder) -> Holdings:
    """Every file of a site's catalogue."""
    return FolderHoldings(folder.scenes_path)
