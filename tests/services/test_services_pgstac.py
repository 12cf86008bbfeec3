"""The catalogue in pgstac, asked through stac-fastapi by pystac-client: two programs that are not ours."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import numpy as np
import psycopg
import pystac_client
import pytest
import rasterio
from affine import Affine

from yardwatch import pipeline
from yardwatch.errors import InputError
from yardwatch.imagery.metadata import Details
from yardwatch.imagery.receive import receive

pytestmark = pytest.mark.services
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def pgstac(service):
    address = service("YARDWATCH_TEST_PGSTAC", "pgstac")
    yield address
    with psycopg.connect(address) as connection:
        connection.execute("SET search_path TO pgstac, public")
        for (name,) in connection.execute("SELECT id FROM collections").fetchall():
            connection.execute("SELECT delete_collection(%s)", (name,))


@pytest.fixture
def api(service):
    return pystac_client.Client.open(service("YARDWATCH_TEST_STAC", "a STAC API"))


@pytest.fixture
def site(tmp_path):
    """A site with three scenes of three days, made without the pipeline's heavier parts."""
    import shapely

    from yardwatch.sites.init import create

    folder = tmp_path / "my-yard"
    create(folder, name="My yard", zone=shapely.box(-123.406, -48.901, -123.402, -48.898))
    rng = np.random.default_rng(1)
    for day in ("2019-05-01", "2020-06-02", "2021-07-03"):
        path = tmp_path / f"{day}.tif"
        shape = {"driver": "GTiff", "count": 1, "width": 64, "height": 64, "dtype": "uint8", "crs": "EPSG:32710"}
        with rasterio.open(path, "w", transform=Affine(0.5, 0, 470_300, 0, -0.5, 4_583_700), **shape) as out:
            out.write(rng.integers(1, 255, (1, 64, 64), np.uint8))
        receive(path, folder, Details(acquired=day, sensor="WV02", licence="cc0-1.0"), now=NOW, over=None)
    return folder


def test_what_is_served_is_what_the_site_holds(site, pgstac, api):
    served = pipeline.to_pgstac(site, pgstac)
    assert (served.collection, served.items, served.gone) == ("my-yard", 3, 0)
    rows = {row["id"]: row for row in pipeline.list_scenes(site)}
    found = {item.id: item for item in api.search(collections=["my-yard"]).items()}
    assert set(found) == set(rows)
    for name, item in found.items():
        assert item.properties["yardwatch:sha256"] == rows[name]["sha256"]
        assert item.properties["gsd"] == pytest.approx(rows[name]["gsd_m"], abs=1e-3)
        href = item.assets["image"].href
        assert href.startswith("file:///")
        assert href.endswith(f"{name}/{name}.tif")
    assert api.get_collection("my-yard").extent.temporal.intervals[0][0].date().isoformat() == "2019-05-01"


def test_search_by_days_and_place(site, pgstac, api):
    pipeline.to_pgstac(site, pgstac)
    by_day = api.search(collections=["my-yard"], datetime="2020-01-01/2020-12-31")
    assert [item.id[:10] for item in by_day.items()] == ["2020-06-02"]
    here, elsewhere = [-123.41, -48.91, -123.40, -48.89], [7.6, 47.5, 7.7, 47.6]
    assert len(list(api.search(collections=["my-yard"], bbox=here).items())) == 3
    assert list(api.search(collections=["my-yard"], bbox=elsewhere).items()) == []


def test_again_changes_nothing_and_what_left_the_site_goes(site, pgstac, api):
    pipeline.to_pgstac(site, pgstac)
    assert pipeline.to_pgstac(site, pgstac).gone == 0
    oldest = min((site / "scenes").glob("2019*"))
    shutil.rmtree(oldest)
    served = pipeline.to_pgstac(site, pgstac)
    assert (served.items, served.gone) == (2, 1)
    assert oldest.name not in {item.id for item in api.search(collections=["my-yard"]).items()}


def test_a_database_without_pgstac_and_an_address_with_a_password(site, postgis):
    with pytest.raises(InputError, match="has no pgstac; run `pypgstac migrate`"):
        pipeline.to_pgstac(site, postgis)
    with pytest.raises(InputError, match="a password stands in it") as caught:
        pipeline.to_pgstac(site, "postgresql://me:secret@host/stac")
    assert "secret" not in str(caught.value).replace("a password stands", "")


def test_items_are_plain_stac(site, pgstac, api):
    import pystac

    pipeline.to_pgstac(site, pgstac)
    for item in api.search(collections=["my-yard"]).items():
        again = pystac.Item.from_dict(json.loads(json.dumps(item.to_dict())))
        assert again.collection_id == "my-yard"
        assert again.datetime.tzinfo is not None
