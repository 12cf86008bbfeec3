"""Correlation: where one image lies over another, by two methods that share no step. Arrays in, arrays out.

Gradient orientation. For a grey image I smoothed by a Gaussian (σ = 1 pixel), g = ∂I/∂x + i ∂I/∂y, then
f = g² / (|g| max(|g|, 2·median|g|)): the angle doubled, so that an edge from dark to bright and one from bright to
dark are one (snow on a roof, another season), the size limited to one, so that a bright roof weighs no more than a
hedge. The shift maximises Re Σ conj(f_ref(p)) f_mov(p + d); after Fitch et al. 2002 (orientation correlation), with
the peak refined on a matrix-multiplied Fourier transform (Guizar-Sicairos, Thurman & Fienup 2008) to 1/20 pixel.

Joint surface. The same correlation over two whole scenes, each spectral component divided by the square root of its
size (half-way to phase correlation: rails and rows of cars are a few strong components, and would else raise a second
hill one track away), and by the overlap √(Σ_o |f_ref|² Σ_o |f_mov|²)^½. `rival`: the next hill's height by the best's.

Masked normalised cross-correlation (Padfield 2012) of texture, the logarithm of the local standard deviation:
    ncc(d) = Σ (a − ā)(b − b̄) / √(Σ (a − ā)² Σ (b − b̄)²)   over the pixels both show at shift d.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

Floats = NDArray[np.float32]
Complexes = NDArray[np.complex64]
Bools = NDArray[np.bool_]
Masked = tuple[Floats, Bools]
"""An image (y, x) and where it may be looked at."""
Spectrum = NDArray[np.complex64] | NDArray[np.complex128]

SMOOTHING_PX = 1.0
EDGE_PX = 3
"""Derivatives reach this far: nearer to what is masked they are not the ground's."""
UPSAMPLING = 20
LEAST_OVERLAP = 0.3
"""Share of the better-covered shift's pixels below which a correlation is chance."""
TEXTURE_PX = 5
WHITE = 1e-3
"""Of the spectrum's mean: components weaker than this are noise and are not raised."""
_TINY = 1e-6


@dataclass(frozen=True)
class Peak:
    """The best shift of one window."""

    rows: float
    """Pixels downwards; the moving image's content lies this much lower."""
    columns: float
    """Pixels to the right."""
    correlation: float
    """At the shift, 0..1."""
    unmoved: float
    """At no shift."""
    inside: bool = True
    """False where the correlation still rises at the end of the search: the shift lies beyond."""


def orientation(grey: Floats, visible: Bools) -> Complexes:
    """The field f of the module's text, 0 where not visible or within EDGE_PX of it."""
    inner = ndimage.binary_erosion(visible, iterations=EDGE_PX, border_value=1)
    if not inner.any():
        return np.zeros(grey.shape, np.complex64)
    filled = np.where(visible, grey, grey[visible].mean()).astype(np.float32)
    x, y = (ndimage.gaussian_filter(filled, SMOOTHING_PX, order=order) for order in ((0, 1), (1, 0)))
    g = x + 1j * y
    size = np.hypot(x, y)
    limit = 2 * np.median(size[inner]) + _TINY
    f = g * g / (np.maximum(size, _TINY) * np.maximum(size, limit))
    f[~inner] = 0
    return f.astype(np.complex64)


def orientation_peak(reference: Complexes, moving: Complexes, reach: int) -> Peak:
    """The shift of one window of two orientation fields, at most `reach` pixels either way."""
    a, b = _centred(reference), _centred(moving)
    power = float(np.sqrt((np.abs(a) ** 2).sum() * (np.abs(b) ** 2).sum()))
    if power < _TINY:
        return Peak(0.0, 0.0, 0.0, 0.0)
    product = fft.fft2(b) * fft.fft2(a).conj()
    correlation = fft.ifft2(product).real / power
    shifts = np.r_[0 : reach + 1, -reach:0]
    near = correlation[np.ix_(shifts % a.shape[0], shifts % a.shape[1])]
    row, column = (int(shifts[i]) for i in np.unravel_index(near.argmax(), near.shape))
    rows, columns, best = _refined(product, row, column)
    inside = max(abs(row), abs(column)) < reach
    return Peak(rows, columns, best / power, float(correlation[0, 0]), inside)


@dataclass(frozen=True)
class Joint:
    """The best whole-pixel shift of two whole scenes."""

    rows: int
    columns: int
    rival: float
    """Height of the highest hill elsewhere by that of the best, 0..1: near 1, the two cannot be told apart."""
    inside: bool
    """False where the surface still rises at the end of the search."""


NOWHERE = Joint(0, 0, 1.0, False)


def joint_peak(reference: Complexes, moving: Complexes, reach: int, apart: int) -> Joint:
    """The shift of two orientation fields as wholes, at most `reach` pixels; a rival lies more than `apart` from it."""
    a, b = _centred(reference), _centred(moving)
    if not a.any() or not b.any():
        return NOWHERE
    surface = _joint_surface(a, b, reach)
    i, j = (int(k) for k in np.unravel_index(surface.argmax(), surface.shape))
    best = float(surface[i, j])
    rows, columns = np.ogrid[: surface.shape[0], : surface.shape[1]]
    elsewhere = surface[np.hypot(rows - i, columns - j) > apart]
    if best <= 0 or not elsewhere.size:
        return NOWHERE
    row, column = i - reach, j - reach
    return Joint(row, column, max(0.0, float(elsewhere.max()) / best), max(abs(row), abs(column)) < reach)


