"""The blocks of the machine from the bottom up: name, shape, what it does, the numbers that leave it, and the pages about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
import torch

from figures import theme
from figures.theme import Mode
from transformer.trace import AttentionTrace, EmbeddingTrace, FeedForwardTrace, ResidualTrace
from ui.session import choice
from ui.session.attentions import Numbers
from ui.session.walk import Walk, array
from ui.text import has_lesson, language
from ui.text import translate as _

PAGES = {  # by the kind of a block
    "pieces": ("10_tokens",),
    "embedding": ("20_embeddings",),
    "position": ("30_positions",),
    "self": ("40_queries_keys_values", "50_one_head", "60_many_heads"),
    "add": ("70_the_stack",),
    "feed": ("70_the_stack",),
    "layer": ("70_the_stack",),
    "masked": ("80_decoder_and_mask",),
    "cross": ("90_cross_attention",),
    "output": ("100_output_and_search",),
    "written": ("100_output_and_search",),
}
SHADES = 128  # of a scale of colours; between them the browser finds its own
WAYS = (2, 5)  # of the colours of tokens: what the encoder hands over, and what was written and is read next


def colours(mode: Mode) -> dict[str, Any]:
    """What the browser draws with: colours for -1 to 1 and for 0 to 1, as in every map, and the colours of the two ways between the columns."""
    signed, shares = (
        theme.shades({"colorscale": scale, "zmin": low, "zmax": 1}, np.linspace(low, 1, SHADES).tolist())
        for scale, low in ((theme.diverging(mode), -1), (theme.sequential(mode), 0))
    )
    memory, back = (theme.token_colour(place) for place in WAYS)
    return {"signed": signed, "shares": shares, "memory": memory, "back": back}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """One box. What leaves it is a vector for each piece, but for the words at the bottom and at the top."""

    column: str  # encoder, decoder
    kind: str  # a key of `PAGES`
    name: str
    shape: str
    says: str
    layer: int = 0  # from 1; 0 if it belongs to none
    part: int = 0  # which of its layer's sub-layers: 0 is the whole layer
    trace: EmbeddingTrace | AttentionTrace | FeedForwardTrace | ResidualTrace | None = None  # where it is all from
    numbers: Numbers | None = None  # position d_model
    weights: Numbers | None = None  # head query key

    @property
    def id(self) -> str:
        """What the address calls it, such as `encoder-self-1`."""
        part = f"-{self.part}" if self.kind == "add" else ""
        return f"{self.column}-{self.kind}-{self.layer}{part}" if self.layer else f"{self.column}-{self.kind}"


def known_by(walk: Walk) -> tuple[str, tuple[float, ...], str]:
    """For caches: what has the same pieces and the same chances is of the same model. The names are of one language."""
    return choice.scope(walk), walk.chances, language()


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={Walk: known_by})
def blocks(walk: Walk) -> list[Block]:
    """All blocks of the machine that has read and written `walk`, each column from the bottom up; not to be written to."""
    return [*encoder(walk), *decoder(walk)]


def described(found: Sequence[Block]) -> list[dict[str, Any]]:
    """What the browser must know of each block, large or small: where it is, its pages, and which of the strips it is, if any."""
    strips = [block.id for block in found if block.numbers is not None]
    return [
        {
            "id": block.id, "column": block.column, "kind": block.kind, "layer": block.layer, "part": block.part,
            "pages": [page for page in PAGES[block.kind] if has_lesson(page)],
            "strip": strips.index(block.id) if block.id in strips else None,
        }
        for block in found
    ]  # fmt: skip


def layers(walk: Walk) -> dict[str, int]:
    """How many layers each column has."""
    return {"encoder": len(walk.trace.encoder.layers), "decoder": walk.layers}


def vectors(found: Sequence[Block]) -> list[Numbers]:
    """The strips: (position d_model) of each block that has one."""
    return [block.numbers for block in found if block.numbers is not None]


def encoder(walk: Walk) -> Iterator[Block]:
    """The left column."""
    embedding, pieces = walk.trace.encoder.embedding, len(walk.source)
    yield Block(
        column="encoder", kind="pieces", name=_("Your sentence"), shape=counted(pieces),
        says=_("Your sentence, cut into pieces that the model has learned to know."),
    )  # fmt: skip
    yield from entrance("encoder", embedding)
    for number, layer in enumerate(walk.trace.encoder.layers, 1):
        yield whole("encoder", number, array(layer.output[0]))
        yield looking("encoder", "self", number, 1, layer.self_attention)
        yield added("encoder", number, 2, layer.after_attention)
        yield fed("encoder", number, 3, layer.feed_forward)
        yield added("encoder", number, 4, layer.after_feed_forward)


def decoder(walk: Walk) -> Iterator[Block]:
    """The right column."""
    embedding = walk.trace.decoder.embedding
    yield Block(
        column="decoder", kind="pieces", name=_("Read so far"), shape=counted(len(walk.read)),
        says=_("What the decoder reads: the start piece, then all that it has written so far."),
    )  # fmt: skip
    yield from entrance("decoder", embedding)
    for number, layer in enumerate(walk.trace.decoder.layers, 1):
        yield whole("decoder", number, array(layer.output[0]))
        yield looking("decoder", "masked", number, 1, layer.self_attention)
        yield added("decoder", number, 2, layer.after_self_attention)
        yield looking("decoder", "cross", number, 3, layer.cross_attention)
        yield added("decoder", number, 4, layer.after_cross_attention)
        yield fed("decoder", number, 5, layer.feed_forward)
        yield added("decoder", number, 6, layer.after_feed_forward)
    told = _(
        "The last vector is compared with all {count} pieces of the vocabulary; softmax makes probabilities of that."
    )
    yield Block(
        column="decoder", kind="output", name=_("Linear, softmax"), says=told.format(count=f"{walk.trace.logits.size(-1):,}"),
        shape=_("{count} probabilities").format(count=f"{walk.trace.logits.size(-1):,}"),
    )  # fmt: skip
    yield Block(
        column="decoder", kind="written", name=_("Written"), shape=counted(len(walk.written)),
        says=_("The piece that was chosen. It goes back to the bottom, and the decoder reads it next."),
    )  # fmt: skip


def entrance(column: str, trace: EmbeddingTrace) -> Iterator[Block]:
    """Embedding and positions."""
    rows, output = array(trace.scaled[0]), array(trace.output[0])
    yield Block(
        column=column, kind="embedding", name=_("Embedding"), shape=sized(rows), numbers=rows, trace=trace,
        says=_("Each piece becomes its row of the table, times the root of d_model: the same in every sentence."),
    )  # fmt: skip
    yield Block(
        column=column, kind="position", name=_("+ position"), shape=sized(output), numbers=output, trace=trace,
        says=_("A wave of its own is added at each place, so that order counts."),
    )  # fmt: skip


def whole(column: str, layer: int, output: Numbers) -> Block:
    """A layer that is folded."""
    return Block(
        column=column, kind="layer", layer=layer, name=_("Layer {layer}").format(layer=layer), shape=sized(output),
        numbers=output, says=_("A layer, folded: attention, then the feed-forward network. Enter or a click unfolds it."),
    )  # fmt: skip


def looking(column: str, kind: str, layer: int, part: int, trace: AttentionTrace) -> Block:
    """One of the three attentions."""
    names = {
        "self": (_("Self-attention"), _("Each piece looks at all pieces, its own too, and takes in what it finds there.")),
        "masked": (_("Masked self-attention"), _("Each piece looks back at itself and at what stands before it: the mask hides the rest.")),
        "cross": (_("Cross-attention"), _("The decoder asks; keys and values come from the top of the encoder, in every layer.")),
    }  # fmt: skip
    name, says = names[kind]
    weights = array(trace.weights[0])
    heads, queries, keys = weights.shape
    shape = _("{heads} heads of {queries} × {keys} weights").format(heads=heads, queries=queries, keys=keys)
    return Block(
        column=column, kind=kind, layer=layer, part=part, name=name, shape=shape, says=says,
        numbers=array(trace.output[0]), weights=weights, trace=trace,
    )  # fmt: skip


def added(column: str, layer: int, part: int, trace: ResidualTrace) -> Block:
    """The Add & Norm box around a sub-layer."""
    output = array(trace.output[0])
    return Block(
        column=column, kind="add", layer=layer, part=part, name=_("Add & norm"), shape=sized(output), numbers=output, trace=trace,
        says=_("What was found is added to what was there (the line at the side), and LayerNorm brings it to one size."),
    )  # fmt: skip


def fed(column: str, layer: int, part: int, trace: FeedForwardTrace) -> Block:
    """The feed-forward network."""
    output = array(trace.output[0])
    told = _("Each place by itself: widened to {width} numbers, what is below 0 set to 0, narrowed again.")
    return Block(
        column=column, kind="feed", layer=layer, part=part, name=_("Feed-forward"), shape=sized(output), numbers=output, trace=trace,
        says=told.format(width=f"{trace.hidden.size(-1):,}"),
    )  # fmt: skip


def counted(pieces: int) -> str:
    """`12 pieces`."""
    return _("{count} pieces").format(count=pieces)


def sized(numbers: Numbers) -> str:
    """`12 pieces × 256 numbers`."""
    return _("{pieces} pieces × {width} numbers").format(pieces=numbers.shape[0], width=numbers.shape[1])


def chances(walk: Walk, most: int) -> tuple[list[list[int]], list[list[float]]]:
    """The ids of the `most` likely pieces before each piece was written, and their probabilities; the written one is always among them."""
    found = walk.trace.logits[0].softmax(-1)
    top = found.topk(min(most, found.size(-1)), dim=-1)
    ids, shares = top.indices.tolist(), top.values.tolist()
    for place, id in enumerate(walk.written_ids):
        if id not in ids[place]:
            ids[place][-1], shares[place][-1] = id, float(torch.as_tensor(found[place, id]))
    return ids, shares
