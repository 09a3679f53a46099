"""What-ifs of a mask: passes of the model itself with cells of the decoder's mask opened, and with a neighbour in the batch.

A cell `(query, key)` of the decoder's mask counts from 0; the address counts from 1: `?open=3-5.2-4` opens two cells, `all` opens
all, and `all.3-5` all but one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray
from torch import Tensor

from transformer.attention import causal_mask
from transformer.decoding.reading import source_rows, target_row, without_specials
from transformer.model import Transformer
from transformer.text import clean
from ui.frame.sidebar import EXAMPLES
from ui.session import choice, state
from ui.session.attentions import Numbers
from ui.session.kept import hold
from ui.session.walk import Walk
from ui.text import translate as _

Cell = tuple[int, int]  # query, key
OPEN, ALL = "open", "all"  # the key in the address, and its word for all cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """The same pieces read twice: with the causal mask, and with some of its cells opened."""

    opened: tuple[Cell, ...]
    mask: NDArray[np.bool_]  # query key: True where a position may look, the opened cells among them
    usual: tuple[float, ...]  # the probability of the right next piece with the causal mask, by position
    leaked: tuple[float, ...]  # the same with the opened cells
    own: tuple[str, ...]  # what the model would write with the opened cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Padding:
    """Two sentences read in one batch, the shorter one filled up with `<pad>`."""

    rows: tuple[tuple[str, ...], tuple[str, ...]]  # the English pieces: the learner's sentence, then its neighbour
    padded: int  # which of the two had to be filled up
    mask: NDArray[np.bool_]  # query key, of the padded sentence; its queries are its own pieces
    scores: tuple[Numbers, ...]  # by encoder layer: head query key, of the padded sentence
    weights: tuple[Numbers, ...]  # the same after mask and softmax
    difference: float  # the largest change of a logit when the neighbour is there, over both sentences
    unmasked: float  # the same without any padding mask
    reach: tuple[float, float]  # the smallest and the largest logit

    @property
    def pieces(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The padded sentence's own pieces, and the same with its padding."""
        return self.rows[self.padded][: len(self.mask)], self.rows[self.padded]


def opened(count: int) -> tuple[Cell, ...]:
    """The cells that the address opens, of `count` positions."""
    hold(OPEN, "")
    return cells(str(st.session_state[OPEN]), count)


def cells(text: str, count: int) -> tuple[Cell, ...]:
    """The masked cells that `text` opens; what is not a masked cell of `count` positions is left out."""
    named = {(int(query) - 1, int(key) - 1) for query, key in re.findall(r"\b(\d{1,3})-(\d{1,3})\b", text)}
    everything = set(combinations(range(count), 2))
    found = everything - named if text.split(".")[0] == ALL else everything & named
    return tuple(sorted(found))


def written(found: Sequence[Cell], count: int) -> str:
    """The shortest text for the address that opens these cells."""
    everything = set(combinations(range(count), 2))
    rest = everything - set(found)
    few, word = (sorted(found), []) if len(found) <= len(rest) else (sorted(rest), [ALL])
    return ".".join([*word, *(f"{query + 1}-{key + 1}" for query, key in few)])


def toggle(count: int) -> Callable[[Sequence[int | float | None]], None]:
    """For a click on `[query, key]`: open or close that cell, if it is masked, and point at the piece that its row writes."""

    def toggled(cell: Sequence[int | float | None]) -> None:
        query, key = cell[:2]
        if query is None:
            return
        choice.set_place(choice.WRITTEN, int(query))
        if key is not None and key > query:
            found = set(cells(str(st.session_state.get(OPEN) or ""), count)) ^ {(int(query), int(key))}
            st.session_state[OPEN] = written(sorted(found), count)

    return toggled


def button() -> None:
    """Open all cells, or close those that are open."""
    hold(OPEN, "")
    label, text = (_("Close all"), "") if st.session_state[OPEN] else (_("Open all"), ALL)
    st.button(label, key=f"open_{text or 'none'}", on_click=put, args=(text,))


def put(text: str) -> None:
    """Open exactly the cells of `text`."""
    st.session_state[OPEN] = text


def leak(origin: state.Origin, walk: Walk, found: tuple[Cell, ...]) -> Leak:
    """The walk once more with these cells of the decoder's mask opened, in every layer and head."""
    chances, own = reread(origin, walk.source_ids, walk.read_ids, walk.written_ids, found)
    mask = edited(len(walk.read), found)[0, 0].numpy()
    return Leak(opened=found, mask=mask, usual=walk.chances, leaked=chances if found else walk.chances, own=own)


