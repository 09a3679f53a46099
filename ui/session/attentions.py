"""The three attentions of Figure 1 seen alike: who asks, who answers, and every number in between, without the batch axis.

In the encoder and in the decoder the pieces look at their own sentence; in cross-attention the French looks at the English.
Which row is whose is told in `ui/session/walk.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from transformer.attention import MultiHeadAttention
from transformer.checkpoint import Checkpoint
from transformer.trace import AttentionTrace
from ui.session import choice
from ui.session.chips import chip
from ui.session.walk import Walk, array
from ui.text import Chip
from ui.text import translate as _

Kind = Literal["encoder", "decoder", "cross"]
Numbers = NDArray[np.float32]
Number = TypeVar("Number", bound=np.generic)
Cell = Sequence[int | float | None]


class Shown(Protocol):
    """What is asked of a page's session."""

    @property
    def walk(self) -> Walk:
        """The sentence."""

    @property
    def checkpoint(self) -> Checkpoint:
        """The model."""

    @property
    def special(self) -> bool:
        """Whether `<s>` and `</s>` are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One attention of one layer. `query` and `key` are places in `query_pieces` and `key_pieces`."""

    kind: Kind
    layer: int
    module: MultiHeadAttention  # its W_Q, W_K, W_V, W_O
    query_pieces: tuple[str, ...]
    key_pieces: tuple[str, ...]
    read: tuple[str, ...]  # what the decoder read
    names: tuple[str, str]  # what queries and keys are, for the axes
    asking: Numbers  # query d_model: the x that W_Q was applied to
    answering: Numbers  # key d_model: the x that W_K and W_V were applied to
    queries: Numbers  # head query d_head
    keys: Numbers  # head key d_head
    values: Numbers  # head key d_head
    scores: Numbers  # head query key: Q K^T / sqrt(d_k), before the mask
    mask: NDArray[np.bool_]  # query key: True where the query may look
    weights: Numbers  # head query key: each row sums to 1
    heads: Numbers  # head query d_head: weights @ values
    output: Numbers  # query d_model: Concat(heads) W_O
    rows: slice  # of the queries that are drawn
    columns: slice  # of the keys that are drawn

    @property
    def d_head(self) -> int:
        """The length of one head's queries, keys and values: d_k of the paper."""
        return int(self.queries.shape[-1])

    @property
    def pieces(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The queries' and the keys' pieces that are drawn."""
        return self.query_pieces[self.rows], self.key_pieces[self.columns]

    @property
    def origin(self) -> tuple[int, int]:
        """The first query and the first key that are drawn."""
        return self.rows.start, self.columns.start

    def query_chip(self, place: int) -> Chip:
        """The piece that asks, as prose shows it."""
        return chip(self.query_pieces[place], place - (self.kind == "decoder"))

    def asking_chip(self, place: int) -> Chip:
        """The piece whose state asks: in the decoder and in cross-attention the one that was read, not the one about to be written."""
        return self.query_chip(place) if self.kind == "encoder" else chip(self.read[place], place - 1)

    def key_chip(self, place: int) -> Chip:
        """The piece that answers, as prose shows it."""
        return chip(self.key_pieces[place], place - (self.kind == "decoder"))

    def seen(self, matrix: NDArray[Number]) -> NDArray[Number]:
        """The part of `(..., query, key)` that is drawn."""
        return matrix[..., self.rows, self.columns]


def attention(session: Shown, kind: Kind, layer: int) -> Attention:
    """The attention `kind` of the layer, counted from 0."""
    trace, module, asking, answering = parts(session, kind, layer)
    walk, names = session.walk, axis_names(kind)
    queries = {"encoder": walk.source, "decoder": walk.read, "cross": walk.written}[kind]
    keys = walk.read if kind == "decoder" else walk.source
    return Attention(
        kind=kind, layer=layer, module=module, query_pieces=queries, key_pieces=keys, read=walk.read, names=names,
        asking=asking, answering=answering, queries=array(trace.queries[0]), keys=array(trace.keys[0]),
        values=array(trace.values[0]), scores=array(trace.scores[0]), mask=trace.mask[0, 0].numpy(),
        weights=array(trace.weights[0]), heads=array(trace.heads[0]), output=array(trace.output[0]),
        rows=drawn(queries, session.special), columns=drawn(keys, session.special),
    )  # fmt: skip


def parts(session: Shown, kind: Kind, layer: int) -> tuple[AttentionTrace, MultiHeadAttention, Numbers, Numbers]:
    """The trace, the module, and what it was applied to."""
    trace, model = session.walk.trace, session.checkpoint.model
    if kind == "encoder":
        inside = trace.encoder.layers[layer]
        x = array(inside.input[0])
        return inside.self_attention, model.encoder_layers[layer].self_attention, x, x  # type: ignore[return-value]
    above = trace.decoder.layers[layer]
    if kind == "decoder":
        x = array(above.input[0])
        return above.self_attention, model.decoder_layers[layer].self_attention, x, x  # type: ignore[return-value]
    module = model.decoder_layers[layer].cross_attention
    asking, answering = array(above.after_self_attention.output[0]), array(trace.encoder.output[0])
    return above.cross_attention, module, asking, answering  # type: ignore[return-value]


def drawn(pieces: Sequence[str], special: bool) -> slice:
    """All the pieces, or those between the start and the end piece; but never none."""
    first, last = int(pieces[0] == "<s>"), len(pieces) - int(pieces[-1] == "</s>")
    return slice(0, len(pieces)) if special or first >= last else slice(first, last)


def axis_names(kind: Kind) -> tuple[str, str]:
    """What the rows and the columns of a map are."""
    names = {
        "encoder": (_("English piece that looks"), _("English piece")),
        "decoder": (_("French piece that looks back"), _("French piece")),
        "cross": (_("French piece about to be written"), _("English piece")),
    }
    return names[kind]


def words(kind: Kind) -> str:
    """The name of an attention."""
    names = {
        "encoder": _("Encoder self-attention"),
        "decoder": _("Decoder self-attention"),
        "cross": _("Cross-attention"),
    }
    return names[kind]


def layers(session: Shown, kind: Kind) -> int:
    """How many layers have it."""
    trace = session.walk.trace
    return len(trace.encoder.layers if kind == "encoder" else trace.decoder.layers)


def chosen(session: Shown, view: Attention) -> tuple[int | None, int | None]:
    """The query and the key that the learner points at, on whatever page that was."""
    walk, key = session.walk, choice.place(choice.KEY, len(view.key_pieces))
    if view.kind == "encoder":
        return choice.looked_at(walk), key
    if view.kind == "cross":
        return choice.piece(walk), choice.looked_at(walk)
    place = choice.target_place(walk)
    return (None if place is None or place + 1 >= len(walk.read) else place + 1), key


def chooser(view: Attention) -> Callable[[Cell], None]:
    """For `live_plot.show(on_click=...)`: point at what was clicked, `[query, key, ...]`; either may be `None`."""
    asks = choice.LOOKED_AT if view.kind == "encoder" else choice.WRITTEN
    looks_at = choice.LOOKED_AT if view.kind == "cross" else choice.KEY
    shift = 1 if view.kind == "decoder" else 0  # its row 0 read the start piece

    def choose(cell: Cell) -> None:
        query, key = cell[:2]
        if query is not None:
            choice.set_place(asks, int(query) - shift)
        choice.set_place(looks_at, None if key is None else int(key))

    return choose


def choose_tile(view: Attention) -> Callable[[Cell], None]:
    """The same for `[head, query, key]`: also choose the head."""

    def choose(cell: Cell) -> None:
        st.session_state["head"] = str(int(cell[0] or 0) + 1)
        chooser(view)(cell[1:])

    return choose
