"""Which source pieces was one target piece written for? Five answers, each to another question; none of them is the truth.

A *question* is a sentence, its translation and places of that: the log-probability of the piece at each place, given the
source and the pieces before it. `cross_attention` and `rollout` only read where the model looked. `gradients` asks
how the log-probability changes with the embeddings, at the sentence and on the way to it; `leave_out`, how it falls without
a word. Above 0 means that the piece made the answer likelier. The end piece is the last source piece of all. No weight is ever written to.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from transformer.analysis.head_roles import rollout as self_rollout
from transformer.analysis.head_roles import step
from transformer.attention import padding_mask
from transformer.decoding.reading import source_rows, target_row
from transformer.model import Transformer
from transformer.trace import EmbeddingTrace, EncoderTrace, Trace

Ids = Sequence[int]
Numbers = NDArray[np.float64]
Words = Sequence[Sequence[int]]  # the places of each word's pieces in the source
FIRST, MORE, MOST = 17, 12, 53  # points on the way of the integral: at first, added at a time, at most
CLOSE = 0.03  # nats, or share of the difference if that is above 1: how far all steps together may miss
ROWS = 256  # sentences in one batch; more would only cost memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One translation, and the places of it that are asked about."""

    source: tuple[int, ...]  # ids without the end piece
    target: tuple[int, ...]  # ids, with the end piece if there is one
    places: tuple[int, ...]  # in `target`, from 0

    @property
    def read(self) -> tuple[int, ...]:
        """What the decoder has to read, without the start piece."""
        return self.target[: max(self.places)]


class Rollout(NamedTuple):
    """How much of each input piece is in each decoder position. Each row of both together sums to 1."""

    source: Numbers  # read source
    target: Numbers  # read read


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradients:
    """`gradients * inputs`, summed over d_model, is what each source piece is given."""

    gradients: Numbers  # place source d_model; for integrated gradients their mean along the path
    inputs: Numbers  # source d_model: the scaled embeddings, without positions
    with_words: Numbers  # place: log-probability for the whole sentence
    without_words: Numbers  # place: log-probability where all embeddings are 0 and only the positions are left
    points: int  # on the way between the two, at most, where the slope was taken; 1 for the sentence alone

    @property
    def values(self) -> Numbers:
        """What each piece is given, `(place, source)`, in nats."""
        return np.asarray((self.gradients * self.inputs).sum(-1))

    @property
    def left_over(self) -> Numbers:
        """By how much the values fall short of the difference they explain, `(place)`; all but 0 for integrated gradients."""
        short: Numbers = self.with_words - self.without_words - self.values.sum(-1)
        return short


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """The model without each word in turn."""

    whole: Numbers  # place: log-probability for the whole sentence
    without: Numbers  # word place: log-probability without the word
    likeliest: tuple[tuple[int, ...], ...]  # word place: the id that is likeliest without it
    chances: Numbers  # word place: the probability of that

    @property
    def values(self) -> Numbers:
        """By how much the log-probability falls without each word, `(place, word)`."""
        falls: Numbers = (self.whole - self.without).T
        return falls


def cross_attention(trace: Trace, layer: int, head: int | None) -> Numbers:
    """Where a decoder layer looked `(target, source)`: one head, or the mean of all for `None`. Each row sums to 1."""
    weights = trace.decoder.layers[layer].cross_attention.weights[0].double()
    return np.asarray((weights.mean(0) if head is None else weights[head]).numpy())


def rollout(trace: Trace) -> Rollout:
    """Attention rollout (Abnar and Zuidema 2020, arXiv 2005.00928) through encoder and decoder, of a batch of one.

    Every attention is half what it looks at and half the residual connection. A decoder position begins as its own piece alone;
    each cross-attention gives half of it to the source, so the shares of the source need not sum to 1: after L layers they sum
    to 1 - 0.5**L, and source and target together to 1.
    """
    memory = self_rollout([weights(layer.self_attention.weights) for layer in trace.encoder.layers])[-1]
    length = trace.logits.size(1)
    target, source = np.eye(length), np.zeros((length, len(memory)))
    for layer in trace.decoder.layers:
        own, looked = step(weights(layer.self_attention.weights)), weights(layer.cross_attention.weights).mean(0)
        target, source = 0.5 * own @ target, 0.5 * own @ source + 0.5 * looked @ memory
    return Rollout(source, target)


def weights(tensor: Tensor) -> Numbers:
    """The weights of the only sentence of a batch, in double precision."""
    return np.asarray(tensor[0].double().numpy())


