"""What the two captioners wrote about a scene, and every look that they took on the way; kept by model, scene and seed."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from systems.scenes import captions, drawing
from systems.scenes.captions import caption
from systems.scenes.hard import Hard, given, lot
from systems.scenes.measuring.looks import everywhere, gold
from systems.scenes.scene import read as read_scene
from systems.scenes.soft import BEGIN, STOP, CaptionTrace, Soft
from ui.measures import arithmetic
from ui.measures.arithmetic import DotProduct, Weighing
from ui.session import systems
from ui.session.state import Origin

Doubles = NDArray[np.float64]
DRAWS = 3  # captions of the hard captioner
SIDE = 6  # places of the grid, each way


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A caption and its looks: row `t` is the look that was taken before word `t` was written. In double precision."""

    words: tuple[str, ...]
    right: tuple[str, ...]  # the caption that the scene determines
    names: tuple[tuple[int, ...], ...]  # for each of `words` the shapes that it names, if it is the right word
    scores: Doubles  # word place
    weights: Doubles  # word place
    chosen: Doubles  # word place: what the context mixed by
    states: Doubles  # word d_state: c, before the word
    annotations: Doubles  # place d_annotation: y
    contexts: Doubles  # word d_annotation

    @property
    def exact(self) -> bool:
        """Whether it is right to the last word."""
        return self.words == self.right

    @property
    def text(self) -> str:
        """As it is read."""
        return captions.told(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The parameters of a score, in double precision."""

    W: Doubles  # d_look d_annotation
    U: Doubles  # d_look d_state
    b: Doubles
    v: Doubles


def written(origin: Origin, scene: str, seed: int = 0) -> tuple[Written, ...]:
    """What the captioner writes about a scene: one caption, or `DRAWS` of a hard one, by lot from `seed`."""
    return _written(origin, scene, seed)


@st.cache_data(max_entries=64, show_spinner=False)
def _written(origin: Origin, scene: str, seed: int) -> tuple[Written, ...]:
    model = captioner(origin)
    shapes = read_scene(scene)
    pictures = drawing.pictures([shapes] * (DRAWS if isinstance(model, Hard) else 1))
    choose = lot(torch.Generator().manual_seed(seed)) if isinstance(model, Hard) else None
    words, chosen = model.write(pictures, choose)
    begun = torch.cat((torch.full_like(words[:, :1], BEGIN), words[:, :-1]), dim=1)
    with torch.inference_mode():
        trace = model(pictures, begun, given(chosen))
    right = caption(shapes)
    return tuple(one(model, trace, words, right, row) for row in range(len(words)))


def one(model: Soft, trace: CaptionTrace, words: torch.Tensor, right: captions.Caption, row: int) -> Written:
    """A row of a trace."""
    ids = words[row].tolist()
    length = (ids.index(STOP) if STOP in ids else len(ids)) or 1
    told = tuple(model.words[each] for each in ids[:length])
    pairs = dict(enumerate(zip(right.words, right.names, strict=True)))
    names = tuple(pairs[at][1] if at in pairs and pairs[at][0] == word else () for at, word in enumerate(told))

    def double(tensor: torch.Tensor) -> Doubles:
        return arithmetic.double(tensor[row, :length].numpy())

    glance = trace.glance
    return Written(
        words=told, right=right.words, names=names, scores=double(glance.scores), weights=double(glance.weights),
        chosen=double(glance.chosen), states=double(trace.cell.before), contexts=double(glance.context),
        annotations=arithmetic.double(trace.annotations[row].numpy()),
    )  # fmt: skip


@st.cache_data(max_entries=64, show_spinner=False)
def blind(origin: Origin, scene: str) -> str:
    """What it writes when it looks everywhere alike: attention left out."""
    model = captioner(origin)
    words, _ = model.write(drawing.pictures([read_scene(scene)]), everywhere)
    return captions.told(model.told(words[0].tolist()))


def captioner(origin: Origin) -> Soft:
    """The open model."""
    model = systems.opened(origin).model
    assert isinstance(model, Soft)
    return model


@st.cache_resource(max_entries=8, show_spinner=False)
def score(origin: Origin) -> Score:
    """What its scores are made with."""
    glance = captioner(origin).glance
    W, U, b, v = (
        arithmetic.double(each.detach().numpy()) for each in (glance.W.weight, glance.U.weight, glance.U.bias, glance.v)
    )
    return Score(W=W, U=U, b=b, v=v)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One word's look at one place, computed anew."""

    asks: Doubles  # U c + b
    answers: Doubles  # W y
    dot: DotProduct  # v . tanh(W y + U c + b)
    weighing: Weighing


def cell(found: Written, score: Score, word: int, place: int) -> Cell:
    """The sum behind a weight."""
    asks = score.U @ found.states[word] + score.b
    row = np.tanh(found.annotations @ score.W.T + asks) @ score.v
    answers = score.W @ found.annotations[place]
    dot = DotProduct(score.v, np.tanh(answers + asks))
    exponentials = np.exp(row - row.max())
    weighing = Weighing(
        dot=dot, divisor=1.0, allowed=True, largest=float(row.max()), total=float(exponentials.sum()), value=found.annotations[place],
        row=row, place=place,
    )  # fmt: skip
    return Cell(asks=asks, answers=answers, dot=dot, weighing=weighing)


def share(found: Written, scene: str, word: int) -> float | None:
    """How much of what the word's context mixes by lies on what the word names; `None` if it names nothing."""
    if word >= len(found.names) or not found.names[word]:
        return None
    on = gold(read_scene(scene), found.names[word]).numpy()
    return float(found.chosen[word][on].sum())


@st.cache_data(max_entries=32, show_spinner=False)
def picture(scene: str) -> Doubles:
    """The pixels of a scene, `(y, x, 3)`."""
    return arithmetic.double(drawing.pictures([read_scene(scene)])[0].permute(1, 2, 0).numpy())


def named(scene: str, names: tuple[int, ...]) -> list[tuple[int, int]]:
    """The places (row, column) on which the shapes `names` lie."""
    if not names:
        return []
    return [divmod(place, SIDE) for place in gold(read_scene(scene), names).nonzero().flatten().tolist()]
