"""The numbers of the lesson: the chosen row with its scores, scaled and not; the check of the order; the fall."""

from collections.abc import Sequence

import numpy as np

from figures.labels import label
from pages.machine_parts import order, words
from pages.machine_parts.asked import Asked
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.session import attentions
from ui.show import prose
from ui.show.sums import number

FEW = 3  # terms that a formula has room for


def values(session: Session, asked: Asked, pair: Compared) -> dict[str, str]:
    """See `ui/lessons/en/220_machine_parts.md`."""
    view = attentions.attention(session, asked.kind, asked.layer)
    query = attentions.chosen(session, view)[0] or 0
    head = asked.head or 0
    allowed = view.mask[query]
    scores = view.scores[head, query][allowed].astype(np.float64)
    root = float(np.sqrt(view.d_head))
    scaled, raw = softmax(scores), softmax(scores * root)
    check = order.check(session.origin, session.walk.source_ids, "reversed")
    return {
        "d_head": str(view.d_head), "root": number(root, 2), "piece": view.query_chip(query), "head": str(head + 1),
        "tex_piece": prose.tex(label(view.query_pieces[query])), "layer": str(asked.layer + 1),
        "scores": row(scores, 2), "raw": row(scores * root, 2), "weights": row(scaled, 3), "sharp": row(raw, 3),
        "entropy": number(entropy(scaled), 2), "raw_entropy": number(entropy(raw), 2),
        "count": str(int(allowed.sum())), "most": number(float(np.log(allowed.sum())), 2),
        "before": number(pair.before.total, 2), "after": number(pair.after.total, 2), "fall": number(pair.fall, 2),
        "given": number(check.residual(check.given), 2), "bare": number(check.residual(check.bare), 2),
        "code": ", ".join(words.phrases(asked)) or "–",
    }  # fmt: skip


def softmax(scores: np.ndarray) -> np.ndarray:
    """Of one row."""
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def entropy(weights: np.ndarray) -> float:
    """Of one row, in nats."""
    return float(-(weights * np.log(np.maximum(weights, 1e-300))).sum())


def row(numbers: Sequence[float] | np.ndarray, digits: int) -> str:
    """The first numbers of a row inside a formula."""
    shown = [f"{value:.{digits}f}" for value in numbers[:FEW]]
    return r",\ ".join([*shown, r"\dots"] if len(numbers) > FEW else shown)
