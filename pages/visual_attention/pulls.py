"""Which way a score is pulled: soft attention's one exact gradient, and hard attention's guesses, one for each draw.

For score e_i of a word REINFORCE says: (reward − baseline) (1 if place i was drawn, else 0, − weight of i) / words. The reward is how
likely the right words became from there on. Soft attention's gradient runs through the weights: weight (g_i − Σ weight g), with g the
gradient at the weights, along all that follows.
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray
from torch import Tensor

from pages.visual_attention.looked import captioner
from systems.scenes import drawing
from systems.scenes.corpus import Example
from systems.scenes.hard import Hard, lot
from systems.scenes.scene import read as read_scene
from systems.scenes.soft import Batch, Soft, costs
from ui.session.state import Origin

DRAWS = 64
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulls:
    """Towards what is better, so that a positive number raises the score. In double precision."""

    words: tuple[str, ...]  # the right caption, and its end
    soft: Doubles  # word place
    rewards: Doubles  # draw word
    usual: Doubles  # word: the baseline
    drawn: NDArray[np.int64]  # draw word: which place
    weights: Doubles  # draw word place

    def guesses(self, word: int, place: int, baseline: bool) -> Doubles:
        """What each draw says of a score: `(draw,)`."""
        surprise = self.rewards[:, word] - (self.usual[word] if baseline else 0.0)
        found: Doubles = surprise * ((self.drawn[:, word] == place) - self.weights[:, word, place]) / len(self.words)
        return found


@st.cache_data(max_entries=32, show_spinner=False)
def pulls(soft: Origin, hard: Origin, scene: str, seed: int) -> Pulls:
    """Of both captioners, on the right caption of a scene."""
    one, other = captioner(soft), captioner(hard)
    assert isinstance(other, Hard)
    batch = one.batch([Example(read_scene(scene))], None)  # type: ignore[arg-type]
    words = tuple(one.words[each] for each in batch.following[0].tolist())
    generator = torch.Generator().manual_seed(seed)
    with torch.inference_mode():
        trace = other(
            drawing.paint(batch.shapes).expand(DRAWS, -1, -1, -1), batch.words.expand(DRAWS, -1), lot(generator)
        )
        cost = costs(trace, batch.following.expand(DRAWS, -1)).double()
        rewards = -cost.flip(1).cumsum(1).flip(1)
    return Pulls(
        words=words, soft=exact(one, batch), rewards=rewards.numpy(), usual=rewards.mean(0).numpy(),
        drawn=trace.glance.chosen.argmax(-1).numpy(), weights=trace.glance.weights.double().numpy(),
    )  # fmt: skip


def exact(model: Soft, batch: Batch) -> Doubles:
    """Soft attention's gradient at every score, `(word, place)`."""
    nudges: list[Tensor] = []

    def choose(weights: Tensor, _word: int) -> Tensor:
        nudges.append(torch.zeros_like(weights).requires_grad_(True))
        return weights + nudges[-1]

    trace = model(drawing.paint(batch.shapes), batch.words, choose)
    found = torch.autograd.grad(-costs(trace, batch.following).mean(), nudges)
    at_weights = torch.stack(found, dim=1)[0].double()  # word place
    weights = trace.glance.weights[0].detach().double()
    pulled: Doubles = (weights * (at_weights - (weights * at_weights).sum(-1, keepdim=True))).numpy()
    return pulled
