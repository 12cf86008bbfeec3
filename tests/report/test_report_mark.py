"""The mark burned into simulated pixels: everywhere, readable, and nowhere else."""

import numpy as np

from yardwatch.report.mark import SPACING, burned


def test_every_window_of_the_spacing_holds_ink_on_dark_and_on_light_ground():
    for tone in (0.1, 0.9):
        data = np.full((3, 400, 900), tone, np.float32)
        changed = np.abs(burned(data) - data).max(axis=0) > 0.1
        for top in range(0, 400 - SPACING[0], 40):
            for left in range(0, 900 - SPACING[1], 60):
                assert changed[top : top + SPACING[0] + 12, left : left + SPACING[1]].any()
        assert changed.mean() < 0.1


def test_a_picture_smaller_than_one_mark_still_has_ink():
    data = np.full((1, 30, 60), 0.3, np.float32)
    assert (burned(data) != data).any()
