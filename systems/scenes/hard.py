"""Hard attention: Xu et al. 2015 (arXiv 1502.03044), section 4.1. One place is drawn by lot from the weights, and only it is read.

A draw has no gradient. REINFORCE (Williams 1992) goes round it: weights that led to good words are raised, those that led to worse words
than usual are lowered. "Good" is how likely the right words became from there on, "usual" the *baseline*, a moving average of it. As in
the paper weights that stay undecided are rewarded (entropy), and for half of the pictures, by lot, a step of training mixes the places by
their weights instead of drawing one: else it would learn very slowly.

Here, unlike in the paper, the reward of a draw is what came after it, not the whole caption, and each place in the caption has its own
baseline: a draw cannot change the words before it, and their chance would only be noise.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from systems.scenes import drawing
from systems.scenes.soft import LONGEST, PAD, Batch, CaptionSizes, CaptionTrace, Choose, Soft, costs

SLOW = 0.9  # how much of the baseline stays at each step (section 4.1)


@dataclass(frozen=True, slots=True)
class Surrogate:
    """The parts of the loss whose gradient is that of section 4.1, Eq. 13."""

    words: Tensor  # what the right words cost
    draws: Tensor  # (reward - baseline) log weight of the place drawn, negative
    entropy: Tensor  # of the weights


class Hard(Soft):
    """Hard attention: the same machine, but the context is one annotation, drawn by lot."""

    baseline: Tensor

    def __init__(self, sizes: CaptionSizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        self.register_buffer("baseline", torch.zeros(LONGEST + 2))

    def choose(self, weights: Tensor, _word: int) -> Tensor:
        """What the context mixes by: 1 at a place that is drawn from the weights."""
        return one_hot(torch.multinomial(weights, 1)[:, 0], weights)

    def surest(self, weights: Tensor, _word: int) -> Tensor:
        """Where nothing is left to chance: 1 at the place with the largest weight."""
        return one_hot(weights.argmax(-1), weights)

    def loss(self, batch: Batch) -> Tensor:
        """See `System`. Its gradient is REINFORCE's; its number is not what it is about."""
        found = self.surrogate(batch, self.sometimes(batch) if self.training else None)
        return found.words + self.sizes.reward * found.draws - self.sizes.entropy * found.entropy

    def sometimes(self, batch: Batch) -> Choose:
        """A way to choose: for some pictures by lot, the share `expected` of them, as soft attention does, for all others a place by lot."""
        mixed = torch.rand(len(batch.words), 1, device=batch.words.device) < self.sizes.expected
        return lambda weights, word: torch.where(mixed, weights, self.choose(weights, word))

    def surrogate(self, batch: Batch, choose: Choose | None = None) -> Surrogate:
        """The parts of the loss for one draw of places; while training, the baseline moves on."""
        trace = self(drawing.paint(batch.shapes), batch.words, choose)
        real = batch.following != PAD
        cost = costs(trace, batch.following) * real
        reward = -cost.detach().flip(1).cumsum(1).flip(1)  # from the word that is written with this look on
        usual = self.baseline[: reward.size(1)].to(reward.dtype)
        if self.training:
            mean = reward.sum(0) / real.sum(0).clamp(min=1)
            self.baseline[: reward.size(1)] = SLOW * usual + (1 - SLOW) * mean
        log_weights = trace.glance.scores.log_softmax(-1)
        lots = trace.glance.chosen.detach().amax(-1) == 1  # batch word: where a place was drawn
        drawn = (log_weights * trace.glance.chosen.detach()).sum(-1) * lots
        entropy = -(log_weights * trace.glance.weights).sum(-1)
        number = real.sum()
        draws = -((reward - usual) * drawn * real).sum() / number
        return Surrogate(cost.sum() / number, draws, (entropy * real).sum() / number)


def lot(generator: torch.Generator | None = None) -> Choose:
    """A way to choose: a place by lot from the weights."""

    def drawn(weights: Tensor, _word: int) -> Tensor:
        return one_hot(torch.multinomial(weights, 1, generator=generator)[:, 0], weights)

    return drawn


def given(chosen: Tensor) -> Choose:
    """A way to choose: as it was chosen before, `(batch, word, place)`; behind its end as the last time."""
    return lambda _weights, word: chosen[:, min(word, chosen.size(1) - 1)]


def one_hot(places: Tensor, like: Tensor) -> Tensor:
    """1 at `places (batch,)`, 0 elsewhere: `(batch, place)`."""
    return F.one_hot(places, like.size(-1)).to(like.dtype)


__all__ = ["CaptionTrace", "Hard", "given", "lot"]
