"""GRU encoder-decoder and Bahdanau as users of torch write them, of `nn.GRU` and `nn.GRUCell`, with the weights of ours.

What need not be done at every step is done once, as in ours: the keys of the annotations before the loop, the output after it.
Imported only inside contestants, because it imports torch.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from relatives.cells import Carried
from relatives.config import RecurrentSizes


class Peer(nn.Module):
    """What both share: one matrix for both languages and the output."""

    def __init__(self, sizes: RecurrentSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.embedding = nn.Embedding(sizes.vocabulary_size, sizes.d_model)
        self.dropout = nn.Dropout(sizes.dropout)

    def embed(self, ids: Tensor) -> Tensor:
        """Rows times sqrt(d_model), then dropout."""
        found: Tensor = self.dropout(self.embedding(ids) * math.sqrt(self.sizes.d_model))
        return found

    def read(self, gru: nn.GRU, source: Tensor) -> tuple[Tensor, Tensor]:
        """A GRU over `source (batch, position)`, packed, so that each row ends where it ends: all states, and the last."""
        lengths = source.ne(self.sizes.padding_id).sum(1).cpu()
        packed = pack_padded_sequence(self.embed(source), lengths, batch_first=True, enforce_sorted=False)
        states, last = gru(packed)
        return pad_packed_sequence(states, batch_first=True, total_length=source.size(1))[0], last

    def begin(self, source: Tensor) -> Carried:
        """Read `source (1, position)`: what the decoder needs."""
        raise NotImplementedError

    def advance(self, ids: Tensor, carried: Carried) -> tuple[Tensor, Carried]:
        """The logits after one more piece of each translation, `ids (row)`, and what is carried on."""
        raise NotImplementedError

    @torch.inference_mode()
    def write(self, ids: Sequence[int], most: int) -> list[int]:
        """A sentence greedily, at most `most` pieces of it, in a loop that keeps nothing else."""
        carried, written = self.begin(torch.tensor([ids])), [self.sizes.start_id]
        while len(written) <= most and written[-1] != self.sizes.end_id:
            logits, carried = self.advance(torch.tensor(written[-1:]), carried)
            written.append(int(logits.argmax(-1)))
        return written[1:]

    def logits(self, decoded: Tensor) -> Tensor:
        """The matrix again."""
        return F.linear(decoded, self.embedding.weight)


class OneState(Peer):
    """`nn.GRU` and `nn.GRU`."""

    def __init__(self, sizes: RecurrentSizes) -> None:
        super().__init__(sizes)
        d = sizes.d_model
        self.encoder = nn.GRU(d, d, batch_first=True)
        self.decoder = nn.GRU(d, d, batch_first=True)
        self.readout = nn.Linear(d, d)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """The logits `(batch, position, vocabulary)`."""
        states, _ = self.decoder(self.embed(target), self.read(self.encoder, source)[1])
        return self.logits(self.readout(self.dropout(states)))

    def begin(self, source: Tensor) -> Carried:
        """See `Peer`."""
        return (self.encoder(self.embed(source))[1][0],)

    def advance(self, ids: Tensor, carried: Carried) -> tuple[Tensor, Carried]:
        """See `Peer`."""
        _, last = self.decoder(self.embed(ids)[:, None], carried[0][None])
        return self.logits(self.readout(last[0])), (last[0],)


class Bahdanau(Peer):
    """A bidirectional `nn.GRU`, an additive score, and a loop over `nn.GRUCell`."""

    def __init__(self, sizes: RecurrentSizes) -> None:
        super().__init__(sizes)
        d = sizes.d_model
        self.encoder = nn.GRU(d, d // 2, batch_first=True, bidirectional=True)
        self.bridge = nn.Linear(d // 2, d)
        self.W = nn.Linear(d, d)
        self.U = nn.Linear(d, d, bias=False)
        self.v = nn.Linear(d, 1, bias=False)
        self.cell = nn.GRUCell(2 * d, d)
        self.readout = nn.Linear(3 * d, d)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """The logits `(batch, position, vocabulary)`."""
        annotations, last = self.read(self.encoder, source)
        state, keys, padding = self.bridge(last[1]).tanh(), self.U(annotations), source == self.sizes.padding_id
        embedded, found = self.embed(target), []
        for position in range(target.size(1)):
            context, state = self.step(embedded[:, position], state, annotations, keys, padding)
            found.append(torch.cat((context, state), dim=-1))
        decoded = self.readout(self.dropout(torch.cat((torch.stack(found, dim=1), embedded), dim=-1))).tanh()
        return self.logits(decoded)

    def step(
        self, piece: Tensor, state: Tensor, annotations: Tensor, keys: Tensor, padding: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The context that the state sees, and the next state: `(batch, d_model)` each."""
        scores = self.v((self.W(state)[:, None] + keys).tanh())[..., 0].masked_fill(padding, -math.inf)
        context = torch.bmm(scores.softmax(-1)[:, None], annotations)[:, 0]
        return context, self.cell(torch.cat((piece, context), dim=-1), state)

    def begin(self, source: Tensor) -> Carried:
        """See `Peer`."""
        annotations, last = self.encoder(self.embed(source))
        return self.bridge(last[1]).tanh(), annotations, self.U(annotations), source == self.sizes.padding_id

    def advance(self, ids: Tensor, carried: Carried) -> tuple[Tensor, Carried]:
        """See `Peer`."""
        embedded = self.embed(ids)
        context, state = self.step(embedded, *carried)
        decoded = self.readout(torch.cat((context, state, embedded), dim=-1)).tanh()
        return self.logits(decoded), (state, *carried[1:])


@dataclass(frozen=True, slots=True)
class Reading:
    """A peer as a reader of our search (see `transformer.decoding.reading.Reader`)."""

    peer: Peer
    carried: Carried

    def read(self, ids: Tensor) -> tuple[Tensor, "Reading"]:
        """See `Reader`."""
        logits, carried = self.peer.advance(ids, self.carried)
        return logits.log_softmax(-1), Reading(self.peer, carried)

    def select(self, rows: Tensor) -> "Reading":
        """See `Reader`."""
        return Reading(self.peer, tuple(each[rows] for each in self.carried))


def peer(ours: Any) -> Peer:
    """The same model as `ours`, a `relatives.recurrent.OneState` of GRUs or a `relatives.alignment.Bahdanau`: its weights, copied."""
    one = ours.config.model == "gru"
    made = OneState(ours.config) if one else Bahdanau(ours.config)
    theirs = ours.state_dict()
    copied = {"embedding.weight": theirs["matrix"]}
    cells = {"encoder": ("encoder", "l0"), "decoder": ("decoder", "l0")} if one else {
        "forwards": ("encoder", "l0"), "backwards": ("encoder", "l0_reverse"), "decoder": ("cell", ""),
    }  # fmt: skip
    for cell, (module, layer) in cells.items():
        for own, name in (("W", "weight_ih"), ("U", "weight_hh"), ("b_W", "bias_ih"), ("b_U", "bias_hh")):
            copied[f"{module}.{name}{'_' * bool(layer)}{layer}"] = theirs[f"{cell}.{own}"]
    linears = {"W_o": "readout"} if one else {
        "W_s": "bridge", "W_c": "readout", "score.W": "W", "score.U": "U", "score.v": "v",
    }  # fmt: skip
    for own, name in linears.items():
        for part in ("weight", "bias"):
            if f"{own}.{part}" in theirs:
                copied[f"{name}.{part}"] = theirs[f"{own}.{part}"]
    if not one:
        copied["v.weight"] = theirs["score.v"][None]
    made.load_state_dict(copied)
    return made
