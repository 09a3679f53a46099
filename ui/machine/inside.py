"""A block, unfolded: what happens in it, as a row of small panels with the numbers of one piece, or of one query and one key."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from figures.labels import label
from transformer.tokenizer import Tokenizer
from transformer.trace import EmbeddingTrace, FeedForwardTrace, ResidualTrace
from ui.machine.blocks import Block, chances
from ui.machine.packed import fold, rounded
from ui.session import attentions
from ui.session.attentions import Attention, Kind, Numbers, Shown
from ui.session.walk import array
from ui.show import sums
from ui.text import translate as _

KINDS: dict[str, Kind] = {"self": "encoder", "masked": "decoder", "cross": "cross"}
BEST = 6  # likely pieces that are shown
Panel = dict[str, Any]


@dataclass(frozen=True, slots=True)
class At:
    """The places that the learner points at: of the sentence, and of what the decoder read."""

    source: int
    read: int
    head: int


def panels(session: Shown, block: Block, at: At) -> list[Panel]:
    """The panels of a block, from left to right; none where there is nothing below what the picture shows."""
    if block.kind in KINDS:
        return attention(attentions.attention(session, KINDS[block.kind], block.layer - 1), at)
    place = at.source if block.column == "encoder" else at.read
    if block.kind == "output":
        return output(session, place)
    if isinstance(block.trace, EmbeddingTrace):
        return (embedding if block.kind == "embedding" else position)(block.trace, place)
    if isinstance(block.trace, ResidualTrace):
        return add(block.trace, place)
    return feed(block.trace, place) if isinstance(block.trace, FeedForwardTrace) else []


def attention(view: Attention, at: At) -> list[Panel]:
    """Inside one head: Q K^T, scaled, masked, softmax, times V."""
    query, head = at.source if view.kind == "encoder" else at.read, at.head
    key, root = int(view.weights[head, query].argmax()), math.sqrt(view.d_head)
    pieces, keys = [label(piece) for piece in view.query_pieces], [label(piece) for piece in view.key_pieces]
    if view.kind == "cross":
        pieces = [label(piece) for piece in view.read]  # whose state asks
    scores, allowed = view.scores[head], bool(view.mask[query, key])

    def looks(title: str, values: Numbers, says: str, mask: bool = False) -> Panel:
        panel = {**matrix(title, values, pieces, keys, says), "at": [query, key], "signed": title != "softmax"}
        return panel | {"hidden": (~view.mask).tolist()} if mask else panel

    def vectors(title: str, values: Numbers, names: Sequence[str], row: int, says: str = "") -> Panel:
        return {**matrix(title, values, names, None, says), "at": [row, None]}

    number = sums.number
    return [
        vectors("Q", view.queries[head], pieces, query, pieces[query]),
        vectors("K", view.keys[head], keys, key, keys[key]),
        looks("Q Kᵀ", scores * root, f"q · k = {number(float(scores[query, key]) * root)}"),
        looks(f"/ √{view.d_head}", scores, number(float(scores[query, key]))),
        *(
            [looks(_("mask"), scores, _("may look") if allowed else _("hidden"), mask=True)]
            if view.kind == "decoder"
            else []
        ),
        looks("softmax", view.weights[head], number(float(view.weights[head, query, key])), mask=True),
        vectors("V", view.values[head], keys, key, keys[key]),
        vectors("× V", view.heads[head], pieces, query, _("{piece}'s mix").format(piece=pieces[query])),
    ]


def embedding(trace: EmbeddingTrace, place: int) -> list[Panel]:
    """A row of the table, times the root of d_model."""
    return [
        vector(_("row of the table"), array(trace.rows[0])[place]),
        vector(f"× {sums.number(math.sqrt(trace.rows.size(-1)))}", array(trace.scaled[0])[place]),
    ]


def position(trace: EmbeddingTrace, place: int) -> list[Panel]:
    """The row, the wave of its place, and their sum."""
    return [
        vector(_("embedding"), array(trace.scaled[0])[place]),
        vector(_("+ wave of place {place}").format(place=place), array(trace.positions)[place]),
        vector(_("= what enters layer 1"), array(trace.output[0])[place]),
    ]


def add(trace: ResidualTrace, place: int) -> list[Panel]:
    """What was there, what is added, the sum, and LayerNorm of it."""
    before, total = array(trace.input[0])[place], array(trace.added[0])[place]
    mean, deviation = (sums.number(float(each[0, place])) for each in (trace.mean, trace.deviation))
    told = _("mean {mean}, deviation {deviation}").format(mean=mean, deviation=deviation)
    return [
        vector(_("what was there"), before), vector(_("+ what was found"), total - before),
        vector(_("= sum"), total, told), vector("LayerNorm", array(trace.output[0])[place]),
    ]  # fmt: skip


def feed(trace: FeedForwardTrace, place: int) -> list[Panel]:
    """Widened, negatives set to 0, narrowed."""
    active = array(trace.active[0])[place]
    told = _("{count} of {all} are above 0").format(count=int((active > 0).sum()), all=len(active))
    return [
        vector("x W₁ + b₁", array(trace.hidden[0])[place]), vector("ReLU", active, told),
        vector("W₂ + b₂", array(trace.output[0])[place]),
    ]  # fmt: skip


def output(session: Shown, place: int) -> list[Panel]:
    """The last vector, and the likely pieces with their logits and probabilities."""
    walk, tokenizer = session.walk, session.checkpoint.tokenizer
    logits, (ids, shares) = walk.trace.logits[0, place], chances(walk, BEST)
    bars = [
        bar(tokenizer, id, float(logits[id]), share, id == walk.written_ids[place])
        for id, share in zip(ids[place], shares[place], strict=True)
    ]
    return [
        vector(_("last vector"), array(walk.trace.decoder.output[0])[place]),
        {"kind": "bars", "title": _("logit → probability"), "bars": bars},
    ]


def bar(tokenizer: Tokenizer, id: int, logit: float, share: float, chosen: bool) -> dict[str, Any]:
    """A piece with its logit and its probability."""
    return {
        "name": label(tokenizer.piece(id).piece),
        "says": sums.number(logit, 2),
        "share": round(share, 4),
        "chosen": chosen,
    }


def vector(title: str, values: Numbers, says: str = "") -> Panel:
    """One vector, folded into rows; its first numbers are told if nothing else is."""
    columns, rows = fold(len(values))
    first = ", ".join(sums.number(float(number)) for number in values[:3])
    return {**matrix(title, values.reshape(rows, columns), None, None, says or f"{first}, …"), "vector": True}


def matrix(title: str, values: Numbers, rows: Sequence[str] | None, columns: Sequence[str] | None, says: str) -> Panel:
    """A panel of numbers (row, column); colours reach from -scale to scale, or from 0 to 1 where they are shares."""
    return {
        "kind": "matrix", "title": title, "says": says, "rows": rows, "columns": columns, "signed": True,
        "scale": rounded(float(np.abs(values).max()) or 1.0), "values": [[rounded(float(each)) for each in row] for row in values],
    }  # fmt: skip
