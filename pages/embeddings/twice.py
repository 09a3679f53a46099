"""The same piece twice: one row of the table, and layer by layer two vectors of its own.

The second one stands in the same sentence if it is there twice, or else in an example: one that has it, or one of whose words it takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from figures.labels import JOINT, SPACE, label
from figures.numbers import curves
from figures.numbers.curves import Panel
from transformer.decoding.reading import encoded
from transformer.trace import EncoderTrace
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.frame.sidebar import EXAMPLES
from ui.session import chips, choice, pointed, state
from ui.session.state import Origin
from ui.session.walk import array
from ui.show import proof, prose, sums
from ui.show.live_plot import Cell, Figure
from ui.show.picture import Table
from ui.text import Chip, filled
from ui.text import translate as _

STAGE = "stage"  # its key in the address
Vectors = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """A piece at two places, and what becomes of it."""

    piece: str
    here: int  # its place in the sentence
    there: int  # its place in the other one
    other: tuple[str, ...]  # the other sentence; () if it is the same
    vectors: Vectors  # stage 2 d_model: embedding, with position, after each layer
    apart: NDArray[np.float64]  # stage: the mean cosine of two different pieces

    @property
    def cosines(self) -> list[float]:
        """Of the two vectors at each stage."""
        return [cosine(*pair) for pair in self.vectors]


def cosine(one: Vectors, other: Vectors) -> float:
    """How alike two vectors point."""
    return float(one @ other) / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-12)


def stages(trace: EncoderTrace) -> Vectors:
    """Each piece at each stage (stage, place, d_model)."""
    found = [trace.embedding.rows, trace.embedding.output, *(layer.output for layer in trace.layers)]
    return np.stack([array(each[0]).astype(np.float64) for each in found])


def second(origin: Origin, ids: tuple[int, ...], here: int) -> tuple[tuple[int, ...], int]:
    """Another sentence, ids with the end piece, and the place in it where the piece at `here` stands again."""
    checkpoint, piece = state.opened(origin), ids[here]
    known = [(*checkpoint.tokenizer.encode(text), ids[-1]) for text in EXAMPLES]
    others = [each for each in known if each != ids]
    for each in others:
        if piece in each:
            return each, each.index(piece)
    place = choice.telling(checkpoint.tokenizer.spelled(others[0]))
    return (*others[0][:place], piece, *others[0][place + 1 :]), place


@st.cache_resource(max_entries=128, show_spinner=False)
def twice(origin: Origin, ids: tuple[int, ...], here: int) -> Twice:
    """The piece at `here` of the sentence `ids`, which ends with the end piece, and where it stands again."""
    again = [place for place, id in enumerate(ids) if id == ids[here] and place != here]
    other, there = (ids, again[0]) if again else second(origin, ids, here)
    checkpoint = state.opened(origin)
    with torch.inference_mode():
        first, last = (stages(encoded(checkpoint.model, each[:-1])) for each in (ids, other))
    return Twice(
        piece=checkpoint.tokenizer.spelled(ids)[here], here=here, there=there, other=() if again else checkpoint.tokenizer.spelled(other),
        vectors=np.stack([first[:, here], last[:, there]], axis=1), apart=different(first, ids),
    )  # fmt: skip


def different(vectors: Vectors, ids: Sequence[int]) -> NDArray[np.float64]:
    """The mean cosine of two different pieces of the sentence at each stage; NaN if there are none."""
    pairs = np.triu(np.not_equal.outer(ids, ids))
    if not pairs.any():
        return np.full(len(vectors), np.nan)
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    found: NDArray[np.float64] = (unit @ unit.swapaxes(-1, -2))[:, pairs].mean(-1)
    return found


def of(session: Session) -> Twice:
    """That of the chosen English piece, or of one that shows something."""
    walk = session.walk
    chosen = choice.looked_at(walk)
    return twice(session.origin, walk.source_ids, choice.telling(walk.source) if chosen is None else chosen)


def names(found: Twice) -> list[str]:
    """The names of the stages."""
    layers = [_("layer {layer}").format(layer=layer) for layer in range(1, len(found.vectors) - 1)]
    return [_("embedding"), _("with position"), *layers]


def seen(rooms: Rooms, session: Session) -> None:
    """The first line."""
    found = of(session)
    told = _("At the embedding both {piece} are one row: cosine {first}; after layer {layer} it is {last}.")
    rooms.seen(told, piece=chips.chip(found.piece, found.here), first=f"{found.cosines[0]:.3g}", layer=len(found.vectors) - 2,
               last=f"{found.cosines[-1]:.2f}")  # fmt: skip


def stage(found: Twice) -> int:
    """The stage that was clicked, or else the last."""
    chosen = pointed.chosen(STAGE, len(found.vectors))
    return len(found.vectors) - 1 if chosen is None else chosen


def choose(cell: Cell) -> None:
    """Point at `[panel, curve, stage]`. Only in callbacks."""
    pointed.choose(STAGE, int(cell[-1] or 0))


def figure(session: Session) -> Figure:
    """The cosine of the two vectors at each stage, and that of different pieces."""
    found = of(session)
    drawn = [
        (_("the same piece, twice"), np.array(found.cosines)),
        (_("two different pieces, on average"), found.apart),
    ]
    panel = Panel(_("cosine"), drawn, (min(0.0, float(np.nanmin([each for _name, each in drawn])) - 0.05), 1.05))
    picture: Figure = curves.curves(
        [panel], names(found), axis_title=_("after"), title=title(session), mode=session.mode, selected=(0, 0, stage(found)),
    )  # fmt: skip
    return picture


def title(session: Session) -> str:
    """The title of the picture."""
    return _("The same piece twice: {piece}").format(piece=label(of(session).piece))


def described(session: Session) -> str:
    """The picture without a picture."""
    found = of(session)
    return "; ".join(f"{name}: {value:.3f}" for name, value in zip(names(found), found.cosines, strict=True))


def table(session: Session) -> Table:
    """The cosines by stage."""
    found = of(session)
    rows = zip(
        names(found), found.cosines, [None if np.isnan(each) else float(each) for each in found.apart], strict=True
    )
    return [_("After"), _("The same piece, twice"), _("Two different pieces")], [list(row) for row in rows]


def tell(session: Session) -> None:
    """Where the two pieces stand, and the cosine of the chosen stage."""
    found = of(session)
    at = stage(found)
    one, other = found.vectors[at]
    title = filled(_("Both {piece}, {stage}: cosine {cosine}"), piece=chips.chip(found.piece, found.here), stage=names(found)[at],
                   cosine=sums.number(found.cosines[at]))  # fmt: skip
    sums.cosine(title, one.tolist(), other.tolist())
    where(found)


def where(found: Twice) -> None:
    """Which two are compared; the second sentence is shown if it is another."""
    if not found.other:
        told = _("The piece at position {here} and the one at position {there} of this sentence.")
        line = filled(told, here=found.here, there=found.there)
    else:
        shown = "".join(spelled(piece, place, found.there) for place, piece in enumerate(found.other[:-1]))
        line = f"{escape(_('The second one stands here:'))} {shown}"
    st.html(f'<p class="atlas-why">{line}</p>')


def spelled(piece: str, place: int, chosen: int) -> str:
    """A piece as a part of its sentence, the chosen one as a chip, as HTML."""
    begins = " " if piece.startswith(SPACE) else ""
    return begins + (chips.chip(piece, place).html if place == chosen else escape(label(piece).removeprefix(JOINT)))


def why(session: Session) -> None:
    """Static against contextual, on the pages of the table: in one line, and the way to the picture."""
    found = of(session)
    told = _(
        "Does it mean the same everywhere? {piece} is one row here; after layer {layer} its vectors in two places have the cosine {last}."
    )

    def turn() -> None:
        st.session_state["embeddings"] = "twice"

    proof.show(
        told, control=lambda: st.button(_("Layer by layer →"), key="turn_twice", on_click=turn, type="tertiary"),
        piece=chips.chip(found.piece, found.here), layer=len(found.vectors) - 2, last=f"{found.cosines[-1]:.2f}",
    )  # fmt: skip


def values(session: Session) -> dict[str, str]:
    """The numbers of the lesson."""
    found = of(session)
    who: Chip = chips.chip(found.piece, found.here)
    at = stage(found)
    one, other = found.vectors[at]
    return {
        "twice": who, "twice_tex": prose.tex(who), "layers": str(len(found.vectors) - 2), "with_position": f"{found.cosines[1]:.2f}",
        "last": f"{found.cosines[-1]:.2f}", "apart_last": "–" if np.isnan(found.apart[-1]) else f"{found.apart[-1]:.2f}",
        "stage": names(found)[at], "stage_dot": f"{one @ other:.3f}", "stage_one": f"{np.linalg.norm(one):.3f}",
        "stage_other": f"{np.linalg.norm(other):.3f}", "stage_cosine": f"{found.cosines[at]:.3f}",
    }  # fmt: skip
