"""Numbers of a model that betray what it lacks, measured on its own passes over held-out sentences."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from pages.detective import evidence
from transformer.analysis.effects import attentions
from transformer.trace import AttentionTrace, EncoderTrace
from transformer.what_if import KINDS, Kind
from ui.measures.order import distances, order
from ui.session import state
from ui.session.walk import Walk

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is measured in a pass is the mean over the held-out sentences."""

    heads: int
    right: int  # held-out sentences that it translates as the corpus does
    count: int  # of how many
    loss: float  # -log p of a right piece when the right French before it is read, in nats
    future: float  # the weight that a row of decoder self-attention gives to later pieces
    moved: float  # the largest change of an encoder output when a sentence is read backwards
    sizes: tuple[float, ...]  # the length of the vectors that enter the encoder, and of those that leave each layer
    uneven: float  # how much the lengths of the encoder's outputs differ: standard deviation over mean
    alike: float  # the cosine between the encoder's outputs for two pieces of a sentence
    entropy: dict[Kind, float]  # of the rows that have a choice, as a share of the largest there can be
    spread: dict[Kind, float]  # standard deviation of the scores within a row, before the softmax


@st.cache_data(max_entries=32, show_spinner=False)
def measured(origin: state.Origin) -> Measured:
    """All numbers of a model."""
    pairs = evidence.sentences()
    walks = [evidence.read(origin, *pair) for pair in pairs]
    said = evidence.translated(origin, pairs)
    kinds = {kind: [row for each in walks for row in rows(each, kind)] for kind in KINDS}
    return Measured(
        heads=state.opened(origin).model.config.heads, right=sum(each.french == each.right for each in said), count=len(said),
        loss=float(np.mean([-np.log(max(chance, 1e-30)) for each in walks for chance in each.chances])),
        future=mean([ahead(each) for each in walks]), moved=max((backwards(origin, each) for each in walks), default=0.0),
        sizes=tuple(np.mean([sizes(each.trace.encoder) for each in walks], axis=0).tolist()),
        uneven=uneven([each.trace.encoder for each in walks]), alike=mean([alike(each.trace.encoder) for each in walks]),
        entropy={kind: mean([entropy for entropy, _ in found]) for kind, found in kinds.items()},
        spread={kind: mean([spread for _, spread in found]) for kind, found in kinds.items()},
    )  # fmt: skip


def mean(values: list[float]) -> float:
    """Of what there is."""
    return float(np.mean(values)) if values else 0.0


def rows(walk: Walk, kind: Kind) -> list[tuple[float, float]]:
    """Of each layer's rows with a choice: the mean entropy, as a share of the largest, and the spread of the scores."""
    found = [each for (of, _layer), each in attentions(walk.trace).items() if of == kind]
    return [measure(each) for each in found if (each.mask[0, 0].sum(-1) > 1).any()]


def measure(attention: AttentionTrace) -> tuple[float, float]:
    """The entropy and the spread of one layer."""
    allowed = attention.mask[0, 0].numpy()
    choice = allowed.sum(-1) > 1
    weights, scores = (
        each[0].double().numpy()[:, choice] for each in (attention.weights, attention.scores)
    )  # head row key
    entropy = -(weights * np.log(np.maximum(weights, 1e-300))).sum(-1) / np.log(allowed[choice].sum(-1))
    hidden = np.broadcast_to(~allowed[choice], scores.shape)
    return float(entropy.mean()), float(np.ma.masked_array(scores, hidden).std(-1).mean())


def ahead(walk: Walk) -> float:
    """The weight on pieces that come later, of a row of the decoder that has any."""
    count = len(walk.read)
    layers = [layer.self_attention.weights[0].double().numpy() for layer in walk.trace.decoder.layers]
    later = np.triu(np.ones((count, count)), 1)
    return mean([float((weights * later).sum(-1)[:, :-1].mean()) for weights in layers]) if count > 1 else 0.0


def backwards(origin: state.Origin, walk: Walk) -> float:
    """The largest change of a piece's vector when the encoder reads the sentence backwards."""
    places = order("reversed", len(walk.source_ids))
    other = tuple(walk.source_ids[place] for place in places)
    found = distances(state.opened(origin).model, walk.source_ids, other)
    return float(max(found[old, new] for new, old in enumerate(places)))


def sizes(encoder: EncoderTrace) -> list[float]:
    """The mean length of the vectors that enter the encoder, and of those that leave each of its layers."""
    stations = [encoder.embedding.output, *(layer.output for layer in encoder.layers)]
    return [float(each[0].norm(dim=-1).mean()) for each in stations]


def uneven(encoders: list[EncoderTrace]) -> float:
    """How much the lengths of all outputs differ, whatever their mean is."""
    lengths = torch.cat([each.output[0].norm(dim=-1) for each in encoders])
    return float(lengths.std() / lengths.mean().clamp_min(1e-9)) if len(lengths) > 1 else 0.0


def alike(encoder: EncoderTrace) -> float:
    """The mean cosine between the outputs for two different pieces."""
    vectors = torch.nn.functional.normalize(encoder.output[0].double(), dim=-1)
    count = len(vectors)
    return float(((vectors @ vectors.T).sum() - count) / (count * (count - 1))) if count > 1 else 1.0
