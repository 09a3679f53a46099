"""What all recurrent translators share: how they embed a piece, and how they write one piece after the other.

A recurrent model needs no cache: what it has read is in what it carries, whatever the length. `Recalling` is therefore the whole
reader (see `transformer.decoding.reading.Reader`), and greedy search, beam search and sampling work on it as on the Transformer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from relatives.cells import Carried
from relatives.config import RecurrentSizes
from transformer.decoding.lean import lean
from transformer.decoding.reading import Reader, source_rows
from transformer.layers import Dropout
from transformer.translator import Translator


class Recurrent(Translator):
    """An encoder and a decoder that go from position to position, and one matrix for both languages and the output."""

    SIZES = RecurrentSizes
    config: RecurrentSizes

    def __init__(self, config: RecurrentSizes) -> None:
        super().__init__()
        self.config = config
        self.matrix = nn.Parameter(torch.empty(config.vocabulary_size, config.d_model))
        self.dropout = Dropout(config.dropout)
        nn.init.normal_(self.matrix, std=config.d_model**-0.5)

    def embed(self, ids: Tensor) -> Tensor:
        """Rows of the matrix times sqrt(d_model), as in the Transformer, but without positions: `(..., d_model)`."""
        scaled: Tensor = self.dropout(nn.functional.embedding(ids, self.matrix) * math.sqrt(self.config.d_model))
        return scaled

    def real(self, ids: Tensor) -> Tensor:
        """True at every real piece, False at the padding."""
        return ids.ne(self.config.padding_id)

    def begin(self, source: Tensor) -> Carried:
        """Read `source (row, position)`: all that the decoder needs, each tensor with a row for each row."""
        raise NotImplementedError

    def advance(self, ids: Tensor, carried: Carried) -> tuple[Tensor, Carried]:
        """Read one more piece of each translation, `ids (row)`: what the logits are made of `(row, d_model)`, and what is carried on."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Recalling:
    """A `Reader` that keeps nothing but what the model carries."""

    model: Recurrent
    carried: Carried

    def read(self, ids: Tensor) -> tuple[Tensor, "Recalling"]:
        """See `Reader`."""
        decoded, carried = self.model.advance(ids, self.carried)
        return self.model.logits(decoded).log_softmax(-1), Recalling(self.model, carried)

    def select(self, rows: Tensor) -> "Recalling":
        """See `Reader`."""
        return Recalling(self.model, tuple(each[rows] for each in self.carried))


@lean.register
def recalling(model: Recurrent, sources: Sequence[Sequence[int]]) -> Reader:
    """A reader that has read the `sources` and nothing of their translations yet. Raises `ValueError` as `source_rows` does."""
    return Recalling(model, model.begin(source_rows(model, sources)))
