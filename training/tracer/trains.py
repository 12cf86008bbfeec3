"""Trains on a drawn yard: vehicles one after another along each track, with their shadows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import zoom

from training.compose import coupling, hidden
from training.layout import ROW_M
from training.stock import Vehicle
from training.tracer.canvas import PIXEL_M, Line, Sun

Floats = NDArray[np.float32]
Rng = np.random.Generator
HIDDEN_TRAINS, HIDDEN_SHARE = 0.2, 0.08
"""Of trains, and of single vehicles, in the ground's own tone: in rows packed side by side one sees little else."""
Box = tuple[int, int, int, int]
"""First and last row, first and last column."""


def fitted(vehicle: Vehicle) -> Vehicle:
    """At the canvas's pixels."""
    data = zoom(vehicle.data, (1, ROW_M / PIXEL_M, 1), order=1)
    return Vehicle(data.astype(np.float32), vehicle.height_m)


def place_trains(data: Floats, lines: list[Line], vehicles: list[Vehicle], sun: Sun, rng: Rng) -> list[Box]:
    """Draw trains on all the lines; gives where they stand."""
    tone = data.mean(axis=(1, 2), keepdims=True)
    placed = [one for line in lines for one in _train(line, vehicles, tone, rng)]
    shade = np.zeros(data.shape[1:], bool)
    for vehicle, top, left, _ in placed:
        _cast(shade, (top, left, *vehicle.data.shape[1:]), vehicle.height_m, sun)
    data[:, shade] *= np.float32(sun.dark)
    for vehicle, _, left, rows in placed:
        _draw(data, vehicle.data, rows, left)
    return [(top, top + v.data.shape[1], left, left + v.data.shape[2]) for v, top, left, _ in placed]


def _train(line: Line, vehicles: list[Vehicle], tone: Floats, rng: Rng) -> list[tuple[Vehicle, int, int, NDArray]]:
    placed, at = [], line.first - int(rng.integers(0, 80))
    off = rng.normal(0, 0.1)
    while at < line.last - 20 and line.full > 0:
        if rng.random() > line.full:
            at += int(rng.uniform(5, 60) / PIXEL_M)
            continue
        same = vehicles[rng.integers(len(vehicles))] if rng.random() < 0.4 else None
        all_hidden = rng.random() < HIDDEN_TRAINS
        for _ in range(rng.integers(1, 10)):
            vehicle = _recoloured(same or vehicles[rng.integers(len(vehicles))], rng)
            if all_hidden or rng.random() < HIDDEN_SHARE:
                vehicle = Vehicle(hidden(vehicle.data, tone, rng), vehicle.height_m)
            long = vehicle.data.shape[2]
            if at + long >= line.last:
                break
            columns = np.clip(np.arange(at, at + long), 0, len(line.across) - 1)
            slope = np.polyfit(np.arange(long), line.across[columns], 1)
            path = np.polyval(slope, np.arange(long))  # a body is stiff
            rows = np.round((path + off) / PIXEL_M - vehicle.data.shape[1] / 2).astype(int)
            placed.append((vehicle, int(rows[long // 2]), at, rows))
            at += long + max(2, round(coupling(rng) / PIXEL_M))
        else:
            at += int((rng.uniform(2, 6) if rng.random() < 0.5 else rng.uniform(5, 80)) / PIXEL_M)
            continue
        break
    return placed


def _recoloured(vehicle: Vehicle, rng: Rng) -> Vehicle:
    data = vehicle.data[:, :: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
    if rng.random() < 0.6:
        data = data * (rng.uniform(0.6, 1.5) * rng.normal(1, 0.12, (3, 1, 1))).astype(np.float32)
    return Vehicle(data, vehicle.height_m)


def _cast(shade: NDArray[np.bool_], box: tuple[int, int, int, int], height_m: float, sun: Sun) -> None:
    top, left, tall, long = box
    down, right = sun.down * height_m / PIXEL_M, sun.right * height_m / PIXEL_M
    parts = max(1, int(max(abs(down), abs(right)) / 4))
    for k in range(parts + 1):
        row, column = top + round(down * k / parts), left + round(right * k / parts)
        shade[max(row, 0) : max(row + tall, 0), max(column, 0) : max(column + long, 0)] = True


def _draw(data: Floats, body: Floats, rows: NDArray, left: int) -> None:
    """Column by column where the track is aslant, at once where it is not."""
    _, tall, long = body.shape
    if (rows == rows[0]).all():
        top, first = max(rows[0], 0), max(left, 0)
        part = body[:, top - rows[0] :, first - left :]
        target = data[:, top : rows[0] + tall, first : left + long] if rows[0] + tall > 0 else data[:, :0]
        if target.size and part.size:
            target[:] = part[:, : target.shape[1], : target.shape[2]]
        return
    row = rows[None] + np.arange(tall)[:, None]
    column = np.broadcast_to(left + np.arange(long)[None], row.shape)
    inside = (row >= 0) & (row < data.shape[1]) & (column >= 0) & (column < data.shape[2])
    data[:, row[inside], column[inside]] = body[:, inside]
