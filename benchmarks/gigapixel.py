"""A cloud-optimised GeoTIFF of a gigapixel, made in minutes with little memory: noise, which compresses badly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import rasterio.shutil
from affine import Affine
from rasterio.enums import ColorInterp
from scipy import ndimage

SIDE_PX = 32768
PATCH_PX = 2048
"""Side of the noise that is laid out again and again; far larger than a tile, so that no tile gains by it."""
TILE_PX = 512
GSD_M = 0.5
CRS = "EPSG:32710"
CORNER = (470_000.0, 4_590_000.0)
"""West and north, in the open ocean at 48.9° S."""
SEED = 512

_TRANSFORM = Affine(GSD_M, 0, CORNER[0], 0, -GSD_M, CORNER[1])


def write_gigapixel(path: Path, side_px: int = SIDE_PX) -> None:
    """Three bands of bytes, tiles of 512, JPEG at quality 80; some hundred megabytes.

    Without overviews: a count reads none, and a file that holds them has more bytes of which to read a share.
    """
    patch = path.with_suffix(".patch.tif")
    mosaic = path.with_suffix(".vrt")
    _write_patch(patch)
    mosaic.write_text(_mosaic(patch, side_px))
    with rasterio.Env(GDAL_CACHEMAX=128, GDAL_NUM_THREADS=1):
        rasterio.shutil.copy(
            mosaic, path, driver="COG", compress="jpeg", quality=80, blocksize=TILE_PX, overviews="none"
        )
    patch.unlink()
    mosaic.unlink()


def _write_patch(path: Path) -> None:
    """Ground of grain and blotches: contrast at every scale from a pixel to a hundred."""
    rng = np.random.default_rng(SEED)
    grain = rng.normal(0, 9, (3, PATCH_PX, PATCH_PX))
    for scale, strength in ((1.5, 12), (6, 8), (40, 12)):
        blotch = ndimage.gaussian_filter(rng.normal(size=(PATCH_PX, PATCH_PX)), scale, mode="wrap")
        grain += strength * blotch / blotch.std()
    data = np.clip(110 + grain, 1, 254).astype(np.uint8)
    profile = {"driver": "GTiff", "count": 3, "width": PATCH_PX, "height": PATCH_PX, "dtype": "uint8"}
    with rasterio.open(path, "w", tiled=True, photometric="rgb", crs=CRS, transform=_TRANSFORM, **profile) as out:
        out.colorinterp = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
        out.write(data)


def _mosaic(patch: Path, side_px: int) -> str:
    """GDAL's XML that lays the patch out over the whole image."""
    size = f'xSize="{PATCH_PX}" ySize="{PATCH_PX}"'
    bands = []
    for band, colour in enumerate(("Red", "Green", "Blue"), start=1):
        source = (
            f'<SimpleSource><SourceFilename relativeToVRT="1">{patch.name}</SourceFilename>'
            f'<SourceBand>{band}</SourceBand><SrcRect xOff="0" yOff="0" {size}/>'
        )
        laid = [
            f'{source}<DstRect xOff="{x}" yOff="{y}" {size}/></SimpleSource>'
            for y in range(0, side_px, PATCH_PX)
            for x in range(0, side_px, PATCH_PX)
        ]
        bands.append(
            f'<VRTRasterBand dataType="Byte" band="{band}"><ColorInterp>{colour}</ColorInterp>{"".join(laid)}'
            "</VRTRasterBand>"
        )
    return (
        f'<VRTDataset rasterXSize="{side_px}" rasterYSize="{side_px}"><SRS>{CRS}</SRS>'
        f"<GeoTransform>{', '.join(map(str, _TRANSFORM.to_gdal()))}</GeoTransform>{''.join(bands)}</VRTDataset>"
    )
