"""word2vec: CBOW and skip-gram (Mikolov et al. 2013, arXiv 1301.3781), with negative sampling (arXiv 1310.4546, section 2.2).

Each word w has two rows, v_w when it is read and u_w when it is guessed. Skip-gram reads the word in the middle, m, and guesses each
word c near it; CBOW reads the mean of all the words near, and guesses the one in the middle. To guess would be a softmax over the whole
vocabulary. Negative sampling asks a smaller question instead: is this a true pair, or is the second word drawn by lot?

    loss = - log sigmoid(v . u_true) - sum over k drawn words of log sigmoid(- v . u_drawn)
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from systems.vectors.windows import FLATTENED, Pairs, WordVectors, flat, generator, neighbours, thinned


@dataclass(frozen=True)
class PairTrace:
    """Word by word: is it a true pair? `choice` 0 is the true word, the others are drawn by lot."""

    read: Annotated[
        Tensor, "pair dimension"
    ]  # skip-gram: v of the word in the middle; CBOW: the mean of v of those near
    guessed: Annotated[Tensor, "pair choice dimension"]  # u
    scores: Annotated[Tensor, "pair choice"]  # read . guessed
    chances: Annotated[Tensor, "pair choice"]  # sigmoid of the scores: that it is a true pair
    losses: Annotated[Tensor, "pair choice"]  # - log of the chance that is given to the truth


class Bags(NamedTuple):
    """Words and all words near them, one a row, and the noise drawn for each row."""

    contexts: Tensor  # row near, padded with 0
    centres: Tensor  # row
    noise: Tensor  # row negative


class SkipGram(WordVectors):
    """The word in the middle tells each word near it."""

    def __init__(self, sizes: object, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        self.v = nn.Parameter(torch.empty(len(words), self.sizes.dimensions))
        self.u = nn.Parameter(torch.zeros(len(words), self.sizes.dimensions))
        nn.init.uniform_(self.v, -0.5 / self.sizes.dimensions, 0.5 / self.sizes.dimensions)

    def inputs(self) -> Tensor:
        """See `WordVectors`."""
        return self.v

    def outputs(self) -> Tensor:
        """See `WordVectors`."""
        return self.u

    def batch(self, examples: Sequence[str], chance: random.Random) -> Pairs:
        """See `System`: all pairs of the sentences, with noise."""
        line, lots = flat([self.read(each) for each in examples]), generator(chance)
        centres, contexts = self.near(*line, lots)
        return Pairs(centres, contexts, self.noise(len(centres), lots))

    def near(self, line: Tensor, sentence_of: Tensor, lots: torch.Generator) -> tuple[Tensor, Tensor]:
        """The pairs of a text in a line: ids of the words in the middle, and ids of words near them."""
        kept = thinned(line, self.shares(), self.sizes.keep, lots)
        line, sentence_of = line[kept], sentence_of[kept]
        reach = torch.randint(1, self.sizes.window + 1, line.shape, generator=lots)
        middle, there = neighbours(sentence_of, reach, self.sizes.window)
        return line[middle], line[there]

    def shares(self) -> Tensor:
        """Which share of the text each word is. Raises `ValueError` before the words are counted."""
        counts = self.counts().cpu()
        if not counts.sum() > 0:
            raise ValueError("The words are not counted yet: call `prepare` with the examples first.")
        return counts / counts.sum()

    def noise(self, rows: int, lots: torch.Generator) -> Tensor:
        """Words by lot, `(row, negative)`: frequent ones more often, by the power `FLATTENED` of their counts."""
        if not self.sizes.negatives:
            return torch.empty(rows, 0, dtype=torch.long)
        weights = self.shares() ** FLATTENED
        drawn = torch.multinomial(weights, rows * self.sizes.negatives, replacement=True, generator=lots)
        return drawn.view(rows, self.sizes.negatives)

    def forward(self, batch: Pairs) -> PairTrace:
        """Score each true pair, and the pairs with noise."""
        return self.judged(self.inputs()[batch.centres], batch.contexts, batch.noise)

    def judged(self, read: Tensor, true: Tensor, noise: Tensor) -> PairTrace:
        """The question of negative sampling: `read (row, dimension)`, `true (row)`, `noise (row, negative)`."""
        guessed = self.outputs()[torch.cat((true[:, None], noise), dim=1)]  # row choice dimension
        scores = (guessed @ read[..., None]).squeeze(-1)  # row choice
        signs = torch.ones_like(scores)
        signs[:, 1:] = -1
        return PairTrace(read, guessed, scores, scores.sigmoid(), -logsigmoid(signs * scores))

    def loss(self, batch: Pairs) -> Tensor:
        """See `System`: the mean over the pairs, of the true word and the drawn ones together."""
        losses: Tensor = self(batch).losses
        return losses.sum() / max(1, len(losses))


class Cbow(SkipGram):
    """All the words near tell the one in the middle (a continuous bag of words)."""

    def batch(self, examples: Sequence[str], chance: random.Random) -> Bags:  # type: ignore[override]
        """See `System`: every word with a neighbour, those near it, and noise."""
        (line, sentence_of), lots = flat([self.read(each) for each in examples]), generator(chance)
        kept = thinned(line, self.shares(), self.sizes.keep, lots)
        line, sentence_of = line[kept], sentence_of[kept]
        reach = torch.randint(1, self.sizes.window + 1, line.shape, generator=lots)
        middle, there = neighbours(sentence_of, reach, self.sizes.window)
        bags: list[list[int]] = [[] for _ in line]
        for place, word in zip(middle.tolist(), line[there].tolist(), strict=True):
            bags[place].append(word)
        full = [place for place, bag in enumerate(bags) if bag]
        contexts = [bags[place] + [0] * (2 * self.sizes.window - len(bags[place])) for place in full]
        rows = torch.tensor(contexts, dtype=torch.long).view(len(full), 2 * self.sizes.window)
        return Bags(rows, line[full], self.noise(len(full), lots))

    def forward(self, batch: Bags) -> PairTrace:  # type: ignore[override]
        """Score the word in the middle, and noise in its place, against the mean of those near."""
        real = (batch.contexts > 0)[..., None]  # row near 1
        read = (self.inputs()[batch.contexts] * real).sum(1) / real.sum(1)
        return self.judged(read, batch.centres, batch.noise)

    def score(self, contexts: Tensor, word: Tensor) -> Tensor:
        """See `WordVectors`: with the mean of the neighbours, as it is trained."""
        return super().score(contexts, word) / (contexts > 0).sum(1)
