"""How the heads of one piece become one vector: the concatenation, W_O, and what each head adds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ui.measures import arithmetic
from ui.measures.arithmetic import DotProduct
from ui.session.attentions import Attention, Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixing:
    """How the heads of one query become one vector: `output = sum of contributions + bias = concatenation W_O + bias`."""

    query: int
    concatenation: NDArray[np.float64]  # head * d_head
    matrix: NDArray[np.float64]  # W_O: head * d_head, d_model
    bias: NDArray[np.float64]  # d_model
    contributions: NDArray[np.float64]  # head d_model: what each head adds
    output: Numbers  # d_model, as in the trace

    @property
    def heads(self) -> int:
        """How many."""
        return len(self.contributions)

    @property
    def d_head(self) -> int:
        """How many numbers each head hands over."""
        return len(self.concatenation) // self.heads

    def contribution(self, head: int, column: int) -> DotProduct:
        """The sum behind what one head adds to one number of the output."""
        own = slice(head * self.d_head, (head + 1) * self.d_head)
        return DotProduct(self.concatenation[own], self.matrix[own, column])

    def cell(self, column: int) -> DotProduct:
        """The sum behind one number of the output."""
        return DotProduct(self.concatenation, self.matrix[:, column], float(self.bias[column]))


def mixing(view: Attention, query: int) -> Mixing:
    """The heads of `query`, a place in `view.query_pieces`."""
    heads = arithmetic.double(view.heads[:, query])
    matrix = arithmetic.double(view.module.W_O.weight.numpy(force=True).T)
    parts = matrix.reshape(*heads.shape, -1)  # head d_head d_model
    return Mixing(
        query=query, concatenation=heads.ravel(), matrix=matrix, output=view.output[query],
        bias=arithmetic.double(view.module.W_O.bias.numpy(force=True)),
        contributions=np.einsum("hd,hdm->hm", heads, parts),
    )  # fmt: skip
