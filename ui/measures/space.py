"""The embedding matrix as a space: which pieces point the same way, and a map of them all by principal components.

Pieces that stand for no text (`<s>`) and single bytes take no part: neither as neighbours nor in finding the directions of the
map. Training hardly ever meets a byte, so its row is still near the random numbers it began with.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from transformer.checkpoint import Checkpoint
from ui.session import state
from ui.session.walk import array

Numbers = NDArray[np.float64]
CLOUD = 1000  # faint points of a map, about


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """What the pictures need of one checkpoint. Rows are ids."""

    pieces: tuple[str, ...]
    text: NDArray[np.int64]  # the ids of the pieces of text
    matrix: NDArray[np.float32]  # vocabulary d_model
    lengths: Numbers  # vocabulary
    unit: Numbers  # vocabulary d_model: each row divided by its length
    mean: Numbers  # d_model: of the pieces of text
    directions: Numbers  # d_model 3: of the largest variance, each of length 1
    points: Numbers  # vocabulary 3: (row - mean) @ directions
    shares: tuple[float, float, float]  # of the variance

    def cloud(self, without: Sequence[int]) -> NDArray[np.int64]:
        """About `CLOUD` ids of text, every n-th, without those of the sentence."""
        step = -(-len(self.text) // CLOUD)
        return self.text[::step][~np.isin(self.text[::step], list(without))]


@st.cache_resource(max_entries=4, show_spinner=False)
def space(origin: state.Origin) -> Space:
    """The space of a checkpoint, computed once."""
    return measured(state.opened(origin))


def measured(checkpoint: Checkpoint) -> Space:
    """Principal components of the rows of all pieces of text, in double precision.

    The singular vectors of the centred rows X are the eigenvectors of the much smaller X^T X.
    """
    vocabulary, matrix = checkpoint.tokenizer.vocabulary(), array(checkpoint.model.matrix.detach())
    ids = [piece.id for piece in vocabulary if not piece.is_special and not piece.is_byte]
    text, rows = np.array(ids), matrix.astype(np.float64)
    mean = rows[text].mean(0)
    centred, lengths = rows[text] - mean, np.linalg.norm(rows, axis=1)
    squares, found = np.linalg.eigh(centred.T @ centred)
    directions, shares = np.zeros((len(squares), 3)), np.zeros(3)  # a model of two dimensions has no third
    count = min(3, len(squares))
    directions[:, :count] = found[:, ::-1][:, :count]
    directions *= np.sign(directions[np.abs(directions).argmax(0), range(3)])  # either sign would do
    shares[:count] = squares[::-1][:count] / max(squares.sum(), 1e-12)
    return Space(
        pieces=tuple(piece.piece for piece in vocabulary), text=text, matrix=matrix,
        lengths=lengths, unit=rows / np.maximum(lengths, 1e-12)[:, None],
        mean=mean, directions=directions, points=(rows - mean) @ directions,
        shares=(float(shares[0]), float(shares[1]), float(shares[2])),
    )  # fmt: skip


def nearest(space: Space, id: int, count: int) -> list[tuple[int, float]]:
    """The `count` pieces of text whose rows point most nearly the same way as that of `id`, with the cosine; not itself."""
    cosines = space.unit @ space.unit[id]
    others = space.text[space.text != id]
    best = others[np.argsort(-cosines[others], kind="stable")[:count]]
    return [(int(other), float(cosines[other])) for other in best]
