"""Looking back: recurrent translators with attention, of Bahdanau et al. 2015 (arXiv 1409.0473) and Luong et al. 2015 (arXiv 1508.04025).

The encoder's states are all kept, one *annotation* for each piece of the sentence. Each time the decoder is about to write, it scores
them all, makes shares of the scores, and mixes the annotations by these shares: the *context*. What is a query, a key and a value in
the Transformer is here the decoder's state and, both at once, an annotation.

Left out of the papers: Bahdanau's maxout layer, Luong's input feeding and his second layer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import torch
from torch import Tensor, nn

from relatives.cells import CELLS, Carried, CellTrace, last_of
from relatives.config import RecurrentSizes
from relatives.look import Additive, Dot, General, LookTrace, everywhere, shares
from relatives.reading import Recurrent

WINDOW = 4  # D of local attention: pieces on either side of the place it moves to (10 in the paper, whose sentences are longer)


@dataclass(frozen=True, slots=True)
class BahdanauEncoderTrace:
    """A GRU that reads forwards and one that reads backwards, half as wide each; the two states of a piece are its annotation."""

    ids: Annotated[Tensor, "batch source"]
    embedded: Annotated[Tensor, "batch source d_model"]
    forwards: CellTrace
    backwards: CellTrace  # from the last piece to the first
    annotations: Annotated[Tensor, "batch source d_model"]


@dataclass(frozen=True, slots=True)
class LuongEncoderTrace:
    """An LSTM; its states are the annotations."""

    ids: Annotated[Tensor, "batch source"]
    embedded: Annotated[Tensor, "batch source d_model"]
    cell: CellTrace
    annotations: Annotated[Tensor, "batch source d_model"]


@dataclass(frozen=True, slots=True)
class AlignedTrace:
    """One forward pass. `logits[:, t]` scores the piece that follows target position `t`."""

    encoder: BahdanauEncoderTrace | LuongEncoderTrace
    ids: Annotated[Tensor, "batch target"]  # what the decoder reads
    embedded: Annotated[Tensor, "batch target d_model"]
    cell: CellTrace  # the decoder's; Bahdanau's reads a piece and a context
    look: LookTrace
    output: Annotated[Tensor, "batch target d_model"]  # tanh(W_c [context, state, ...]), what the logits are made of
    logits: Annotated[Tensor, "batch target vocabulary"]


class Bahdanau(Recurrent):
    """Look with the state that was, then read the piece and the context together (arXiv 1409.0473)."""

    ARCHITECTURE: ClassVar[Mapping[str, Any]] = {
        "paper": "arXiv 1409.0473",
        "cells": "GRU, gates as in torch: W and U hold reset, update, candidate; the decoder's W reads [piece, context]",
        "embedding": "rows of matrix times sqrt(d_model); source, target and output share the matrix",
        "scores": "v . tanh(W state_before + b + U annotation); annotation = [forward state, backward state]",
        "between": "the decoder's first state is tanh(W_s (backward state of the first piece))",
        "output": "tanh(W_c [context, state, piece]) times the matrix transposed",
    }

    def __init__(self, config: RecurrentSizes) -> None:
        super().__init__(config)
        d = config.d_model
        self.forwards = CELLS[config.cell](d, d // 2)
        self.backwards = CELLS[config.cell](d, d // 2)
        self.W_s = nn.Linear(d // 2, d)
        self.score = Additive(d)
        self.decoder = CELLS[config.cell](2 * d, d)
        self.W_c = nn.Linear(3 * d, d)
        for layer in (self.W_s, self.W_c):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, source: Tensor, target: Tensor) -> AlignedTrace:
        """Read `source (batch, position)` and `target (batch, position)`, ids padded on the right, and keep all that is computed."""
        encoder, real = self.encode(source), self.real(source)
        keys, embedded = self.score.key(encoder.annotations), self.embed(target)
        state, mask = self.first_state(encoder.annotations), real[:, None]
        looks, steps, befores = [], [], []
        for position in range(target.size(1)):
            query = self.score.query(state)[:, None]
            scores = self.score(query, keys)
            weights = shares(scores, mask)
            context = weights @ encoder.annotations
            looks.append((query, scores, weights, context))
            befores.append(state)
            read = self.decoder.read(torch.cat((embedded[:, position], context[:, 0]), dim=-1))
            steps.append(self.decoder.step(read, (state,)))
            state = steps[-1][-1]
        queries, scores, weights, contexts = (torch.cat(each, dim=1) for each in zip(*looks, strict=True))
        inputs = torch.cat((embedded, contexts), dim=-1)
        rows = [torch.stack(each, dim=1) for each in zip(*steps, strict=True)]
        cell = self.decoder.TRACE(inputs, torch.stack(befores, dim=1), *rows)
        output = self.output(contexts, cell.states, embedded)
        look = LookTrace(queries, keys, scores, mask, *everywhere(scores), weights, contexts)
        return AlignedTrace(encoder, target, embedded, cell, look, output, self.logits(output))

    def encode(self, source: Tensor) -> BahdanauEncoderTrace:
        """Both readings of `source (batch, position)`, with all their gates."""
        embedded, real = self.embed(source), self.real(source)
        forwards = self.forwards(embedded, self.forwards.nothing(embedded, len(source)))
        backwards = self.backwards(turned(embedded, real), self.backwards.nothing(embedded, len(source)))
        annotations = torch.cat((forwards.states, turned(backwards.states, real)), dim=-1)
        return BahdanauEncoderTrace(source, embedded, forwards, backwards, annotations)

    def annotations(self, source: Tensor) -> Tensor:
        """The same annotations as `encode`'s, `(batch, source, d_model)`, by torch's own loops."""
        embedded, real = self.embed(source), self.real(source)
        nothing = self.forwards.nothing(embedded, len(source))
        forwards, _ = self.forwards.fused(embedded, nothing)
        backwards, _ = self.backwards.fused(turned(embedded, real), nothing)
        return torch.cat((forwards, turned(backwards, real)), dim=-1)

    def first_state(self, annotations: Tensor) -> Tensor:
        """tanh(W_s h) of the backward state of the first piece, which has read the whole sentence: `(batch, d_model)`."""
        found: Tensor = self.W_s(annotations[:, 0, self.config.d_model // 2 :]).tanh()
        return found

    def output(self, context: Tensor, state: Tensor, piece: Tensor) -> Tensor:
        """tanh(W_c [context, state, piece]), `(..., d_model)`."""
        found: Tensor = self.W_c(self.dropout(torch.cat((context, state, piece), dim=-1))).tanh()
        return found

    def decoded(self, source: Tensor, target: Tensor) -> Tensor:
        """See `Translator`: by torch's own loops and cell; the decoder step by step, because each look needs the state before."""
        (state, *looked_at), embedded = self.begin(source), self.embed(target)
        contexts, states = [], []
        for piece in embedded.unbind(1):
            context, state = self.looked(piece, state, *looked_at)
            contexts.append(context)
            states.append(state)
        return self.output(torch.stack(contexts, dim=1), torch.stack(states, dim=1), embedded)

    def looked(
        self, piece: Tensor, state: Tensor, annotations: Tensor, keys: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """What a decoder in `state (batch, d_model)` sees, and its state after it has read that and a `piece (batch, d_model)`."""
        weights = shares(self.score(self.score.query(state)[:, None], keys), mask[:, None])
        context = (weights @ annotations)[:, 0]
        (state,) = self.decoder.once(torch.cat((piece, context), dim=-1), (state,))
        return context, state

    def begin(self, source: Tensor) -> Carried:
        """See `Recurrent`: the first state, the annotations, their keys, and which of them are real."""
        annotations = self.annotations(source)
        return self.first_state(annotations), annotations, self.score.key(annotations), self.real(source)

    def advance(self, ids: Tensor, carried: Carried) -> tuple[Tensor, Carried]:
        """See `Recurrent`."""
        piece = self.embed(ids)
        context, state = self.looked(piece, *carried)
        return self.output(context, state, piece), (state, *carried[1:])


class Luong(Recurrent):
    """Read the piece first, then look with the state that is (arXiv 1508.04025); globally, or through a window that moves."""

    ARCHITECTURE: ClassVar[Mapping[str, Any]] = {
        "paper": "arXiv 1508.04025",
        "cells": "LSTM, gates as in torch: W and U hold input, forget, candidate, output",
        "embedding": "rows of matrix times sqrt(d_model); source, target and output share the matrix",
        "scores": "dot, general, concat (v . tanh(W state + b + U annotation)); local-p is general times a Gaussian, D = 4",
        "between": "the encoder's last state and cell are the decoder's first",
        "output": "tanh(W_c [context, state]) times the matrix transposed",
    }

    def __init__(self, config: RecurrentSizes) -> None:
        super().__init__(config)
        d, kind = config.d_model, config.model
        self.encoder = CELLS[config.cell](d, d)
        self.decoder = CELLS[config.cell](d, d)
        self.score = Dot() if kind == "luong-dot" else Additive(d) if kind == "luong-concat" else General(d)
        self.local = kind == "luong-local"
        if self.local:
            self.W_p = nn.Linear(d, d, bias=False)
            self.v_p = nn.Parameter(torch.empty(d))
            nn.init.xavier_uniform_(self.W_p.weight)
            nn.init.normal_(self.v_p, std=d**-0.5)
        self.W_c = nn.Linear(2 * d, d)
        nn.init.xavier_uniform_(self.W_c.weight)
        nn.init.zeros_(self.W_c.bias)

    def forward(self, source: Tensor, target: Tensor) -> AlignedTrace:
        """Read `source (batch, position)` and `target (batch, position)`, ids padded on the right, and keep all that is computed."""
        embedded, real = self.embed(source), self.real(source)
        encoder = self.encoder(embedded, self.encoder.nothing(embedded, len(source)))
        read = self.embed(target)
        cell = self.decoder(read, (last_of(encoder.states, real), last_of(encoder.cells, real)))
        look = self.look(cell.states, encoder.states, real)
        output = self.output(look.context, cell.states)
        return AlignedTrace(
            LuongEncoderTrace(source, embedded, encoder, encoder.states), target, read, cell, look, output, self.logits(output)
        )  # fmt: skip

    def look(self, states: Tensor, annotations: Tensor, real: Tensor) -> LookTrace:
        """All `states (batch, target, d_model)` look at once: none needs what another one saw."""
        queries, keys, mask = self.score.query(states), self.score.key(annotations), real[:, None]
        scores = self.score(queries, keys)
        weights = shares(scores, mask)
        places, window = self.window(states, real) if self.local else everywhere(scores)
        weights = weights * window
        return LookTrace(queries, keys, scores, mask, places, window, weights, weights @ annotations)

    def window(self, states: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        """Local-p, Eq. 9 and 10: the place p = S sigmoid(v_p . tanh(W_p h)) `(batch, target)`, and the Gaussian around it.

        `(batch, target, source)`, with a deviation of D / 2. The weights are multiplied by it and do not sum to 1 any more.
        """
        length = real.sum(1)[:, None] - 1  # the last position of each sentence
        places = length * (self.W_p(states).tanh() @ self.v_p).sigmoid()
        away = torch.arange(real.size(1), device=states.device) - places[..., None]
        return places, torch.exp(-(away**2) / (2 * (WINDOW / 2) ** 2))

    def output(self, context: Tensor, state: Tensor) -> Tensor:
        """tanh(W_c [context, state]), `(..., d_model)`, Eq. 5."""
        found: Tensor = self.W_c(self.dropout(torch.cat((context, state), dim=-1))).tanh()
        return found

    def decoded(self, source: Tensor, target: Tensor) -> Tensor:
        """See `Translator`: both loops are torch's own, and all positions look at once."""
        annotations, carried = self.encoder.over(self.embed(source), self.real(source))
        states, _ = self.decoder.fused(self.embed(target), carried)
        return self.output(self.look(states, annotations, self.real(source)).context, states)

    def begin(self, source: Tensor) -> Carried:
        """See `Recurrent`: state and cell, the annotations, and which of them are real."""
        annotations, carried = self.encoder.over(self.embed(source), self.real(source))
        return (*carried, annotations, self.real(source))

    def advance(self, ids: Tensor, carried: Carried) -> tuple[Tensor, Carried]:
        """See `Recurrent`."""
        *before, annotations, real = carried
        carried = self.decoder.once(self.embed(ids), tuple(before))
        states = carried[0][:, None]
        decoded = self.output(self.look(states, annotations, real).context, states)[:, 0]
        return decoded, (*carried, annotations, real)


def turned(rows: Tensor, real: Tensor) -> Tensor:
    """`rows (batch, position, ...)` with the real positions, `real (batch, position)`, in reverse order; the padding stays behind."""
    if real.all():
        return rows.flip(1)
    position = torch.arange(rows.size(1), device=rows.device)
    back = real.sum(1)[:, None] - 1 - position  # batch position
    places = torch.where(back >= 0, back, position)
    return rows[torch.arange(len(rows), device=rows.device)[:, None], places]
