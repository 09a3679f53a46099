"""The stack for one piece: the sub-layers that its vector passes, from the embedding to the last layer, and what is chosen."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from torch import Tensor, nn

from figures.labels import label
from transformer.trace import DecoderLayerTrace, EncoderLayerTrace, FeedForwardTrace, ResidualTrace
from ui import controls
from ui.controls import sides
from ui.controls.sides import Sentence
from ui.measures.arithmetic import double
from ui.session import chips, choice
from ui.session.attentions import Shown
from ui.text import Chip
from ui.text import translate as _

Sub = Literal["self", "cross", "feed"]
Vector = NDArray[np.float64]
Table = tuple[list[str], list[list[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One Add & Norm box for one piece. Vectors are d_model long."""

    layer: int
    sub: Sub  # the sub-layer that it surrounds
    x: Vector
    added: Vector  # x + Sublayer(x)
    mean: float
    deviation: float  # sqrt(variance + epsilon)
    gain: Vector
    bias: Vector
    output: Vector

    @property
    def update(self) -> Vector:
        """What the sub-layer adds."""
        return self.added - self.x

    @property
    def scaled(self) -> Vector:
        """(added - mean) / deviation."""
        return (self.added - self.mean) / self.deviation


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say."""

    picture: str  # "path", "flow", "norm" or "feed"
    sentence: Sentence
    layer: int
    sub: Sub
    measured: str = "here"  # where the flow's parts are: "here", where each is added, or "top"


def asked(session: Shown) -> Asked:
    """Draw the controls and read them."""
    words = {"path": _("Path"), "flow": _("Flow"), "norm": _("Add & Norm"), "feed": _("Feed-forward")}
    picture = controls.one_of(_("Picture"), "stack", words)
    side = sides.side(session.walk)
    sentence = sides.sentence(session.walk, side, session.special, read_only=True)
    if side == "target" and choice.target_place(session.walk) == len(session.walk.read) - 1:
        sentence = replace(sentence, chosen=len(sentence.pieces) - 1)  # never read: the position that wrote it
    layer, sub, measured = len(layers(session, sentence)) - 1, "feed", "here"
    if picture == "flow":
        measured = controls.one_of(_("Length"), "flow_at", {"here": _("As added"), "top": _("At the top")})
    if picture in ("norm", "feed"):
        layer = controls.layer(layer + 1, first=True)
    if picture == "norm":
        short = {"self": _("Self"), "cross": _("Cross"), "feed": _("FFN")}
        names: dict[str, str] = {name: short[name] for name in subs(sentence)}
        sub = controls.one_of(_("Around"), "around", names)
    return Asked(picture=picture, sentence=sentence, layer=layer, sub=sub, measured=measured)  # type: ignore[arg-type]


def subs(sentence: Sentence) -> tuple[Sub, ...]:
    """The sub-layers of a layer, in order."""
    return ("self", "feed") if sentence.side == "source" else ("self", "cross", "feed")


def sub_words(sub: Sub) -> str:
    """The name of a sub-layer."""
    return {"self": _("Self-attention"), "cross": _("Cross-attention"), "feed": _("Feed-forward")}[sub]


def layers(session: Shown, sentence: Sentence) -> tuple[EncoderLayerTrace | DecoderLayerTrace, ...]:
    """The layers of the encoder for English, of the decoder for French."""
    trace = session.walk.trace
    return trace.encoder.layers if sentence.side == "source" else trace.decoder.layers


def module(session: Shown, sentence: Sentence, layer: int) -> Any:
    """The same layer of the model, which owns the learned numbers."""
    model = session.checkpoint.model
    return (model.encoder_layers if sentence.side == "source" else model.decoder_layers)[layer]


def part(sentence: Sentence, sub: Sub) -> str:
    """What an Add & Norm box is called in the trace and in the model."""
    names = {"feed": "after_feed_forward", "cross": "after_cross_attention", "self": "after_self_attention"}
    return "after_attention" if sub == "self" and sentence.side == "source" else names[sub]


def box(session: Shown, sentence: Sentence, layer: int, sub: Sub) -> Box:
    """One Add & Norm box for the chosen piece."""
    name, row = part(sentence, sub), sentence.row
    trace: ResidualTrace = getattr(layers(session, sentence)[layer], name)
    norm: nn.LayerNorm = getattr(module(session, sentence, layer), name).norm
    return Box(
        layer=layer, sub=sub, x=at(trace.input, row), added=at(trace.added, row), output=at(trace.output, row),
        mean=float(trace.mean[0, row, 0]), deviation=float(trace.deviation[0, row, 0]),
        gain=double(norm.weight.numpy(force=True)), bias=double(norm.bias.numpy(force=True)),
    )  # fmt: skip


def boxes(session: Shown, sentence: Sentence) -> list[Box]:
    """All boxes that the piece passes, in order."""
    count = len(layers(session, sentence))
    return [box(session, sentence, layer, sub) for layer in range(count) for sub in subs(sentence)]


def feed_forward(session: Shown, sentence: Sentence, layer: int) -> tuple[Vector, FeedForwardTrace]:
    """The x that the feed-forward network read at the chosen piece (d_model), and its trace (all positions)."""
    return box(session, sentence, layer, "feed").x, layers(session, sentence)[layer].feed_forward


def at(tensor: Tensor, row: int) -> Vector:
    """One position of `(1, position, d)`."""
    return double(tensor[0, row].numpy())


def who(session: Shown, sentence: Sentence) -> str:
    """The chosen piece; in the decoder also what comes next, which its vector is made for."""
    piece = label(sentence.pieces[sentence.row])
    if sentence.side == "source":
        return piece
    return _("{piece} (then comes {next})").format(piece=piece, next=label(session.walk.written[sentence.row]))


def whole(number: int) -> str:
    """A whole number with separators."""
    return f"{number:,}"


def piece(session: Shown, sentence: Sentence) -> Chip:
    """The chosen piece, as prose shows it."""
    walk = session.walk
    return chips.source(walk, sentence.row) if sentence.side == "source" else chips.read(walk, sentence.row)


def next_piece(session: Shown, sentence: Sentence) -> Chip | str:
    """What the decoder writes after the chosen piece; nothing in the encoder."""
    return chips.written(session.walk, sentence.row) if sentence.side == "target" else ""


def choose_box(layer: int, sub: Sub) -> None:
    """Point at a box. Only in callbacks."""
    st.session_state["layer"], st.session_state["around"] = str(layer + 1), sub
