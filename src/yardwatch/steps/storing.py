"""Where a site's memory is: in its folder, or on a server that `site.yaml` names."""

from __future__ import annotations

from yardwatch.errors import InputError
from yardwatch.sites.folder import SiteFolder
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.tabled import TableStore


def open_store(folder: SiteFolder) -> TableStore:
    """The store of a site, made where it is missing.

    Raises InputError for a store that is damaged or of another version, UnavailableError for one out of reach.
    """
    address = folder.store_address
    if address is None:
        return GeoPackageStore(folder.store_path)
    try:
        from yardwatch.store.postgis import PostGISStore
    except ImportError:
        raise InputError(
            f"{folder.path}: its store is on a server, and psycopg is not installed; pip install 'yardwatch[postgis]'"
        ) from None
    return PostGISStore(address, folder.config.id)


def has_store(folder: SiteFolder) -> bool:
    """Whether anything was ever stored; asking makes nothing in the folder."""
    if folder.store_address is None:
        return folder.store_path.is_file()
    with open_store(folder) as store:
        return bool(store.runs() or store.looks())


def store_name(folder: SiteFolder) -> str:
    """The store as it may be shown: a path, or an address without its options."""
    address = folder.store_address
    return str(folder.store_path) if address is None else address.partition("?")[0]