def _joint_surface(a: Complexes, b: Complexes, reach: int) -> Floats:
    size = [fft.next_fast_len(n + reach) for n in a.shape]
    shifts = np.arange(-reach, reach + 1)

    def over(product: Spectrum) -> Floats:
        return np.asarray(fft.ifft2(product).real[np.ix_(shifts % size[0], shifts % size[1])], np.float32)

    product = fft.fft2(b, size) * fft.fft2(a, size).conj()
    strength = np.abs(product)
    surface = over(product / np.sqrt(strength + WHITE * strength.mean() + _TINY))
    seen = [(np.abs(x) > 0).astype(np.float32) for x in (a, b)]
    power_a = over(fft.fft2(seen[1], size) * fft.fft2(np.abs(a) ** 2, size).conj())
    power_b = over(fft.fft2(np.abs(b) ** 2, size) * fft.fft2(seen[0], size).conj())
    power = np.sqrt(np.maximum(power_a * power_b, 0))
    enough = power >= LEAST_OVERLAP * power.max()
    return np.where(enough, surface / np.sqrt(np.maximum(power, _TINY)), -1).astype(np.float32)


def _centred(field: Complexes) -> Complexes:
    """Less its mean where it is anything: a masked belt must not correlate with itself."""
    seen = field != 0
    mean = field[seen].mean() if seen.any() else 0
    return np.where(seen, field - mean, 0).astype(np.complex64)


def _refined(product: Complexes, row: int, column: int) -> tuple[float, float, float]:
    """The maximum within a pixel of a whole-pixel one, on a lattice UPSAMPLING times finer."""
    fine = np.arange(-UPSAMPLING, UPSAMPLING + 1) / UPSAMPLING
    height, width = product.shape
    down = np.exp(2j * np.pi * np.outer(row + fine, fft.fftfreq(height))).astype(np.complex64)
    across = np.exp(2j * np.pi * np.outer(fft.fftfreq(width), column + fine)).astype(np.complex64)
    surface = (down @ product @ across).real / product.size
    i, j = np.unravel_index(surface.argmax(), surface.shape)
    return float(row + fine[i]), float(column + fine[j]), float(surface[i, j])


def texture(grey: Floats) -> Floats:
    """Logarithm of the local standard deviation: the same for an edge either way round, and under thin haze."""
    mean = ndimage.uniform_filter(grey, TEXTURE_PX)
    square = ndimage.uniform_filter(grey * grey, TEXTURE_PX)
    return np.log(np.sqrt(np.maximum(square - mean * mean, 0)) + 0.01).astype(np.float32)


def masked_peak(
    reference: tuple[Floats, Bools], moving: tuple[Floats, Bools], reach: int
) -> tuple[float, float, float]:
    """The shift (rows, columns) of a whole masked image against another, and the correlation there."""
    surface = _masked_surface(reference, moving, reach)
    i, j = (int(k) for k in np.unravel_index(surface.argmax(), surface.shape))
    row = i - reach + _parabola(surface[max(i - 1, 0) : i + 2, j])
    column = j - reach + _parabola(surface[i, max(j - 1, 0) : j + 2])
    return row, column, float(surface[i, j])


def _masked_surface(reference: Masked, moving: Masked, reach: int) -> Floats:
    (a, seen_a), (b, seen_b) = reference, moving
    size = [fft.next_fast_len(n + reach, real=True) for n in a.shape]
    a = np.where(seen_a, a - a[seen_a].mean(), 0)
    b = np.where(seen_b, b - b[seen_b].mean(), 0)
    fa, fa2, fm = (fft.rfft2(x.astype(np.float32), size).conj() for x in (a, a * a, seen_a))
    fb, fb2, fn = (fft.rfft2(x.astype(np.float32), size) for x in (b, b * b, seen_b))
    shifts = np.arange(-reach, reach + 1)

    def over(product: NDArray[np.complex64]) -> Floats:
        return fft.irfft2(product, size)[np.ix_(shifts % size[0], shifts % size[1])]

    n = np.maximum(over(fm * fn), 1)
    sum_a, sum_b = over(fa * fn), over(fm * fb)
    power_a = over(fa2 * fn) - sum_a**2 / n
    power_b = over(fm * fb2) - sum_b**2 / n
    correlation = (over(fa * fb) - sum_a * sum_b / n) / np.sqrt(np.maximum(power_a * power_b, _TINY))
    return np.where(n >= LEAST_OVERLAP * n.max(), correlation, -1).astype(np.float32)


def _parabola(three: Floats) -> float:
    """Offset of the top of the parabola through three values, −0.5..0.5; 0 at an edge."""
    if len(three) < 3:
        return 0.0
    bend = float(three[0] - 2 * three[1] + three[2])
    return 0.0 if bend >= 0 else float(np.clip(0.5 * (three[0] - three[2]) / bend, -0.5, 0.5))
