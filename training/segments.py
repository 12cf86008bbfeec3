"""The decoder's own likelihood as a loss: a network learns what its answers do to whole cars, not to single cells.

Judged cell by cell, forty cells that each lean a little towards *body* cost little; the decoder takes them for forty
witnesses, and a car that is not there is sure. So the answers are given to the decoder while they are learnt, and
what is made greater is the likelihood of what stands on the strip among all segmentations,

    L = log Σ_{segmentations like the truth} weight − log Σ_{all segmentations} weight

(semi-Markov conditional random fields, Sarawagi & Cohen 2004; over a network's answers Kong, Dyer & Smith 2016).
`likeness` gives its gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.likeness import pull
from yardwatch.cars.chain import Chain
from yardwatch.cars.network import DOUBT

Rng = np.random.Generator

TOGETHER = 4
"""Strips decoded in one piece; the pieces of a batch may be decoded at once."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Segments:
    """How answers are decoded while they are learnt: as the product decodes them."""

    chain: Chain
    shares: tuple[float, ...]
    """Of *empty, body, gap* in the network's answers, divided out."""
    spread: Callable[..., Iterator] = map
    """`map`, or that of a pool of processes."""

    def loss(self, answer: Tensor, states: Tensor, rng: Rng) -> Tensor:
        """Mean over strips of a number with the loss's gradient; its value is no likelihood.

        `answer` (n, 3, s) logits, `states` (n, 3, s) shares, nothing where nothing shows.
        """
        shown = (states.sum(dim=1, keepdim=True) > 0).float()
        scores = self.scores(answer) * shown
        given, wanted = (x.detach().cpu().numpy().transpose(0, 2, 1) for x in (scores, states))
        pulled = self._pull(given.astype(np.float64), wanted, rng).transpose(0, 2, 1).astype(np.float32)
        return -(torch.from_numpy(pulled).to(scores.device) * scores).sum() / len(answer)

    def _pull(self, given: NDArray[np.float64], wanted: NDArray[np.float32], rng: Rng) -> NDArray[np.float64]:
        firsts = range(0, len(given), TOGETHER)
        pieces = ([x[first : first + TOGETHER] for first in firsts] for x in (given, wanted))
        return np.concatenate(list(self.spread(pull, *pieces, repeat(self.chain), rng.spawn(len(firsts)))))

    def scores(self, answer: Tensor) -> Tensor:
        """(n, 3, s): the product's log-evidence (`yardwatch.cars.network.look`)."""
        shares = torch.tensor(self.shares, device=answer.device)[None, :, None]
        states = (answer - shares.log()).softmax(dim=1)
        return ((1 - DOUBT) * states + DOUBT / 3).log()
