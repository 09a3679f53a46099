"""The other way: an encoder of the same size that sees only what came before, and learns by guessing each next word.

The mask is that of the Transformer's decoder (arXiv 1706.03762, section 3.2.3), the task that of GPT. BERT's paper compares such a
left-to-right model with its own (arXiv 1810.04805, section 5.1). Every word is guessed, not only 15 %.

    loss = mean over all words of - log p(word | the words before it)
"""

import random
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from systems import sentences
from systems.masked.reader import Guesser, Guesses
from systems.system import UNKNOWN
from transformer.attention import causal_mask
from transformer.trace import EncoderTrace


class Causal(Guesser):
    """The next word, from what came before."""

    def seen(self, ids: Tensor) -> EncoderTrace:
        """See `Guesser`: each position itself and what is before it."""
        return self.encode(ids, causal_mask(ids.size(1), ids.device))

    def blanked(self, ids: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        """See `Guesser`: the answer is at the word before, which has seen nothing behind it."""
        return ids, place - 1

    def batch(self, examples: Sequence[str], chance: random.Random) -> Guesses:  # noqa: ARG002
        """See `System`: whole sentences; at each word the next one is to be guessed, unless it is unknown."""
        ids = sentences.padded([self.read(each) for each in examples])
        following = F.pad(ids[:, 1:], (0, 1))
        return Guesses(ids, torch.where(following == self.places[UNKNOWN], torch.zeros_like(following), following))
