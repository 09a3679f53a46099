"""Reading a translation one piece at a time: with a cache of keys and values, and without one.

While a decoder writes, the keys and values of the pieces it has already read never change, because no position looks
at a later one (section 3.2.3 of arXiv 1706.03762); nor do those of the encoder's output. `Cache` keeps both, so a new
piece costs one row of work. `Rereading` runs the whole model over everything at every step. Both give the same numbers, and
so does `lean.Lean`, which is `Cache` made fast: the searches use it, and these two say what is right.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self, cast

import torch
from torch import Tensor

from transformer.attention import KeysAndValues, causal_mask, padding_mask
from transformer.config import Sizes
from transformer.layers import DecoderLayer
from transformer.model import Transformer
from transformer.trace import EncoderTrace, Trace
from transformer.translator import Translator


class Reader(Protocol):
    """A model that has read source sentences and the first pieces of their translations, one row per translation."""

    def read(self, ids: Tensor) -> tuple[Tensor, Self]:
        """Read the next piece of each row, `ids (row)`: the log-probabilities `(row, vocabulary)` of what follows."""

    def select(self, rows: Tensor) -> Self:
        """The reader whose row `i` is this one's row `rows[i]`; a row may be taken several times, or not at all."""


@dataclass(frozen=True, slots=True)
class Cache:
    """The keys and values of all that has been read, `row head position d_head`, per layer of the decoder."""

    model: Transformer
    own: tuple[KeysAndValues, ...]  # of the translation so far
    memory: tuple[KeysAndValues, ...]  # of the encoder's output
    memory_mask: Tensor  # row 1 1 source: True at every real source piece

    @property
    def position(self) -> int:
        """How many pieces of the translations have been read."""
        return self.own[0][0].size(2)

    def read(self, ids: Tensor) -> tuple[Tensor, "Cache"]:
        """See `Reader`: only the new piece asks, and every piece that was read before answers."""
        x = self.model.embedding(ids[:, None], self.model.matrix, first=self.position).output  # row 1 d_model
        everything = torch.ones(1, 1, 1, self.position + 1, dtype=torch.bool, device=x.device)
        own = []
        for layer, earlier, memory in zip(decoder_layers(self.model), self.own, self.memory, strict=True):
            own.append(extended(earlier, layer.self_attention.keys_and_values(x)))
            x = layer.look(x, own[-1], everything, memory, self.memory_mask, self.position).output
        return self.model.logits(x[:, -1]).log_softmax(-1), replace(self, own=tuple(own))

    def select(self, rows: Tensor) -> "Cache":
        """See `Reader`."""
        own = tuple((keys[rows], values[rows]) for keys, values in self.own)
        memory = tuple((keys[rows], values[rows]) for keys, values in self.memory)
        return Cache(self.model, own, memory, self.memory_mask[rows])


@dataclass(frozen=True, slots=True)
class Rereading:
    """No cache: the model as it was trained, run anew for every piece. Slow, and the measure of what is right."""

    model: Transformer
    source: Tensor  # row source
    target: Tensor  # row position

    def read(self, ids: Tensor) -> tuple[Tensor, "Rereading"]:
        """See `Reader`."""
        target = torch.cat((self.target, ids[:, None]), dim=1)
        logits = self.model(self.source, target).logits[:, -1]  # row vocabulary
        return logits.log_softmax(-1), replace(self, target=target)

    def select(self, rows: Tensor) -> "Rereading":
        """See `Reader`."""
        return Rereading(self.model, self.source[rows], self.target[rows])


@dataclass(frozen=True, slots=True)
class Redecoding:
    """The sentence is encoded once, the translation read anew for every piece: right for every changed model (see `what_if`)."""

    model: Transformer
    memory: tuple[KeysAndValues, ...]  # of the encoder's output
    memory_mask: Tensor  # row 1 1 source
    target: Tensor  # row position

    def read(self, ids: Tensor) -> tuple[Tensor, "Redecoding"]:
        """See `Reader`."""
        target, last = torch.cat((self.target, ids[:, None]), dim=1), self.target.size(1)
        x, mask = self.model.embedding(target, self.model.matrix).output, causal_mask(last + 1, target.device)
        layers = decoder_layers(self.model)
        for number, (layer, memory) in enumerate(zip(layers, self.memory, strict=True), 1):
            own, first = layer.self_attention.keys_and_values(x), last if number == len(layers) else 0
            x = layer.look(x[:, first:], own, mask[..., first:, :], memory, self.memory_mask, first).output
        return self.model.logits(x[:, -1]).log_softmax(-1), replace(self, target=target)

    def select(self, rows: Tensor) -> "Redecoding":
        """See `Reader`."""
        memory = tuple((keys[rows], values[rows]) for keys, values in self.memory)
        return Redecoding(self.model, memory, self.memory_mask[rows], self.target[rows])


Begin = Callable[
    [Any, Sequence[Sequence[int]]], Reader
]  # a model of a kind that it knows, and the ids of its source sentences