@contextmanager
def differentiating() -> Iterator[None]:
    """Gradients are on, whatever surrounds this."""
    with torch.inference_mode(False), torch.enable_grad():
        yield


def embedded(model: Transformer, question: Question) -> EmbeddingTrace:
    """The embedding of the source, a batch of one."""
    with torch.no_grad():
        found: EmbeddingTrace = model.embedding(source_rows(model, [question.source]), model.matrix)
        return found


def answers(model: Transformer, encoder: EncoderTrace, question: Question, memory_mask: Tensor | None = None) -> Tensor:
    """The log-probabilities `(row, place, vocabulary)` at the places, for sources that the encoder has read in a batch."""
    mask = padding_mask(encoder.embedding.ids, model.config.padding_id) if memory_mask is None else memory_mask
    read = target_row(model, question.read).expand(encoder.output.size(0), -1)
    decoded = model.decode(read, encoder.output, mask).output[:, list(question.places)]
    return model.logits(decoded).log_softmax(-1)


def wanted(question: Question) -> Tensor:
    """The ids at the places, `(place)`."""
    return torch.tensor([question.target[place] for place in question.places])


def slopes(model: Transformer, question: Question, turns: Ids, shares: Tensor) -> tuple[Tensor, Tensor]:
    """For rows with a place each (`turns` counts in `question.places`) and the scaled embeddings times `shares (row)`.

    Log-probabilities `(row)`, and their gradients with respect to those embeddings `(row, source, d_model)`.
    """
    values, found = [], []
    with differentiating():
        embedding, expected = embedded(model, question), wanted(question)
        for own, part in zip(torch.split(torch.tensor(turns), ROWS), torch.split(shares, ROWS), strict=True):
            scaled = (embedding.scaled * part.clone()[:, None, None]).requires_grad_()
            ids, output = embedding.ids.expand(len(part), -1), scaled + embedding.positions
            whole = replace(embedding, ids=ids, scaled=scaled, output=output)
            every = answers(model, model.encode_embedded(whole), question)
            value = every[torch.arange(len(part)), own, expected[own]]
            found.append(torch.autograd.grad(value.sum(), scaled)[0])
            values.append(value.detach())
    return torch.cat(values), torch.cat(found)


@dataclass(frozen=True, slots=True)
class Way:
    """The straight way from no words (share 0) to the sentence (share 1) for one place: the points that are known, in order."""

    shares: Tensor  # point
    values: Tensor  # point: log-probability
    slopes: Tensor  # point source d_model

    def joined(self, other: "Way") -> "Way":
        """Both ways' points."""
        order = torch.cat((self.shares, other.shares)).argsort()
        pairs = ((self.shares, other.shares), (self.values, other.values), (self.slopes, other.slopes))
        return Way(*(torch.cat(pair)[order] for pair in pairs))

    def missed(self, inputs: Tensor) -> Tensor:
        """By how much each step's mean slope falls short of the true rise between its ends, `(step)`."""
        along = (self.slopes * inputs).sum((-2, -1))
        return self.values.diff() - (along[1:] + along[:-1]) / 2 * self.shares.diff()

    def middles(self, inputs: Tensor, most: int) -> Tensor:
        """The middles of the steps that miss most; none if the way is known well enough, or has `most` points."""
        missed, whole = self.missed(inputs).abs(), float(self.values[-1] - self.values[0])
        if missed.sum() <= CLOSE * max(1.0, abs(whole)) or len(self.shares) >= most:
            return self.shares[:0]
        worst = missed.topk(min(MORE, len(missed), most - len(self.shares))).indices
        return (self.shares[worst] + self.shares[worst + 1]) / 2

    @property
    def mean(self) -> Tensor:
        """The mean slope along the way, by the trapezoidal rule: `(source, d_model)`."""
        widths = torch.nn.functional.pad(self.shares.diff(), (1, 1))
        return torch.einsum("p,pnd->nd", (widths[1:] + widths[:-1]) / 2, self.slopes)


