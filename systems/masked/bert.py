"""BERT's idea: read in both directions, learn by filling blanks (Devlin et al. 2018, arXiv 1810.04805, section 3.1, task 1).

Of the words of a sentence 15 % are drawn by lot, to be guessed. Of those 80 % become `<mask>`, 10 % another word by lot, and 10 % stay as
they are: so that the encoder can never be sure that a word it sees is the true one, and keeps a good vector of each.

    loss = mean over the drawn words of - log p(word | the whole sentence with its blanks)

Left out of the paper: pieces of words, the second task (is this the next sentence?), and the layer between the output and the softmax.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from systems import sentences
from systems.masked.reader import FIRST, MASKS, Guesser, Guesses, ReaderSizes
from transformer.trace import EncoderTrace


@dataclass(frozen=True, kw_only=True)
class BertSizes(ReaderSizes):
    """Those of the encoder, and what becomes of the words."""

    masking: float = 0.15  # the share of the words that is to be guessed
    blank: float = 0.8  # of those, the share that becomes <mask>
    swapped: float = 0.1  # of those, the share that becomes another word; the rest stays


class Bert(Guesser):
    """Blanks, filled from both sides."""

    SIZES: ClassVar[type] = BertSizes

    def seen(self, ids: Tensor) -> EncoderTrace:
        """See `Guesser`: everything but padding."""
        return self.encode(ids)

    def blanked(self, ids: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        """See `Guesser`: the word becomes `<mask>`, and the answer is at its place."""
        return ids.scatter(1, place[:, None], MASKS), place

    def batch(self, examples: Sequence[str], chance: random.Random) -> Guesses:
        """See `System`: sentences with blanks, drawn anew each time."""
        ids = sentences.padded([self.read(each) for each in examples])
        return masked(ids, self.sizes, len(self.words), torch.Generator().manual_seed(chance.getrandbits(63)))


def masked(ids: Tensor, sizes: BertSizes, words: int, lots: torch.Generator) -> Guesses:
    """`ids (batch, position)` with blanks, and the true ids where there are any. Unknown words, start and end are never drawn."""
    drawn = (torch.rand(ids.shape, generator=lots) < sizes.masking) & (ids >= FIRST)
    fate = torch.rand(ids.shape, generator=lots)
    others = torch.randint(FIRST, max(FIRST + 1, words), ids.shape, generator=lots)
    read = torch.where(drawn & (fate < sizes.blank), MASKS, ids)
    read = torch.where(drawn & (fate >= sizes.blank) & (fate < sizes.blank + sizes.swapped), others, read)
    return Guesses(read, torch.where(drawn, ids, 0))
