"""From an averaged picture to a delivered one: optics, pan-sharpening, noise, cast, stretch, compression, bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from yardwatch.simulate.noise import Single

GREY_SHARE, SHARPENED_SHARE, STRETCHED_SHARE, COMPRESSED_SHARE, RESAMPLED_SHARE = 0.10, 0.35, 0.4, 0.3, 0.25
BRIGHT = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55], [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62], [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    np.float32,
)  # fmt: skip
"""Quantisation of brightness in the JPEG standard's annex K (ITU-T T.81, 1992); colour's is taken twice as coarse."""
TO_YCC = np.array([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]], np.float32)


def expose(picture: Single, rng: np.random.Generator, bits: int) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """A picture (3, y, x), about 0..1, as delivered: uint8, or uint16 of a tiny or a wide range; 0 nowhere.

    Raises ValueError for bits other than 8 and 16.
    """
    if bits not in {8, 16}:
        raise ValueError(f"a scene of {bits} bits cannot be delivered; choose 8 or 16")
    seen = _optics(picture, rng)
    seen = _noisy(seen, rng)
    if rng.random() < GREY_SHARE:
        mix = np.array([0.35, 0.4, 0.25]) if rng.random() < 0.7 else np.array([0.7, 0.3, 0.0])
        seen = np.broadcast_to(np.tensordot(mix, seen, 1), seen.shape)
    else:
        seen = _cast(seen, rng)
    seen = _toned(seen, rng)
    if bits == 16:
        top, floor = (
            (rng.uniform(300, 4000), rng.uniform(0, 200)) if rng.random() < 0.7 else (rng.uniform(8000, 50000), 0.0)
        )
        return np.clip(np.rint(np.clip(seen, 0, 1.3) * top + floor), 1, 65535).astype(np.uint16)
    if rng.random() < COMPRESSED_SHARE:
        seen = jpeg(seen, float(rng.uniform(55, 96)))
    return np.clip(np.rint(seen * 255), 1, 255).astype(np.uint8)


def jpeg(picture: Single, quality: float) -> Single:
    """What JPEG leaves of (3, y, x) in 0..1: 8 × 8 blocks, quantised cosines, colour at half the size."""
    scale = (5000 / quality if quality < 50 else 200 - 2 * quality) / 100
    rows, columns = picture.shape[1:]
    padded = np.pad(np.clip(picture, 0, 1), ((0, 0), (0, -rows % 16), (0, -columns % 16)), mode="edge")
    planes = np.tensordot(TO_YCC, padded, 1) * 255
    half = planes[1:].reshape(2, planes.shape[1] // 2, 2, planes.shape[2] // 2, 2).mean((2, 4))
    bright = _quantised(planes[:1] - 128, np.maximum(BRIGHT * scale, 1)) + 128
    colour = _quantised(half, np.maximum(2 * BRIGHT * scale, 1)).repeat(2, 1).repeat(2, 2)
    back = np.tensordot(np.linalg.inv(TO_YCC), np.concatenate([bright, colour]), 1)
    return (back[:, :rows, :columns] / 255).astype(np.float32)


def _quantised(planes: Single, steps: Single) -> Single:
    count, rows, columns = planes.shape
    blocks = planes.reshape(count, rows // 8, 8, columns // 8, 8).swapaxes(2, 3)
    cosines = fft.dctn(blocks, axes=(3, 4), norm="ortho")
    kept = np.rint(cosines / steps) * steps
    return np.asarray(fft.idctn(kept, axes=(3, 4), norm="ortho").swapaxes(2, 3).reshape(planes.shape), np.float32)


def _optics(picture: Single, rng: np.random.Generator) -> Single:
    """Blur of the optics, pan-sharpening (colour four times coarser, an overshoot at edges), resampling."""
    seen = ndimage.gaussian_filter(picture, (0, *(2 * [rng.uniform(0.3, 0.85)])), mode="nearest", truncate=3)
    if rng.random() < SHARPENED_SHARE:
        sharp = seen.mean(0)
        colour = ndimage.gaussian_filter(seen - sharp, (0, 1.8, 1.8), mode="nearest", truncate=2)
        halo = sharp - ndimage.gaussian_filter(sharp, rng.uniform(0.8, 1.4), mode="nearest", truncate=3)
        seen = colour + sharp + np.float32(rng.uniform(0.2, 1.0)) * halo
    if rng.random() < RESAMPLED_SHARE:
        kernel = [_between(float(part)) for part in rng.uniform(-0.5, 0.5, 2)]
        seen = ndimage.correlate1d(
            ndimage.correlate1d(seen, kernel[0], 1, mode="nearest"), kernel[1], 2, mode="nearest"
        )
    return np.asarray(seen, np.float32)


def _between(part: float) -> list[float]:
    """Linear interpolation there and back: a kernel that softens and does not move."""
    share = abs(part)
    return [share * (1 - share), 1 - 2 * share * (1 - share), share * (1 - share)]


def _noisy(seen: Single, rng: np.random.Generator) -> Single:
    base, shot = rng.uniform(0.003, 0.014), rng.uniform(0.002, 0.012)
    spread = np.sqrt(np.float32(base**2) + np.float32(shot**2) * np.clip(seen, 0, 1))
    return np.asarray(seen + spread * rng.standard_normal(seen.shape, dtype=np.float32))


def _cast(seen: Single, rng: np.random.Generator) -> Single:
    gain = rng.normal(1, 0.035, 3).astype(np.float32)[:, None, None]
    grey = seen.mean(0, keepdims=True)
    return np.asarray((grey + np.float32(rng.uniform(0.5, 1.1)) * (seen - grey)) * gain)


def _toned(seen: Single, rng: np.random.Generator) -> Single:
    """A percentile stretch, or a gain; then a gamma."""
    if rng.random() < STRETCHED_SHARE:
        low, high = np.quantile(seen[:, ::3, ::3], [rng.uniform(0.001, 0.02), rng.uniform(0.97, 0.999)])
        seen = (seen - low) / max(high - low, 0.05) * np.float32(rng.uniform(0.9, 1.0)) + np.float32(0.02)
    else:
        seen = seen * np.float32(rng.uniform(0.75, 1.25))
    return np.asarray(np.clip(seen, 0, 1.6) ** np.float32(rng.uniform(0.85, 1.2)), np.float32)