def gradients(model: Transformer, question: Question, most: int = MOST) -> tuple[Gradients, Gradients]:
    """Gradient times input, and integrated gradients (Sundararajan et al. 2017, arXiv 1703.01365).

    The first takes the slope at the sentence itself, the second the mean slope on the straight way from no words to the sentence: the
    scaled embeddings times a share from 0 to 1, the positions kept. What a step's slopes should add up to is known, so new points
    go where a step misses most, all of a round in one batch, until the way is known well enough or has `most` points.
    """
    inputs, count = embedded(model, question).scaled[0], len(question.places)
    asked = [torch.linspace(0, 1, FIRST, dtype=inputs.dtype)] * count
    ways: list[Way] = []
    while sum(map(len, asked)):
        turns, sizes = [turn for turn, shares in enumerate(asked) for _ in shares], [len(shares) for shares in asked]
        values, found = slopes(model, question, turns, torch.cat(asked))
        parts = zip(asked, torch.split(values, sizes), torch.split(found, sizes), strict=True)
        new = [Way(*part) for part in parts]
        ways = [old.joined(more) for old, more in zip(ways, new, strict=True)] if ways else new
        asked = [way.middles(inputs, most) for way in ways]
    known = {
        "inputs": inputs.double().numpy(), "with_words": np.array([float(way.values[-1]) for way in ways]),
        "without_words": np.array([float(way.values[0]) for way in ways]),
    }  # fmt: skip
    here, mean = (
        torch.stack(each).double().numpy() for each in zip(*((way.slopes[-1], way.mean) for way in ways), strict=True)
    )
    points = max(len(way.shares) for way in ways)
    return Gradients(gradients=here, points=1, **known), Gradients(gradients=mean, points=points, **known)


def leave_out(model: Transformer, question: Question, words: Words) -> LeftOut:
    """Each word taken out with all its pieces, all in one batch; a sentence of one word leaves the end piece alone."""
    end, padding = [model.config.end_id], model.config.padding_id
    kept = [
        [*question.source],
        *([id for place, id in enumerate(question.source) if place not in word] for word in words),
    ]
    with torch.inference_mode():
        rows = [torch.tensor(ids + end, device=model.matrix.device) for ids in kept]
        batch = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=padding)
        found = answers(model, model.encode(batch), question)  # row place vocabulary
        values = found[:, torch.arange(len(question.places)), wanted(question)].double().numpy()
        likeliest, chances = found[1:].argmax(-1), found[1:].amax(-1).double().exp().numpy()
    return LeftOut(
        whole=values[0], without=values[1:], likeliest=tuple(map(tuple, likeliest.tolist())), chances=chances
    )  # fmt: skip


def looking_away(model: Transformer, question: Question, places: Sequence[int]) -> Numbers:
    """By how much the log-probability falls if no head of cross-attention may look at these source `places`: `(place)`."""
    with torch.inference_mode():
        encoder = model.encode(source_rows(model, [question.source]))
        mask = padding_mask(encoder.embedding.ids, model.config.padding_id)
        blocked = mask.clone()
        blocked[..., list(places)] = False
        before, after = (answers(model, encoder, question, each)[0] for each in (mask, blocked))
        where = torch.arange(len(question.places)), wanted(question)
        return np.asarray((before - after)[where].double().numpy())


def added(model: Transformer, trace: Trace, layer: int, head: int | None, place: int) -> Numbers:
    """What each source piece adds to a cross-attention's output at a target place: weight times value times W_O `(source, d_model)`.

    Its length, not its weight, says how much comes from there (Kobayashi et al. 2020, arXiv 2004.10102). One head's part, or that
    of all heads together for `None`.
    """
    attention = trace.decoder.layers[layer].cross_attention
    W_O = model.decoder_layers[layer].cross_attention.W_O.weight  # type: ignore[union-attr]
    with torch.no_grad():
        said = attention.weights[0, :, place, :, None] * attention.values[0]  # head source d_head
        parts = torch.einsum("hnd,ohd->hno", said, W_O.unflatten(1, (said.size(0), -1)))  # type: ignore[operator]
        return np.asarray((parts.sum(0) if head is None else parts[head]).double().numpy())


class Agreement(NamedTuple):
    """How two rankings of the same words agree."""

    same: int  # pairs of words in the same order
    other: int  # pairs in the other order
    ties: tuple[int, int]  # pairs that the one, and that the other, cannot tell apart
    tau: float  # Kendall's tau-b: 1 the same ranking, -1 the reverse; NaN if one of them cannot rank at all


def agreement(one: Sequence[float] | Numbers, other: Sequence[float] | Numbers) -> Agreement:
    """Kendall's tau-b of two lists of numbers, one for each word."""
    first, second = (np.sign(np.subtract.outer(each, each))[np.triu_indices(len(each), 1)] for each in (one, other))
    product = first * second
    untied = int((first != 0).sum()), int((second != 0).sum())
    below = float(np.sqrt(untied[0] * untied[1]))
    tau = float(product.sum()) / below if below else float("nan")
    ties = int((first == 0).sum()), int((second == 0).sum())
    return Agreement(int((product > 0).sum()), int((product < 0).sum()), ties, tau)
