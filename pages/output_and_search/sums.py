"""Room 4 of the output: the dot product behind a logit, the softmax behind a probability, and a layer's best guesses."""

import html
import math
from collections.abc import Mapping, Sequence

import numpy as np

from figures.labels import label
from pages.output_and_search import output
from pages.output_and_search.output import Lens, NextPiece
from transformer.decoding.hypotheses import penalty_of_length
from transformer.decoding.sampling import Cuts
from ui.frame import Session
from ui.measures.arithmetic import DotProduct
from ui.session.chips import chip, read, written
from ui.show import sums
from ui.show.numpy_lines import Redo
from ui.show.prose import tex
from ui.show.sums import Line, number, why
from ui.text import filled
from ui.text import translate as _

TERMS = 3  # products that the formula writes out


def next_piece(session: Session, found: NextPiece, row: int, how: Cuts, more: Sequence[Line] = ()) -> None:
    """From the dot product to the probability; `more` lines follow."""
    title = filled(
        _("Place {place}, {piece}: rank {rank} of {count} pieces, probability {probability}"), place=found.place + 1,
        piece=found.labels[row], rank=found.ranks[row] + 1, count=whole(found.vocabulary),
        probability=number(found.probabilities[row], 4),
    )  # fmt: skip
    dot = output.dot_product(session, found.place, found.ids[row])
    meaning = why(_("h: the decoder's last vector here. e: the piece's row of the embedding matrix."))
    divided = f"{number(found.logits[row])} / {how.temperature:.1f} = <b>{number(found.scaled[row])}</b>"
    lines = [
        Line(html.escape(_("logit h · e")), sums.summed(dot) + meaning),
        Line("÷ T", divided + why(_("T is the temperature."))),
        Line("exp", power(found, row)),
        Line("softmax", share(found, row)),
        *left_over(found, row, how),
        *more,
    ]
    sums.show(title, lines, redo=redo(found, row, how, dot))


def redo(found: NextPiece, row: int, how: Cuts, dot: DotProduct) -> Redo:
    """The probability in NumPy: its logit, those of the other pieces that are drawn, and what exp sums to over all that are not."""
    return Redo(
        numbers={"h": dot.left, "e": dot.right, "others": np.delete(found.logits, row), "rest": found.rest[0], "T": how.temperature},
        lines=["z = np.append(others, h @ e) / T", "exp = np.exp(z - z.max())"],
        result="exp[-1] / (exp.sum() + rest)", shows=number(found.probabilities[row], 4),
    )  # fmt: skip


def power(found: NextPiece, row: int) -> str:
    """The exponential."""
    inside = f"{number(found.scaled[row])} − {sums.bracketed(found.largest)}"
    note = _("The largest of all pieces is taken off first. This changes no probability.")
    return f"exp({inside}) = <b>{number(found.exps[row], 4)}</b>{why(note)}"


def share(found: NextPiece, row: int) -> str:
    """The exponential's share of the total."""
    note = _("The total of exp over all {count} pieces of the vocabulary.").format(count=whole(found.vocabulary))
    shown = number(found.probabilities[row], 4)
    return f"{number(found.exps[row], 4)} / {number(found.total, 4)} = <b>{shown}</b>{why(note)}"


def left_over(found: NextPiece, row: int, how: Cuts) -> list[Line]:
    """What the cuts do to it, if there are any."""
    if not how.any:
        return []
    name = html.escape(_("after the cuts"))
    left = _("The cuts leave {left} of {count} pieces.").format(left=found.left, count=whole(found.vocabulary))
    if not found.chances[row]:
        return [Line(name, f"<b>0</b>{why(left + ' ' + _('This piece is not one of them.'))}")]
    kept = found.probabilities[row] / found.chances[row]
    told = left + " " + _("Together they had {kept} of the probability.").format(kept=number(kept, 4))
    quotient = f"{number(found.probabilities[row], 4)} / {number(kept, 4)} = <b>{number(found.chances[row], 4)}</b>"
    return [Line(name, quotient + why(told))]


def layer_guesses(session: Session, seen: Lens, depth: int, place: int) -> None:
    """The five best pieces at one depth and place, and where the written piece stands."""
    chances = output.depth_probabilities(session, depth, place)
    best = chances.topk(min(5, len(chances)))
    piece, written = session.checkpoint.tokenizer.piece, session.walk.written_ids[place]
    title = filled(
        _("Place {place}, {where}: what the last step would write from here"), place=place + 1, where=seen.rows[depth]
    )
    lines = [
        Line(html.escape(label(piece(int(id)).piece)), f"<b>{number(float(value), 4)}</b>", int(id) == written)
        for id, value in zip(best.indices, best.values, strict=True)
    ]
    told = _("{piece}, which was written, has rank {rank} here, with a probability of {chance}.")
    rank = int((chances > chances[written]).sum()) + 1
    foot = filled(told, piece=label(session.walk.written[place]), rank=rank, chance=number(float(chances[written]), 4))
    sums.show(title, lines, f"<p>{foot}</p>")


def values(session: Session, found: NextPiece, row: int, how: Cuts, alpha: float) -> Mapping[str, str]:
    """What the lesson's Numbers and Formula are filled with."""
    dot = output.dot_product(session, found.place, found.ids[row])
    logs = [math.log(max(chance, 1e-45)) for chance in session.walk.chances]
    length, penalty = len(logs), penalty_of_length(len(logs), alpha)
    return {
        "piece": chip(session.checkpoint.tokenizer.piece(found.ids[row]).piece, found.place),
        "read": read(session.walk, found.place), "written": written(session.walk, found.place),
        "tex_piece": tex(found.labels[row]), "place": str(found.place + 1),
        "products": products(dot), "logit": f"{found.logits[row]:.3f}", "temperature": f"{how.temperature:.1f}",
        "scaled": f"{found.scaled[row]:.3f}", "largest": f"{found.largest:.3f}", "exp": f"{found.exps[row]:.4g}",
        "total": f"{found.total:.4f}", "width": str(session.checkpoint.model.config.d_model), "vocabulary": whole(found.vocabulary),
        "probability": f"{found.probabilities[row]:.4g}", "text": session.walk.target_text or "∅", "length": str(length),
        "alpha": f"{alpha:.2f}", "penalty": f"{penalty:.4f}", "sum": f"{sum(logs):.3f}",
        "score": f"{sum(logs) / penalty:.3f}", "logs": added(logs),
    } | {"tex_exp": scientific(found.exps[row]), "tex_probability": scientific(found.probabilities[row])}  # fmt: skip


def whole(number: int) -> str:
    """A whole number with separators."""
    return f"{number:,}"


def products(dot: DotProduct) -> str:
    """The largest terms and the rest, in LaTeX."""
    shown = [f"({each.left:.3f})({each.right:.3f})" for each in dot.largest(TERMS)]
    count, rest = dot.rest(TERMS)
    return " + ".join([*shown, *([rf"\underbrace{{({rest:.3f})}}_{{{count}\text{{ more}}}}"] if count else [])])


def added(logs: list[float]) -> str:
    """The log-probabilities of a translation, the first six written out."""
    return " + ".join(f"({value:.2f})" for value in logs[:6]) + (r" + \dots" if len(logs) > 6 else "")


def scientific(value: float) -> str:
    """A number in LaTeX; a very small one with a power of ten."""
    if not value or value >= 1e-4:
        return f"{value:.4f}"
    digits, _e, power = f"{value:.2e}".partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}"
