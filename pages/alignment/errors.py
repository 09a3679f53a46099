"""The alignment error rate over the held-out sentences of the grammar corpus, of a relative's look and of every head of a Transformer.

The models read the French of the corpus (teacher forcing). Two rows can be asked where a French piece belongs: the one that predicts
it, and the next one, which reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray
from torch import Tensor

from relatives.alignment import AlignedTrace
from transformer.checkpoint import Opened
from transformer.corpora import Pair, Split
from transformer.corpora.grammar_en_fr import load
from transformer.decoding.reading import source_rows
from transformer.text import clean
from transformer.training.evaluation import overlap, rows_that_predict, rows_that_read
from ui.changed.measure import timed
from ui.measures.words import spans_of
from ui.session import state
from ui.session.state import Origin

BATCH = 32
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Links over some sentences, and those that are gold: `(looker, way)`; a Transformer's lookers are its heads, then all on average."""

    hits: NDArray[np.int64]
    proposed: int  # one for each French word
    gold: int
    sentences: int

    @property
    def rates(self) -> Numbers:
        """1 - (|A and S| + |A and P|) / (|A| + |S|) with S = P = gold (Och & Ney 2003): 0 is best."""
        found: Numbers = 1 - 2 * self.hits / (self.proposed + self.gold)
        return found


@st.cache_resource(max_entries=2, show_spinner=False)
def held_out(split: Split) -> tuple[Pair, ...]:
    """The sentences with gold links that nobody learned from."""
    return tuple(pair for pair in load().split(split) if pair.links)


def batches(split: Split) -> int:
    """How many batches they make."""
    return -(-len(held_out(split)) // BATCH)


@st.cache_data(max_entries=1024, show_spinner=False)
def counted(origin: Origin, split: Split, batch: int) -> Count:
    """The links of one batch."""
    with timed("al_gold"):
        return count(state.any_opened(origin), held_out(split)[batch * BATCH : (batch + 1) * BATCH])


def count(opened: Opened, pairs: Sequence[Pair]) -> Count:
    """The links of some sentences."""
    return total([count_one(weights, opened, pair) for weights, pair in zip(looks(opened, pairs), pairs, strict=True)])


def total(counts: Sequence[Count]) -> Count:
    """Of several, at least one, that have the same lookers."""
    return Count(
        hits=np.sum([each.hits for each in counts], axis=0), proposed=sum(each.proposed for each in counts),
        gold=sum(each.gold for each in counts), sentences=sum(each.sentences for each in counts),
    )  # fmt: skip


def looks(opened: Opened, pairs: Sequence[Pair]) -> list[Tensor]:
    """Who looks where while the model reads each French: `(looker, target + 1, source + 1)`."""
    model, encode = opened.model, opened.tokenizer.encode
    sources, targets = [encode(pair.source) for pair in pairs], [encode(pair.target) for pair in pairs]
    starts = [torch.tensor([model.config.start_id, *ids]) for ids in targets]
    read = torch.nn.utils.rnn.pad_sequence(starts, batch_first=True, padding_value=model.config.padding_id)
    with torch.inference_mode():
        trace = model(source_rows(model, sources), read)
    if isinstance(trace, AlignedTrace):
        weights = trace.look.weights[:, None]
    else:
        heads = torch.cat([layer.cross_attention.weights for layer in trace.decoder.layers], dim=1)
        weights = torch.cat((heads, heads.mean(1, keepdim=True)), dim=1)
    return [
        each[:, : len(target) + 1, : len(source) + 1]
        for each, source, target in zip(weights, sources, targets, strict=True)
    ]


def count_one(weights: Tensor, opened: Opened, pair: Pair) -> Count:
    """The links of one sentence, as `proposed_links` finds them, for all lookers at once."""
    texts = clean(pair.source), clean(pair.target)
    source, target = (overlap(text, spans_of(opened.tokenizer, text, opened.tokenizer.encode(text))) for text in texts)
    mean, gold = (
        target / target.sum(1, keepdim=True).clamp(min=1),
        torch.zeros(len(target), len(source), dtype=torch.bool),
    )
    gold[[word for _, word in pair.links], [word for word, _ in pair.links]] = True
    hits = []
    for rows in (rows_that_predict(weights), rows_that_read(weights)):
        looked_at = (mean @ rows[..., : source.size(1)] @ source.T).argmax(-1)  # looker, target word
        hits.append(gold[torch.arange(len(target)), looked_at].sum(-1))
    return Count(hits=torch.stack(hits, -1).numpy(), proposed=len(target), gold=len(pair.links), sentences=1)