def edited(count: int, found: Sequence[Cell]) -> Tensor:
    """The causal mask of `count` positions with these cells opened, `(1, 1, query, key)`."""
    mask = causal_mask(count)
    for query, key in found:
        mask[0, 0, query, key] = True
    return mask


@st.cache_data(max_entries=256, show_spinner=False)
def reread(
    origin: state.Origin, source: tuple[int, ...], read: tuple[int, ...], right: tuple[int, ...], found: tuple[Cell, ...]
) -> tuple[tuple[float, ...], tuple[str, ...]]:  # fmt: skip
    """With these cells open: the probability of each `right` next piece, and the most probable piece in its place."""
    checkpoint = state.opened(origin)
    with torch.inference_mode():
        trace = checkpoint.model(torch.tensor([source]), torch.tensor([read]), edited(len(read), found))
        logs = trace.logits[0].log_softmax(-1)
        chances = logs[torch.arange(len(right)), torch.tensor(right)].exp()
        best = without_specials(logs, checkpoint.model.config).argmax(-1)
    return tuple(chances.tolist()), tuple(checkpoint.tokenizer.piece(id).piece for id in best.tolist())


def neighbours(origin: state.Origin, walk: Walk) -> dict[str, str]:
    """The shortest and the longest example, if they are shorter or longer than the sentence: by code."""
    checkpoint, mine = state.opened(origin), len(walk.source) - 1
    most = min(state.MOST_SOURCE, checkpoint.model.config.max_positions - 2)
    lengths = {text: len(checkpoint.tokenizer.encode(text)) for text in EXAMPLES}
    fitting = sorted((text for text in EXAMPLES if lengths[text] <= most), key=lambda text: lengths[text])
    found = {"longer": fitting[-1:], "shorter": fitting[:1]}
    wanted = {"longer": lambda text: lengths[text] > mine, "shorter": lambda text: lengths[text] < mine}
    return {code: texts[0] for code, texts in found.items() if texts and wanted[code](texts[0])}


@st.cache_resource(max_entries=64, show_spinner=False)
def padding(
    origin: state.Origin, source: tuple[int, ...], read: tuple[int, ...], neighbour: str
) -> Padding:  # fmt: skip
    """The sentence (with its end piece) and what the decoder read of it, in one batch with the text `neighbour`."""
    checkpoint = state.opened(origin)
    model, end = checkpoint.model, checkpoint.model.config.end_id
    other = (*checkpoint.tokenizer.encode(neighbour), end)
    french = state.translation(origin, clean(neighbour), state.Search(1))
    with torch.inference_mode():
        sources = source_rows(model, [source[:-1], other[:-1]])
        targets = filled_up([torch.tensor(read), target_row(model, french[:-1])[0]], model)
        trace, bare = model(sources, targets), unmasked_logits(model, sources, targets)
        alone = [
            model(torch.tensor([each]), targets[row : row + 1, :length]).logits[0]
            for row, (each, length) in enumerate(((source, len(read)), (other, len(french))))
        ]
    padded = int(len(other) < len(source))
    real = min(len(other), len(source))
    layers = [layer.self_attention for layer in trace.encoder.layers]
    names = [tuple(checkpoint.tokenizer.piece(id).piece for id in row) for row in sources.tolist()]
    return Padding(
        rows=(names[0], names[1]), padded=padded,
        mask=layers[0].mask[padded, 0, :real].numpy(),
        scores=tuple(layer.scores[padded, :, :real].numpy() for layer in layers),
        weights=tuple(layer.weights[padded, :, :real].numpy() for layer in layers),
        difference=largest_change(trace.logits, alone), unmasked=largest_change(bare, alone),
        reach=(float(min(each.min() for each in alone)), float(max(each.max() for each in alone))),
    )  # fmt: skip


def filled_up(rows: Sequence[Tensor], model: Transformer) -> Tensor:
    """Rows of ids in one tensor `(row, position)`, the shorter ones padded on the right."""
    return torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True, padding_value=model.config.padding_id)


def unmasked_logits(model: Transformer, source: Tensor, target: Tensor) -> Tensor:
    """The logits of a padded batch if nothing told the encoder and cross-attention where the padding is."""
    everything = torch.ones(1, 1, 1, source.size(1), dtype=torch.bool)
    x = model.embedding(source, model.matrix).output
    for layer in model.encoder_layers:
        x = layer(x, everything).output
    return model.logits(model.decode(target, x, everything).output)


def largest_change(together: Tensor, alone: Sequence[Tensor]) -> float:
    """The largest difference between the logits of sentences read together and alone, at their real positions."""
    return max(float((row[: len(each)] - each).abs().max()) for row, each in zip(together, alone, strict=True))
