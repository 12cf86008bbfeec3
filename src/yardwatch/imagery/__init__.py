"""PIXELS: the catalogue of scenes, windows of pixels (the only rasterio), usable or not, alignment."""
