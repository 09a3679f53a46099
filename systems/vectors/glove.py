"""GloVe: global vectors (Pennington, Socher & Manning 2014, D14-1162).

It counts first: X_ij is how often word j stands near word i in the whole text, a neighbour at distance d counted 1 / d. Then it
looks for rows whose products tell the logarithms of the counts, a weighted least-squares fit (Eq. 8):

    loss = sum over i, j with X_ij > 0 of f(X_ij) (w_i . u_j + b_i + c_j - log X_ij)^2,    f(x) = min(1, (x / x_max)^(3/4))

The counts are made once, of all sentences of the training split, when a run begins or goes on (`prepare`); they are not kept with the
weights. A step draws cells of the table by lot, as many as the sentences of its batch have words, times `cells`.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from systems.vectors.windows import WordSizes, WordVectors, flat, generator, neighbours


@dataclass(frozen=True, kw_only=True)
class GloveSizes(WordSizes):
    """Those of word vectors, and how counts weigh."""

    x_max: float = (
        20.0  # the count from which a cell weighs 1 (100 in the paper, whose text is ten thousand times as long)
    )
    power: float = 0.75  # alpha
    cells: int = 4  # cells of the table for each word of a batch


class Cells(NamedTuple):
    """Cells of the table of counts."""

    words: Tensor  # cell
    neighbours: Tensor  # cell
    counts: Tensor  # cell


@dataclass(frozen=True)
class FitTrace:
    """How well the rows tell the counts."""

    scores: Annotated[Tensor, "cell"]  # w_i . u_j + b_i + c_j
    wanted: Annotated[Tensor, "cell"]  # log X_ij
    weights: Annotated[Tensor, "cell"]  # f(X_ij)
    losses: Annotated[Tensor, "cell"]


class Glove(WordVectors):
    """Rows whose products are the logarithms of counts."""

    SIZES: ClassVar[type] = GloveSizes

    def __init__(self, sizes: GloveSizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        d = sizes.dimensions
        self.w, self.u = (nn.Parameter(torch.empty(len(words), d).uniform_(-0.5 / d, 0.5 / d)) for _ in range(2))
        self.b, self.c = (nn.Parameter(torch.zeros(len(words))) for _ in range(2))
        self.table: Cells | None = None

    def inputs(self) -> Tensor:
        """See `WordVectors`: w + u, for both tell the same (section 4.2)."""
        return self.w + self.u

    def outputs(self) -> Tensor:
        """See `WordVectors`."""
        return self.u

    def score(self, contexts: Tensor, word: Tensor) -> Tensor:
        """See `WordVectors`: the products that the fit is made of, in both orders, without the biases, which tell how frequent a word is."""
        real = (contexts > 0)[..., None]
        first, second = ((near[contexts] * real).sum(1) for near in (self.w, self.u))
        return (first * self.u[word]).sum(-1) + (second * self.w[word]).sum(-1)

    def prepare(self, examples: Sequence[str]) -> None:
        """See `System`: count the words, and who stands near whom."""
        super().prepare(examples)
        self.table = co_occurrences([self.read(each) for each in examples], self.sizes.window, len(self.words))

    def batch(self, examples: Sequence[str], chance: random.Random) -> Cells:
        """See `System`: cells of the table by lot. Raises `ValueError` before there is one."""
        if self.table is None:
            raise ValueError("Nothing is counted yet: call `prepare` with the examples first.")
        size = max(1, self.sizes.cells * sum(len(self.read(each)) for each in examples))
        drawn = torch.randint(len(self.table.counts), (size,), generator=generator(chance))
        return Cells(*(each[drawn] for each in self.table))

    def forward(self, batch: Cells) -> FitTrace:
        """Fit the cells."""
        i, j = batch.words, batch.neighbours
        scores = (self.w[i] * self.u[j]).sum(-1) + self.b[i] + self.c[j]
        wanted, weights = batch.counts.log(), (batch.counts / self.sizes.x_max).clamp(max=1) ** self.sizes.power
        return FitTrace(scores, wanted, weights, weights * (scores - wanted) ** 2)

    def loss(self, batch: Cells) -> Tensor:
        """See `System`: the mean over the cells."""
        losses: Tensor = self(batch).losses
        return losses.mean()


def co_occurrences(rows: Sequence[Sequence[int]], window: int, words: int) -> Cells:
    """The cells of X that are not 0, of rows of ids: a neighbour at distance d, at most `window`, counts 1 / d."""
    line, sentence_of = flat(rows)
    here, there = neighbours(sentence_of, torch.full_like(line, window), window)
    cells, which = (line[here] * words + line[there]).unique(return_inverse=True)  # type: ignore[no-untyped-call]
    near = 1.0 / (here - there).abs().double()
    counts = torch.zeros(len(cells), dtype=torch.double).index_add_(0, which, near)
    return Cells(cells // words, cells % words, counts.float())
