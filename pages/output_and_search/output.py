"""From the decoder's last vector to the next piece: logits, temperature, softmax, cuts; and what each layer would have written.

Row `t` of the logits belongs to `written[t]`: see `ui/session/walk.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from figures.labels import label
from transformer.config import Config
from transformer.decoding.reading import without_specials
from transformer.decoding.sampling import Cuts, chances_of
from ui.frame import Session
from ui.measures.arithmetic import DotProduct, double
from ui.session import choice
from ui.session.attentions import drawn
from ui.session.kept import hold
from ui.session.state import Origin
from ui.session.walk import Walk
from ui.text import translate as _

TOP = 7  # candidates that are drawn
CANDIDATE, DEEP = "candidate", "deep"  # keys in the address: a candidate's id, and a row of the lens, from 1

Numbers = NDArray[np.float64]
Cell = Sequence[int | float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPiece:
    """What may follow at one place, the most probable first; the piece that was written is always among them."""

    place: int
    ids: tuple[int, ...]
    labels: tuple[str, ...]
    ranks: tuple[int, ...]  # among the whole vocabulary, from 0
    logits: Numbers
    scaled: Numbers  # over the temperature
    exps: Numbers  # of scaled - largest
    probabilities: Numbers  # softmax over the whole vocabulary
    chances: Numbers  # of being drawn, after the cuts
    largest: float  # of scaled over the whole vocabulary
    total: float  # of exp over the whole vocabulary
    vocabulary: int
    left: int  # how many candidates the cuts leave

    @property
    def rest(self) -> tuple[float, float, float]:
        """Exp, probability and chance of all the pieces that are not shown."""
        sums = (self.total - self.exps.sum(), 1 - self.probabilities.sum(), 1 - self.chances.sum())
        exp, probability, chance = (max(0.0, float(value)) for value in sums)
        return exp, probability, chance if chance > 1e-12 else 0.0


def place_of(walk: Walk) -> int:
    """The place in `walk.written` that the page is about: the chosen one, or the first."""
    return choice.piece(walk) or 0


def next_piece(session: Session, place: int, how: Cuts) -> NextPiece:
    """The logits of `place`, over the temperature, through the softmax, and what the cuts leave."""
    walk, tokenizer = session.walk, session.checkpoint.tokenizer
    logits = walk.trace.logits[0, place].double()  # vocabulary
    scaled = logits / how.temperature
    largest = float(scaled.max())
    exps = np.exp(scaled.numpy() - largest)
    chances = after_cuts(logits, how, session.checkpoint.model.config)
    ranking = scaled.argsort(descending=True, stable=True)
    best, written = ranking[:TOP].tolist(), walk.written_ids[place]
    ids = best if written in best else [*best, written]
    ranks = [int((ranking == id).nonzero()[0, 0]) for id in ids]
    return NextPiece(
        place=place, ids=tuple(ids), labels=tuple(label(tokenizer.piece(id).piece) for id in ids), ranks=tuple(ranks),
        logits=logits[ids].numpy(), scaled=scaled[ids].numpy(), exps=exps[ids],
        probabilities=scaled.softmax(-1)[ids].numpy(), chances=chances[ids].numpy(), largest=largest,
        total=float(exps.sum()), vocabulary=len(logits), left=int((chances > 0).sum()),
    )  # fmt: skip


def after_cuts(logits: torch.Tensor, how: Cuts, config: Config) -> torch.Tensor:
    """The chance of each piece when one is drawn as `transformer.decoding.sampling.sample` does, `(vocabulary)`."""
    return chances_of(without_specials(logits[None], config), how)[0]


def remember() -> None:
    """Hold what was clicked, so that it is in the address."""
    for key in (CANDIDATE, DEEP):
        hold(key)


def chosen(found: NextPiece, walk: Walk) -> int:
    """The row that was clicked, if it is among those shown; otherwise the piece that was written."""
    id = st.session_state.get(CANDIDATE)
    return found.ids.index(id if id in found.ids else walk.written_ids[found.place])


def choose(found: NextPiece) -> Callable[[Cell], None]:
    """For `live_plot.show(on_click=...)`: take the candidate of a row."""

    def taken(cell: Cell) -> None:
        st.session_state[CANDIDATE] = found.ids[int(cell[0] or 0)]

    return taken


def dot_product(session: Session, place: int, id: int) -> DotProduct:
    """The logit of piece `id` at `place`: the decoder's last vector times the piece's row of the shared matrix."""
    vector = session.walk.trace.decoder.output[0, place].numpy()
    return DotProduct(double(vector), double(session.checkpoint.model.matrix[id].numpy(force=True)))


def table(found: NextPiece) -> list[list[str | float]]:
    """The rows of the picture for the table twin, not rounded."""
    numbers = (found.logits, found.scaled, found.exps, found.probabilities, found.chances)
    columns = zip(found.ranks, found.labels, found.ids, *(each.tolist() for each in numbers), strict=True)
    return [[rank + 1, *row] for rank, *row in columns]


def table_columns() -> list[str]:
    """What is in them."""
    names = (_("Rank"), _("Piece"), _("Id"), _("Logit"), _("Over the temperature"), _("Exp"), _("Probability"))
    return [*names, _("Chance after the cuts")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """The best next piece at each depth (row: the embedding, then each layer) and each place of `written` (column)."""

    ids: NDArray[np.int64]  # row place
    probabilities: NDArray[np.float32]  # row place
    names: tuple[tuple[str, ...], ...]
    rows: tuple[str, ...]
    columns: slice  # the places that are drawn


def lens(session: Session) -> Lens:
    """`model.logits` applied to what each decoder layer gives to the next."""
    read = (session.walk.source_ids, session.walk.read_ids)
    ids, probabilities = looked_through(session.origin, read, session)
    piece = session.checkpoint.tokenizer.piece
    names = tuple(tuple(label(piece(int(id)).piece) for id in line) for line in ids)
    layers = [_("layer {layer}").format(layer=layer) for layer in range(1, len(ids))]
    return Lens(
        ids=ids, probabilities=probabilities, names=names, rows=(_("input"), *layers),
        columns=drawn(session.walk.written, session.special),
    )  # fmt: skip


@st.cache_resource(max_entries=64, show_spinner=False)
def looked_through(
    origin: Origin, read: tuple[tuple[int, ...], ...], _session: Session
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The most probable piece at each depth and place, and its probability, both `(depth, place)`."""
    del origin, read  # what the answer is known by
    depths = range(_session.walk.layers + 1)
    found = [depth_probabilities(_session, depth).max(-1) for depth in depths]
    return np.stack([each.indices.numpy() for each in found]), np.stack([each.values.numpy() for each in found])


@torch.inference_mode()
def depth_probabilities(session: Session, depth: int, place: slice | int = slice(None)) -> torch.Tensor:
    """The probabilities `(place, vocabulary)` after `depth` decoder layers; 0 is the decoder's input."""
    decoder = session.walk.trace.decoder
    vectors = decoder.layers[depth - 1].output if depth else decoder.embedding.output
    return session.checkpoint.model.logits(vectors[0, place]).softmax(-1)


def chosen_depth(rows: int) -> int:
    """The row of the lens that was clicked; the last layer unless there is one."""
    found = choice.place(DEEP, rows)
    return rows - 1 if found is None else found


def choose_depth(cell: Cell) -> None:
    """Take the layer and the place that were clicked: `[row, place]`."""
    choice.set_place(DEEP, int(cell[0] or 0))
    choice.set_place(choice.WRITTEN, int(cell[1] or 0))
