"""One hidden state: the encoder-decoder of Cho et al. 2014 (arXiv 1406.1078) and Sutskever et al. 2014 (arXiv 1409.3215).

The encoder reads the sentence piece by piece and keeps one row of numbers, its state. What it has at the end is all that the decoder
gets: whatever the length of the sentence, as many numbers. With the plain tanh cell, with the GRU, or with the LSTM.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from torch import Tensor, nn

from relatives.cells import CELLS, Carried, Cell, CellTrace, LstmTrace, last_of
from relatives.config import RecurrentSizes
from relatives.reading import Recurrent


@dataclass(frozen=True, slots=True)
class HalfTrace:
    """What an encoder, or a decoder, reads and makes of it."""

    ids: Annotated[Tensor, "batch position"]
    embedded: Annotated[Tensor, "batch position d_model"]  # rows of the shared matrix * sqrt(d_model)
    cell: CellTrace


@dataclass(frozen=True, slots=True)
class OneStateTrace:
    """One forward pass. `logits[:, t]` scores the piece that follows target position `t`."""

    encoder: HalfTrace
    handed_over: Annotated[
        Tensor, "batch d_model"
    ]  # the encoder's last state: all that the decoder gets (and an LSTM's cell)
    decoder: HalfTrace
    output: Annotated[Tensor, "batch target d_model"]  # W_o h + b
    logits: Annotated[Tensor, "batch target vocabulary"]


class OneState(Recurrent):
    """An encoder that keeps one state, and a decoder that lives off it."""

    ARCHITECTURE: ClassVar[Mapping[str, Any]] = {
        "paper": "arXiv 1406.1078, 1409.3215",
        "cells": "gates as in torch: W and U hold reset, update, candidate (GRU) or input, forget, candidate, output (LSTM)",
        "embedding": "rows of matrix times sqrt(d_model); source, target and output share the matrix",
        "between": "the encoder's state after the end piece (and an LSTM's cell) is the decoder's first",
        "output": "(W_o h + b) times the matrix transposed",
    }

    def __init__(self, config: RecurrentSizes) -> None:
        super().__init__(config)
        self.encoder = CELLS[config.cell](config.d_model, config.d_model)
        self.decoder = CELLS[config.cell](config.d_model, config.d_model)
        self.W_o = nn.Linear(config.d_model, config.d_model)
        nn.init.xavier_uniform_(self.W_o.weight)
        nn.init.zeros_(self.W_o.bias)

    def forward(self, source: Tensor, target: Tensor) -> OneStateTrace:
        """Read `source (batch, position)` and `target (batch, position)`, ids padded on the right, and keep every state and gate."""
        encoder = self.over(self.encoder, source, self.encoder.nothing(self.matrix, len(source)))
        carried = self.last(encoder.cell, source)
        decoder = self.over(self.decoder, target, carried)
        output = self.W_o(self.dropout(decoder.cell.states))
        return OneStateTrace(encoder, carried[0], decoder, output, self.logits(output))

    def over(self, cell: Cell, ids: Tensor, first: Carried) -> HalfTrace:
        """A cell over pieces."""
        embedded = self.embed(ids)
        return HalfTrace(ids, embedded, cell(embedded, first))

    def last(self, cell: CellTrace, source: Tensor) -> Carried:
        """What a trace of the encoder's `cell` carries after the last real piece."""
        rows = (cell.states, cell.cells) if isinstance(cell, LstmTrace) else (cell.states,)
        return tuple(last_of(each, self.real(source)) for each in rows)

    def decoded(self, source: Tensor, target: Tensor) -> Tensor:
        """See `Translator`: the same as `forward`, by torch's own loops."""
        states, _ = self.decoder.fused(self.embed(target), self.begin(source))
        found: Tensor = self.W_o(self.dropout(states))
        return found

    def begin(self, source: Tensor) -> Carried:
        """See `Recurrent`: what is carried after the last real piece."""
        return self.encoder.over(self.embed(source), self.real(source))[1]

    def advance(self, ids: Tensor, carried: Carried) -> tuple[Tensor, Carried]:
        """See `Recurrent`."""
        carried = self.decoder.once(self.embed(ids), carried)
        decoded: Tensor = self.W_o(carried[0])
        return decoded, carried