def cached(model: Transformer, sources: Sequence[Sequence[int]]) -> Cache:
    """A `Cache` that has read the `sources` and nothing of their translations yet."""
    return caching(model, model.encode(source_rows(model, sources)))


def caching(model: Transformer, encoder: EncoderTrace) -> Cache:
    """A `Cache` that has read what the encoder has."""
    memory = memories(model, encoder)
    nothing = [keys.new_empty(len(keys), model.config.heads, 0, model.config.d_head) for keys, _ in memory]
    own = tuple((each, each) for each in nothing)
    return Cache(model, own, memory, padding_mask(encoder.embedding.ids, model.config.padding_id))


def uncached(model: Transformer, sources: Sequence[Sequence[int]]) -> Rereading:
    """A `Rereading` of the `sources` and nothing of their translations yet."""
    source = source_rows(model, sources)
    return Rereading(model, source, source[:, :0])


def redecoded(model: Transformer, sources: Sequence[Sequence[int]]) -> Redecoding:
    """A `Redecoding` of the `sources` and nothing of their translations yet."""
    return redecoding(model, model.encode(source_rows(model, sources)))


def redecoding(model: Transformer, encoder: EncoderTrace) -> Redecoding:
    """A `Redecoding` that has read what the encoder has."""
    ids = encoder.embedding.ids
    return Redecoding(model, memories(model, encoder), padding_mask(ids, model.config.padding_id), ids[:, :0])


def changed(model: Transformer, encoder: EncoderTrace) -> Cache | Redecoding:
    """The faster reader of the two that are right for a model that `what_if` has changed."""
    settled = all(layer.self_attention.settled and layer.cross_attention.settled for layer in decoder_layers(model))
    return caching(model, encoder) if settled and len(model.decoder_layers) else redecoding(model, encoder)


def memories(model: Transformer, encoder: EncoderTrace) -> tuple[KeysAndValues, ...]:
    """The keys and values of the encoder's output in each layer of the decoder."""
    return tuple(layer.cross_attention.keys_and_values(encoder.output) for layer in decoder_layers(model))


def source_rows(model: Translator, sources: Sequence[Sequence[int]]) -> Tensor:
    """What the encoder reads, `(row, position)`: each sentence's ids and the end piece, then padding.

    Raises `ValueError` if a sentence is empty or has too many pieces for the model, or if the model is training.
    """
    config = model.config
    if model.training:
        raise ValueError("The model is in training mode, where dropout adds chance. Call `model.eval()` first.")
    for source in sources:
        if not 1 <= len(source) <= config.max_positions - 2:
            raise ValueError(
                f"A sentence must have 1 to {config.max_positions - 2} pieces, but this one has {len(source)}. "
                + ("Shorten it or split it into sentences." if source else "Write at least one word.")
            )
    rows = [torch.tensor([*source, config.end_id], device=model.matrix.device) for source in sources]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=config.padding_id)


def target_row(model: Translator, ids: Sequence[int]) -> Tensor:
    """What the decoder reads of one translation, `(1, position)`: the start piece and `ids`, which may be none.

    Raises `ValueError` if there are more than the model has positions.
    """
    if len(ids) >= model.config.max_positions:
        most = model.config.max_positions - 1
        raise ValueError(f"A translation may have at most {most} pieces, but this one has {len(ids)}. Shorten it.")
    return torch.tensor([[model.config.start_id, *ids]], device=model.matrix.device)


def encoded(model: Transformer, source_ids: Sequence[int]) -> EncoderTrace:
    """What the encoder makes of one sentence: enough to search from (`lean.having_read`) and to end in `full_trace`."""
    return model.encode(source_rows(model, [source_ids]))


def full_trace(model: Transformer, encoder: EncoderTrace, ids: Sequence[int]) -> Trace:
    """What `model(source, target)` computes where the decoder reads `ids`, without the encoder's part a second time."""
    mask = padding_mask(encoder.embedding.ids, model.config.padding_id)
    decoder = model.decode(target_row(model, ids), encoder.output, mask)
    return Trace(encoder, decoder, model.logits(decoder.output))


def without_specials(log_probabilities: Tensor, config: Sizes) -> Tensor:
    """Minus infinity for the padding and the start piece, which no translation contains; `(row, vocabulary)`."""
    allowed = log_probabilities.clone()
    for never in (config.padding_id, config.start_id):
        allowed.select(1, never).fill_(-math.inf)
    return allowed


def extended(earlier: KeysAndValues, now: KeysAndValues) -> KeysAndValues:
    """Keys and values with those of one more position behind them."""
    return torch.cat((earlier[0], now[0]), dim=2), torch.cat((earlier[1], now[1]), dim=2)


def decoder_layers(model: Transformer) -> Sequence[DecoderLayer]:
    """The decoder's layers, by their type."""
    return cast(Sequence[DecoderLayer], model.decoder_layers)
