"""The look of a relative at its annotations, computed anew in double precision from the states and the weights of the model.

Nothing here reads a score or a share out of the trace: a test compares them with it.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from relatives.alignment import WINDOW, AlignedTrace, Bahdanau, Luong
from relatives.look import Additive, General
from ui.frame import Seen
from ui.measures.arithmetic import DotProduct, Weighing
from ui.session.walk import Passage
from ui.text import translate as _

Doubles = NDArray[np.float64]
KINDS = ("bahdanau", "luong-dot", "luong-general", "luong-concat", "luong-local")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Local attention (arXiv 1508.04025, Eq. 9 and 10): where its window stands."""

    W: Doubles  # d_model d_model
    v: Doubles  # d_model
    squeezed: Doubles  # target d_model: tanh(W h)
    length: int  # S: the last position of the sentence, counted from 0
    places: Doubles  # target: S sigmoid(v . tanh(W h))
    window: Doubles  # target source: exp(-(s - p)^2 / (2 (D / 2)^2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Every look of one translation; row t belongs to `walk.written[t]`, column s to `walk.source[s]`."""

    kind: str
    walk: Passage
    states: Doubles  # target d_model: Bahdanau's before the piece before was read, Luong's after it
    annotations: Doubles  # source d_model
    W: Doubles | None  # d_model d_model, unless the score is a plain dot product
    b: Doubles | None  # d_model, of an additive score
    U: Doubles | None  # d_model d_model, of an additive score
    v: Doubles | None  # d_model, of an additive score
    queries: Doubles  # target d_model: h, W h or W s + b
    keys: Doubles  # source d_model: h or U h
    scores: Doubles  # target source
    shares: Doubles  # target source: softmax of the scores
    moves: Moves | None  # of local attention
    weights: Doubles  # target source: the shares, times the window if there is one
    context: Doubles  # target d_model: weights @ annotations

    @property
    def additive(self) -> bool:
        """Whether the score is v . tanh(W s + b + U h)."""
        return self.v is not None

    @property
    def width(self) -> int:
        """d_model."""
        return int(self.states.shape[1])

    def score(self, row: int, column: int) -> DotProduct:
        """One score, term by term: v with the tanh, or the query with the annotation."""
        if self.v is None:
            return DotProduct(self.queries[row], self.keys[column])
        return DotProduct(self.v, np.tanh(self.queries[row] + self.keys[column]))

    def share(self, row: int, column: int) -> Weighing:
        """The chain from the score to its share of the row; the value is the annotation."""
        scores = self.scores[row]
        largest = float(scores.max())
        return Weighing(
            dot=self.score(row, column), divisor=1.0, allowed=True, largest=largest, total=float(np.exp(scores - largest).sum()),
            value=self.annotations[column], row=scores, place=column,
        )  # fmt: skip

    def mixed(self, row: int, dimension: int) -> DotProduct:
        """One number of the context: each weight times that number of its annotation."""
        return DotProduct(self.weights[row], self.annotations[:, dimension])


def looks(seen: Seen) -> Looks:
    """All that the chosen model looks at in the sentence."""
    return looked(seen.walk, seen.checkpoint.model, seen.checkpoint.kind)


def looked(walk: Passage, model: object, kind: str) -> Looks:
    """The same of a passage and the model that made it. Raises `TypeError` if it looks at no annotations."""
    trace = walk.trace  # type: ignore[attr-defined]
    if not isinstance(trace, AlignedTrace) or not isinstance(model, Bahdanau | Luong):
        raise TypeError(f"A model of the kind {kind!r} looks at no annotations.")
    annotations = double(trace.encoder.annotations[0])
    states = double(trace.cell.before[0] if isinstance(model, Bahdanau) else trace.cell.states[0])
    score = model.score
    W = double(score.W.weight) if isinstance(score, General | Additive) else None
    b, U, v = (
        (double(score.W.bias), double(score.U.weight), double(score.v))
        if isinstance(score, Additive)
        else (None, None, None)
    )
    queries = states if W is None else states @ W.T + (0 if b is None else b)
    keys = annotations if U is None else annotations @ U.T
    scores = queries @ keys.T if v is None else np.tanh(queries[:, None] + keys[None]) @ v
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    shares = powers / powers.sum(-1, keepdims=True)
    moves = moving(model, states, len(annotations)) if isinstance(model, Luong) and model.local else None
    weights = shares if moves is None else shares * moves.window
    return Looks(
        kind=kind, walk=walk, states=states, annotations=annotations, W=W, b=b, U=U, v=v, queries=queries, keys=keys, scores=scores,
        shares=shares, moves=moves, weights=weights, context=weights @ annotations,
    )  # fmt: skip


def moving(model: Luong, states: Doubles, count: int) -> Moves:
    """Where the window of local attention stands for each of the `states`, over `count` annotations."""
    W, v = double(model.W_p.weight), double(model.v_p)
    squeezed = np.tanh(states @ W.T)
    places = (count - 1) / (1 + np.exp(-(squeezed @ v)))
    away = np.arange(count) - places[:, None]
    window = np.exp(-(away**2) / (2 * (WINDOW / 2) ** 2))
    return Moves(W=W, v=v, squeezed=squeezed, length=count - 1, places=places, window=window)


def double(tensor: torch.Tensor) -> Doubles:
    """The same numbers in double precision."""
    numbers: Doubles = tensor.detach().double().numpy()
    return numbers


def called(kind: str) -> str:
    """A kind, short enough for a row of a table."""
    return {
        "bahdanau": _("Bahdanau (additive)"), "luong-dot": _("Luong, dot"), "luong-general": _("Luong, general"),
        "luong-concat": _("Luong, concat"), "luong-local": _("Luong, local"),
    }.get(kind, kind)  # fmt: skip


def formula(kind: str) -> str:
    """Its score as a formula in a line."""
    return {
        "bahdanau": "v · tanh(W s + b + U h)", "luong-dot": "s · h", "luong-general": "W s · h", "luong-concat": "v · tanh(W s + b + U h)",
        "luong-local": "W s · h",
    }.get(kind, "")  # fmt: skip
